"""The tables of subscriptions at hubs, and of what our own hub is to be told."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKeyConstraint, Index, Integer, text
from sqlmodel import Field

from alerts.domain.push import PushMode
from alerts.store.tables.types import BigId, CleanText, Json, Record, UtcDateTime, one_of, partial


class PushRow(Record, table=True):
    """One subscription at a hub; ``key`` is the part of its callback that nobody can guess.

    At most one of a feed is ``wanted``; the others are being given up, still with the feed's leave for ``private`` networks. ``offered_*`` is what the source's last answer
    names, ``hub`` and ``topic`` what is used since ``named_at``. ``mode`` is what the hub was asked for and has not
    verified. ``hinted_at`` is the last push that no poll has followed yet, ``looked`` says that one has and found nothing,
    ``resume_at`` is when the feed was due without the push.
    """

    __tablename__ = "feed_push"
    __table_args__ = (
        ForeignKeyConstraint(["feed_id"], ["feed_state.feed_id"], ondelete="CASCADE"),
        one_of("mode", PushMode),
        Index(
            "ix_feed_push_wanted", "feed_id", unique=True,
            postgresql_where=text("wanted"), sqlite_where=text("wanted = 1"),
        ),
        partial("ix_feed_push_due", "due_at", where="due_at IS NOT NULL"),
    )  # fmt: skip

    key: str = Field(primary_key=True, sa_type=CleanText)
    feed_id: str = Field(sa_type=CleanText)
    wanted: bool = Field(sa_type=Boolean)
    private: bool = Field(sa_type=Boolean)
    offered_hubs: list[str] | None = Field(sa_type=Json)
    offered_topic: str | None = Field(sa_type=CleanText)
    hub: str | None = Field(sa_type=CleanText)
    topic: str | None = Field(sa_type=CleanText)
    named_at: datetime | None = Field(sa_type=UtcDateTime)
    secret: str = Field(sa_type=CleanText)
    created_at: datetime = Field(sa_type=UtcDateTime)
    mode: str | None = Field(sa_type=CleanText)
    asked_at: datetime | None = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(sa_type=UtcDateTime)
    attempts: int = Field(sa_type=Integer)
    detail: str | None = Field(sa_type=CleanText)
    verified_at: datetime | None = Field(sa_type=UtcDateTime)
    challenge: str | None = Field(sa_type=CleanText)
    expires_at: datetime | None = Field(sa_type=UtcDateTime)
    denied_at: datetime | None = Field(sa_type=UtcDateTime)
    hinted_at: datetime | None = Field(sa_type=UtcDateTime)
    looked: bool = Field(sa_type=Boolean)
    resume_at: datetime | None = Field(sa_type=UtcDateTime)
    last_push_at: datetime | None = Field(sa_type=UtcDateTime)
    hits: int = Field(sa_type=Integer)
    misses: int = Field(sa_type=Integer)
    unannounced: int = Field(sa_type=Integer)
    refused: int = Field(sa_type=Integer)


class HubNewsRow(Record, table=True):
    """An item that our own hub is still to be told of."""

    __tablename__ = "hub_news"
    __table_args__ = (ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),)

    item_id: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    since: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
