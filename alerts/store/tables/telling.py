"""Tables of telling: why an item fits, who is owed it, what was written, and what the other side answered."""

from datetime import datetime

from sqlalchemy import Boolean, Float, ForeignKeyConstraint, Integer, UniqueConstraint, false
from sqlmodel import Field

from alerts.domain.digests import NOTICE
from alerts.domain.vocabulary import DeliveryState, Rhythm
from alerts.store.tables.types import COUNTING, BigId, CleanText, Json, Record, UtcDateTime, one_of, partial

UNTOLD = "digest_id IS NULL AND dropped_reason IS NULL"
POSTED = "channel <> 'email' AND done_at IS NULL"


class MatchRow(Record, table=True):
    """Criteria that a revision fits, found once for all who share them."""

    __tablename__ = "match"
    __table_args__ = (
        ForeignKeyConstraint(["criteria_id"], ["criteria.id"]),
        ForeignKeyConstraint(["revision_id"], ["item_revision.id"], ondelete="CASCADE"),
    )

    criteria_id: int = Field(primary_key=True, sa_type=BigId)
    revision_id: int = Field(primary_key=True, sa_type=BigId, index=True)
    reasons: list[object] = Field(sa_type=Json)
    created_at: datetime = Field(sa_type=UtcDateTime)


class AlertRow(Record, table=True):
    """The ledger of telling. It points at an item by number alone, since it outlives the item's text."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "item_id", "revision"),
        ForeignKeyConstraint(["endpoint_id"], ["endpoint.id"]),
        ForeignKeyConstraint(["digest_id"], ["digest.id"]),
        partial("ix_alert_untold", "endpoint_id", where=UNTOLD),
        partial(
            "ix_alert_urgent", "id", where=f"urgent AND {UNTOLD}", sqlite_where=f"urgent = 1 AND {UNTOLD}"
        ),
        COUNTING,
    )

    id: int = Field(primary_key=True, sa_type=BigId)
    endpoint_id: int = Field(sa_type=BigId)
    item_id: int = Field(sa_type=BigId, index=True)
    revision: int = Field(sa_type=Integer)
    watch_ids: list[int] = Field(sa_type=Json)
    reasons: list[object] = Field(sa_type=Json)
    correction: bool = Field(sa_type=Boolean)
    urgent: bool = Field(sa_type=Boolean)
    created_at: datetime = Field(sa_type=UtcDateTime)
    digest_id: int | None = Field(sa_type=BigId)
    dropped_reason: str | None = Field(sa_type=CleanText)


class WordingRow(Record, table=True):
    """The words of a message, once for all who get the same; places hold what is a reader's own."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("hash"), COUNTING)

    id: int = Field(primary_key=True, sa_type=BigId)
    hash: str = Field(sa_type=CleanText)
    language: str = Field(sa_type=CleanText)
    subject: str = Field(sa_type=CleanText)
    body_text: str = Field(sa_type=CleanText)
    body_html: str = Field(sa_type=CleanText)


class DigestRecord(Record, table=True):
    """What one endpoint is told in one slot, in the words and bytes that every copy carries."""

    __tablename__ = "digest"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "rhythm", "slot"),
        UniqueConstraint("public_id"),
        ForeignKeyConstraint(["endpoint_id"], ["endpoint.id"]),
        one_of("rhythm", [*Rhythm, "urgent", NOTICE]),  # urgent: what may not wait for the digest
        COUNTING,
    )

    id: int = Field(primary_key=True, sa_type=BigId)
    public_id: str = Field(sa_type=CleanText)
    endpoint_id: int = Field(sa_type=BigId)
    rhythm: str = Field(sa_type=CleanText)
    slot: str = Field(sa_type=CleanText)
    built_at: datetime = Field(sa_type=UtcDateTime)
    message_id: str = Field(sa_type=CleanText)
    headers: list[object] = Field(sa_type=Json)
    wording_id: int | None = Field(sa_type=BigId, index=True)  # by number alone: keys outlive bodies
    words: dict[str, str] | None = Field(sa_type=Json)  # the reader's own, for the places in the wording


class DeliveryRow(Record, table=True):
    """A digest on its way. ``due_at`` is the next attempt and, while claimed, the end of the lease."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("idempotency_key"),
        ForeignKeyConstraint(["digest_id"], ["digest.id"]),
        ForeignKeyConstraint(["endpoint_id"], ["endpoint.id"]),
        one_of("state", DeliveryState),
        partial("ix_delivery_due", "urgent", "due_at", where="done_at IS NULL"),
        partial("ix_delivery_open", "endpoint_id", where="done_at IS NULL"),
        partial("ix_delivery_posted", "endpoint_id", "due_at", where=POSTED),
        COUNTING,
    )

    id: int = Field(primary_key=True, sa_type=BigId)
    digest_id: int = Field(sa_type=BigId, index=True)
    endpoint_id: int = Field(sa_type=BigId)
    idempotency_key: str = Field(sa_type=CleanText)
    channel: str = Field(sa_type=CleanText)
    address: str = Field(sa_type=CleanText)
    address_hash: str = Field(sa_type=CleanText)
    urgent: bool = Field(sa_type=Boolean)
    state: str = Field(sa_type=CleanText, index=True)
    due_at: datetime = Field(sa_type=UtcDateTime)
    attempt: int = Field(sa_type=Integer)
    failures: int = Field(sa_type=Integer)
    claimed_by: str | None = Field(sa_type=CleanText)
    created_at: datetime = Field(sa_type=UtcDateTime)
    first_attempt_at: datetime | None = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(sa_type=UtcDateTime)
    last_answer: str | None = Field(sa_type=CleanText)
    paced: bool = Field(sa_type=Boolean, sa_column_kwargs={"server_default": false()})  # due at its turn


class ProviderPaceRow(Record, table=True):
    """A receiving provider that slowed us down: nothing before ``until``, then a mail each ``gap`` seconds."""

    __tablename__ = "provider_pace"

    provider: str = Field(primary_key=True, sa_type=CleanText)
    until: datetime = Field(sa_type=UtcDateTime)
    next_at: datetime = Field(sa_type=UtcDateTime)
    gap: float = Field(sa_type=Float)
    strikes: int = Field(sa_type=Integer)
    answer: str = Field(sa_type=CleanText)


class AttemptRow(Record, table=True):
    """One try, and the other side's answer; without an outcome it is under way or was cut off."""

    __tablename__ = "attempt"
    __table_args__ = (
        ForeignKeyConstraint(["delivery_id"], ["delivery.id"], ondelete="CASCADE"),
        one_of("outcome", [*DeliveryState, "released"]),
    )

    delivery_id: int = Field(primary_key=True, sa_type=BigId)
    n: int = Field(primary_key=True, sa_type=Integer)
    worker: str | None = Field(sa_type=CleanText)
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(sa_type=UtcDateTime)
    outcome: str | None = Field(sa_type=CleanText)
    stage: str | None = Field(sa_type=CleanText)
    code: int | None = Field(sa_type=Integer)
    answer: str | None = Field(sa_type=CleanText)
    counted: bool | None = Field(sa_type=Boolean)


class ReturnedRow(Record, table=True):
    """What came back of a delivery: once for each kind and day, so that a report that comes twice counts once."""

    __tablename__ = "returned"
    __table_args__ = (ForeignKeyConstraint(["delivery_id"], ["delivery.id"], ondelete="CASCADE"),)

    delivery_id: int = Field(primary_key=True, sa_type=BigId)
    kind: str = Field(primary_key=True, sa_type=CleanText)
    day: str = Field(primary_key=True, sa_type=CleanText)
    address_hash: str = Field(sa_type=CleanText, index=True)
    status: str = Field(sa_type=CleanText)
    words: str = Field(sa_type=CleanText)
    at: datetime = Field(sa_type=UtcDateTime)
