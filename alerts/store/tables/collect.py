"""Tables of collecting: what is known of a source between polls, and what each poll saw."""

from datetime import datetime

from sqlalchemy import Boolean, Float, ForeignKeyConstraint, Index, Integer, LargeBinary, UniqueConstraint
from sqlmodel import Field

from alerts.domain.vocabulary import IdentityPolicy
from alerts.store.tables.types import COUNTING, BigId, CleanText, Json, Record, UtcDateTime, one_of, partial

ZERO = {"server_default": "0"}


class FeedStateRow(Record, table=True):
    """One configured source; ``fence`` counts its claims, ``polled_fence`` is the last claim that was stored.

    ``host`` is the name that politeness counts by. ``redirect_count`` counts permanent redirects only: a temporary
    one stays at 0. ``original_url`` is set once ``redirect_url`` is what is asked in its place. ``touched_at`` is when
    the keys of a document were last written down as seen.
    """

    __tablename__ = "feed_state"
    __table_args__ = (
        one_of("policy", IdentityPolicy),
        partial("ix_feed_state_due", "next_poll_at", where="enabled", sqlite_where="enabled = 1"),
        partial("ix_feed_state_leased_host", "host", where="lease_until IS NOT NULL"),
    )

    feed_id: str = Field(primary_key=True, sa_type=CleanText)
    url: str = Field(sa_type=CleanText)
    host: str = Field(sa_type=CleanText)
    jurisdiction: str = Field(sa_type=CleanText)
    enabled: bool = Field(sa_type=Boolean)
    interval_s: int = Field(sa_type=Integer)
    next_poll_at: datetime = Field(sa_type=UtcDateTime)
    fence: int = Field(sa_type=BigId)
    polled_fence: int | None = Field(sa_type=BigId)
    lease_until: datetime | None = Field(sa_type=UtcDateTime)
    claimed_by: str | None = Field(sa_type=CleanText)
    etag: str | None = Field(sa_type=CleanText)
    last_modified: str | None = Field(sa_type=CleanText)
    body_hash: str | None = Field(sa_type=CleanText)
    policy: str = Field(sa_type=CleanText)
    failures: int = Field(sa_type=Integer)
    first_failure_at: datetime | None = Field(sa_type=UtcDateTime)
    bootstrapped: bool = Field(sa_type=Boolean)
    watched_since: datetime | None = Field(sa_type=UtcDateTime)
    last_outcome: str | None = Field(sa_type=CleanText)
    last_detail: str | None = Field(sa_type=CleanText)
    last_polled_at: datetime | None = Field(sa_type=UtcDateTime)
    last_success_at: datetime | None = Field(sa_type=UtcDateTime)
    last_new_item_at: datetime | None = Field(sa_type=UtcDateTime)
    item_count: int = Field(sa_type=Integer)
    pace_reason: str | None = Field(sa_type=CleanText)
    ttl_s: int | None = Field(sa_type=Integer)
    skip_hours: list[int] | None = Field(sa_type=Json)
    skip_days: list[int] | None = Field(sa_type=Json)
    validator_mode: str = Field(sa_type=CleanText, sa_column_kwargs={"server_default": "both"})
    validators_ignored: int = Field(sa_type=Integer, sa_column_kwargs=ZERO)
    redirect_url: str | None = Field(sa_type=CleanText)
    redirect_since: datetime | None = Field(sa_type=UtcDateTime)
    redirect_count: int = Field(sa_type=Integer, sa_column_kwargs=ZERO)
    original_url: str | None = Field(sa_type=CleanText)
    gone_count: int = Field(sa_type=Integer, sa_column_kwargs=ZERO)
    gone_since: datetime | None = Field(sa_type=UtcDateTime)
    window_items: int | None = Field(sa_type=Integer)
    rate_per_hour: float | None = Field(sa_type=Float)
    median_gap_s: int | None = Field(sa_type=Integer)
    batch_p95: int | None = Field(sa_type=Integer)
    feed_title: str | None = Field(sa_type=CleanText)
    feed_language: str | None = Field(sa_type=CleanText)
    scope_changed_at: datetime | None = Field(sa_type=UtcDateTime)
    layout_failures: int = Field(sa_type=Integer, sa_column_kwargs=ZERO)
    touched_at: datetime | None = Field(sa_type=UtcDateTime)


class PollRow(Record, table=True):
    """What one poll saw; ``body`` (zlib) is kept for replay when something had changed; ``due_at``: when it should have begun."""

    __tablename__ = "poll"
    __table_args__ = (
        UniqueConstraint("feed_id", "started_at"),
        ForeignKeyConstraint(["feed_id"], ["feed_state.feed_id"], ondelete="CASCADE"),
        partial("ix_poll_kept_body", "feed_id", "id", where="body IS NOT NULL"),
        COUNTING,
    )

    id: int = Field(primary_key=True, sa_type=BigId)
    feed_id: str = Field(sa_type=CleanText)
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime = Field(sa_type=UtcDateTime)
    outcome: str = Field(sa_type=CleanText)
    detail: str | None = Field(sa_type=CleanText)
    status: int | None = Field(sa_type=Integer)
    size: int = Field(sa_type=BigId)
    entries: int = Field(sa_type=Integer)
    filtered: int = Field(sa_type=Integer)
    malformed: bool = Field(sa_type=Boolean)
    new: int = Field(sa_type=Integer)
    changed: int = Field(sa_type=Integer)
    final_url: str | None = Field(sa_type=CleanText)
    body: bytes | None = Field(sa_type=LargeBinary)
    content_type: str | None = Field(sa_type=CleanText)
    due_at: datetime | None = Field(sa_type=UtcDateTime)


class HostGateRow(Record, table=True):
    """Until when a host asked to be left alone, and from when we may come again after the last poll."""

    __tablename__ = "host_gate"

    host: str = Field(primary_key=True, sa_type=CleanText)
    not_before: datetime = Field(sa_type=UtcDateTime)
    next_free_at: datetime | None = Field(sa_type=UtcDateTime)


class SeenKeyRow(Record, table=True):
    """A key that a feed has shown. It outlives its item, so that nothing old is taken for new.

    ``text_hash`` is the content hash of the item's newest text: one look at this row says whether an entry is known as it is.
    """

    __tablename__ = "seen_key"
    __table_args__ = (
        ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="SET NULL"),
        Index("ix_seen_key_first", "feed_id", "first_seen_at"),
    )

    feed_id: str = Field(primary_key=True, sa_type=CleanText)
    key: str = Field(primary_key=True, sa_type=CleanText)
    item_id: int | None = Field(sa_type=BigId, index=True)
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    text_hash: str | None = Field(sa_type=CleanText)
