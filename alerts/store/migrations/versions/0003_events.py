"""What happened to sources, and the content type of documents that are kept for replay.

Revision: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table of events."""
    op.create_table(
        "feed_event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("ended_at", UTC, nullable=True),
        sa.Column("told_at", UTC, nullable=True),
        sa.ForeignKeyConstraint(
            ["feed_id"],
            ["feed_state.feed_id"],
            name=op.f("fk_feed_event_feed_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_event")),
        sqlite_autoincrement=True,
    )
    _index("ix_feed_event_open", ["feed_id", "kind"], "ended_at IS NULL", unique=True)
    _index("ix_feed_event_untold", ["id"], "told_at IS NULL", unique=False)
    op.add_column("poll", sa.Column("content_type", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop what this version made."""
    op.drop_column("poll", "content_type")
    op.drop_table("feed_event")


def _index(name: str, columns: list[str], where: str, *, unique: bool) -> None:
    op.create_index(
        name,
        "feed_event",
        columns,
        unique=unique,
        postgresql_where=sa.text(where),
        sqlite_where=sa.text(where),
    )
