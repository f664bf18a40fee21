"""A dead mailbox never leaves a company unwarned: whoever else is told there hears of it once, and where there is nobody the operator."""

import asyncio

import structlog

from alerts.domain.text import masked
from alerts.domain.vocabulary import DeliveryState
from alerts.flow.notices import Notice, enqueue
from alerts.flow.operator import mail_operator
from alerts.flow.service import Service
from alerts.render.occasions import Addressed
from alerts.store import Dead

log = structlog.get_logger("alerts.returns")


async def warn_of_dead(service: Service) -> int:
    """Return how many were told of addresses that take no mail any more: colleagues, or the operator.

    Computed from rows, however the address was found dead; safe to repeat, since each is told once of each address.
    """
    told = 0
    for one in await asyncio.to_thread(service.store.dead.untold):
        if one.colleagues:
            told += await asyncio.to_thread(_tell_colleagues, service, one)
        elif not await _tell_operator(service, one):
            continue
        else:
            told += 1
        await asyncio.to_thread(service.store.dead.told, one.address, service.clock.now())
    return told


def _tell_colleagues(service: Service, dead: Dead) -> int:
    watched = [one.criteria for one in service.store.matches.criteria_of(dead.criteria)]
    told = 0
    for endpoint in service.store.subscribers.endpoints(dead.colleagues):
        to = Addressed(endpoint, service.links(endpoint), dead.company)
        message = service.renderer.letters.dead(to, masked(dead.address), watched)
        told += enqueue(service, Notice(endpoint, "colleague", str(dead.endpoint_id)), message)
    return told


async def _tell_operator(service: Service, dead: Dead) -> bool:
    """Return whether the operator knows that nobody of a company is told anything; without an address the log must do."""
    log.error("company.unwarned", company=dead.company, endpoint=dead.endpoint_id)
    letters = service.renderer.operator_letters
    message = letters.unwarned(service.operator_language, dead.company, masked(dead.address))
    key = f"unwarned:{dead.endpoint_id}:{dead.since.isoformat()}"
    receipt = await mail_operator(service, key, message)
    return receipt is None or receipt.state is DeliveryState.SENT
