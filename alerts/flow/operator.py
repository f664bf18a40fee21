"""Mails to the operator, past the ledger: what they tell of is marked as told only after the mail was taken."""

import asyncio
from collections.abc import Callable
from functools import partial
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


async def mail_operator_once(service: Service, job: str, slot: str, message: Callable[[], Message]) -> bool:
    """Return whether a mail to the operator was taken now; of the same ``job`` and ``slot`` it is made and sent once."""
    if not await asyncio.to_thread(service.store.status.job_slot, job, slot):
        return False
    receipt = await mail_operator(service, f"{job}:{slot}", message())
    return receipt is not None and receipt.state is DeliveryState.SENT


async def tell_of_templates(service: Service) -> int:
    """Return how many faults of the operator's templates were now mailed: each once a day, while it is met."""
    told, letters = 0, service.renderer.operator_letters
    for fault in sorted(service.renderer.voices.faults):
        key = sha256(fault.encode()).hexdigest()[:16]
        slot = f"{key}:{service.clock.now():%Y-%m-%d}"
        words = partial(letters.template_fault, service.operator_language, fault)
        told += await mail_operator_once(service, "template", slot, words)
    return told
