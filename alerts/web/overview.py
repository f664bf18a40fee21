"""What the first page says: which jurisdictions are watched, how well, and what came in lately.

Silence is never taken for health: a source that could not be read shows with the time since when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.domain.digests import SourceHealth
from alerts.domain.feeds import Feed
from alerts.domain.pace import promise
from alerts.domain.vocabulary import WORST_FIRST, Health, Language

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source as a visitor sees it."""

    feed_id: str
    name: str
    url: str
    health: Health
    last_success_at: datetime | None
    last_item_at: datetime | None
    dark_since: datetime | None
    promise: timedelta  # how soon a new item is seen while all goes well


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One jurisdiction with its sources; ``health`` is that of the worst of them."""

    code: str
    sources: tuple[SourceLine, ...]
    health: Health
    last_item_at: datetime | None


def places(
    feeds: Mapping[str, Feed], health: Sequence[SourceHealth], language: Language
) -> tuple[PlaceLine, ...]:
    """Return the watched jurisdictions by code; switched-off sources are left out."""
    known = {line.feed_id: line for line in health}
    lines: dict[str, list[SourceLine]] = {}
    for feed in feeds.values():
        if feed.enabled:
            lines.setdefault(feed.jurisdiction, []).append(_source(feed, known.get(feed.id), language))
    return tuple(_place(code, sources) for code, sources in sorted(lines.items()))


def _source(feed: Feed, health: SourceHealth | None, language: Language) -> SourceLine:
    name = feed.name.get(language) or next(iter(feed.name.values()), feed.id)
    if health is None:
        return SourceLine(feed.id, name, feed.url, Health.NEW, None, None, None, promise(feed))
    known = (health.health, health.last_success_at, health.last_item_at, health.dark_since)
    return SourceLine(feed.id, name, feed.url, *known, promise(feed))


def _place(code: str, sources: Sequence[SourceLine]) -> PlaceLine:
    seen = [source.last_item_at for source in sources if source.last_item_at]
    ordered = tuple(sorted(sources, key=lambda source: (WORST_FIRST.index(source.health), source.name)))
    return PlaceLine(code, ordered, ordered[0].health, max(seen, default=None))


def troubled(places: Sequence[PlaceLine]) -> list[tuple[str, SourceLine]]:
    """Return the sources that are not read as planned with their jurisdiction, the darkest first."""
    bad = WORST_FIRST[: WORST_FIRST.index(Health.NEW)]
    found = [(place.code, source) for place in places for source in place.sources if source.health in bad]
    return sorted(found, key=lambda pair: (bad.index(pair[1].health), pair[1].name))


def tally(places: Sequence[PlaceLine]) -> dict[Health, int]:
    """Return how many sources stand how; every health is named, also with 0."""
    states = [source.health for place in places for source in place.sources]
    return {health: states.count(health) for health in Health}
