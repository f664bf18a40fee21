"""Nobody looks for the alerts of a digest by its number; an index of them cost a tenth of the time of building.

Revision: 0008
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the index."""
    op.drop_index(op.f("ix_alert_digest_id"), "alert")


def downgrade() -> None:
    """Make it again."""
    op.create_index(op.f("ix_alert_digest_id"), "alert", ["digest_id"])
