"""Which notice told the readers that a source went dark, and which that it came back.

Revision: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NAMES = ("begin_batch", "begin_told_at", "end_batch", "end_told_at")
WAIT = "kind = 'dark' AND (begin_told_at IS NULL OR end_told_at IS NULL)"


def upgrade() -> None:
    """Add the columns; outages of before are old news and count as told."""
    for name in NAMES:
        kind = sa.DateTime(timezone=True) if name.endswith("_at") else sa.Text()
        op.add_column("feed_event", sa.Column(name, kind, nullable=True))
    op.execute("UPDATE feed_event SET begin_told_at = at, end_told_at = at WHERE kind = 'dark'")
    op.create_index(
        "ix_feed_event_readers",
        "feed_event",
        ["id"],
        postgresql_where=sa.text(WAIT),
        sqlite_where=sa.text(WAIT),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_feed_event_readers", "feed_event")
    for name in NAMES:
        op.drop_column("feed_event", name)
