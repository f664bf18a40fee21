"""What pacing and vigilance remember of a feed, and when a host may be asked again.

Hosts are counted by registrable domain from here on: the emptied ``host`` is filled by the next look at feeds.yaml.

Revision: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
FEED_STATE = (
    ("pace_reason", sa.Text()),
    ("ttl_s", sa.Integer()),
    ("skip_hours", sa.JSON()),
    ("skip_days", sa.JSON()),
    ("validator_mode", sa.Text(), "both"),
    ("validators_ignored", sa.Integer(), "0"),
    ("redirect_url", sa.Text()),
    ("redirect_since", UTC),
    ("redirect_count", sa.Integer(), "0"),
    ("original_url", sa.Text()),
    ("gone_count", sa.Integer(), "0"),
    ("gone_since", UTC),
    ("window_items", sa.Integer()),
    ("rate_per_hour", sa.Float()),
    ("median_gap_s", sa.Integer()),
    ("batch_p95", sa.Integer()),
    ("feed_title", sa.Text()),
    ("feed_language", sa.Text()),
    ("scope_changed_at", UTC),
    ("layout_failures", sa.Integer(), "0"),
)


def upgrade() -> None:
    """Add the columns."""
    for name, kind, *default in FEED_STATE:
        given = default[0] if default else None
        op.add_column("feed_state", sa.Column(name, kind, nullable=given is None, server_default=given))
    op.add_column("host_gate", sa.Column("next_free_at", UTC, nullable=True))
    op.execute("UPDATE feed_state SET host = ''")


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("host_gate", "next_free_at")
    for name, *_ in reversed(FEED_STATE):
        op.drop_column("feed_state", name)
