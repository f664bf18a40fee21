"""Which events of a feed begin and end with one poll.

A single failure is no event: hosts have bad minutes. Three in a row are, or two answers that are a bot check or lack the
rows of the mapping, or three that say "gone". A good answer ends what was about failing; only a document that was
read ends a gap; only a new item ends silence.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from alerts.domain.collected import FeedState, PollResult
from alerts.domain.events import ENDED_BY_ANSWER, EventKind
from alerts.domain.vocabulary import GOOD_OUTCOMES, Outcome

FAILURES = 3
BLINDED = {Outcome.CHALLENGE: EventKind.BLOCKED, Outcome.LAYOUT_CHANGED: EventKind.LAYOUT}
BLIND_TWICE = 2
OF_NOTICES = {  # a first move is told by :func:`_move`
    "feed.moved-back": EventKind.MOVED,
    "feed.redirected": EventKind.MOVED,
    "feed.gone": EventKind.GONE,
}
SCOPE_PAUSE = timedelta(days=1)  # a title with a changing part is no event at each poll
_CHANGING = re.compile(r"[\d\W_]+")

Found = tuple[EventKind, str]


@dataclass(frozen=True, slots=True)
class Turned:
    """Events that begin, with their details, and kinds whose open events end."""

    begun: tuple[Found, ...] = ()
    ended: frozenset[EventKind] = frozenset()


def turned(before: FeedState, result: PollResult, found: tuple[Found, ...], new: int) -> Turned:
    """Return what a poll begins and ends; ``found`` is what its document showed, ``new`` how many items it brought."""
    if result.outcome not in GOOD_OUTCOMES:
        return Turned(_noticed(result) + _failures(before, result), frozenset({EventKind.MISSED}))
    ended = set(ENDED_BY_ANSWER)
    if result.revisions or result.known:
        ended |= {EventKind.GAP, EventKind.BRAKE} - {kind for kind, _ in found}
    if new:
        ended.add(EventKind.SILENT)
    if not result.shortfall:
        ended.add(EventKind.SLOW)
    told = _noticed(result) + _scope(before, result) + _move(before, result) + _slow(result)
    return Turned(found + told, frozenset(ended))


def blind(before: FeedState, result: PollResult) -> int:
    """Return how many answers since the last good one were a bot check or lacked the mapping's rows."""
    if result.outcome in GOOD_OUTCOMES:
        return 0
    return before.layout_failures + (result.outcome in BLINDED)


def _noticed(result: PollResult) -> tuple[Found, ...]:
    """Return what the conversation with the server showed, such as a redirect that does not end."""
    return tuple(
        (OF_NOTICES[one.event], ", ".join(f"{name} {value}" for name, value in one.detail.items())[:500])
        for one in result.notices
        if one.event in OF_NOTICES
    )


def _failures(before: FeedState, result: PollResult) -> tuple[Found, ...]:
    detail = f"{result.outcome}: {result.detail or 'no detail'}"[:500]
    kind = BLINDED.get(result.outcome)
    if kind is not None and blind(before, result) >= BLIND_TWICE:
        return ((kind, detail),)
    if result.outcome is Outcome.GONE and max(result.gone_count, before.failures + 1) >= FAILURES:
        return ((EventKind.GONE, detail),)
    failures = before.failures + result.counted
    return ((EventKind.FAILING, detail),) if result.counted and failures >= FAILURES else ()


def _scope(before: FeedState, result: PollResult) -> tuple[Found, ...]:
    if before.scope_changed_at and result.finished_at - before.scope_changed_at < SCOPE_PAUSE:
        return ()
    pairs = ((before.feed_title, result.feed_title), (before.feed_language, result.feed_language))
    changes = [f"{old!r} is now {new!r}" for old, new in pairs if old and new and _core(old) != _core(new)]
    return ((EventKind.SCOPE, "; ".join(changes)[:500]),) if changes else ()


def _move(before: FeedState, result: PollResult) -> tuple[Found, ...]:
    if result.moved.original is None or before.moved.original is not None:
        return ()
    return ((EventKind.MOVED, f"{result.moved.original} now leads to {result.moved.target}"[:500]),)


def _slow(result: PollResult) -> tuple[Found, ...]:
    return ((EventKind.SLOW, result.shortfall[:500]),) if result.shortfall else ()


def _core(text: str) -> str:
    """Return the words of a title, without numbers, case and punctuation: those change by the day."""
    return _CHANGING.sub(" ", text).casefold().strip()
