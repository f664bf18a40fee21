"""The mails to people who are not known yet have a budget; when it is used up, the operator is told."""

import asyncio

import structlog

from alerts.domain.digests import Message
from alerts.flow.operator import mail_operator_once
from alerts.flow.service import Service

log = structlog.get_logger("alerts.joining")


async def tell_of_budget(service: Service) -> bool:
    """Return whether the operator was told, once a day, that nobody can sign up at present."""
    now, hourly = service.clock.now(), service.sign_ups
    if not await asyncio.to_thread(service.store.requests.spent, now, hourly):
        return False

    def words() -> Message:
        log.warning("requests.full", hourly=hourly)
        return service.renderer.operator_letters.full(service.operator_language, hourly)

    return await mail_operator_once(service, "sign-ups", f"{now:%Y-%m-%d}", words)
