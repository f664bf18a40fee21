"""Tables of the archive: items, their revisions, and the matters that they are about."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Boolean, ForeignKeyConstraint, Index, Integer, SmallInteger, UniqueConstraint, false
from sqlmodel import Field

from alerts.domain.vocabulary import Event, Kind, Severity
from alerts.store.tables.types import COUNTING, BigId, CleanText, Json, Record, UtcDateTime, one_of, partial


class MatterRow(Record, table=True):
    """One event that several items are about. ``due``: 1 while it is not found by what it is now; ``merged_into`` has what it had."""

    __tablename__ = "matter"
    __table_args__: ClassVar[object] = (partial("ix_matter_due", "id", where="due IS NOT NULL"), COUNTING)

    id: int = Field(primary_key=True, sa_type=BigId)
    title: str = Field(sa_type=CleanText)
    created_at: datetime = Field(sa_type=UtcDateTime)
    due: int | None = Field(sa_type=SmallInteger, sa_column_kwargs={"server_default": "1"})
    merged_into: int | None = Field(sa_type=BigId)


class ItemRow(Record, table=True):
    """An item. ``number`` is its newest revision, ``shown`` the newest that readers may see (0: none), ``indexed`` the one it is found by."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("feed_id", "key"),
        ForeignKeyConstraint(["matter_id"], ["matter.id"], ondelete="SET NULL"),
        Index("ix_item_feed_id", "feed_id", "id"),
        Index("ix_item_first_seen_at", "first_seen_at"),
        partial("ix_item_unindexed", "id", where="indexed <> shown"),
        COUNTING,
    )

    id: int = Field(primary_key=True, sa_type=BigId)
    feed_id: str = Field(sa_type=CleanText)
    key: str = Field(sa_type=CleanText)
    number: int = Field(sa_type=Integer)
    shown: int = Field(sa_type=Integer)
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime | None = Field(sa_type=UtcDateTime)
    baseline: bool = Field(sa_type=Boolean)
    matter_id: int | None = Field(sa_type=BigId, index=True)
    tie: str | None = Field(sa_type=CleanText)  # by what it was tied to the matter
    tied_at: datetime | None = Field(sa_type=UtcDateTime)  # when others were looked for
    indexed: int = Field(sa_type=Integer, sa_column_kwargs={"server_default": "0"})


class MatterKeyRow(Record, table=True):
    """What an item is found by when others about the same event come."""

    __tablename__ = "matter_key"
    __table_args__ = (ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),)

    key: str = Field(primary_key=True, sa_type=CleanText)
    item_id: int = Field(primary_key=True, sa_type=BigId, index=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class RevisionRow(Record, table=True):
    """A text of an item. ``matched_at`` empty: still to be matched; ``held``: waits for an editor."""

    __tablename__ = "item_revision"
    __table_args__ = (
        UniqueConstraint("item_id", "content_hash"),
        UniqueConstraint("item_id", "number"),
        ForeignKeyConstraint(["item_id"], ["item.id"], ondelete="CASCADE"),
        one_of("kind", Kind),
        one_of("event", Event),
        one_of("severity", Severity),
        partial("ix_item_revision_unmatched", "id", where="matched_at IS NULL AND held IS NULL"),
        partial("ix_item_revision_held", "id", where="held IS NOT NULL AND rejected IS NULL"),
        Index("ix_item_revision_severity", "severity", "created_at"),
        COUNTING,
    )

    id: int = Field(primary_key=True, sa_type=BigId)
    item_id: int = Field(sa_type=BigId)
    number: int = Field(sa_type=Integer)
    content_hash: str = Field(sa_type=CleanText)
    created_at: datetime = Field(sa_type=UtcDateTime)
    matched_at: datetime | None = Field(sa_type=UtcDateTime)
    held: str | None = Field(sa_type=CleanText)
    rejected: str | None = Field(sa_type=CleanText)
    title: str = Field(sa_type=CleanText)
    summary: str = Field(sa_type=CleanText)
    url: str | None = Field(sa_type=CleanText)
    language: str | None = Field(sa_type=CleanText)
    publisher: str | None = Field(sa_type=CleanText)
    jurisdiction: str = Field(sa_type=CleanText)
    published_at: datetime | None = Field(sa_type=UtcDateTime)
    details: dict[str, object] = Field(sa_type=Json)
    relevant: bool = Field(sa_type=Boolean)
    kind: str = Field(sa_type=CleanText)
    event: str = Field(sa_type=CleanText)
    severity: str = Field(sa_type=CleanText)
    rights: list[str] = Field(sa_type=Json)
    jurisdictions: list[str] = Field(sa_type=Json)
    conclusions: dict[str, object] = Field(sa_type=Json)
    needed: int | None = Field(sa_type=SmallInteger)  # editors who must agree; None: one
    release_at: datetime | None = Field(sa_type=UtcDateTime)  # when it goes out without them
    unreviewed: bool = Field(sa_type=Boolean, sa_column_kwargs={"server_default": false()})


class ApprovalRow(Record, table=True):
    """An editor who agrees that a revision may be seen."""

    __tablename__ = "approval"
    __table_args__ = (ForeignKeyConstraint(["revision_id"], ["item_revision.id"], ondelete="CASCADE"),)

    revision_id: int = Field(primary_key=True, sa_type=BigId)
    editor: str = Field(primary_key=True, sa_type=CleanText)
    at: datetime = Field(sa_type=UtcDateTime)
    note: str = Field(sa_type=CleanText)
