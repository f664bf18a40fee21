"""Items, what was found out about them, and their stored form."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from alerts.domain.review import Hold
from alerts.domain.vocabulary import DateOrigin, Event, Kind, Right, Role, Severity

if TYPE_CHECKING:
    from alerts.domain.amendments import Amendment


@dataclass(frozen=True, slots=True)
class Dated:
    """An instant (UTC) and where it comes from; ``day_only`` when the source gave no time of day."""

    at: datetime
    origin: DateOrigin
    day_only: bool = False

    @property
    def day(self) -> date:
        """Return its calendar date in UTC, or of a date that came without an hour that date itself.

        Such a date is stored as midnight in the source's zone: thirteen hours later UTC shows that same day for every
        source from UTC-10 to UTC+13.
        """
        at = self.at.astimezone(UTC)
        return (at + timedelta(hours=13)).date() if self.day_only else at.date()


@dataclass(frozen=True, slots=True)
class Contrary:
    """Another day that the text gives for what a field of the source states, and the words that do."""

    date: date
    basis: str


@dataclass(frozen=True, slots=True)
class Obligation:
    """A dated consequence. ``stated`` in the text or a field, else computed by the rule in ``basis``.

    ``against``: what the text says otherwise, where the day is that of a field; the field holds, both are shown.
    """

    role: Role
    date: date
    stated: bool
    basis: str  # the words or the field it was read from, or the rule with its legal citation
    against: tuple[Contrary, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A normalised entry, before anything was concluded about it.

    ``key`` identifies it within its feed for ever. Texts are NFC, one line for ``title``, without control
    characters, markup or bidirectional overrides; ``title`` has at most 500 characters, ``summary`` 4,000.
    ``url`` is absolute http(s) without credentials, or None.
    """

    key: str
    title: str
    summary: str
    url: str | None
    language: str | None
    publisher: str | None
    jurisdiction: str
    published: Dated | None
    updated: Dated | None = None
    categories: tuple[str, ...] = ()
    document_number: str | None = None
    document_type: str | None = None
    stated_dates: tuple[Obligation, ...] = ()  # from the source's own fields
    guid_key: str | None = (
        None  # its key where the identifier is taken the other way, to recognise it under either
    )
    text_hash: str | None = None  # of a watched page's whole text, where that is longer than ``summary``
    text: str | None = None  # a watched page's text, at most 100,000 characters; None for any other item
    listed: str | None = None  # hash of what the list showed, where the item's own page said more

    @property
    def whole(self) -> str:
        """Return the longest text that is kept of it."""
        return self.summary if self.text is None else self.text


@dataclass(frozen=True, slots=True)
class Finding:
    """One conclusion, and what led to it. ``facet`` is relevant, kind, right, event, severity, jurisdiction…"""

    facet: str
    value: str
    evidence: tuple[str, ...]  # words in the text, or ``rule: …`` / ``feed: …``
    confidence: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the classifier says of an item."""

    relevant: bool
    kind: Kind
    event: Event
    severity: Severity
    rights: tuple[Right, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    identifiers: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """An item as one poll saw it, with its judgement; ``content_hash`` covers what a reader would see."""

    item: Item
    judgement: Judgement
    content_hash: str
    hold: Hold | None = None  # how it waits for an editor, if it does
    amendment: "Amendment | None" = None  # what it changed, of an item that was known


@dataclass(frozen=True, slots=True)
class StoredItem:
    """A revision in the store. ``baseline`` marks what a feed already held when it was first polled."""

    id: int
    feed_id: str
    number: int  # of the revision, from 1
    revision_id: int
    item: Item
    judgement: Judgement
    first_seen_at: datetime
    changed_at: datetime | None = None
    baseline: bool = False
    held: str | None = None
    unreviewed: bool = False  # it went out because no editor decided in time
    matter_id: int | None = None
    amendment: "Amendment | None" = None  # what this revision changed in the one before

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """Return where it counts: what was read in it, else the jurisdiction of its source."""
        return self.judgement.jurisdictions or (self.item.jurisdiction,)


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """What to show of the archive; empty means all. Newest first, ``limit`` at most 1,000."""

    jurisdictions: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    rights: tuple[Right, ...] = ()
    events: tuple[Event, ...] = ()
    severities: tuple[Severity, ...] = ()
    feeds: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()  # by name; one of these or of ``feeds``
    since: date | None = None  # days (UTC) of publication, both within the span
    until: date | None = None
    obliged: tuple[date, date] | None = (
        None  # months in which an obligation falls, from the first to the last
    )
    search: str | None = None
    relevant_only: bool = True
    irrelevant_only: bool = False  # instead: what was judged not to be about intellectual property
    limit: int = 50
    before_id: int | None = None  # page: only items with a smaller id
    held: bool = False  # instead: the revisions that wait for an editor


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One page of the archive; ``next_before_id`` is None on the last."""

    items: tuple[StoredItem, ...] = field(default=())
    next_before_id: int | None = None
