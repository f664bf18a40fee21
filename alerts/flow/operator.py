"""Mails to the operator, past the ledger: what they tell of is marked as told only after the mail was taken."""

import asyncio
from hashlib import sha256

from alerts.domain.digests import Message, Receipt
from alerts.domain.vocabulary import DeliveryState
from alerts.flow.beside import Letter, mail_beside
from alerts.flow.service import Service


async def mail_operator(service: Service, key: str, message: Message) -> Receipt | None:
    """Return how a mail to the operator ended, None where there is no address. ``key`` gives every copy the same Message-ID."""
    if service.operator is None:
        return None
    return await mail_beside(service, Letter(service.operator, key, "operator", service.clock.now(), message))


async def tell_of_templates(service: Service) -> int:
    """Return how many faults of the operator's templates were now mailed: each once a day, while it is met."""
    told = 0
    for fault in sorted(service.renderer.voices.faults):
        key = sha256(fault.encode()).hexdigest()[:16]
        slot = f"{key}:{service.clock.now():%Y-%m-%d}"
        if not await asyncio.to_thread(service.store.status.job_slot, "template", slot):
            continue
        message = service.renderer.operator_letters.template_fault(service.operator_language, fault)
        receipt = await mail_operator(service, f"template:{slot}", message)
        told += receipt is not None and receipt.state is DeliveryState.SENT
    return told
