"""What people ask for who are not known yet.

Revision: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OWED = "due_at IS NOT NULL"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "account_request",
        sa.Column("id", ID, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("public_id", "purpose", "address")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("address_hash", "network", "language")),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("expires_at", UTC, nullable=False),
        sa.Column("due_at", UTC, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", UTC, nullable=True),
        sa.Column("ended_at", UTC, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_request_public_id")),
        sa.CheckConstraint(
            "purpose IN ('join', 'access', 'goodbye')", name=op.f("ck_account_request_purpose")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_account_request_address", "account_request", ["address_hash", "created_at"])
    op.create_index("ix_account_request_network", "account_request", ["network", "created_at"])
    op.create_index("ix_account_request_created_at", "account_request", ["created_at"])
    op.create_index(
        "ix_account_request_due", "account_request", ["due_at"],
        postgresql_where=sa.text(OWED), sqlite_where=sa.text(OWED),
    )  # fmt: skip


def downgrade() -> None:
    """Drop it."""
    op.drop_table("account_request")
