"""People who come by the site: asked for by mail whether they want it, entered when they say so, let into their settings."""

import asyncio
from datetime import datetime

import structlog

from alerts.domain.digests import Message
from alerts.domain.people import Contact
from alerts.domain.requests import LIFE, Purpose, Request
from alerts.domain.text import masked
from alerts.domain.vocabulary import ContactStatus, DeliveryState
from alerts.flow.beside import Letter, mail_beside
from alerts.flow.budget import tell_of_budget
from alerts.flow.notices import Notice, enqueue
from alerts.flow.service import Service
from alerts.flow.subscribe import enter, recall
from alerts.render.occasions import Addressed
from alerts.store import Store

log = structlog.get_logger("alerts.joining")

BATCH = 50


async def mail_requests(service: Service) -> int:
    """Return how many requests were answered by mail; what a relay does not take comes again, with the same bytes."""
    sent = 0
    while claimed := await asyncio.to_thread(service.store.requests.claim, service.clock.now(), BATCH):
        for request in claimed:
            sent += await _answer(service, request)
        if len(claimed) < BATCH:
            break
    await tell_of_budget(service)
    return sent


async def _answer(service: Service, request: Request) -> bool:
    """Return whether a mail was sent, or a welcome written down. What nobody may be mailed about is done in silence."""
    if request.purpose is Purpose.JOIN and request.used_at is not None:
        await asyncio.to_thread(_welcome, service, request)
        await asyncio.to_thread(service.store.requests.done, request.id)
        return True
    message = await asyncio.to_thread(_message, service, request)
    if message is not None:
        receipt = await _send(service, request, message)
        log.info("request.mailed", request=request.id, purpose=str(request.purpose), state=str(receipt))
        if receipt not in (DeliveryState.SENT, DeliveryState.FAILED):
            return False
    if request.purpose is Purpose.GOODBYE:
        await asyncio.to_thread(service.store.erasure.forget_request, request.id)
    await asyncio.to_thread(service.store.requests.done, request.id)
    return message is not None


def _message(service: Service, request: Request) -> Message | None:
    letters, store = service.renderer.letters, service.store
    if request.purpose is Purpose.GOODBYE:
        return letters.goodbye(request.language, masked(request.address))
    if request.expires_at <= service.clock.now() or store.requests.is_forbidden(request.address):
        return None
    life = LIFE[request.purpose].total_seconds()
    if request.purpose is Purpose.JOIN:
        return letters.confirm(request.language, service.request_link(request), round(life / 3600))
    if not here(store, request.address):
        return None
    if request.undoes is not None:
        asked = store.requests.find(request.undoes)
        to = masked(asked.address) if asked else ""
        return letters.moving(request.language, service.request_link(request), to)
    return letters.access(request.language, service.request_link(request), round(life / 60))


async def _send(service: Service, request: Request, message: Message) -> DeliveryState:
    key = f"{request.purpose}:{request.public_id}"
    receipt = await mail_beside(service, Letter(request.address, key, "account", request.created_at, message))
    return receipt.state


def _welcome(service: Service, request: Request) -> None:
    for contact in here(service.store, request.address):
        if request.subscription is None or contact.company != request.subscription.company:
            continue
        endpoint = contact.at(request.address)
        if endpoint is not None and endpoint.active:
            to = Addressed(endpoint, service.links(endpoint), contact.company)
            message = service.renderer.letters.welcome(to, [one.criteria for one in contact.watches])
            enqueue(service, Notice(endpoint, "welcome", request.public_id), message)


def here(store: Store, address: str) -> list[Contact]:
    """Return the contacts with this address that have not left, one for each company."""
    return [one for one in store.subscribers.named(address) if one.status is not ContactStatus.LEFT]


def confirm(store: Store, request: Request, now: datetime) -> bool:
    """Return whether the subscription of a request is in force from now; False where its link has done its work, or its time is over.

    Whoever confirms reads mail at the address: what made it count as dead is forgotten.
    """
    if request.subscription is None or not store.requests.use(request, now, owes=True):
        return False
    store.dead.lift(request.address, "confirmed by its reader", now)
    contact = enter(store, request.subscription, now)
    if request.recent:
        recall(store, contact, request.subscription, request.recent, now)
    return True
