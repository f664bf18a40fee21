"""What would happen, without doing it: a document read, an item routed, a digest previewed."""

from dataclasses import dataclass
from datetime import datetime

from alerts.classify import Lexicons
from alerts.deliver import encode, sender_of
from alerts.domain.collected import Parsed
from alerts.domain.digests import DeliveryClaim, Digest, Message
from alerts.domain.errors import InputError
from alerts.domain.feeds import Feed
from alerts.domain.items import Revision, StoredItem
from alerts.domain.people import Contact, Endpoint
from alerts.domain.vocabulary import IdentityPolicy
from alerts.domain.watches import Reason
from alerts.flow.drafting import draft, render
from alerts.flow.outcome import revise
from alerts.flow.posted import is_posted
from alerts.flow.service import Service
from alerts.match import fits
from alerts.normalise import normalise
from alerts.store import Store


@dataclass(frozen=True, slots=True)
class Routed:
    """One contact that would be told, and why."""

    contact: Contact
    watch: str
    reasons: tuple[Reason, ...]


def read(lexicons: Lexicons, feed: Feed, parsed: Parsed, seen_at: datetime) -> tuple[Revision, ...]:
    """Return the items of a parsed document as they would be stored."""
    normal = normalise(parsed, feed, seen_at, IdentityPolicy.GUID)
    return tuple(revise(lexicons, feed, item) for item in normal.items)


def route(store: Store, revision: Revision, now: datetime) -> list[Routed]:
    """Return who would be told of an item, and why; nothing is stored."""
    stored = StoredItem(0, "", 1, 0, revision.item, revision.judgement, now)
    routed = []
    for contact in store.subscribers.contacts():
        if not any(endpoint.active for endpoint in contact.endpoints):
            continue
        for watch in contact.watches:
            reasons = fits(watch.criteria, stored)
            if reasons is not None:
                routed.append(Routed(contact, watch.name, reasons))
    return routed


def preview(service: Service, who: str, at: datetime, number: int | None = None) -> tuple[Digest, Message]:
    """Return the digest that a contact (address or id) would get at ``at``; nothing is written.

    ``number`` names one of its endpoints.

    Raises:
        InputError: there is no such contact, or it is told nowhere.
    """
    digest, _ = draft(service, endpoint_of(service, who, number), at)
    return digest, render(service, digest)


def endpoint_of(service: Service, who: str, number: int | None = None) -> Endpoint:
    """Return the first active endpoint of a contact named by address or id, or the one with a number.

    Raises:
        InputError: there is no such contact, or it is told nowhere.
    """
    contact = service.store.subscribers.contact(int(who) if who.isdigit() else who)
    if contact is None:
        raise InputError(f"No contact {who!r}; `alerts companies export` lists them.")
    active = [endpoint for endpoint in contact.endpoints if endpoint.active]
    if number is not None:
        active = [endpoint for endpoint in contact.endpoints if endpoint.id == number]
    if number is not None and not active:
        raise InputError(
            f"Contact {who!r} has no endpoint {number}; `alerts endpoints list {who}` shows them."
        )
    if not active:
        raise InputError(f"Contact {who!r} is told nowhere: every endpoint is paused or has left.")
    return active[0]


def as_mail(digest: Digest, message: Message) -> bytes:
    """Return a previewed message as the mail it would be; its Message-ID belongs to nobody.

    Raises:
        InputError: it would not be mailed.
    """
    if is_posted(digest.endpoint):
        raise InputError(
            f"Endpoint {digest.endpoint.id} is not mailed; --format text shows the body it is posted."
        )
    claim = DeliveryClaim(
        id=0,
        attempt=0,
        idempotency_key="preview",
        message_id="<preview@localhost>",
        channel=digest.endpoint.channel,
        address=digest.endpoint.address,
        message=message,
        endpoint_id=digest.endpoint.id,
        endpoint_public_id=digest.endpoint.public_id,
        first_attempt_at=None,
        created_at=digest.built_at,
        rhythm=str(digest.endpoint.schedule.rhythm),
    )
    return encode(claim, sender_of("alerts@localhost"))
