"""Transmit due deliveries: claim → attempt row → channel → receipt.

Sending happens outside any transaction. A claim is a lease that is renewed while its message is in flight; right
before the irrevocable step the sender asks once more whether the lease holds and the reader is still there.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog

from alerts.deliver.bounces import refusal
from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.returns import Report
from alerts.domain.vocabulary import ChannelKind, DeliveryState, Outcome
from alerts.flow.clerk import Clerk
from alerts.flow.service import Service

log = structlog.get_logger("alerts.send")

URGENT_LANES = 4
OUR_FAULT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Sent:
    """How many deliveries ended in which state."""

    states: Mapping[str, int] = field(default_factory=dict)

    def count(self, state: DeliveryState) -> int:
        """Return how many ended in ``state``."""
        return self.states.get(str(state), 0)


async def send_due(service: Service, stop: asyncio.Event | None = None, *, urgent_only: bool = False) -> Sent:
    """Return how the due mails ended. ``stop`` ends claiming; what is in flight is finished."""
    clerk = Clerk(service.store, service.clock, service.worker, urgent_only=urgent_only)
    number = URGENT_LANES if urgent_only else service.channels[ChannelKind.EMAIL].lanes
    keeping = asyncio.create_task(clerk.keep())
    try:
        counts = await asyncio.gather(*(_lane(service, clerk, stop) for _ in range(number)))
    finally:
        keeping.cancel()
    return Sent(dict(sum(counts, Counter[str]())))


async def _lane(service: Service, clerk: Clerk, stop: asyncio.Event | None) -> Counter[str]:
    """One message at a time, so that nothing that was claimed waits inside the process."""
    counted: Counter[str] = Counter()
    while not (stop and stop.is_set()):
        claim = await clerk.claim()
        if claim is None:
            if await clerk.more():
                continue
            break
        receipt = await deliver(service, clerk, claim)
        counted[str(receipt.state)] += 1
        if not receipt.counted:  # the relay itself is away: let the others wait for it
            break
    return counted


async def deliver(service: Service, clerk: Clerk, claim: DeliveryClaim) -> Receipt:
    """Return the receipt of one attempt; it is on record before this returns."""
    channel = service.channels[claim.channel]
    receipt = await channel.send(claim, service.clock.now(), lambda: clerk.may_transmit(claim))
    receipt = without_blame(service, claim, receipt)
    held = await clerk.finish(claim, receipt)
    if receipt.state is DeliveryState.FAILED and receipt.stage == "rcpt":
        await asyncio.to_thread(_refused, service, claim, receipt)
    event = log.info if receipt.state == DeliveryState.SENT else log.warning
    event(
        "delivery.done", delivery=claim.id, attempt=claim.attempt, state=str(receipt.state), stage=receipt.stage,
        code=receipt.code, answer=receipt.answer[:200], fenced=not held,
    )  # fmt: skip
    return receipt


def without_blame(service: Service, claim: DeliveryClaim, receipt: Receipt) -> Receipt:
    """Return the receipt, without blame for an endpoint that is posted to when it is our own network that is down."""
    if claim.channel is ChannelKind.EMAIL:
        return receipt
    if receipt.stage in ("request", "answer", "done"):
        service.surroundings.answered(claim.address, {}, service.clock.now())
    if receipt.stage != "connect":
        return receipt
    ours = receipt.counted and service.surroundings.failed(claim.address, Outcome.CONNECTION, None)
    again = service.clock.now() + OUR_FAULT
    return replace(receipt, counted=False, retry_at=again) if ours else receipt


def _refused(service: Service, claim: DeliveryClaim, receipt: Receipt) -> None:
    """Follow a refusal of the recipient as if it had come back by mail: a dead address is dead either way."""
    report = Report(refusal(receipt.answer), (claim.address,), (claim.message_id,), words=receipt.answer)
    followed = service.store.returns.take(report, service.clock.now())
    log.warning("recipient.refused", delivery=claim.id, kind=str(report.kind), done=followed.done)
