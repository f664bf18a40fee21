"""Every mail that the product sends, in both languages, as a receiver gets it: over the samples that operators try templates with."""

from collections.abc import Mapping
from datetime import datetime

from alerts.deliver.mime import Sender, encode, message_id, sender_of
from alerts.domain.digests import NOTICE, DeliveryClaim, Message
from alerts.domain.vocabulary import ChannelKind, Language
from alerts.flow.samples import NOW, samples
from alerts.render import Renderer

RENDERER = Renderer(operator="ops@alerts.example")
MAILS = [(language, name) for language in Language for name in samples(RENDERER, language) if name != "chat"]
READER, US = "anna@lumina.example", sender_of("alerts@alerts.example")
# What is no digest goes out under another rhythm, and so with other list headers: flow/joining.py, flow/posting.py, flow/operator.py.
RHYTHMS: Mapping[str, str] = {
    "ops": "operator", "shut": "operator", "unwarned": "operator", "full": "operator", "confirm": "account", "access": "account", "goodbye": "account", "moving": "account",
    "colleague": NOTICE, "welcome": NOTICE, "quiet": NOTICE, "outage": NOTICE, "restored": NOTICE,
}  # fmt: skip


def made(language: Language, name: str) -> Message:
    """Return one of the mails."""
    return samples(RENDERER, language)[name]()


def sent(language: Language, name: str, at: datetime = NOW, sender: Sender = US) -> bytes:
    """Return one of the mails as it travels, sent at ``at``."""
    key = f"{name}.{language}"
    claim = DeliveryClaim(
        id=1, attempt=1, idempotency_key=key, message_id=message_id(key, sender.domain), channel=ChannelKind.EMAIL,
        address=READER, message=made(language, name), endpoint_id=1, endpoint_public_id="sample", first_attempt_at=None,
        created_at=at, urgent=name == "alert", rhythm=RHYTHMS.get(name, "daily"),
    )  # fmt: skip
    return encode(claim, sender)
