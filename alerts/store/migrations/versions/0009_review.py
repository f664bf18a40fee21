"""Review: how many editors must agree, who did, and when an item goes out without them.

Revision: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns; what waits already needs one editor, as before, and no time ends its waiting."""
    op.add_column("item_revision", sa.Column("needed", sa.SmallInteger(), nullable=True))
    op.add_column("item_revision", sa.Column("release_at", UTC, nullable=True))
    op.add_column(
        "item_revision", sa.Column("unreviewed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "approval",
        sa.Column("revision_id", BIG, nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["item_revision.id"], name=op.f("fk_approval_revision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("revision_id", "editor", name=op.f("pk_approval")),
    )


def downgrade() -> None:
    """Drop what this version made."""
    op.drop_table("approval")
    for name in ("unreviewed", "release_at", "needed"):
        op.drop_column("item_revision", name)
