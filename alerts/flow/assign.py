"""Find out whom each new revision concerns: new items → matters, unmatched revisions → matches and alerts.

The store owns the transaction (items first, watches second); the rules are pure functions handed to it.
"""

import asyncio
from dataclasses import dataclass

import structlog

from alerts.domain.changes import change_of
from alerts.domain.items import StoredItem
from alerts.domain.vocabulary import Change
from alerts.flow.service import Service
from alerts.match import judge_all
from alerts.matter import WINDOW, choose, trace
from alerts.store import Rules

TIES = Rules(lambda stored: trace(stored).keys, choose, WINDOW)

log = structlog.get_logger("alerts.match")

BATCH = 200


@dataclass(frozen=True, slots=True)
class Assigned:
    """What matching did: revisions judged, alerts written, and whether any must not wait."""

    revisions: int = 0
    alerts: int = 0
    urgent: bool = False


async def assign_all(service: Service) -> Assigned:
    """Return what was done until no released revision is left unmatched; what waited too long for an editor is released."""
    total, watching = Assigned(), service.watching
    overdue = await asyncio.to_thread(service.store.desk.release_overdue, service.clock.now())
    if overdue:
        log.warning("review.overdue", items=overdue)
    if watching is not None:
        await asyncio.to_thread(watching.load)
    while True:
        await tie_all(service)
        batch = await asyncio.to_thread(
            service.store.matches.match_tied, judge_all, service.clock.now(), limit=BATCH, material=material,
            index=watching.index if watching else None,
        )  # fmt: skip
        if not batch.revisions:
            return total
        log.info("match.done", revisions=batch.revisions, alerts=batch.alerts, urgent=len(batch.urgent))
        total = Assigned(
            total.revisions + batch.revisions, total.alerts + batch.alerts, total.urgent or bool(batch.urgent)
        )


async def tie_all(service: Service) -> int:
    """Return how many new items were looked at for others about the same event, until none is left."""
    total = 0
    while looked := await asyncio.to_thread(
        service.store.matters.tie_batch, TIES, service.clock.now(), BATCH
    ):
        total += looked
    return total


def material(old: StoredItem, new: StoredItem) -> bool:
    """Return whether those who were told ``old`` must be told ``new``: anything but a cosmetic change."""
    return change_of(old, new) is not Change.COSMETIC
