"""Transmit due deliveries: claim → attempt row → channel → receipt.

Sending happens outside any transaction. A claim is a lease that is renewed while its message is in flight; right
before the irrevocable step the sender asks once more whether the lease holds and the reader is still there.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.vocabulary import DeliveryState
from alerts.flow.service import Service

log = structlog.get_logger("alerts.send")

LANES = 4
LEASE = timedelta(seconds=60)
RENEW_EVERY = 20.0  # seconds


@dataclass(frozen=True, slots=True)
class Sent:
    """How many deliveries ended in which state."""

    states: Mapping[str, int] = field(default_factory=dict)

    def count(self, state: DeliveryState) -> int:
        """Return how many ended in ``state``."""
        return self.states.get(str(state), 0)


async def send_due(service: Service, stop: asyncio.Event | None = None, *, urgent_only: bool = False) -> Sent:
    """Return how the due deliveries ended. ``stop`` ends claiming; what is in flight is finished."""
    lanes = (_lane(service, stop, urgent_only) for _ in range(LANES))
    total: Counter[str] = Counter()
    for counted in await asyncio.gather(*lanes):
        total += counted
    return Sent(dict(total))


async def _lane(service: Service, stop: asyncio.Event | None, urgent_only: bool) -> Counter[str]:
    """One message at a time, so that nothing that was claimed waits inside the process."""
    counted: Counter[str] = Counter()
    while not (stop and stop.is_set()):
        claims = await asyncio.to_thread(
            service.store.deliveries.claim,
            service.clock.now(),
            1,
            service.worker,
            lease=LEASE,
            urgent_only=urgent_only,
        )
        if not claims:
            break
        for claim in claims:
            receipt = await deliver(service, claim)
            counted[str(receipt.state)] += 1
            if not receipt.counted:  # the relay itself is away: let the others wait for it
                return counted
    return counted


async def deliver(service: Service, claim: DeliveryClaim) -> Receipt:
    """Return the receipt of one attempt; it is on record before this returns."""
    deliveries = service.store.deliveries
    channel = service.channels[claim.channel]

    async def may_transmit() -> bool:
        return await asyncio.to_thread(deliveries.may_send, claim, service.clock.now())

    await asyncio.to_thread(deliveries.started, claim, service.clock.now())
    renewing = asyncio.create_task(_renew(service, claim))
    try:
        receipt = await channel.send(claim, service.clock.now(), may_transmit)
    finally:
        renewing.cancel()
    held = await asyncio.to_thread(deliveries.finish, claim, receipt, service.clock.now())
    event = log.info if receipt.state == DeliveryState.SENT else log.warning
    event(
        "delivery.done", delivery=claim.id, attempt=claim.attempt, state=str(receipt.state), stage=receipt.stage,
        code=receipt.code, answer=receipt.answer[:200], fenced=not held,
    )  # fmt: skip
    return receipt


async def _renew(service: Service, claim: DeliveryClaim) -> None:
    while True:
        await asyncio.sleep(RENEW_EVERY)
        await asyncio.to_thread(service.store.deliveries.renew, [claim], service.clock.now(), LEASE)
