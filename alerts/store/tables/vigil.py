"""The table of what happened to sources."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field

from alerts.store.tables.types import COUNTING, BigId, CleanText, Record, UtcDateTime, partial

STILL_OPEN = "ended_at IS NULL"
READERS_WAIT = "kind = 'dark' AND (begin_told_at IS NULL OR end_told_at IS NULL)"


class FeedEventRow(Record, table=True):
    """Something that happened to a feed: at most one open row of a kind. ``told_at``: the operator was mailed.

    ``begin_batch`` and ``end_batch``: in which notice the readers hear of its beginning and its end; ``…_told_at``: they all have it.
    """

    __tablename__ = "feed_event"
    __table_args__ = (
        ForeignKeyConstraint(["feed_id"], ["feed_state.feed_id"], ondelete="CASCADE"),
        Index(
            "ix_feed_event_open", "feed_id", "kind", unique=True,
            postgresql_where=text(STILL_OPEN), sqlite_where=text(STILL_OPEN),
        ),
        partial("ix_feed_event_untold", "id", where="told_at IS NULL"),
        partial("ix_feed_event_readers", "id", where=READERS_WAIT),
        COUNTING,
    )  # fmt: skip

    id: int = Field(primary_key=True, sa_type=BigId)
    feed_id: str = Field(sa_type=CleanText)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(sa_type=CleanText)
    detail: str = Field(sa_type=CleanText)
    ended_at: datetime | None = Field(sa_type=UtcDateTime)
    told_at: datetime | None = Field(sa_type=UtcDateTime)
    begin_batch: str | None = Field(sa_type=CleanText)
    begin_told_at: datetime | None = Field(sa_type=UtcDateTime)
    end_batch: str | None = Field(sa_type=CleanText)
    end_told_at: datetime | None = Field(sa_type=UtcDateTime)
