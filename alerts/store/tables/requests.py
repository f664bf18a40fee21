"""The table of what people ask for who are not known yet."""

from datetime import datetime

from sqlalchemy import Boolean, Index, Integer, UniqueConstraint, false, true
from sqlmodel import Field

from alerts.domain.requests import Purpose
from alerts.store.tables.types import COUNTING, BigId, CleanText, Json, Record, UtcDateTime, one_of, partial


class RequestRow(Record, table=True):
    """A request; ``due_at`` is when its mail is tried next, empty when nothing is owed.

    ``created_at`` is when its mail may leave. Without ``mails`` it is only counted; ``quick``: no person fills in forms so fast.
    """

    __tablename__ = "account_request"
    __table_args__ = (
        UniqueConstraint("public_id"),
        one_of("purpose", Purpose),
        Index("ix_account_request_address", "address_hash", "mails", "created_at"),
        Index("ix_account_request_mailed", "mails", "created_at"),
        Index("ix_account_request_network", "network", "created_at"),
        partial("ix_account_request_due", "due_at", where="due_at IS NOT NULL"),
        COUNTING,
    )

    id: int = Field(primary_key=True, sa_type=BigId)
    public_id: str = Field(sa_type=CleanText)
    purpose: str = Field(sa_type=CleanText)
    address: str = Field(sa_type=CleanText)
    address_hash: str = Field(sa_type=CleanText)
    network: str = Field(sa_type=CleanText)
    language: str = Field(sa_type=CleanText)
    body: dict[str, object] | None = Field(sa_type=Json)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(sa_type=UtcDateTime)
    tries: int = Field(sa_type=Integer)
    used_at: datetime | None = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(sa_type=UtcDateTime)
    mails: bool = Field(sa_type=Boolean, sa_column_kwargs={"server_default": true()})
    quick: bool = Field(sa_type=Boolean, sa_column_kwargs={"server_default": false()})
