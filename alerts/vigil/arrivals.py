"""Judge what a document brought: a gap, old items under new identifiers, or a flood.

A publisher who changes hosts or software often gives every entry a new identifier. Told naively, each subscriber
would get the whole feed again; so a document of which at least half (and at least five entries) is unseen is compared
with the stored items that it does not show. Where at least 80 % of the unseen have a counterpart of their own, those
are the old items: their new keys become aliases and nobody is told. What has no counterpart stays new.

A wrong alias would lose an item, a missed one only repeats it. So a counterpart never has another publication
day or other numbers in its title, and a likeness that two candidates share counts for neither.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence

from rapidfuzz import fuzz, process

from alerts.domain.events import Arrivals, EventKind, Ruling, Seen
from alerts.domain.identity import canonical_url

LEAST_UNSEEN = 5  # entries
UNSEEN_SHARE = 0.5  # of the document
MATCHED_SHARE = 0.8  # of the unseen
LIKENESS = 90.0  # rapidfuzz ratio, 0 to 100
GAP_LEAST = 3  # entries: a smaller document says nothing about what was missed
ALLOWED = 20  # new items that one poll may always bring
TIMES_USUAL = 3

_NUMBERS = re.compile(r"\d+")
_COMPARED = 400  # characters of a summary


def judge_arrivals(arrivals: Arrivals) -> Ruling:
    """Return what becomes of the fresh items and what the admin must know."""
    aliases = _re_keyed(arrivals)
    if aliases:
        left = len(arrivals.fresh) - len(aliases)
        detail = f"{len(aliases)} of {arrivals.total} entries are known items under new identifiers, {left} are new"
        return Ruling(aliases=aliases, events=((EventKind.RE_KEYED, detail),))
    events: list[tuple[EventKind, str]] = []
    if arrivals.continuous and not arrivals.known and arrivals.total >= GAP_LEAST:
        events.append(
            (EventKind.GAP, f"none of the {arrivals.total} entries was known: what came between is missing")
        )
    held = _flood(arrivals)
    if held:
        told = len(arrivals.fresh) - len(held)
        detail = f"{len(arrivals.fresh)} new items at once, usual are at most {arrivals.usual_batch}: {told} go on, {len(held)} are held"
        events.append((EventKind.FLOOD, detail))
    return Ruling(held=held, events=tuple(events))


def _flood(arrivals: Arrivals) -> frozenset[str]:
    """Return the keys of all fresh items but the newest, where there are far too many."""
    if len(arrivals.fresh) <= max(ALLOWED, TIMES_USUAL * arrivals.usual_batch) * arrivals.documents:
        return frozenset()
    places = range(len(arrivals.fresh))
    newest = sorted(places, key=lambda place: _age(arrivals.fresh[place], place))
    return frozenset(arrivals.fresh[place].key for place in newest[ALLOWED * arrivals.documents :])


def _age(item: Seen, place: int) -> tuple[float, int]:
    """Return the order newest first: by date where there is one, else as the document has it."""
    return (-item.published.timestamp() if item.published else 0.0, place)


def _re_keyed(arrivals: Arrivals) -> dict[str, int]:
    """Return the old item of each fresh key, empty unless the feed as a whole was re-keyed."""
    fresh = arrivals.fresh
    if len(fresh) < LEAST_UNSEEN or len(fresh) < UNSEEN_SHARE * arrivals.total or not arrivals.absent:
        return {}
    pairs: dict[str, int] = {}
    for feature in (_by_link, _by_title_and_day):
        pairs |= _unique_pairs(*_left(arrivals, pairs), feature)
    pairs |= _alike(*_left(arrivals, pairs))
    return pairs if len(pairs) >= MATCHED_SHARE * len(fresh) else {}


def _left(arrivals: Arrivals, pairs: dict[str, int]) -> tuple[list[Seen], list[Seen]]:
    """Return what has no counterpart yet, on both sides."""
    taken = set(pairs.values())
    fresh = [one for one in arrivals.fresh if one.key not in pairs]
    return fresh, [one for one in arrivals.absent if one.number not in taken]


def _unique_pairs(
    fresh: Sequence[Seen], absent: Sequence[Seen], feature: Callable[[Seen], Hashable | None]
) -> dict[str, int]:
    """Return the pairs that share a feature which nothing else on either side has."""
    once, old = _only(fresh, feature), _only(absent, feature)
    return {one.key: old[mark].number for mark, one in once.items() if mark in old and _agree(one, old[mark])}


def _only(items: Iterable[Seen], feature: Callable[[Seen], Hashable | None]) -> dict[Hashable, Seen]:
    marked = [(feature(item), item) for item in items]
    counts = Counter(mark for mark, _ in marked)
    return {mark: item for mark, item in marked if mark is not None and counts[mark] == 1}


def _by_link(item: Seen) -> Hashable | None:
    return canonical_url(item.url) if item.url else None


def _by_title_and_day(item: Seen) -> Hashable | None:
    return (item.title.casefold(), item.published.date()) if item.published else None


def _agree(one: Seen, other: Seen) -> bool:
    """Return whether nothing says that these are two: the day of publication and the numbers in the title."""
    if one.published and other.published and one.published.date() != other.published.date():
        return False
    return _NUMBERS.findall(one.title) == _NUMBERS.findall(other.title)


def _alike(fresh: Sequence[Seen], absent: Sequence[Seen]) -> dict[str, int]:
    """Return the pairs whose words are nearly the same, one to one, the first best taken."""
    texts = {old.number: _words(old) for old in absent}
    by_number = {old.number: old for old in absent}
    pairs: dict[str, int] = {}
    for one in fresh:
        found = process.extract(_words(one), texts, scorer=fuzz.ratio, score_cutoff=LIKENESS, limit=5)
        fitting = [number for _, _, number in found if _agree(one, by_number[number])]
        if fitting:
            pairs[one.key] = fitting[0]
            del texts[fitting[0]]
    return pairs


def _words(item: Seen) -> str:
    return f"{item.title}\n{item.summary[:_COMPARED]}".casefold()
