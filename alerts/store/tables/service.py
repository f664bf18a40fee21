"""Tables of the service itself: whom never to write to, the chained ledger, counters, slots, daemons."""

from datetime import datetime

from sqlalchemy import Integer
from sqlmodel import Field

from alerts.store.tables.types import BigId, CleanText, Json, Record, UtcDateTime


class SuppressionRow(Record, table=True):
    """An address that gets nothing; only its hash is kept. ``scope`` is a channel or ``all``."""

    __tablename__ = "suppression"

    address_hash: str = Field(primary_key=True, sa_type=CleanText)
    scope: str = Field(primary_key=True, sa_type=CleanText)
    reason: str = Field(sa_type=CleanText)
    since: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime | None = Field(sa_type=UtcDateTime)  # who had to hear of it has heard


class LedgerRow(Record, table=True):
    """One event that must be provable; ``hash`` covers the row and the hash before it."""

    __tablename__ = "ledger"

    sequence: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime)
    event: str = Field(sa_type=CleanText)
    subject: str = Field(sa_type=CleanText, index=True)
    detail: str = Field(sa_type=CleanText)
    previous: str = Field(sa_type=CleanText)
    hash: str = Field(sa_type=CleanText)


class CounterRow(Record, table=True):
    """A number that only grows: ``watches`` with every change of a watch, ``ledger`` with every line."""

    __tablename__ = "counter"

    name: str = Field(primary_key=True, sa_type=CleanText)
    value: int = Field(sa_type=BigId)


class JobSlotRow(Record, table=True):
    """A singleton job that somebody has taken for one slot."""

    __tablename__ = "job_slot"

    job: str = Field(primary_key=True, sa_type=CleanText)
    slot: str = Field(primary_key=True, sa_type=CleanText)


class DaemonRow(Record, table=True):
    """A daemon that reported itself: for people to look at, never for correctness."""

    __tablename__ = "daemon"

    id: str = Field(primary_key=True, sa_type=CleanText)
    host: str = Field(sa_type=CleanText)
    pid: int = Field(sa_type=Integer)
    roles: list[str] = Field(sa_type=Json)
    version: str = Field(sa_type=CleanText)
    started_at: datetime = Field(sa_type=UtcDateTime)
    heartbeat_at: datetime = Field(sa_type=UtcDateTime)
