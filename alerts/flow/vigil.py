"""Look after the sources once an hour, and tell the operator what happened to them.

A poll sees what its own answer shows; silence, a dark day and held floods show with time only. Alarms go out by the
ordinary mail channel, at most one mail an hour with everything new since the last: a night of trouble is a handful
of mails. An event is marked as told only after the channel took the mail, so a crash repeats a mail rather than
losing it; every copy of it has the same Message-ID.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import structlog

from alerts.domain.digests import DeliveryClaim
from alerts.domain.events import EventKind, FeedEvent
from alerts.domain.vocabulary import ChannelKind, DeliveryState
from alerts.flow.push import watch_pushes
from alerts.flow.service import Service
from alerts.vigil import overdue

log = structlog.get_logger("alerts.vigil")

DARK_AFTER = timedelta(hours=24)
FLOOD_PAUSE = timedelta(hours=12)
BETWEEN_MAILS = timedelta(hours=1)


def look_after(service: Service) -> int:
    """Return how many feeds were found silent, dark or without their hub; held floods are released when their time is over."""
    now = service.clock.now()
    found = watch_pushes(service)
    for state in service.store.feeds.states():
        if state.enabled and state.first_failure_at and now - state.first_failure_at >= DARK_AFTER:
            service.store.events.note(state.feed_id, EventKind.DARK, _since(state.first_failure_at), now)
            found += 1
    for feed_id in service.store.events.restless(now):
        found += _look_for_silence(service, feed_id, now)
    for feed_id, count in service.store.events.release_floods(now, FLOOD_PAUSE).items():
        log.warning("flood.released", feed=feed_id, items=count)
    return found


def _look_for_silence(service: Service, feed_id: str, now: datetime) -> bool:
    feed = service.feeds.get(feed_id)
    if feed is None:
        return False
    arrivals = service.store.events.arrivals(feed_id)
    rhythm = overdue(arrivals, now, ZoneInfo(feed.timezone))
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
    claim = _mail(service, service.operator, events, now)

    async def may_transmit() -> bool:
        return True

    receipt = await service.channels[ChannelKind.EMAIL].send(claim, now, may_transmit)
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


def _mail(service: Service, address: str, events: list[FeedEvent], now: datetime) -> DeliveryClaim:
    key = "alarms:" + ",".join(str(event.id) for event in events)
    return DeliveryClaim(
        id=0,
        attempt=1,
        idempotency_key=key,
        message_id=f"<a.{sha256(key.encode()).hexdigest()[:26]}@{service.sender_domain}>",
        channel=ChannelKind.EMAIL,
        address=address,
        message=service.renderer.alarm_message(events, service.operator_language),
        endpoint_id=0,
        endpoint_public_id="operator",
        first_attempt_at=None,
        created_at=now,
        rhythm="operator",
    )


def _since(at: datetime) -> str:
    return f"failing since {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _words(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours"
