"""Working days of the reader's own calendar, quiet hours, and a pause until a day.

Revision: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COLUMNS = ("calendar", "quiet_start", "quiet_end", "paused_until")


def upgrade() -> None:
    """Add the columns."""
    op.add_column("endpoint", sa.Column("calendar", sa.Text(), nullable=True))
    op.add_column("endpoint", sa.Column("quiet_start", sa.Time(), nullable=True))
    op.add_column("endpoint", sa.Column("quiet_end", sa.Time(), nullable=True))
    op.add_column("endpoint", sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop them."""
    for name in COLUMNS:
        op.drop_column("endpoint", name)
