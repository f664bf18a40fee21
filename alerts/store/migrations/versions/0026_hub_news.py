"""What our own hub is still to be told of.

Revision: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "hub_news",
        sa.Column("item_id", ID, autoincrement=False, nullable=False),
        sa.Column("since", UTC, nullable=False),
        sa.Column("due_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_hub_news")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_hub_news_item_id"), ondelete="CASCADE"
        ),
    )
    op.create_index("ix_hub_news_due_at", "hub_news", ["due_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("hub_news")
