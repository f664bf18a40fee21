"""Mails to the operator, past the ledger: what they tell of is marked as told only after the mail was taken."""

from hashlib import sha256

from alerts.domain.digests import DeliveryClaim, Message, Receipt
from alerts.domain.vocabulary import ChannelKind
from alerts.flow.service import Service


async def mail_operator(service: Service, key: str, message: Message) -> Receipt | None:
    """Return how a mail to the operator ended, None where there is no address. ``key`` gives every copy the same Message-ID."""
    if service.operator is None:
        return None

    async def may_transmit() -> bool:
        return True

    now = service.clock.now()
    claim = DeliveryClaim(
        id=0,
        attempt=1,
        idempotency_key=key,
        message_id=f"<a.{sha256(key.encode()).hexdigest()[:26]}@{service.sender_domain}>",
        channel=ChannelKind.EMAIL,
        address=service.operator,
        message=message,
        endpoint_id=0,
        endpoint_public_id="operator",
        first_attempt_at=None,
        created_at=now,
        rhythm="operator",
    )
    return await service.channels[ChannelKind.EMAIL].send(claim, now, may_transmit)
