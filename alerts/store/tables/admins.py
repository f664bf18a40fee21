"""Tables of admins, their sessions, the log-ins that were tried, and what admins did."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKeyConstraint, Index, Integer, UniqueConstraint
from sqlmodel import Field

from alerts.store.tables.types import COUNTING, BigId, CleanText, Json, Record, UtcDateTime


class AdminRow(Record, table=True):
    """Who may log in. ``last_step`` is the newest half minute whose code was used; no code of it or before is good again."""

    __tablename__ = "admin"
    __table_args__ = (UniqueConstraint("name_key"), COUNTING)

    id: int = Field(primary_key=True, sa_type=BigId)
    name: str = Field(sa_type=CleanText)
    name_key: str = Field(sa_type=CleanText)
    password_hash: str = Field(sa_type=CleanText)
    sealed: str = Field(sa_type=CleanText)
    last_step: int | None = Field(sa_type=BigId)
    active: bool = Field(sa_type=Boolean)
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    last_login_at: datetime | None = Field(sa_type=UtcDateTime)


class AdminCodeRow(Record, table=True):
    """A recovery code, by its hash; good until it is used."""

    __tablename__ = "admin_code"
    __table_args__ = (ForeignKeyConstraint(["admin_id"], ["admin.id"]),)

    admin_id: int = Field(primary_key=True, sa_type=BigId)
    hash: str = Field(primary_key=True, sa_type=CleanText)
    used_at: datetime | None = Field(sa_type=UtcDateTime)


class AdminSessionRow(Record, table=True):
    """A session; what the browser holds is kept as its hash only."""

    __tablename__ = "admin_session"
    __table_args__ = (
        UniqueConstraint("hash"),
        ForeignKeyConstraint(["admin_id"], ["admin.id"]),
        Index("ix_admin_session_admin", "admin_id", "network"),
        COUNTING,
    )

    id: int = Field(primary_key=True, sa_type=BigId)
    hash: str = Field(sa_type=CleanText)
    admin_id: int = Field(sa_type=BigId)
    network: str = Field(sa_type=CleanText)
    agent: str = Field(sa_type=CleanText)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(sa_type=UtcDateTime)


class LoginTryRow(Record, table=True):
    """How many log-ins were begun without one that succeeded, by account or network."""

    __tablename__ = "login_try"

    key: str = Field(primary_key=True, sa_type=CleanText)
    tries: int = Field(sa_type=Integer)
    last_at: datetime = Field(sa_type=UtcDateTime, index=True)


class AuditRow(Record, table=True):
    """What somebody did; the database itself refuses to change it. ``admin_id`` is a number alone, since lines outlive everything."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_act", "act", "id"), Index("ix_audit_who", "who_key", "id"), COUNTING)

    id: int = Field(primary_key=True, sa_type=BigId)
    at: datetime = Field(sa_type=UtcDateTime)
    admin_id: int | None = Field(sa_type=BigId)
    who: str = Field(sa_type=CleanText)
    who_key: str = Field(sa_type=CleanText)
    act: str = Field(sa_type=CleanText)
    subject: str = Field(sa_type=CleanText)
    detail: dict[str, object] = Field(sa_type=Json)
    network: str = Field(sa_type=CleanText)
