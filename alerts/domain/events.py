"""What happened to a source that an admin must know: kinds of event, the event itself, how arrivals are judged.

An event of a lasting kind is open until the condition has passed; at most one of a kind is open for a feed. Events of
a momentary kind end when they begin. Every event is told to the operator once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from alerts.domain.items import Revision


class EventKind(StrEnum):
    """What may happen to a source."""

    FAILING = "failing"  # three polls in a row failed
    DARK = "dark"  # nothing could be read for a day
    BLOCKED = "blocked"  # a bot check or login page, twice in a row
    LAYOUT = "layout-changed"  # twice in a row without the rows that the mapping names
    GONE = "gone"  # 410, three times
    GAP = "gap"  # a document without any known entry: items may have been lost
    SILENT = "silent"  # readable, but nothing new against its own rhythm
    FLOOD = "flood"  # far more new items at once than ever: most are held
    BRAKE = "revision-brake"  # an item was changed so often that further changes are not kept
    RE_KEYED = "re-keyed"  # old items under new identifiers: nobody is told again
    SCOPE = "scope-changed"  # the feed's own title or language is another one
    CUT_OFF = "cut-off"  # no source at all could be reached: our own network
    CLOCK = "clock"  # most servers have another time than this machine
    MISSED = "not-asked"  # due for two intervals, and nobody asked it
    SLOW = "too-slow"  # its server lets it be asked less often than its class promises or its window needs
    MOVED = "moved"  # its address was taken over from a permanent redirect
    PUSH = "not-pushed"  # no hub tells of its news, against the wish of feeds.yaml


MOMENTARY = frozenset({EventKind.RE_KEYED, EventKind.SCOPE, EventKind.MOVED})
OF_FAILURE = frozenset(
    {EventKind.FAILING, EventKind.DARK, EventKind.BLOCKED, EventKind.LAYOUT, EventKind.GONE}
)
# Stand at some feed, but are about this service.
OF_OURSELVES = frozenset({EventKind.CUT_OFF, EventKind.CLOCK})
# End when they have passed and are a day old: what a server says of freshness varies.
SETTLING = frozenset({EventKind.SLOW})
ENDED_BY_ANSWER = OF_FAILURE | {EventKind.MISSED}
FLOOD_HELD = (
    "more new items at once than this feed ever had; released after 12 hours unless an editor refuses them"
)


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """Something that happened to a feed; ``ended_at`` empty: it still lasts. Times are UTC."""

    id: int
    feed_id: str
    at: datetime
    kind: EventKind
    detail: str
    ended_at: datetime | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One item as far as the judge of arrivals looks at it; ``number`` is its id, 0 for one that is not stored."""

    key: str
    title: str
    summary: str
    url: str | None
    published: datetime | None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What one document of a known feed brought.

    ``fresh`` are the items under keys that the feed never showed, in document order; ``absent`` are stored items that the
    document does not show, the newest first; ``known`` counts its other entries. ``usual_batch`` is the 95th
    percentile of new items in a poll, 0 where nothing is known.
    """

    fresh: tuple[Seen, ...]
    absent: tuple[Seen, ...]
    known: int
    usual_batch: int = 0
    continuous: bool = True  # a window on one running list, where no overlap means that something was missed
    documents: int = 1  # that were read: catching up brings more at once

    @property
    def total(self) -> int:
        """Return how many entries the document had."""
        return len(self.fresh) + self.known


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of arrivals: keys that are old items, keys that are held, and the events to write down."""

    aliases: dict[str, int] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    events: tuple[tuple[EventKind, str], ...] = ()


ArrivalJudge = Callable[[Arrivals], Ruling]


def seen(revision: Revision) -> Seen:
    """Return what the judge of arrivals looks at."""
    item = revision.item
    return Seen(item.key, item.title, item.summary, item.url, item.published.at if item.published else None)
