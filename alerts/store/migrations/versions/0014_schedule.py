"""Working days of the reader's own calendar, quiet hours, and a pause until a day.

Revision: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COLUMNS: dict[str, sa.types.TypeEngine[object]] = {
    "calendar": sa.Text(),
    "quiet_start": sa.Time(),
    "quiet_end": sa.Time(),
    "paused_until": sa.DateTime(timezone=True),
}


def upgrade() -> None:
    """Add the columns."""
    for name, kind in COLUMNS.items():
        op.add_column("endpoint", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Drop them."""
    for name in COLUMNS:
        op.drop_column("endpoint", name)
