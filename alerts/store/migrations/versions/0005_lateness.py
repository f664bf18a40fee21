"""When a poll should have begun, when the keys of a feed were last written down as seen, and the text that a key stands for.

Revision: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
# A text that came back has its revision number behind "~"; such a key is looked at once more and then known.
KNOWN_TEXTS = """
    UPDATE seen_key SET text_hash = (
        SELECT newest.content_hash FROM item
        JOIN item_revision newest ON newest.item_id = item.id AND newest.number = item.number
        WHERE item.id = seen_key.item_id
    ) WHERE item_id IS NOT NULL
"""


def upgrade() -> None:
    """Add the columns; what was polled before has neither."""
    op.add_column("poll", sa.Column("due_at", UTC, nullable=True))
    op.add_column("feed_state", sa.Column("touched_at", UTC, nullable=True))
    op.add_column("seen_key", sa.Column("text_hash", sa.Text(), nullable=True))
    op.create_index("ix_seen_key_first", "seen_key", ["feed_id", "first_seen_at"])
    op.execute(sa.text(KNOWN_TEXTS))


def downgrade() -> None:
    """Drop what this version made."""
    op.drop_index("ix_seen_key_first", "seen_key")
    op.drop_column("seen_key", "text_hash")
    op.drop_column("feed_state", "touched_at")
    op.drop_column("poll", "due_at")
