"""Webhooks for programs, in the format of Standard Webhooks 1.0.

Three headers: ``webhook-id``, the same for all copies of a message; ``webhook-timestamp``, of this attempt; ``webhook-signature``, one
``v1,…`` for each secret that is in force, so that a receiver may change over in its own time. Only 2xx is taken; 410 ends the
endpoint; Retry-After is heeded. Source: github.com/standard-webhooks/standard-webhooks, spec.
"""

import hmac
import secrets as chance
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from alerts.deliver.posts.dialect import (
    JSON,
    Call,
    Dialect,
    Heard,
    Posting,
    by_status,
    encoded,
    numbers_of,
)
from alerts.domain.chat import ChatText, plain
from alerts.domain.errors import InputError
from alerts.domain.posts import Keep
from alerts.net import Answer

if TYPE_CHECKING:
    from standardwebhooks import Webhook

PREFIX = "whsec_"
LEAST, MOST = 24, 64  # bytes of a secret
VERSION = 1  # of what stands in ``data``; see docs/webhooks.md


def new_secret() -> str:
    """Return a secret of 32 random bytes."""
    return PREFIX + b64encode(chance.token_bytes(32)).decode()


def read_secret(text: str) -> str:
    """Return a secret as it is kept.

    Raises:
        InputError: it is not ``whsec_`` and 24 to 64 bytes in base64.
    """
    word = text.strip()
    try:
        raw = b64decode(word.removeprefix(PREFIX), validate=True)
    except (Error, ValueError):
        raw = b""
    if not word.startswith(PREFIX) or not LEAST <= len(raw) <= MOST:
        raise InputError(f"A secret of a webhook is {PREFIX} and {LEAST} to {MOST} bytes in base64.")
    return word


def body(chat: ChatText) -> str:
    """Return words for people as a notice; digests have a payload of their own."""
    blocks = chat.told(len(chat.items))
    text = "\n\n".join(plain(block) for block in blocks)
    data = {"version": VERSION, "language": chat.language, "subject": chat.title, "text": text}
    return event("notice.created", chat.built_at, data)


def event(kind: str, at: datetime, data: Mapping[str, object]) -> str:
    """Return the body of a message: what kind of event it tells, when that happened (UTC), and its data."""
    stamp = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return encoded({"type": kind, "timestamp": stamp, "data": data})


def call(keep: Keep, posting: Posting) -> Call:
    """Return the request with its three headers."""
    at = posting.at.astimezone(UTC)
    signed = [_signer(secret).sign(posting.mark, at, posting.body) for secret in keep.secrets]
    headers = {
        "webhook-id": posting.mark,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }
    return Call(keep.url, {**JSON, **headers}, posting.body.encode())


def hear(answer: Answer) -> Heard:
    """Return what the status says."""
    return by_status(answer)


def echoed(answer: Answer, challenge: str) -> bool:
    """Return whether an answer repeats the challenge: as ``{"challenge": …}``, or as its whole body."""
    given = numbers_of(answer).get("challenge")
    text = given if isinstance(given, str) else answer.body.decode("utf-8", "replace").strip().strip('"')
    return hmac.compare_digest(text.encode("utf-8", "replace"), challenge.encode())


def _signer(secret: str) -> "Webhook":
    from standardwebhooks import Webhook

    return Webhook(secret)


WEBHOOK = Dialect((), timedelta(0), signed=True, body=body, call=call, hear=hear)
