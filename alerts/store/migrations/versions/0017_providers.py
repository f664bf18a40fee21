"""How fast receiving providers get mail.

Revision: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table, and the mark of a mail that waits for its turn."""
    op.create_table(
        "provider_pace",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("until", UTC, nullable=False),
        sa.Column("next_at", UTC, nullable=False),
        sa.Column("gap", sa.Float(), nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("provider", name="pk_provider_pace"),
    )
    op.add_column("delivery", sa.Column("paced", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("delivery", "paced")
    op.drop_table("provider_pace")
