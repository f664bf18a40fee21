"""When whoever had to hear of a dead address has heard.

Revision: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what is suppressed already everybody was told when it was."""
    op.add_column("suppression", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE suppression SET told_at = since")


def downgrade() -> None:
    """Drop it."""
    op.drop_column("suppression", "told_at")
