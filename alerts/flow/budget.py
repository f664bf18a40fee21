"""The mails to people who are not known yet have a budget; when it is used up, the operator is told."""

import asyncio

import structlog

from alerts.domain.vocabulary import DeliveryState
from alerts.flow.operator import mail_operator
from alerts.flow.service import Service

log = structlog.get_logger("alerts.joining")


async def tell_of_budget(service: Service) -> bool:
    """Return whether the operator was told, once a day, that nobody can sign up at present."""
    now, hourly = service.clock.now(), service.sign_ups
    if not await asyncio.to_thread(service.store.requests.spent, now, hourly):
        return False
    slot = f"{now:%Y-%m-%d}"
    if not await asyncio.to_thread(service.store.status.job_slot, "sign-ups", slot):
        return False
    log.warning("requests.full", hourly=hourly)
    message = service.renderer.operator_letters.full(service.operator_language, hourly)
    receipt = await mail_operator(service, f"sign-ups:{slot}", message)
    return receipt is not None and receipt.state is DeliveryState.SENT
