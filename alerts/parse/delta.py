"""Delta parsing: of a feed that was read before, only the raw entries whose bytes are new go to the reader.

A feed of a hundred entries with one new costs one entry. What is remembered of the others are the entries as they
were read, so nothing behind the reader can tell the difference. The whole document is read instead when anything
around the entries changed, when the reader had to be tolerant, when counts differ, and at every
tenth poll. That tenth poll is also the check: a feed whose entries came out differently is read whole from
then on. Nothing is kept on disk; after a restart the first poll is a whole reading.

Units: ``BUDGET`` bytes of text remembered over all feeds, the least recently polled forgotten first.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from alerts.domain.collected import Document, Entry, Parsed
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import FeedType
from alerts.parse.cuts import Cuts, cut_feed

BUDGET = 64 * 1024 * 1024
CHECK_EVERY = 10
_LEAST = 4  # entries; below that a whole reading costs no more
_BASE = b"xml:base"  # feedparser lets one entry's base reach the next
_OVERHEAD = 700  # bytes that an entry takes beside its texts


@dataclass(frozen=True, slots=True)
class _Known:
    """What the last reading of a feed gave."""

    frame: bytes
    entries: Mapping[bytes, "_Kept"]
    order: tuple[tuple[bytes, int], ...]  # names and lengths of the raw entries as they stood
    polls: int = 1  # since the last whole reading
    trusted: bool = True

    @property
    def size(self) -> int:
        return sum(kept.size for kept in self.entries.values())


@dataclass(frozen=True, slots=True)
class _Kept:
    """An entry and the bytes that remembering it takes."""

    entry: Entry
    size: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read a document: ``document`` holds only ``unread`` of its entries."""

    document: Document
    cuts: Cuts
    unread: tuple[bytes, ...]


class Memory:
    """Remembers entries by the bytes they were read from, for one feed and address each; one event loop."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()
        self._budget = budget
        self._size = 0

    @property
    def size(self) -> int:
        """Return the bytes of text that are remembered, about."""
        return self._size

    def plan(self, document: Document, feed: Feed) -> Plan | None:
        """Return how to read only what is new in ``document``, or None where all of it must be read."""
        known = self._known.get(_place(document, feed))
        if known is None or not known.trusted or known.polls >= CHECK_EVERY:
            return None
        cuts = _cut(document, feed, known.order)
        if cuts is None or cuts.frame != known.frame:
            return None
        fresh = [cut for cut in cuts.entries if cut.name not in known.entries]
        if len(fresh) == len(cuts.entries):
            return None
        body = b"".join((cuts.head, *(document.body[cut.start : cut.end] for cut in fresh), cuts.tail))
        if _BASE in body:
            return None
        return Plan(replace(document, body=body), cuts, tuple(cut.name for cut in fresh))

    def complete(self, plan: Plan, read: Parsed, feed: Feed) -> Parsed | None:
        """Return ``read`` with the remembered entries in their places, or None where it does not fit the plan."""
        place = _place(plan.document, feed)
        known = self._known.get(place)
        if known is None or read.malformed or read.skipped or len(read.entries) != len(plan.unread):
            return None
        entries = {**known.entries, **_kept(plan.unread, read.entries)}
        if not all(cut.name in entries for cut in plan.cuts.entries):
            return None
        self._keep(place, _now(plan.cuts, entries, known.polls + 1))
        return replace(read, entries=tuple(entries[cut.name].entry for cut in plan.cuts.entries))

    def learn(self, document: Document, feed: Feed, whole: Parsed) -> None:
        """Remember a whole reading, and check by it what was remembered before."""
        if feed.type is not FeedType.FEED:
            return
        place = _place(document, feed)
        before = self._known.get(place)
        if before is not None and not before.trusted:
            return
        cuts = None if whole.malformed or whole.skipped or _BASE in document.body else _cut(document, feed)
        if cuts is None or len(cuts.entries) != len(whole.entries):
            self._forget(place)
            return
        entries = _kept((cut.name for cut in cuts.entries), whole.entries)
        now = _now(cuts, entries, 1)
        if before is not None and before.frame == now.frame and not _agree(before.entries, entries):
            now = _Known(b"", {}, (), trusted=False)
        self._keep(place, now)

    def _keep(self, place: tuple[str, str], known: _Known) -> None:
        self._forget(place)
        size = known.size
        if size > self._budget:
            return
        self._known[place] = known
        self._size += size
        while self._size > self._budget:
            self._forget(next(iter(self._known)))

    def _forget(self, place: tuple[str, str]) -> None:
        gone = self._known.pop(place, None)
        self._size -= gone.size if gone else 0


def _place(document: Document, feed: Feed) -> tuple[str, str]:
    """Return what the memory is kept under: links were resolved against this address."""
    return feed.id, document.final_url


def _cut(document: Document, feed: Feed, known: Sequence[tuple[bytes, int]] = ()) -> Cuts | None:
    declared = document.headers.get("content-type", "").lower()
    if feed.type is not FeedType.FEED or len(document.body) > feed.max_bytes or "2022" in declared:
        return None
    cuts = cut_feed(document.body, known)
    return cuts if cuts is not None and len(cuts.entries) >= _LEAST else None


def _now(cuts: Cuts, entries: Mapping[bytes, _Kept], polls: int) -> _Known:
    """Return what to remember: the entries that the document holds now, and no others."""
    order = tuple((cut.name, cut.end - cut.start) for cut in cuts.entries)
    return _Known(cuts.frame, {name: entries[name] for name, _ in order}, order, polls)


def _kept(names: Iterable[bytes], entries: Iterable[Entry]) -> dict[bytes, _Kept]:
    return {name: _Kept(entry, _weight(entry)) for name, entry in zip(names, entries, strict=True)}


def _weight(entry: Entry) -> int:
    texts = (entry.title, entry.summary, entry.content, entry.link or "", entry.raw_id or "")
    return _OVERHEAD + sum(len(text) * (1 if text.isascii() else 2) for text in texts)


def _agree(before: Mapping[bytes, _Kept], now: Mapping[bytes, _Kept]) -> bool:
    return all(before[name].entry == now[name].entry for name in before.keys() & now.keys())
