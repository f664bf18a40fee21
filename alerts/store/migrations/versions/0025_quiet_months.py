"""Whether an endpoint is told of months that brought nothing.

Revision: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; whoever is there is told as before."""
    op.add_column(
        "endpoint", sa.Column("quiet_months", sa.Boolean(), nullable=False, server_default=sa.true())
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("endpoint", "quiet_months")
