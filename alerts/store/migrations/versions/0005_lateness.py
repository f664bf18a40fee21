"""When a poll should have begun, and when the keys of a feed were last written down as seen.

Revision: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns; what was polled before has neither."""
    op.add_column("poll", sa.Column("due_at", UTC, nullable=True))
    op.add_column("feed_state", sa.Column("touched_at", UTC, nullable=True))


def downgrade() -> None:
    """Drop what this version made."""
    op.drop_column("feed_state", "touched_at")
    op.drop_column("poll", "due_at")
