"""Keep the subscriptions at hubs: ask for those that are due, and look whether they are any good.

What a hub then says comes by way of the web site, and a push only makes its feed due; so this may run in one process
and the web site in another.
"""

import asyncio
from datetime import datetime

import structlog

from alerts.domain.events import EventKind
from alerts.domain.push import MISSED_AFTER, Asking, Pushed
from alerts.domain.push_words import is_deaf, trouble
from alerts.flow.service import Service

log = structlog.get_logger("alerts.push")


async def ask_hubs(service: Service) -> int:
    """Return how many requests went to hubs; none where no hub could reach this service."""
    if service.hubs is None:
        return 0
    asked = 0
    while askings := await asyncio.to_thread(service.store.push.claim, service.clock.now()):
        await asyncio.gather(*(_ask(service, asking) for asking in askings))
        asked += len(askings)
    return asked


async def _ask(service: Service, asking: Asking) -> None:
    assert service.hubs is not None
    answer = await service.hubs.ask(asking)
    await asyncio.to_thread(service.store.push.finish, asking, answer, service.clock.now())
    event = log.info if answer.accepted else log.warning
    event(
        "hub.asked", feed=asking.feed_id, hub=asking.hub, mode=str(asking.mode), attempt=asking.attempt,
        accepted=answer.accepted, detail=answer.detail or None,
    )  # fmt: skip


def watch_pushes(service: Service) -> int:
    """Return how many feeds no hub tells of for days now, against the wish of feeds.yaml; each is an event while it lasts."""
    now, events = service.clock.now(), service.store.events
    pushed = [one for one in service.store.push.all() if one.wanted]
    missed = [one for one in pushed if _is_missed(one, now)]
    for one in missed:
        events.note(one.feed_id, EventKind.PUSH, trouble(one, now), now)
    for one in pushed:
        if one not in missed:
            events.end(one.feed_id, (EventKind.PUSH,), now)
    return len(missed)


def _is_missed(pushed: Pushed, now: datetime) -> bool:
    if pushed.serves(now):
        return is_deaf(pushed)
    return now - (pushed.expires_at or pushed.created_at) >= MISSED_AFTER
