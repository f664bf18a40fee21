"""Letters to readers that no item causes: a month without news, a source that went dark, a source that came back.

All of them go through the ledger like digests (:mod:`alerts.flow.notices`); who is owed one is computed from rows at every
look, so a crash repeats the look and nobody hears twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from alerts.digest import coverage
from alerts.domain.digests import SourceHealth
from alerts.domain.jurisdictions import expand
from alerts.domain.people import Endpoint
from alerts.domain.vocabulary import Rhythm
from alerts.domain.watches import Criteria
from alerts.flow.drafting import jurisdictions
from alerts.flow.hours import is_away
from alerts.flow.notices import Notice, enqueue, slot_of
from alerts.flow.service import Service
from alerts.match import may_publish
from alerts.render.occasions import Addressed, Stillness
from alerts.store import Batch, ReaderLine

log = structlog.get_logger("alerts.letters")

STILL_AFTER = timedelta(days=30)
OUTAGE = "outage"  # the kind of the notice that a source went dark
BATCH = 500
IMMEDIATE_HOUR = 9  # when those are told of a quiet month who get everything at once
LATEST_HOUR = 20  # nobody is told of nothing at night


@dataclass(frozen=True, slots=True)
class _Watched:
    """How the sources stand, and how often each was asked and gave no good answer."""

    health: Sequence[SourceHealth]
    asked: Mapping[str, tuple[int, int]]


def tell_readers(service: Service) -> int:
    """Return how many letters were written: of quiet months, of outages and their ends."""
    return tell_outages(service) + tell_still(service)


def tell_still(service: Service) -> int:
    """Return how many endpoints are now told that nothing came for 30 days; it is in the hours after their digest's."""
    now, after, written = service.clock.now(), 0, 0
    since = now - STILL_AFTER
    watched: _Watched | None = None
    while found := service.store.readers.unheard(since, now, after, BATCH):
        after = found[-1].endpoint.id
        for one in found:
            if _is_time(one.endpoint, now):
                watched = watched or _Watched(
                    service.store.feeds.health(now), service.store.readers.asked(since)
                )
                written += _tell_still(service, one, watched, now)
    return written


def _is_time(endpoint: Endpoint, now: datetime) -> bool:
    schedule = endpoint.schedule
    local = now.astimezone(ZoneInfo(schedule.zone))
    first = schedule.at.hour if schedule.rhythm is not Rhythm.IMMEDIATE else IMMEDIATE_HOUR
    return first <= local.hour <= max(LATEST_HOUR, first) and not is_away(schedule, now)


def _tell_still(service: Service, reader: ReaderLine, watched: _Watched, now: datetime) -> bool:
    places = jurisdictions(service, reader.endpoint)
    health, asked = watched.health, watched.asked
    mine = [asked[one.feed_id] for one in health if one.jurisdiction in places and one.feed_id in asked]
    still = Stillness(
        since=now - STILL_AFTER,
        until=now,
        coverage=coverage(places, health),
        asked=sum(count for count, _ in mine),
        failed=sum(failed for _, failed in mine),
    )
    message = service.renderer.letters.quiet(_addressed(service, reader), still)
    local = now.astimezone(ZoneInfo(reader.endpoint.schedule.zone))
    return enqueue(service, Notice(reader.endpoint, "quiet", f"{local:%Y-%m-%d}"), message)


def tell_outages(service: Service) -> int:
    """Return how many endpoints are now told that sources they depend on went dark or came back."""
    now, written = service.clock.now(), 0
    for batch in service.store.outages.open(now):
        written += _tell_batch(service, batch, now)
        service.store.outages.done(batch, now)
    return written


def _tell_batch(service: Service, batch: Batch, now: datetime) -> int:
    health = {one.feed_id: one for one in service.store.feeds.health(now)}
    sources = [health[feed_id] for feed_id in batch.feeds if feed_id in health and feed_id in service.feeds]
    touched = {
        one.id: found
        for one in service.store.matches.criteria()
        if (found := tuple(_touched(service, one.criteria, sources)))
    }
    slots = [slot_of(OUTAGE, name) for name in batch.began]
    written = 0
    for reader in service.store.readers.depending(list(touched), now, slots):
        feeds = {one.feed_id: one for number in reader.criteria for one in touched[number]}
        written += _tell_outage(service, reader, batch, [feeds[key] for key in sorted(feeds)])
    log.info("outage.told", batch=batch.name, over=batch.over, feeds=batch.feeds, readers=written)
    return written


def _touched(service: Service, criteria: Criteria, sources: Sequence[SourceHealth]) -> Iterator[SourceHealth]:
    """Yield the sources from which criteria may get anything."""
    places = set(expand(criteria.regions or ("world",)))
    for one in sources:
        feed = service.feeds[one.feed_id]
        if one.jurisdiction in places and may_publish(criteria, feed.id, list(feed.name.values())):
            yield one


def _tell_outage(service: Service, reader: ReaderLine, batch: Batch, sources: Sequence[SourceHealth]) -> bool:
    endpoint, now = reader.endpoint, service.clock.now()
    letters, to = service.renderer.letters, _addressed(service, reader)
    message = letters.restored(to, sources) if batch.over else letters.outage(to, sources, now)
    schedule = endpoint.schedule
    quiet = schedule.quiet.over(schedule.zone, now) if schedule.quiet else None
    kind = "restored" if batch.over else OUTAGE
    return enqueue(service, Notice(endpoint, kind, batch.name, quiet), message)


def _addressed(service: Service, reader: ReaderLine) -> Addressed:
    return Addressed(reader.endpoint, service.links(reader.endpoint), reader.company)
