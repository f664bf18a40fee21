"""Items dated before 1970 or after 2049 are filed anew: fewer years make a span of days that is open at one end quicker.

Revision: 0023
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ANEW = """
    UPDATE item SET indexed = 0 WHERE indexed <> 0
    AND id IN (SELECT item_id FROM item_revision WHERE published_at < '1970-01-01' OR published_at >= '2050-01-01')
"""


def upgrade() -> None:
    """Let the index take them in again, which it does by itself."""
    op.execute(ANEW)


def downgrade() -> None:
    """Do the same: the program before files them its own way."""
    op.execute(ANEW)
