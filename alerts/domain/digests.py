"""Digests on their way: what is told, to whom, in which words, and what the other side answered."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from alerts.domain.items import StoredItem
from alerts.domain.people import Endpoint
from alerts.domain.places import filled
from alerts.domain.posts import Shut
from alerts.domain.vocabulary import ChannelKind, DeliveryState, Health, Severity
from alerts.domain.watches import Reason

NOTICE = "notice"  # the rhythm of what is told besides digests, each under a slot notice:<kind>:<key>


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader was told before, of the same item or of another source of its matter."""

    stored: StoredItem
    reasons: tuple[Reason, ...]
    message_id: str


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One row of the ledger with what is needed to tell it."""

    alert_id: int
    stored: StoredItem
    publisher: str  # the feed's name in the reader's language is looked up by feed id; this is the item's
    reasons: tuple[Reason, ...]
    correction: bool = False  # the reader was told an earlier revision
    before: tuple[Told, ...] = ()  # what the reader was told of this item and its matter, the oldest first
    echo: bool = False  # of a matter that the reader was told from another source; it adds nothing

    @property
    def told(self) -> StoredItem | None:
        """Return the revision of this item that the reader was told last."""
        return next((one.stored for one in reversed(self.before) if one.stored.id == self.stored.id), None)

    @property
    def thread(self) -> tuple[str, ...]:
        """Return the Message-IDs in which the reader was told of this item before."""
        return tuple(one.message_id for one in self.before if one.stored.id == self.stored.id)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How one source stands, for coverage lines and status pages."""

    feed_id: str
    jurisdiction: str
    health: Health
    last_success_at: datetime | None
    last_item_at: datetime | None
    watched_since: datetime | None
    dark_since: datetime | None = None
    enabled: bool = True
    usual_gap: timedelta | None = None  # between two arrivals, where a rhythm is known


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """What was watched in one of the reader's jurisdictions.

    ``healthy`` of ``sources`` could be read; ``dark`` names the feeds that could not, with since when. ``silent`` names
    those that could be read but bring nothing new against their rhythm, with since when and the usual gap.
    ``sources`` 0 means that nothing is configured there: the digest says so.
    """

    jurisdiction: str
    sources: int
    healthy: int
    last_item_at: datetime | None
    watched_since: datetime | None
    dark: tuple[tuple[str, datetime | None], ...] = ()
    silent: tuple[tuple[str, datetime | None, timedelta | None], ...] = ()
    also: tuple[str, ...] = ()  # further jurisdictions without any source, told in the same line


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One item in a digest, ready to be put into words; of a matter or of a burst, the one that speaks for the others.

    Its obligations and identifiers are those of all that it speaks for.
    """

    alert_id: int
    stored: StoredItem
    publisher: str
    reasons: tuple[Reason, ...]
    late: bool = False  # published long before we could see it
    correction: bool = False  # the reader was told an earlier revision
    told: StoredItem | None = None  # the revision that the reader was told before this correction
    echo: bool = False  # a further source of what the reader was told
    sources: tuple[AlertLine, ...] = ()  # other items of its matter
    alike: tuple[AlertLine, ...] = ()  # other items of its burst

    @property
    def weight(self) -> int:
        """Return for how many notices the entry stands; the sources of one matter tell one thing."""
        return 1 + len(self.alike)


@dataclass(frozen=True, slots=True)
class DigestGroup:
    """The entries of one jurisdiction, most severe first."""

    jurisdiction: str
    entries: tuple[DigestEntry, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What one endpoint is told at one time, before words are chosen."""

    slot: str  # local date of the window, or item:<id>:<revision>
    built_at: datetime
    endpoint: Endpoint
    company: str
    groups: tuple[DigestGroup, ...]
    coverage: tuple[CoverageLine, ...]
    more: int = 0  # notices beyond the cap; told as "and N more" with a link
    counts: tuple[tuple[Severity, int], ...] = ()
    thread: tuple[str, ...] = ()  # Message-IDs of the tellings that this one amends

    @property
    def entries(self) -> tuple[DigestEntry, ...]:
        """Return all entries in reading order."""
        return tuple(entry for group in self.groups for entry in group.entries)


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses that a message carries; built from PUBLIC_URL alone, never from a request."""

    unsubscribe: str
    manage: str
    archive: str
    site: str


@dataclass(frozen=True, slots=True)
class Message:
    """A digest in words: what a channel transmits. All copies carry the same bytes.

    ``text`` and ``html`` may be shared by many readers: then they hold places, and ``words`` is what one reader finds there.
    """

    subject: str
    text: str
    html: str
    language: str
    headers: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, str], ...] = ()

    @property
    def whole(self) -> "Message":
        """Return the message as its reader sees it."""
        if not self.words:
            return self
        words = dict(self.words)
        return replace(self, text=filled(self.text, words), html=filled(self.html, words), words=())


@dataclass(frozen=True, slots=True)
class DigestRow:
    """A digest as it is written down, with its delivery, in one transaction."""

    endpoint: Endpoint
    rhythm: str
    slot: str
    built_at: datetime
    alert_ids: tuple[int, ...]
    message: Message
    message_id: str  # the Message-ID of every copy, with angle brackets
    public_id: str
    due_at: datetime
    urgent: bool = False


class Owing(NamedTuple):
    """One row of the ledger as numbers; ``reasons`` is their text as it is stored."""

    alert_id: int
    item_id: int
    revision: int
    reasons: str
    correction: bool


@dataclass(frozen=True, slots=True)
class Due:
    """An endpoint whose digest time has come; ``criteria`` are those that its contact watches by.

    ``again``: it was told of something here before, of the same item or of another source of its matter.
    """

    endpoint: Endpoint
    company: str
    criteria: tuple[int, ...]
    owed: tuple[Owing, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryClaim:
    """A delivery this process may transmit until its lease ends; ``attempt`` is the fencing token."""

    id: int
    attempt: int
    idempotency_key: str
    message_id: str
    channel: ChannelKind
    address: str
    message: Message
    endpoint_id: int
    endpoint_public_id: str
    first_attempt_at: datetime | None
    created_at: datetime
    urgent: bool = False
    failures: int = 0  # attempts that the other side answered; the retry plan counts these
    rhythm: str = "daily"
    # Where it is posted to, and its secrets; None for mail.
    sealed: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """How one attempt ended.

    ``state`` SENT, FAILED (never again), DUE (again at ``retry_at``) or UNCERTAIN (perhaps taken;
    again at ``retry_at`` under the same Message-ID). ``counted`` is False when the relay itself could not be
    reached, so that no attempt is used up. ``stage`` is the last step that began: connect, mail, rcpt, data, done; of
    what is posted: guard, connect, request, answer, done. ``until``: nothing more is posted to the endpoint before then;
    ``shut``: nothing at all until somebody has mended it.
    """

    state: DeliveryState
    stage: str
    code: int | None = None
    answer: str = ""
    retry_at: datetime | None = None
    counted: bool = True
    until: datetime | None = None
    shut: Shut | None = None


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery as an operator sees it."""

    id: int
    slot: str
    address: str
    state: DeliveryState
    created_at: datetime
    done_at: datetime | None
    attempts: int
    message_id: str
    last_answer: str | None = None
    due_at: datetime | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits, for ``alerts status`` and the metrics."""

    feeds_due: int = 0
    unmatched: int = 0
    held: int = 0
    held_since: datetime | None = None  # by the one that waits longest
    released_at: datetime | None = None  # when the first goes out by itself
    untold: int = 0  # alerts not yet in a digest
    deliveries: dict[str, int] = field(default_factory=dict)  # by state
    oldest_due_at: datetime | None = None  # of those that nobody has to mend anything for
    shut: int = 0  # webhooks and chat bots that somebody has to mend
