"""A feed document cut into head, raw entries and tail, without parsing it.

Cutting is exact or refused: a document with a DOCTYPE, a processing instruction after its head, an entry inside an
entry, unbalanced CDATA or anything but white space between entries is not cut at all, and neither is one that is
not UTF-8, since its parts could be taken for different charsets. Where an entry ends follows from its own bytes alone, so
one whose bytes stood in the last document ends where it did there: that is found by its length and hash.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import xxhash

_FIRST = re.compile(rb"<(item|entry)(?=[\s>])")
_CHARSETS_WITH_STATES = re.compile(rb"iso-?2022|hz", re.IGNORECASE)
# What differs from poll to poll in a head, and does not change how an entry below it is read.
_VOLATILE = re.compile(
    rb"<(lastBuildDate|pubDate|updated|modified|dc:date|items|ttl|generator)\b[^<>]*>.*?</\1\s*>", re.DOTALL
)
_CLOSED = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_HEAD = 65_536
_NEAR = 2048  # bytes that are looked at for data before an end is looked for
_TRIES = 100  # of a rare character, before it is taken for a frequent one


@dataclass(frozen=True, slots=True)
class Cut:
    """One raw entry: what names it, and its place in the document; bytes."""

    name: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cuts:
    """``frame`` stands for all in the head that can change how an entry is read."""

    head: bytes
    entries: tuple[Cut, ...]
    tail: bytes
    frame: bytes


def cut_feed(body: bytes, known: Sequence[tuple[bytes, int]] = ()) -> Cuts | None:
    """Return the parts of ``body``, or None where it cannot be cut safely.

    ``known`` are the names and lengths of the last document's entries in their order: they change how fast, not what is cut.
    """
    first = _FIRST.search(body, 0, _HEAD)
    if first is None or not _plain(body, first.start()):
        return None
    entries = _entries(body, first.start(), first[1], known)
    if entries is None:
        return None
    head, tail = body[: first.start()], body[entries[-1].end :]
    if b"<" + first[1] in tail or not _open(tail):
        return None
    return Cuts(head, entries, tail, xxhash.xxh3_128_digest(_VOLATILE.sub(b"", head)))


def _plain(body: bytes, start: int) -> bool:
    """Return whether the document is UTF-8 XML whose head hides nothing and declares no entity."""
    head = body[:start]
    if not _open(head) or _CHARSETS_WITH_STATES.search(head) or _find(body, b"<?", start) >= 0:
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in body


def _open(part: bytes) -> bool:
    """Return whether nothing in ``part`` is hidden by a comment, CDATA or declaration that ends elsewhere."""
    rest = _CLOSED.sub(b"", part)
    return b"<!" not in rest and b"<?" not in rest


def _entries(
    body: bytes, start: int, tag: bytes, known: Sequence[tuple[bytes, int]]
) -> tuple[Cut, ...] | None:
    """Return the raw entries from ``start`` on; None where they cannot be told apart."""
    opening, closing = b"<" + tag, b"</" + tag + b">"
    entries = []
    steps = _Steps(body, known)
    while True:
        cut = steps.next(start) or _cut(body, start, closing)
        if cut is None:
            return None
        entries.append(cut)
        following = body.find(opening, cut.end)
        if following < 0:
            return tuple(entries)
        if body[cut.end : following].strip() or body[following + len(opening)] not in b" \t\r\n>":
            return None
        steps.meet(cut)
        start = following


class _Steps:
    """Walks along the last document's entries, and finds the place again after what is new, changed or gone."""

    def __init__(self, body: bytes, known: Sequence[tuple[bytes, int]]) -> None:
        self._body = memoryview(body)
        self._known = known
        self._place = 0
        self._places: dict[bytes, int] = {}
        self._followed = False

    def next(self, start: int) -> Cut | None:
        """Return the entry that came next in the last document if it stands at ``start``."""
        if self._place >= len(self._known):
            return None
        name, size = self._known[self._place]
        self._followed = xxhash.xxh3_128_digest(self._body[start : start + size]) == name
        return Cut(name, start, start + size) if self._followed else None

    def meet(self, cut: Cut) -> None:
        """Go on behind ``cut``, if it is known."""
        if self._followed:
            self._place += 1
        elif self._known:
            self._places = self._places or {name: place for place, (name, _) in enumerate(self._known)}
            self._place = self._places.get(cut.name, self._place - 1) + 1


def _cut(body: bytes, start: int, closing: bytes) -> Cut | None:
    end = _end(body, start, closing)
    return None if end is None else Cut(xxhash.xxh3_128_digest(body[start:end]), start, end)


def _end(body: bytes, start: int, closing: bytes) -> int | None:
    """Return the place after the ``closing`` tag that stands in no CDATA section and no comment."""
    place, close = start, -1
    while True:
        bang = _find(body, b"<!", place, min(place + _NEAR, close) if close >= 0 else place + _NEAR)
        if close < 0:
            close = body.find(closing, place, bang if bang >= 0 else len(body))
        if bang < 0 and close >= 0:
            bang = _find(body, b"<!", place, close)
        if bang < 0 or 0 <= close < bang:
            return close + len(closing) if close >= 0 else None
        after = _after(body, bang)
        if after is None:
            return None
        place, close = after, close if close >= after else -1


def _after(body: bytes, bang: int) -> int | None:
    """Return where the CDATA section or comment that begins at ``bang`` ends; None where it is neither or never ends."""
    last = (
        b"]]>" if body.startswith(b"<![CDATA[", bang) else b"-->" if body.startswith(b"<!--", bang) else b""
    )
    shut = _find(body, last, bang + 4) if last else -1
    return shut + len(last) if shut >= 0 else None


def _find(body: bytes, mark: bytes, start: int, end: int | None = None) -> int:
    """Return what ``body.find`` does, by the mark's rare character: searching for one byte is thirty times faster."""
    last = len(body) if end is None else end
    offset = len(mark) - 1 if mark[:1] == b"<" else 0
    rare = mark[offset : offset + 1]
    place = start + offset - 1
    for _ in range(_TRIES):
        place = body.find(rare, place + 1, last)
        if place < 0 or body.startswith(mark, place - offset):
            return place - offset if place >= 0 else -1
    return body.find(mark, max(start, place - offset), last)
