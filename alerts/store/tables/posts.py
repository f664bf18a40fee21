"""The table of endpoints that are posted to."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Integer, UniqueConstraint
from sqlmodel import Field

from alerts.domain.posts import Shut
from alerts.store.tables.types import BigId, CleanText, Record, UtcDateTime, one_of


class PostRow(Record, table=True):
    """What is kept of a webhook or a chat bot besides its endpoint: its address and secrets, sealed, and how it stands.

    ``free_at`` is when it may be posted to next: by its platform's pace, its own wish, or after failures. ``address_key`` tells
    two addresses apart without naming them; nobody is told twice at one.
    """

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("address_key"),
        ForeignKeyConstraint(["endpoint_id"], ["endpoint.id"]),
        one_of("shut", Shut),
    )

    endpoint_id: int = Field(primary_key=True, sa_type=BigId)
    address_key: str = Field(sa_type=CleanText)
    sealed: str = Field(sa_type=CleanText)
    free_at: datetime = Field(sa_type=UtcDateTime)
    verified_at: datetime | None = Field(sa_type=UtcDateTime)
    failing_since: datetime | None = Field(sa_type=UtcDateTime)
    failures: int = Field(sa_type=Integer)
    shut_at: datetime | None = Field(sa_type=UtcDateTime)
    shut: str | None = Field(sa_type=CleanText)
    told_at: datetime | None = Field(sa_type=UtcDateTime)
    answer: str | None = Field(sa_type=CleanText)
