"""Whether two items tell of one event: by a number of the proceeding, by address, by title, by facts across languages.

A wrong tie hides news behind something older, a missed one only repeats it; so likeness alone never ties two items
of one source, and every other way asks for more than one thing in common.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from alerts.domain.items import StoredItem
from alerts.domain.matters import Tie
from alerts.matter.traits import Trace, trace

WINDOW = timedelta(days=30)  # an address may be told again so much later
OF_NUMBERS = timedelta(days=14)  # later steps of a proceeding are news of their own
OF_TITLES = timedelta(days=4)
LIKE = 88.0  # rapidfuzz ratio of sorted words, 0 to 100
SAME = 96.0  # of two items of one source
SHARED_FACTS = 2
FACT_SHARE = 0.5  # of the facts of the item that has fewer


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two items with their traces."""

    new: StoredItem
    other: StoredItem
    mine: Trace
    theirs: Trace

    @property
    def apart(self) -> timedelta:
        return abs(_told_at(self.new) - _told_at(self.other))

    @property
    def one_source(self) -> bool:
        return self.new.feed_id == self.other.feed_id

    @property
    def likeness(self) -> float:
        return fuzz.token_sort_ratio(" ".join(self.mine.words), " ".join(self.theirs.words))


def choose(new: StoredItem, candidates: Sequence[StoredItem]) -> tuple[int, Tie] | None:
    """Return the id of the candidate that ``new`` tells the same event as, and by what; None when there is none.

    The surest tie counts, then the most alike title, then the oldest item.
    """
    mine = trace(new)
    found = []
    for other in candidates:
        pair = _Pair(new, other, mine, trace(other))
        tie = _tie(pair) if other.id != new.id else None
        if tie is not None:
            found.append((-tie.sureness, -pair.likeness, other.id, tie))
    if not found:
        return None
    _, _, item_id, tie = min(found, key=lambda one: one[:3])
    return item_id, tie


def _tie(pair: _Pair) -> Tie | None:
    if pair.apart > WINDOW:
        return None
    if pair.one_source:
        return _of_one_source(pair)
    return _by_number(pair) or _by_link(pair) or _by_title(pair) or _by_facts(pair)


def _of_one_source(pair: _Pair) -> Tie | None:
    """Return the tie of two items of one source: the same words under the same number or address, or a language twin."""
    alike = pair.likeness >= SAME and pair.mine.figures == pair.theirs.figures
    twins = pair.mine.han != pair.theirs.han
    if alike and pair.apart <= OF_TITLES:
        return _by_number(pair) or _by_link(pair)
    return (_by_number(pair) or _by_link(pair) or _by_facts(pair)) if twins else None


def _by_number(pair: _Pair) -> Tie | None:
    shared = sorted(pair.mine.numbers & pair.theirs.numbers)
    return Tie("identifier", shared[0], 0.95) if shared and pair.apart <= OF_NUMBERS else None


def _by_link(pair: _Pair) -> Tie | None:
    shared = sorted(pair.mine.links & pair.theirs.links)
    return Tie("link", shared[0], 0.9) if shared else None


def _by_title(pair: _Pair) -> Tie | None:
    near = pair.apart <= OF_TITLES and pair.mine.places & pair.theirs.places
    if (
        not near
        or pair.mine.figures != pair.theirs.figures
        or min(map(len, (pair.mine.words, pair.theirs.words))) < 4
    ):
        return None
    likeness = pair.likeness
    return Tie("title", f"{likeness:.0f} % alike", likeness / 100 * 0.9) if likeness >= LIKE else None


def _by_facts(pair: _Pair) -> Tie | None:
    """Return the tie of two languages: the same place, kind and days, and dates, numbers and names in both."""
    new, other = pair.new.judgement, pair.other.judgement
    near = pair.apart <= OF_TITLES and pair.mine.places & pair.theirs.places and new.kind == other.kind
    if not near or pair.mine.han == pair.theirs.han:
        return None
    shared = pair.mine.facts & pair.theirs.facts
    fewer = min(len(pair.mine.facts), len(pair.theirs.facts))
    more_than_dates = any(not fact.startswith("d") for fact in shared)
    if len(shared) < SHARED_FACTS or not more_than_dates or len(shared) < FACT_SHARE * fewer:
        return None
    return Tie("twin", ", ".join(sorted(fact[1:] for fact in shared)[:5]), 0.8)


def _told_at(stored: StoredItem) -> datetime:
    return stored.item.published.at if stored.item.published else stored.first_seen_at
