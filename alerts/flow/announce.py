"""Tell our own hub which feeds have something new, together for all that came within ten seconds.

What the hub does not take waits in its row and is told again; nothing else waits for it.
"""

import asyncio

import structlog

from alerts.flow.service import Service
from alerts.render.feeds import FORMS
from alerts.render.feeds.topics import topics_of

log = structlog.get_logger("alerts.hub")

SLOT = 10  # seconds within which the hub is told once
TOGETHER = 100  # topics of one request


async def announce(service: Service) -> int:
    """Return how many topics the hub took; 0 where nothing is due, no hub is named, or another process tells it."""
    if service.hub is None or service.hubs is None:
        return 0
    now = service.clock.now()
    due = await asyncio.to_thread(service.store.hub_news.due, now)
    if not due or not await asyncio.to_thread(service.store.status.job_slot, "hub", _slot(now.timestamp())):
        return 0
    topics = [f"{service.hub.site}{path}" for path in topics_of(due, FORMS)]
    ids = [one.id for one in due]
    for start in range(0, len(topics), TOGETHER):
        answer = await service.hubs.tell(service.hub, topics[start : start + TOGETHER])
        if not answer.accepted:
            log.warning("hub.untold", hub=service.hub.address, items=len(ids), detail=answer.detail)
            await asyncio.to_thread(service.store.hub_news.put_off, ids, now, answer.retry_at)
            return 0
    await asyncio.to_thread(service.store.hub_news.taken, ids, now)
    log.info("hub.told", hub=service.hub.address, items=len(ids), topics=len(topics))
    return len(topics)


def _slot(seconds: float) -> str:
    return str(int(seconds // SLOT))
