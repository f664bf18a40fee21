"""Subscriptions at hubs (WebSub).

Revision: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
COLUMNS = (
    ("key", sa.Text(), False),
    ("feed_id", sa.Text(), False),
    ("wanted", sa.Boolean(), False),
    ("private", sa.Boolean(), False),
    ("offered_hubs", sa.JSON(), True),
    ("offered_topic", sa.Text(), True),
    ("hub", sa.Text(), True),
    ("topic", sa.Text(), True),
    ("named_at", UTC, True),
    ("secret", sa.Text(), False),
    ("created_at", UTC, False),
    ("mode", sa.Text(), True),
    ("asked_at", UTC, True),
    ("due_at", UTC, True),
    ("attempts", sa.Integer(), False),
    ("detail", sa.Text(), True),
    ("verified_at", UTC, True),
    ("challenge", sa.Text(), True),
    ("expires_at", UTC, True),
    ("denied_at", UTC, True),
    ("hinted_at", UTC, True),
    ("looked", sa.Boolean(), False),
    ("resume_at", UTC, True),
    ("last_push_at", UTC, True),
    ("hits", sa.Integer(), False),
    ("misses", sa.Integer(), False),
    ("unannounced", sa.Integer(), False),
    ("refused", sa.Integer(), False),
)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "feed_push",
        *(sa.Column(name, kind, nullable=nullable) for name, kind, nullable in COLUMNS),
        sa.CheckConstraint("mode IN ('subscribe', 'unsubscribe')", name=op.f("ck_feed_push_mode")),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feed_state.feed_id"], name=op.f("fk_feed_push_feed_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_feed_push")),
    )
    _index("ix_feed_push_wanted", "feed_id", ("wanted", "wanted = 1"), unique=True)
    _index("ix_feed_push_due", "due_at", ("due_at IS NOT NULL", "due_at IS NOT NULL"), unique=False)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("feed_push")


def _index(name: str, column: str, where: tuple[str, str], *, unique: bool) -> None:
    op.create_index(
        name,
        "feed_push",
        [column],
        unique=unique,
        postgresql_where=sa.text(where[0]),
        sqlite_where=sa.text(where[1]),
    )
