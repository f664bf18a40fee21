"""Write digests down: endpoints whose hour has come, and alerts that must not wait.

A digest is every untold alert of its endpoint, never a window of creation times, so a late match
goes into the next one and none falls between two. Digest, delivery and marks are one transaction.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from alerts.digest import apart, item_slot
from alerts.domain.digests import AlertLine, DigestRow, Due
from alerts.domain.people import Endpoint
from alerts.domain.vocabulary import Rhythm
from alerts.flow.drafting import composed, draft, marked, row_of
from alerts.flow.hours import following
from alerts.flow.service import Service
from alerts.flow.shelf import Shelf

log = structlog.get_logger("alerts.build")

BATCH = 100  # of what is urgent
TOGETHER = 1000  # digests that one transaction writes
WRITERS = 2  # batches under way at a time; SQLite takes one after the other
URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Built:
    """How many digests and urgent messages were written, and how many endpoints had nothing to hear."""

    digests: int = 0
    urgent: int = 0
    empty: int = 0


async def build_due(service: Service) -> Built:
    """Return what was written until no endpoint is due and no alert is urgent."""
    urgent = await build_urgent(service)
    found = digests = 0
    shelf, last, writing = Shelf(service), None, deque[asyncio.Future[int]]()
    while due := await asyncio.to_thread(service.store.digests.due, service.clock.now(), TOGETHER, last):
        found, last = found + len(due), due[-1].endpoint
        batch = await asyncio.to_thread(_prepared, due, shelf, service.clock.now())
        digests += await writing.popleft() if len(writing) == WRITERS else 0
        writing.append(asyncio.ensure_future(asyncio.to_thread(_write, service, batch)))
    digests += sum([await one for one in writing])
    return Built(digests, urgent, found - digests)


async def build_urgent(service: Service) -> int:
    """Return how many messages were written for alerts that do not wait for a digest."""
    written = 0
    while pairs := await asyncio.to_thread(service.store.digests.urgent, BATCH):
        fresh = 0
        for endpoint in {endpoint.id: endpoint for endpoint, _ in pairs}.values():
            fresh += await asyncio.to_thread(_build_urgent, service, endpoint)
        written += fresh
        if not fresh:  # somebody else writes them at this moment
            break
    return written


@dataclass(frozen=True, slots=True)
class _Batch:
    """Digests to write together, when their endpoints are due next, and who gets one made for it alone."""

    rows: Sequence[DigestRow]
    times: Mapping[int, datetime | None]
    alone: Sequence[Endpoint]
    everybody: Sequence[Endpoint]


def _prepared(due: Sequence[Due], shelf: Shelf, now: datetime) -> _Batch:
    """Return a batch with its words; it is prepared while the one before is being written."""
    rows, times, alone = [], {}, []
    for one in due:
        row = shelf.row(one, now)
        if row is None and one.owed:
            alone.append(one.endpoint)
            continue
        times[one.endpoint.id] = shelf.turn(one.endpoint.schedule, now).next_at
        rows += [row] if row is not None else []
    return _Batch(rows, times, alone, [one.endpoint for one in due])


def _write(service: Service, batch: _Batch) -> int:
    """Return how many digests of a batch were written."""
    written, alone = service.store.digests.write_all(batch.rows, batch.times), batch.alone
    if written is None:
        written, alone = 0, batch.everybody
    elif batch.rows:
        log.info("digests.built", written=written, endpoints=len(batch.times))
    return written + sum(_build(service, endpoint) for endpoint in alone)


def _build(service: Service, endpoint: Endpoint) -> bool:
    now = service.clock.now()
    next_at = following(endpoint.schedule, now)
    digest, lines = draft(service, endpoint, now)
    if all(line.echo for line in lines):  # a further source alone is no reason to write
        service.store.digests.advance(endpoint.id, next_at)
        return False
    row = row_of(service, str(endpoint.schedule.rhythm), digest, lines)
    written = service.store.digests.write(row, next_at)
    log.info("digest.built", endpoint=endpoint.public_id, slot=digest.slot, items=len(lines), written=written)
    return written


def _build_urgent(service: Service, endpoint: Endpoint) -> int:
    """Return how many messages were written: one for each thing, however many notices tell of it."""
    lines = marked(service.store.digests.urgent_of(endpoint.id))
    news = [line for line in lines if not line.echo]
    if echoes := [line.alert_id for line in lines if line.echo]:
        service.store.digests.calm(echoes, told=endpoint.schedule.rhythm is Rhythm.IMMEDIATE)
    return sum(_build_one(service, endpoint, together) for together in apart(news))


def _build_one(service: Service, endpoint: Endpoint, lines: tuple[AlertLine, ...]) -> bool:
    now = service.clock.now()
    slot = item_slot(lines[0].stored)
    digest = composed(service, endpoint, lines, now, slot)
    rhythm = URGENT if endpoint.schedule.rhythm != Rhythm.IMMEDIATE else str(Rhythm.IMMEDIATE)
    row = row_of(service, rhythm, digest, lines)
    written = service.store.digests.write(row, endpoint.next_digest_at)
    log.info("alert.built", endpoint=endpoint.public_id, slot=slot, items=len(lines), written=written)
    return written
