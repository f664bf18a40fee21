"""Write digests down: endpoints whose hour has come, and alerts that must not wait.

A digest is every untold alert of its endpoint, never a window of creation times, so a late match
goes into the next one and none falls between two. Digest, delivery and marks are one transaction.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from alerts.digest import Turn, apart, compose, coverage, item_slot, next_slot, slot_for
from alerts.domain.digests import AlertLine, Digest, DigestRow, Message
from alerts.domain.jurisdictions import expand
from alerts.domain.people import Endpoint
from alerts.domain.vocabulary import Rhythm
from alerts.flow.service import Service
from alerts.matter import adds

log = structlog.get_logger("alerts.build")

BATCH = 100
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
    digests = empty = 0
    while endpoints := await asyncio.to_thread(
        service.store.digests.due_endpoints, service.clock.now(), BATCH
    ):
        for endpoint in endpoints:
            written = await asyncio.to_thread(_build, service, endpoint)
            digests += written
            empty += not written
    return Built(digests, urgent, empty)


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


def draft(service: Service, endpoint: Endpoint, now: datetime) -> tuple[Digest, tuple[AlertLine, ...]]:
    """Return the digest that ``endpoint`` would get at ``now`` and the ledger lines in it; writes nothing."""
    lines = _marked(service.store.digests.untold(endpoint.id))
    return _compose(service, endpoint, lines, now, slot_for(endpoint.schedule, now)), lines


def render(service: Service, digest: Digest) -> Message:
    """Return the digest in the endpoint's language."""
    return service.renderer.digest_message(digest, service.links(digest.endpoint))


def _compose(
    service: Service, endpoint: Endpoint, lines: tuple[AlertLine, ...], now: datetime, slot: str
) -> Digest:
    return compose(
        endpoint,
        service.store.digests.company_of(endpoint.id),
        lines,
        coverage(_jurisdictions(service, endpoint), service.store.feeds.health(now)),
        Turn(slot, now),
    )


def _jurisdictions(service: Service, endpoint: Endpoint) -> tuple[str, ...]:
    """Return the codes that the endpoint's watches ask for, regions expanded."""
    contact = service.store.subscribers.contact(endpoint.contact_id)
    regions = [region for watch in contact.watches for region in watch.criteria.regions] if contact else []
    return tuple(expand(regions or ["world"]))


def _build(service: Service, endpoint: Endpoint) -> bool:
    now = service.clock.now()
    following = next_slot(endpoint.schedule, now)
    next_at = following.at if following else None
    digest, lines = draft(service, endpoint, now)
    if all(line.echo for line in lines):  # a further source alone is no reason to write
        service.store.digests.advance(endpoint.id, next_at)
        return False
    row = _row(service, endpoint, str(endpoint.schedule.rhythm), digest, lines)
    written = service.store.digests.write(row, next_at)
    log.info("digest.built", endpoint=endpoint.public_id, slot=digest.slot, items=len(lines), written=written)
    return written


def _build_urgent(service: Service, endpoint: Endpoint) -> int:
    """Return how many messages were written: one for each thing, however many notices tell of it."""
    lines = _marked(service.store.digests.urgent_of(endpoint.id))
    news = [line for line in lines if not line.echo]
    if echoes := [line.alert_id for line in lines if line.echo]:
        service.store.digests.calm(echoes, told=endpoint.schedule.rhythm is Rhythm.IMMEDIATE)
    return sum(_build_one(service, endpoint, together) for together in apart(news))


def _marked(lines: Sequence[AlertLine]) -> tuple[AlertLine, ...]:
    """Return the lines, those marked that are a further source of what the reader was told and add nothing."""
    return tuple(replace(line, echo=_is_echo(line)) for line in lines)


def _is_echo(line: AlertLine) -> bool:
    others = [one for one in line.before if one.stored.id != line.stored.id]
    return bool(others) and not line.correction and not adds(others, line.stored, line.reasons)


def _build_one(service: Service, endpoint: Endpoint, lines: tuple[AlertLine, ...]) -> bool:
    now = service.clock.now()
    slot = item_slot(lines[0].stored)
    digest = _compose(service, endpoint, lines, now, slot)
    rhythm = URGENT if endpoint.schedule.rhythm != Rhythm.IMMEDIATE else str(Rhythm.IMMEDIATE)
    row = _row(service, endpoint, rhythm, digest, lines)
    written = service.store.digests.write(row, endpoint.next_digest_at)
    log.info("alert.built", endpoint=endpoint.public_id, slot=slot, items=len(lines), written=written)
    return written


def _row(
    service: Service, endpoint: Endpoint, rhythm: str, digest: Digest, lines: tuple[AlertLine, ...]
) -> DigestRow:
    urgent = digest.slot.startswith("item:")
    key = hashlib.sha256(f"{endpoint.public_id}|{rhythm}|{digest.slot}".encode()).hexdigest()[:26]
    return DigestRow(
        endpoint=endpoint,
        rhythm=rhythm,
        slot=digest.slot,
        built_at=digest.built_at,
        alert_ids=tuple(line.alert_id for line in lines),
        message=service.renderer.shared("alert" if urgent else "digest", digest, service.links(endpoint)),
        message_id=f"<d.{key}@{service.sender_domain}>",
        public_id=key,
        due_at=digest.built_at,
        urgent=urgent,
    )
