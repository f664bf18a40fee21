"""Enter, verify, try, mend and end webhooks and chat bots.

An address is checked before it is kept: https, on the platform's own host, never inside (save where the operator says so). A
webhook must echo a challenge before it is told anything; a chat bot must take a greeting, which its group sees.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.deliver import DIALECTS, PostChannel, Vault
from alerts.deliver.posts.webhook import event, new_secret, read_secret
from alerts.domain.digests import DeliveryClaim, Links, Message, Receipt
from alerts.domain.errors import FetchError, InputError
from alerts.domain.people import Contact, Endpoint, Schedule
from alerts.domain.ports import Channel, Clock
from alerts.domain.posts import Keep, PostState
from alerts.domain.vocabulary import ChannelKind, ContactStatus, DeliveryState, Language
from alerts.flow.hours import following
from alerts.flow.posted import chat_message
from alerts.flow.service import Service
from alerts.net.target import read_target
from alerts.render import Renderer
from alerts.store import NewPost, Store

SECRETS = 2  # in force at a time: the new one, and the one before until it is dropped
LONGEST = 2048  # characters of an address


@dataclass(frozen=True, slots=True)
class Means:
    """What operators' work on endpoints needs: no sources, no lexicons."""

    store: Store
    vault: Vault
    channels: Mapping[ChannelKind, Channel]
    renderer: Renderer
    clock: Clock
    links: Callable[[Endpoint], Links]


def means_of(service: Service) -> Means:
    """Return the parts of a running service that work on endpoints needs."""
    return Means(
        service.store, service.vault, service.channels, service.renderer, service.clock, service.links
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """An endpoint as an operator enters it; None stands for what the contact's mails have."""

    who: str
    channel: ChannelKind
    url: str
    secret: str | None = None
    schedule: Schedule | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What was entered; ``secret`` is given where it was made here, once."""

    endpoint: Endpoint
    contact: Contact
    secret: str | None = None


def add(means: Means, wanted: Wanted) -> Added:
    """Return the endpoint as entered; it is told nothing before :func:`verify`.

    Raises:
        InputError: the contact, the address or the secret cannot be used; one sentence.
    """
    contact = means.store.subscribers.contact(int(wanted.who) if wanted.who.isdigit() else wanted.who)
    if contact is None or contact.status is ContactStatus.LEFT:
        raise InputError(f"No contact {wanted.who!r} is subscribed; `alerts subscribe` enters one.")
    url = checked_url(means, wanted.channel, wanted.url)
    secret, made = checked_secret(wanted.channel, wanted.secret)
    model = next((one for one in contact.endpoints if one.channel is ChannelKind.EMAIL), None)
    schedule = wanted.schedule or (model.schedule if model else Schedule())
    language = wanted.language or (model.language if model else Language.ENGLISH)
    sealed = means.vault.seal(Keep(url, (secret,) if secret else ()))
    new = NewPost(contact.id, wanted.channel, url, sealed, schedule, language)
    return Added(means.store.posts.add(new, means.clock.now()), contact, secret if made else None)


def checked_url(means: Means, channel: ChannelKind, text: str) -> str:
    """Return an address that may be posted to.

    Raises:
        InputError: it may not; the sentence does not repeat it, since it may be a secret.
    """
    url, outlet = text.strip(), _post_channel(means, channel)
    if not url or len(url) > LONGEST:
        raise InputError(f"--address: give an address of 1 to {LONGEST} characters.")
    try:
        target, inside = read_target(url), outlet.is_inside(url)
    except FetchError as error:
        raise InputError(f"--address: {error.detail}.") from None
    if inside:
        return url
    if target.scheme != "https":
        raise InputError("--address: it must be https; hosts of ALERTS_PRIVATE_HOSTS may do without.")
    if not DIALECTS[channel].serves(target.host):
        hosts = ", ".join(f"*{one}" if one.startswith(".") else one for one in DIALECTS[channel].hosts)
        raise InputError(f"--address: {target.host} is no host of {channel}; addresses lie on {hosts}.")
    return url


def checked_secret(channel: ChannelKind, given: str | None) -> tuple[str | None, bool]:
    """Return the secret, and whether it was made here.

    Raises:
        InputError: the platform knows none, or it has not the form that it must have.
    """
    if channel is ChannelKind.WEBHOOK:
        return (new_secret(), True) if given is None else (read_secret(given), False)
    secret = (given or "").strip()
    if given is not None and not DIALECTS[channel].signed:
        raise InputError(f"--secret-file: {channel} knows no secret besides its address.")
    if given is not None and not secret:
        raise InputError("--secret-file: the file is empty.")
    return secret or None, False


def find(means: Means, number: int) -> tuple[Endpoint, PostState]:
    """Return an endpoint that is posted to.

    Raises:
        InputError: there is none with this number.
    """
    found = means.store.posts.find(number)
    if found is None:
        raise InputError(
            f"No webhook or chat bot has the number {number}; `alerts endpoints list` shows them."
        )
    return found


async def verify(means: Means, number: int) -> tuple[Receipt, int]:
    """Return what the endpoint answered to a challenge or greeting, and how many messages that waited are on their way.

    Raises:
        InputError: there is none with this number.
    """
    endpoint, state = find(means, number)
    challenge = secrets.token_urlsafe(24) if endpoint.channel is ChannelKind.WEBHOOK else ""
    receipt = await _say(means, (endpoint, state), "verification", challenge)
    if receipt.state is not DeliveryState.SENT:
        return receipt, 0
    now = means.clock.now()
    return receipt, means.store.posts.verified(number, now, following(endpoint.schedule, now))


async def trial(means: Means, number: int) -> Receipt:
    """Return what the endpoint answered to a message that says it is a test; nothing else changes.

    Raises:
        InputError: there is none with this number.
    """
    return await _say(means, find(means, number), "test", "")


def rotate(means: Means, number: int, given: str | None) -> str | None:
    """Return the secret that was made, or None for a given one; both it and the one before are in force.

    Raises:
        InputError: there is no such endpoint, it has no secret, or the given one cannot be used.
    """
    endpoint, state = find(means, number)
    if not DIALECTS[endpoint.channel].signed:
        raise InputError(f"{endpoint.channel} knows no secret besides its address.")
    if endpoint.channel is not ChannelKind.WEBHOOK and given is None:
        raise InputError(f"--secret-file: give the secret that {endpoint.channel} shows.")
    secret, made = checked_secret(endpoint.channel, given)
    keep = means.vault.open(state.sealed)
    before = [one for one in keep.secrets if one != secret]
    kept = SECRETS if endpoint.channel is ChannelKind.WEBHOOK else 1
    _reseal(means, number, replace(keep, secrets=tuple([*([secret] if secret else []), *before][:kept])))
    return secret if made else None


def drop_old(means: Means, number: int) -> int:
    """Return how many secrets were dropped: all but the newest.

    Raises:
        InputError: there is no such endpoint.
    """
    _, state = find(means, number)
    keep = means.vault.open(state.sealed)
    _reseal(means, number, replace(keep, secrets=keep.secrets[:1]))
    return len(keep.secrets[1:])


def replay(means: Means, number: int, since: datetime, until: datetime) -> int:
    """Return how many messages of a webhook go out again under their own ids.

    Raises:
        InputError: there is no such webhook, or the span is empty.
    """
    endpoint, _ = find(means, number)
    if endpoint.channel is not ChannelKind.WEBHOOK:
        raise InputError(
            f"Endpoint {number} is no webhook; `alerts digest resend` sends single messages again."
        )
    if since >= until:
        raise InputError("--since must be before --until.")
    return means.store.posts.replay(number, since, until, means.clock.now())


def _reseal(means: Means, number: int, keep: Keep) -> None:
    means.store.posts.reseal(number, means.vault.seal(keep), means.clock.now())


def _post_channel(means: Means, channel: ChannelKind) -> PostChannel:
    found = means.channels[channel]
    if not isinstance(found, PostChannel):
        raise InputError(f"--channel: {channel} is no channel that is posted to.")
    return found


async def _say(means: Means, to: tuple[Endpoint, PostState], what: str, challenge: str) -> Receipt:
    """Return how a message that is no delivery ended; it is in no outbox and is sent once."""
    (endpoint, state), now = to, means.clock.now()
    claim = DeliveryClaim(
        id=0, attempt=1, idempotency_key=f"{what}/{endpoint.public_id}/{secrets.token_hex(8)}", message_id="",
        channel=endpoint.channel, address=endpoint.address, message=_message(means, endpoint, what, challenge),
        endpoint_id=endpoint.id, endpoint_public_id=endpoint.public_id, first_attempt_at=None, created_at=now,
        sealed=state.sealed,
    )  # fmt: skip
    return await _post_channel(means, endpoint.channel).challenge(claim, now, challenge)


def _message(means: Means, endpoint: Endpoint, what: str, challenge: str) -> Message:
    now, links = means.clock.now(), means.links(endpoint)
    if endpoint.channel is ChannelKind.WEBHOOK:
        data = {"version": 1, "endpoint": endpoint.id} | ({"challenge": challenge} if challenge else {})
        return Message(what, event(f"endpoint.{what}", now, data), "", endpoint.language.value)
    words = means.renderer.posted
    chat = words.greeting if what == "verification" else words.trial
    return chat_message(endpoint, chat(endpoint, now, links))
