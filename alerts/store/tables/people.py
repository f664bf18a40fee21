"""Tables of people: companies, contacts, where they are told, and what they want to hear."""

from datetime import datetime, time

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKeyConstraint,
    Integer,
    SmallInteger,
    Time,
    UniqueConstraint,
    true,
)
from sqlmodel import Field

from alerts.domain.vocabulary import ContactStatus, Rhythm
from alerts.store.tables.types import COUNTING, BigId, CleanText, Json, Record, UtcDateTime, one_of, partial


class CompanyRow(Record, table=True):
    """A subscriber organisation; ``name_norm`` is what makes two spellings one company."""

    __tablename__ = "company"
    __table_args__ = (UniqueConstraint("name_norm"), COUNTING)

    id: int = Field(primary_key=True, sa_type=BigId)
    name: str = Field(sa_type=CleanText)
    name_norm: str = Field(sa_type=CleanText)
    created_at: datetime = Field(sa_type=UtcDateTime)


class ContactRow(Record, table=True):
    """A person or mailbox of a company, with the record of the consent."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("company_id", "email_norm"),
        ForeignKeyConstraint(["company_id"], ["company.id"]),
        one_of("status", ContactStatus),
        COUNTING,
    )

    id: int = Field(primary_key=True, sa_type=BigId)
    company_id: int = Field(sa_type=BigId)
    email: str = Field(sa_type=CleanText)
    email_norm: str = Field(sa_type=CleanText, index=True)
    name: str | None = Field(sa_type=CleanText)
    status: str = Field(sa_type=CleanText)
    consent: str = Field(sa_type=CleanText)
    consent_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class EndpointRow(Record, table=True):
    """Where a contact is told, and when; ``at`` is local wall time in ``zone``."""

    __tablename__ = "endpoint"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("contact_id", "channel", "address_norm"),
        ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        one_of("rhythm", Rhythm),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        partial("ix_endpoint_due", "next_digest_at", "id", where="active", sqlite_where="active = 1"),
        COUNTING,
    )

    id: int = Field(primary_key=True, sa_type=BigId)
    public_id: str = Field(sa_type=CleanText)
    contact_id: int = Field(sa_type=BigId)
    channel: str = Field(sa_type=CleanText)
    address: str = Field(sa_type=CleanText)
    address_norm: str = Field(sa_type=CleanText)
    rhythm: str = Field(sa_type=CleanText)
    at: time = Field(sa_type=Time)
    zone: str = Field(sa_type=CleanText)
    weekday: int = Field(sa_type=SmallInteger)
    critical_at_once: bool = Field(sa_type=Boolean)
    language: str = Field(sa_type=CleanText)
    active: bool = Field(sa_type=Boolean)
    next_digest_at: datetime | None = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(sa_type=UtcDateTime)
    calendar: str | None = Field(sa_type=CleanText)
    quiet_start: time | None = Field(sa_type=Time)
    quiet_end: time | None = Field(sa_type=Time)
    paused_until: datetime | None = Field(sa_type=UtcDateTime)
    calendar_serial: int = Field(sa_type=Integer, sa_column_kwargs={"server_default": "0"})
    quiet_months: bool = Field(sa_type=Boolean, sa_column_kwargs={"server_default": true()})


class CriteriaRow(Record, table=True):
    """Wishes that any number of watches share; ``hash`` is of their canonical form."""

    __tablename__ = "criteria"
    __table_args__ = (UniqueConstraint("hash"), COUNTING)

    id: int = Field(primary_key=True, sa_type=BigId)
    hash: str = Field(sa_type=CleanText)
    body: dict[str, object] = Field(sa_type=Json)


class WatchRow(Record, table=True):
    """A contact's wishes in force from ``created_at`` until ``ended_at``."""

    __tablename__ = "watch"
    __table_args__ = (
        UniqueConstraint("contact_id", "name"),
        ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        ForeignKeyConstraint(["criteria_id"], ["criteria.id"]),
        partial("ix_watch_in_force", "criteria_id", where="ended_at IS NULL"),
        COUNTING,
    )

    id: int = Field(primary_key=True, sa_type=BigId)
    contact_id: int = Field(sa_type=BigId)
    name: str = Field(sa_type=CleanText)
    criteria_id: int = Field(sa_type=BigId)
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(sa_type=UtcDateTime)
