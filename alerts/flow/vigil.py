"""Look after the sources once an hour, and tell the operator what happened to them.

A poll sees what its own answer shows; silence, a dark day and held floods show with time only. Alarms go out by the
ordinary mail channel, at most one mail an hour with everything new since the last: a night of trouble is a handful
of mails. An event is marked as told only after the channel took the mail, so a crash repeats a mail rather than
losing it; every copy of it has the same Message-ID.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from alerts import workdays
from alerts.domain.collected import FeedState
from alerts.domain.events import EventKind
from alerts.domain.pace import bounds
from alerts.domain.vocabulary import DeliveryState
from alerts.flow.operator import mail_operator
from alerts.flow.push import watch_pushes
from alerts.flow.service import Service
from alerts.vigil import overdue

log = structlog.get_logger("alerts.vigil")

DARK_AFTER = timedelta(hours=24)
FLOOD_PAUSE = timedelta(hours=12)
MISSED = 2  # intervals
MANY = 5  # feeds
BETWEEN_MAILS = timedelta(hours=1)


def look_after(service: Service) -> int:
    """Return how many feeds were found silent, dark, not asked or without their hub; held floods are released when their time is over."""
    now = service.clock.now()
    states = [
        state for state in service.store.feeds.states() if state.enabled and state.feed_id in service.feeds
    ]
    events = [*_dark(service, states, now), *_missed(service, states, now)]
    for feed_id, kind, detail in events:
        service.store.events.note(feed_id, kind, detail, now)
    found = len(events) + watch_pushes(service)
    for feed_id in service.store.events.restless(now):
        found += _look_for_silence(service, feed_id, now)
    for feed_id, count in service.store.events.release_floods(now, FLOOD_PAUSE).items():
        log.warning("flood.released", feed=feed_id, items=count)
    return found


Told = tuple[str, EventKind, str]  # feed, kind, detail


def _dark(service: Service, states: list[FeedState], now: datetime) -> list[Told]:
    """Return the events of feeds that could not be read for a day, unless that is our own network's fault."""
    if service.surroundings.cut_off:
        return []
    since = [(state.feed_id, state.first_failure_at) for state in states if state.first_failure_at]
    return [(feed_id, EventKind.DARK, _since(at)) for feed_id, at in since if now - at >= DARK_AFTER]


def _missed(service: Service, states: list[FeedState], now: datetime) -> list[Told]:
    """Return the events of feeds that were due for two intervals and not asked; many are one event, since that is our doing."""
    overdue = [state for state in states if now - state.next_poll_at >= MISSED * _longest(service, state)]
    patient = service.store.feeds.patient(now) if overdue else {}
    late = [state for state in overdue if state.feed_id not in patient]
    late.sort(key=lambda state: state.next_poll_at)
    told = late[:1] if len(late) > MANY else late
    others = f", and {len(late) - 1} other feeds wait, too" if len(late) > MANY else ""
    return [
        (
            state.feed_id,
            EventKind.MISSED,
            f"due since {state.next_poll_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC{others}",
        )
        for state in told
    ]


def _longest(service: Service, state: FeedState) -> timedelta:
    return max(state.interval, bounds(service.feeds[state.feed_id]).ceiling)


def look_around(service: Service) -> None:
    """Write down when our own network or clock begins or ceases to be at fault; costs nothing while neither does."""
    around = service.surroundings
    for kind, detail in around.news():
        now = service.clock.now()
        if not detail:
            service.store.events.end_everywhere(kind, now)
        elif not any(event.kind is kind for event in service.store.events.open()):
            known = sorted(state.feed_id for state in service.store.feeds.states() if state.enabled)
            service.store.events.note(known[0], kind, detail, now)
            log.error("own.fault", kind=str(kind), detail=detail)


def _look_for_silence(service: Service, feed_id: str, now: datetime) -> bool:
    feed = service.feeds.get(feed_id)
    if feed is None:
        return False
    arrivals = service.store.events.arrivals(feed_id)
    rests = partial(workdays.rests, feed.jurisdiction)
    rhythm = overdue(arrivals, now, ZoneInfo(feed.timezone), rests)
    if rhythm is None:
        return False
    detail = f"last new item {max(arrivals):%Y-%m-%d}, usually one in {_words(rhythm.usual_gap)}, remarkable after {_words(rhythm.limit)} of its working days"
    service.store.events.note(feed_id, EventKind.SILENT, detail, now)
    log.warning("feed.silent", feed=feed_id, last=max(arrivals).isoformat())
    return True


async def tell_operator(service: Service) -> int:
    """Return how many new events the operator was mailed; 0 where there is no address, or the last mail is too fresh."""
    events = await asyncio.to_thread(service.store.events.untold)
    now = service.clock.now()
    if not events or service.operator is None or not await asyncio.to_thread(_may_tell, service, now):
        return 0
    key = "alarms:" + ",".join(str(event.id) for event in events)
    message = service.renderer.alarm_message(events, service.operator_language)
    receipt = await mail_operator(service, key, message)
    assert receipt is not None, "there is an operator"
    log.info("alarm.done", events=len(events), state=str(receipt.state), answer=receipt.answer[:200])
    if receipt.state is not DeliveryState.SENT:
        return 0
    await asyncio.to_thread(service.store.events.told, [event.id for event in events], now)
    return len(events)


def _may_tell(service: Service, now: datetime) -> bool:
    """Return whether the last mail is an hour ago, and no other process tells at this moment."""
    last = service.store.events.last_told()
    if last is not None and now - last < BETWEEN_MAILS:
        return False
    return service.store.status.job_slot("alarms", now.strftime("%Y-%m-%dT%H:%M"))


def _since(at: datetime) -> str:
    return f"failing since {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _words(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours"
