"""Every post is counted alike, with or without a mail; those that no person fills in so fast are known.

Revision: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two marks; what is there was mailed, and nobody measured how fast it came."""
    op.add_column(
        "account_request", sa.Column("mails", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column(
        "account_request", sa.Column("quick", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.drop_index("ix_account_request_address", "account_request")
    op.create_index("ix_account_request_address", "account_request", ["address_hash", "mails", "created_at"])
    op.create_index("ix_account_request_mailed", "account_request", ["mails", "created_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_account_request_mailed", "account_request")
    op.drop_index("ix_account_request_address", "account_request")
    op.create_index("ix_account_request_address", "account_request", ["address_hash", "created_at"])
    op.drop_column("account_request", "quick")
    op.drop_column("account_request", "mails")
