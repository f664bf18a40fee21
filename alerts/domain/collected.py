"""What the collecting stages hand on: requests, documents, entries, and how a poll ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.domain.items import Revision
from alerts.domain.push import Offer
from alerts.domain.vocabulary import IdentityPolicy, Outcome, Role, ValidatorMode


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask "has it changed" with: verbatim text, never re-printed."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a source. ``validators`` are those of the last stored answer from this address."""

    url: str
    method: str = "GET"
    body: bytes | None = None
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect that was followed."""

    status: int
    target: str


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of a 200 answer. Header names are lower case; ``body`` is decompressed."""

    url: str  # the address asked
    final_url: str  # the address that answered, after redirects
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    hops: tuple[Hop, ...] = ()
    page: int = 0  # how many pages of the same answer came before it

    @property
    def partial(self) -> bool:
        """Return whether it holds only what is new since the answer that the validators name (RFC 3229)."""
        return self.status == 226

    @property
    def validators(self) -> Validators:
        """Return this answer's own validators; a header that is missing clears the stored one."""
        return Validators(self.headers.get("etag"), self.headers.get("last-modified"))


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A 304. ``validators`` are the old ones with whatever this answer renewed."""

    validators: Validators
    headers: Mapping[str, str]
    fetched_at: datetime
    final_url: str = ""  # empty: not known
    hops: tuple[Hop, ...] = ()


@dataclass(frozen=True, slots=True)
class RawDate:
    """A date as the source wrote it; ``parsed`` (aware, UTC) where the format itself fixes the reading."""

    text: str
    parsed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One raw element of a document, before our vocabulary is put on it.

    ``raw_id`` is the source's own identifier, trimmed but never resolved against an address.
    ``link`` is absolute. ``title``, ``summary`` and ``content`` may hold markup where the
    matching ``*_is_html`` says so. ``dates`` are the obligations that a source states in fields.
    """

    raw_id: str | None
    link: str | None
    title: str
    summary: str = ""
    content: str = ""
    title_is_html: bool = False
    summary_is_html: bool = True
    published: RawDate | None = None
    updated: RawDate | None = None
    author: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    document_number: str | None = None
    document_type: str | None = None
    jurisdiction: str | None = None  # as the record names it, for sources that cover many
    dates: tuple[tuple[Role, str], ...] = ()
    detail: "Detail | None" = None


@dataclass(frozen=True, slots=True)
class Detail:
    """What an entry's own page says, where that was asked for; empty where it says nothing."""

    title: str = ""
    text: str = ""
    published: RawDate | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a document held.

    ``next_request`` is the next page, if the source has one. ``malformed`` says that the document
    broke its own format and was read with tolerance. ``ttl`` is what the feed itself says about how
    often to come; ``skip_hours`` and ``skip_days`` are GMT hours and days in which it asks to be left alone.
    """

    entries: tuple[Entry, ...]
    title: str | None = None
    language: str | None = None
    next_request: Request | None = None
    malformed: bool = False
    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()  # 0 is Monday, in GMT
    skipped: int = 0  # records that were no entry: no link and no text
    hubs: tuple[str, ...] = ()  # that tell of news (WebSub), as written but absolute
    topic: str | None = None  # the name under which the hubs know it


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a source's address leads, and since when.

    ``count`` is how many polls in a row saw the same permanent redirect; 0 while it is a temporary one.
    ``original`` is the configured address, once ``target`` is asked in its place.
    """

    target: str | None = None
    since: datetime | None = None
    count: int = 0
    original: str | None = None


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the store remembers of a feed between polls."""

    feed_id: str
    validators: Validators
    body_hash: str | None
    next_poll_at: datetime
    interval: timedelta
    failures: int
    policy: IdentityPolicy
    bootstrapped: bool  # a first good poll has happened
    last_outcome: Outcome | None = None
    last_detail: str | None = None
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_item_at: datetime | None = None
    items: int = 0
    enabled: bool = True
    first_failure_at: datetime | None = None  # of the present run of failures
    url: str = ""  # as configured
    pace_reason: str | None = None  # which rule chose next_poll_at
    ttl: timedelta | None = None  # what the last document said of itself, like the skipped hours and days
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    validator_mode: ValidatorMode = ValidatorMode.BOTH
    validators_ignored: int = 0  # whole answers in a row that held the bytes of the one before
    moved: Moved = Moved()
    gone_count: int = 0  # 410 in a row
    gone_since: datetime | None = None
    window_items: int | None = None  # entries of the last document
    rate_per_hour: float | None = None  # items first seen an hour
    median_gap: timedelta | None = None  # between the last arrivals of something new
    batch_p95: int | None = None  # items that arrive at once, 95th percentile
    feed_title: str | None = None
    feed_language: str | None = None
    scope_changed_at: datetime | None = None
    layout_failures: int = 0
    touched_at: datetime | None = None  # when the keys of a document were last written down as seen


@dataclass(frozen=True, slots=True)
class FeedClaim:
    """A feed that this process may poll until the lease ends; ``fence`` must still hold when it stores."""

    state: FeedState
    fence: int
    spacing: timedelta = timedelta(0)  # between two requests to its host
    host: str = ""  # the name that politeness counts by

    @property
    def feed_id(self) -> str:
        """Return the id of the claimed feed."""
        return self.state.feed_id


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about a source that a person should know; ``event`` is a word of the ledger."""

    event: str
    detail: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PollResult:
    """Everything one poll learnt, stored in one transaction.

    ``revisions`` are the items the documents held (known or not: the store finds out), save those of ``known``: keys
    of which the store said under the same claim that their text is the stored one. For a failed poll both are empty
    and ``validators`` are the old ones.
    """

    outcome: Outcome
    started_at: datetime
    finished_at: datetime
    next_poll_at: datetime
    validators: Validators = Validators()
    body_hash: str | None = None
    revisions: tuple[Revision, ...] = ()
    known: tuple[str, ...] = ()
    unseen: int = 0  # of the entries asked about: those whose keys the feed had never shown
    policy: IdentityPolicy = IdentityPolicy.GUID
    detail: str | None = None
    status: int | None = None
    size: int = 0  # bytes of all documents
    entries: int = 0
    filtered: int = 0
    malformed: bool = False
    final_url: str | None = None
    body: bytes | None = None  # the first document, kept for replay when something changed
    host_not_before: datetime | None = None  # a server's Retry-After, for every feed of its host
    look_back: timedelta = timedelta(days=7)  # what a first poll found is told when published within it
    pace_reason: str | None = None
    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    validator_mode: ValidatorMode = ValidatorMode.BOTH
    validators_ignored: int = 0
    moved: Moved = Moved()
    gone_count: int = 0
    gone_since: datetime | None = None
    notices: tuple[Notice, ...] = ()  # what the operator must hear of, for the ledger
    feed_title: str | None = None  # what the document calls itself
    feed_language: str | None = None
    continuous: bool = True  # a window on one running list, not the answer to a question about dates
    content_type: str | None = None  # of the kept document
    documents: int = 1  # that were read, older pages included
    partial: bool = False  # the document held only what is new: nothing else is missing from it
    counted: bool = True  # False: a failure that is our own and not the source's
    shortfall: str = ""  # what cannot be kept at the pace that its server allows
    offer: Offer | None = None  # what the answer says of hubs, where the feed is to be pushed


@dataclass(frozen=True, slots=True)
class Finished:
    """A poll that has ended, to be stored under its claim."""

    claim: FeedClaim
    result: PollResult


@dataclass(frozen=True, slots=True)
class Familiar:
    """What the store knows of a document's entries: keys it never saw, and keys whose text has changed since."""

    unseen: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()

    @property
    def news(self) -> frozenset[str]:
        """Return the keys that there is something to store of."""
        return self.unseen | self.changed


@dataclass(frozen=True, slots=True)
class PollSaved:
    """What storing a poll did. ``fenced`` means that another process had taken over: nothing was stored."""

    new: int = 0
    changed: int = 0
    known: int = 0
    fenced: bool = False
    new_item_ids: tuple[int, ...] = field(default=())
