"""Who is due next is read in the order of the index: of a hundred thousand due at one hour, PostgreSQL sorted all for every batch.

Revision: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the number of the endpoint behind its time."""
    _make(["next_digest_at", "id"])


def downgrade() -> None:
    """Leave the time alone."""
    _make(["next_digest_at"])


def _make(columns: list[str]) -> None:
    op.drop_index("ix_endpoint_due", "endpoint")
    op.create_index(
        "ix_endpoint_due", "endpoint", columns,
        postgresql_where=sa.text("active"), sqlite_where=sa.text("active = 1"),
    )  # fmt: skip
