"""The newest items of a feed, and those of the last days, without a look at all the others.

Revision: 0027
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("ix_item_feed_id", "item", ["feed_id", "id"])
    op.create_index("ix_item_first_seen_at", "item", ["first_seen_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_item_first_seen_at", "item")
    op.drop_index("ix_item_feed_id", "item")
