"""What a draft watch would have brought: counts by week and severity, a sample, a verdict, and what a wider draft adds."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

from alerts.domain.items import StoredItem
from alerts.domain.vocabulary import Severity, severity_rank
from alerts.domain.watches import Criteria, Reason
from alerts.match.fits import fits

SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Brought:
    """An item that the draft would have brought, and why."""

    stored: StoredItem
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Wider:
    """The draft without one of its wishes: ``without`` names the facet; ``added`` items come on top, ``sample`` the newest."""

    without: str
    added: int
    sample: tuple[StoredItem, ...]


@dataclass(frozen=True, slots=True)
class Backtest:
    """What the draft would have brought. ``weeks`` begin on Mondays (UTC), oldest first, empty ones included."""

    looked_at: int
    found: int
    weeks: tuple[tuple[date, int], ...]
    severities: tuple[tuple[Severity, int], ...]  # the gravest first
    sample: tuple[Brought, ...]  # the gravest and newest
    verdict: str  # nothing | too-much | fine
    wider: tuple[Wider, ...]


def backtest(
    criteria: Criteria, items: Sequence[StoredItem], span: tuple[date, date], most: float
) -> Backtest:
    """Return what the draft would have brought of ``items`` that came out in ``span``, by :func:`day_of`.

    ``span``: first and last day, UTC. ``most``: items a day on average over which it is too much.
    """
    items = [one for one in items if span[0] <= day_of(one) <= span[1]]
    ranked = brought(criteria, items)
    days = (span[1] - span[0]).days + 1
    return Backtest(
        looked_at=len(items),
        found=len(ranked),
        weeks=_weeks(ranked, span),
        severities=by_severity(ranked),
        sample=tuple(ranked[:SAMPLE]),
        verdict="nothing" if not ranked else "too-much" if len(ranked) / days > most else "fine",
        wider=tuple(_wider(criteria, items, {one.stored.id for one in ranked})),
    )


def brought(criteria: Criteria, items: Iterable[StoredItem]) -> list[Brought]:
    """Return what criteria take of ``items``, the gravest and then the newest first."""
    found = [Brought(one, why) for one in items if (why := fits(criteria, one)) is not None]
    return sorted(found, key=_rank, reverse=True)


def by_severity(found: Iterable[Brought]) -> tuple[tuple[Severity, int], ...]:
    """Return how many there are of each severity, the gravest first."""
    counts = Counter(one.stored.judgement.severity for one in found)
    return tuple((each, counts[each]) for each in sorted(Severity, key=severity_rank, reverse=True))


def day_of(stored: StoredItem) -> date:
    """Return the day an item came out, UTC: as published, or as first seen when that is unknown or said to lie later."""
    published, seen = stored.item.published, stored.first_seen_at
    return (min(published.at, seen) if published else seen).astimezone(UTC).date()


def _rank(one: Brought) -> tuple[int, date, int]:
    stored = one.stored
    return severity_rank(stored.judgement.severity), day_of(stored), stored.id


def _weeks(brought: Sequence[Brought], span: tuple[date, date]) -> tuple[tuple[date, int], ...]:
    counts = Counter(_monday(day_of(one.stored)) for one in brought)
    first, last = _monday(span[0]), _monday(span[1])
    mondays = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    return tuple((monday, counts[monday]) for monday in mondays)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def neighbours(criteria: Criteria) -> Iterator[tuple[str, Criteria]]:
    """Yield the draft without one of its wishes each; the whole of what is followed counts as one."""
    if criteria.regions:
        yield "region", replace(criteria, regions=())
    if criteria.kinds:
        yield "kind", replace(criteria, kinds=())
    if criteria.rights:
        yield "right", replace(criteria, rights=())
    if criteria.events:
        yield "event", replace(criteria, events=())
    if criteria.min_severity is not Severity.LOW:
        yield "severity", replace(criteria, min_severity=Severity.LOW)
    if criteria.publishers:
        yield "publisher", replace(criteria, publishers=())
    if criteria.terms or criteria.identifiers:
        yield "term", replace(criteria, terms=(), identifiers=())
    if criteria.exclude:
        yield "exclude", replace(criteria, exclude=())


def _wider(criteria: Criteria, items: Sequence[StoredItem], known: set[int]) -> Iterator[Wider]:
    for without, draft in neighbours(criteria):
        more = [one for one in items if one.id not in known and fits(draft, one) is not None]
        more.sort(key=lambda one: (day_of(one), one.id), reverse=True)
        yield Wider(without, len(more), tuple(more[:2]))
