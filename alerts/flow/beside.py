"""Mails beside the ledger: to people who are no endpoint, the operator and whoever has only asked for something.

Whoever sends one marks what caused it as done only after the mail was taken.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from alerts.domain.digests import DeliveryClaim, Message, Receipt
from alerts.domain.vocabulary import ChannelKind
from alerts.flow.service import Service


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail beside the ledger. ``key`` gives every copy the same Message-ID; ``stream`` says whose it is: operator, account."""

    address: str
    key: str
    stream: str
    created_at: datetime
    message: Message


async def mail_beside(service: Service, letter: Letter) -> Receipt:
    """Return how the mail ended. It is in no outbox: whoever asks for it again sends a copy with the same Message-ID."""

    async def may_transmit() -> bool:
        return True

    mark = sha256(letter.key.encode()).hexdigest()[:26]
    claim = DeliveryClaim(
        id=0,
        attempt=1,
        idempotency_key=letter.key,
        message_id=f"<a.{mark}@{service.sender_domain}>",
        channel=ChannelKind.EMAIL,
        address=letter.address,
        message=letter.message,
        endpoint_id=0,
        endpoint_public_id=letter.stream,
        first_attempt_at=None,
        created_at=letter.created_at,
        rhythm=letter.stream,
    )
    return await service.channels[ChannelKind.EMAIL].send(claim, service.clock.now(), may_transmit)
