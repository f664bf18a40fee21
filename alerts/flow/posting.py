"""Post what is due to webhooks and chat bots, and tell people when one of them is shut.

They have lanes and a tick of their own, so no endpoint that is slow or dead holds up a mail; each is posted one message at a time.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import structlog

from alerts.deliver import DIALECTS
from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.vocabulary import DeliveryState
from alerts.flow.clerk import Clerk
from alerts.flow.lanes import Lanes
from alerts.flow.notices import Notice, enqueue
from alerts.flow.operator import mail_operator
from alerts.flow.send import Sent, deliver
from alerts.flow.service import Service
from alerts.render.posted import Closed, Reader

log = structlog.get_logger("alerts.post")

LANES = 32
LOOK_AGAIN = 1.0  # seconds, while something is under way
NEAR = timedelta(seconds=60)  # turns that a patient round waits for
GAPS = {kind: dialect.gap for kind, dialect in DIALECTS.items()}
UNPACED = dict.fromkeys(GAPS, timedelta(0))  # under a clock that stands, which measures no pace
NOTICE = "shut"


async def post_due(service: Service, stop: asyncio.Event | None = None, *, patient: bool = False) -> Sent:
    """Return how what was due ended. ``patient``: also wait for turns that are near; a daemon looks again soon anyway."""
    clerk, lanes = Clerk(service.store, service.clock, service.worker), Lanes[Receipt](LANES)
    counted: Counter[str] = Counter()
    keeping = asyncio.create_task(clerk.keep())
    try:
        while True:
            claims = [] if stop and stop.is_set() else await asyncio.to_thread(_claim, service, lanes.free)
            clerk.hold(claims)
            for claim in claims:
                lanes.start(deliver(service, clerk, claim))
            if lanes.busy:
                counted.update(str(receipt.state) for receipt in await lanes.ended(LOOK_AGAIN))
            elif not claims and not (patient and await _turn_came(service)):
                break
    finally:
        keeping.cancel()
    await tell_shut(service)
    return Sent(dict(counted))


def _claim(service: Service, limit: int) -> Sequence[DeliveryClaim]:
    gaps = GAPS if service.surroundings.times else UNPACED
    return service.store.posts.begin(service.worker, service.clock.now(), limit, gaps) if limit else []


async def _turn_came(service: Service) -> bool:
    """Return whether a turn is near, after waiting for it."""
    now = service.clock.now()
    at = await asyncio.to_thread(service.store.posts.next_turn, now)
    if at is None or at - now > NEAR or not service.surroundings.times:
        return False
    await asyncio.sleep(max((at - now).total_seconds(), 0) + 0.01)
    return True


async def tell_shut(service: Service) -> int:
    """Return how many endpoints were found shut whose people, and the operator, were told now; looked at once a minute."""
    told, untold = 0, await asyncio.to_thread(service.store.posts.shut, untold=True)
    minute = service.clock.now().strftime("%Y-%m-%dT%H:%M")
    if not untold or not await asyncio.to_thread(service.store.status.job_slot, "tell-shut", minute):
        return 0
    for endpoint, state in untold:
        closed = Closed(endpoint, state)
        await asyncio.to_thread(_tell_people, service, closed)
        if await _tell_operator(service, closed):
            await asyncio.to_thread(service.store.posts.told, endpoint.id, service.clock.now())
            told += 1
    return told


def _tell_people(service: Service, closed: Closed) -> None:
    """Write down the notice for whoever is mailed; a repeat finds it written."""
    since = closed.state.shut_at
    for reader in service.store.posts.readers(closed.endpoint.id):
        who = Reader(reader.language, reader.schedule.zone, service.links(reader).manage)
        message = service.renderer.posted.shut(closed, who)
        enqueue(service, Notice(reader, NOTICE, f"{closed.endpoint.id}:{since:%Y%m%dT%H%M%S}"), message)
    log.warning("endpoint.shut", endpoint=closed.endpoint.id, why=str(closed.state.shut))


async def _tell_operator(service: Service, closed: Closed) -> bool:
    """Return whether the operator was told, or has no address; else it is tried again."""
    if service.operator is None:
        return True
    contact = await asyncio.to_thread(service.store.subscribers.contact, closed.endpoint.contact_id)
    named = f"{contact.company}, {contact.email}" if contact else "–"
    number = closed.endpoint.id
    also = f"{number}: {named}. `alerts endpoints verify {number}`"
    language, site = service.operator_language, service.links(closed.endpoint).manage
    message = service.renderer.posted.shut(closed, Reader(language, "UTC", site, also))
    receipt = await mail_operator(service, f"shut:{number}:{closed.state.shut_at}", message)
    return receipt is not None and receipt.state is DeliveryState.SENT
