"""What items of one matter are found by, and by what each was tied to it.

Revision: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns and the index of traits; what was matched before is tied to nothing."""
    op.add_column("item", sa.Column("tie", sa.Text(), nullable=True))
    op.add_column("item", sa.Column("tied_at", UTC, nullable=True))
    op.create_table(
        "matter_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_matter_key_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "item_id", name=op.f("pk_matter_key")),
    )
    op.create_index(op.f("ix_matter_key_item_id"), "matter_key", ["item_id"])
    op.create_index(op.f("ix_matter_key_at"), "matter_key", ["at"])


def downgrade() -> None:
    """Drop what this version made."""
    op.drop_table("matter_key")
    op.drop_column("item", "tied_at")
    op.drop_column("item", "tie")
