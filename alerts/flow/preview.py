"""What somebody would have received who signs up now: counted by the same rules as digests are made, nothing is stored.

The archive may hold a million notices, so of the time looked back on at most ``LOOKED_AT`` are read, newest first, and of those only
what can concern the draft by its jurisdiction, kind, event and severity; where more were there, the numbers are "at least".
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.domain.items import ItemQuery
from alerts.domain.jurisdictions import JURISDICTIONS, UNIONS, expand
from alerts.domain.vocabulary import Severity, severity_rank
from alerts.domain.watches import Criteria
from alerts.flow.backtest import read_archive
from alerts.match import SAMPLE, Brought, brought, by_severity, check, day_of, looked_for
from alerts.store import Store

LOOKED_AT = 4000
WEEK, MONTH = 7, 30  # days, today among them


@dataclass(frozen=True, slots=True)
class Followed:
    """A word that is followed: all spellings that are looked for, and how many notices of the last 30 days name it."""

    term: str
    spellings: tuple[str, ...]
    found: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What the draft would have brought in the last seven days. ``whole``: everything that could concern it was looked at."""

    found: int
    severities: tuple[tuple[Severity, int], ...]  # the gravest first
    sample: tuple[Brought, ...]
    followed: tuple[Followed, ...]
    whole: bool


def preview(store: Store, criteria: Criteria, now: datetime) -> Preview:
    """Return what the draft would have brought up to ``now``; a draft that names what does not exist brings nothing."""
    if check(criteria):
        return Preview(0, (), (), (), whole=True)
    days = MONTH if criteria.terms else WEEK
    since = (now - timedelta(days=days - 1)).date()
    query = replace(_may_concern(criteria), since=since, until=now.date())
    items, whole = read_archive(store, query, LOOKED_AT)
    met = brought(criteria, [one for one in items if since <= day_of(one) <= now.date()])
    first = (now - timedelta(days=WEEK - 1)).date()
    week = [one for one in met if day_of(one.stored) >= first]
    return Preview(
        found=len(week),
        severities=by_severity(week),
        sample=tuple(week[:SAMPLE]),
        followed=tuple(_followed(criteria, met)),
        whole=whole,
    )


def _followed(criteria: Criteria, met: list[Brought]) -> Iterator[Followed]:
    named = Counter(why.value for one in met for why in one.reasons if why.facet == "term")
    for term in criteria.terms:
        yield Followed(term, looked_for(term, pinyin=criteria.pinyin), named[term])


def _may_concern(criteria: Criteria) -> ItemQuery:
    """Return a query that finds at least what the draft takes: what it leaves to the rules is not asked for."""
    floor = severity_rank(criteria.min_severity)
    graver = tuple(one for one in Severity if severity_rank(one) >= floor) if floor else ()
    return ItemQuery(
        jurisdictions=_codes(criteria.regions),
        kinds=criteria.kinds,
        events=criteria.events,
        severities=graver,
    )


def _codes(regions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the jurisdictions whose notices may concern a wish: those it names, and unions of which one is a member."""
    wished = set(expand(regions))
    if wished >= set(JURISDICTIONS) or not regions:
        return ()
    unions = {code for code, union in UNIONS.items() if wished & set(union.states)}
    return tuple(sorted(wished | unions))
