"""Turn a message into the bytes that travel.

The same message gives the same bytes, whenever and however often: ``Date`` and ``Message-ID`` are given, the
boundary comes from the words, a signature bears the delivery's own time. So a copy sent after an uncertain attempt is
recognised as one by its receiver.

Shape: multipart/alternative, text first (RFC 2046); each part in quoted-printable or base64, whichever is shorter
(Latin text the one, Chinese the other), never raw 8 bit, which a relay may recode and so break a signature.
Headers: RFC 3834 (Auto-Submitted), RFC 2369 and 2919 (List-*), RFC 8058 (one-click). ``Precedence`` and
``X-Auto-Response-Suppress`` are no standards, but old answering machines heed them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256

from alerts.deliver.address import Mailbox, ascii_domain, read_address
from alerts.deliver.dkim import Signer
from alerts.deliver.headers import literal_field, mailbox_field, text_field
from alerts.deliver.splice import body
from alerts.domain.digests import DeliveryClaim, Message
from alerts.domain.errors import InputError, NaiveTimeError
from alerts.domain.return_path import LOCAL_LIMIT, ReturnPath
from alerts.domain.vocabulary import Language

NAMES: Mapping[str, str] = {Language.ENGLISH: "IP Risk Alerts", Language.CHINESE: "知识产权风险预警"}
AUTOMATIC = ("Auto-Submitted: auto-generated\r\n", "X-Auto-Response-Suppress: OOF, AutoReply\r\n")
MIME = "MIME-Version: 1.0\r\n"
MULTIPART = 'Content-Type: multipart/alternative;\r\n boundary="{}"\r\n'
# Mails that nobody subscribed to, so that there is nothing to leave.
NO_LIST = frozenset({"account", "operator"})
_LIST_HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "List-Subscribe", "List-Archive")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who mails: one address for all; the name that readers see, by language; where mails come back to, if elsewhere; who signs."""

    address: str
    names: Mapping[str, str]
    returns: ReturnPath | None = None
    signer: Signer | None = None

    @property
    def domain(self) -> str:
        """Return the ASCII domain of the address: it stands in Message-IDs and list names."""
        return read_address(self.address).domain


def sender_of(address: str, names: Mapping[str, str] = NAMES) -> Sender:
    """Return the sender with its domain in A-labels.

    Raises:
        InputError: ``address`` is not a mail address.
    """
    return Sender(str(read_address(address)), names)


def return_path_of(address: str, keys: Sequence[bytes], *, tagged: bool) -> ReturnPath:
    """Return where mails come back to.

    Raises:
        InputError: ``address`` is not a mail address, or a token behind it would make it too long.
    """
    mailbox = read_address(address)
    if tagged and (len(mailbox.local) > LOCAL_LIMIT or "+" in mailbox.local or mailbox.needs_utf8):
        raise InputError(
            f"{address!r} leaves no room for +TOKEN: its local part may have {LOCAL_LIMIT} ASCII characters, and no plus."
        )
    return ReturnPath(mailbox.local, mailbox.domain, tuple(keys), tagged)


def message_id(idempotency_key: str, domain: str) -> str:
    """Return the Message-ID, with angle brackets, of every copy that is sent under ``idempotency_key``."""
    return f"<{sha256(idempotency_key.encode()).hexdigest()[:32]}@{ascii_domain(domain)}>"


def encode(claim: DeliveryClaim, sender: Sender) -> bytes:
    """Return the message of ``claim`` as RFC 5322 text with CRLF.

    Raises:
        InputError: the recipient's address cannot be mailed to.
        NaiveTimeError: the delivery's time has no offset.
    """
    message, recipient = claim.message, read_address(claim.address)
    shared, words = body(message.text, message.html), dict(message.words)
    fields = [*_headers(claim, sender, recipient), MIME, MULTIPART.format(shared.boundary)]
    if sender.signer is None:
        content = shared.filled(words)
    else:
        content, hashed = shared.hashed(words)
        fields = [*sender.signer.signatures(fields, hashed, claim.created_at), *fields]
    return b"".join(("".join(fields).encode(), b"\r\n", content))


def _headers(claim: DeliveryClaim, sender: Sender, recipient: Mailbox) -> Iterator[str]:
    message = claim.message
    name = sender.names.get(message.language, sender.names[Language.ENGLISH])
    yield mailbox_field("From", name, sender.address)
    yield f"To: {recipient}\r\n"
    yield text_field("Subject", message.subject)
    yield literal_field("Date", _date(claim.created_at))
    yield literal_field("Message-ID", claim.message_id)
    yield f"Content-Language: {message.language}\r\n"
    yield from AUTOMATIC
    yield from _list_fields(claim, sender, name)
    yield from _own_fields(message)


def _list_fields(claim: DeliveryClaim, sender: Sender, name: str) -> list[str]:
    """Return what marks the stream; List-Id is the same for all its readers and never changes."""
    if claim.rhythm in NO_LIST:
        return []
    stream = "urgent" if claim.urgent else claim.rhythm
    period = claim.created_at.astimezone(UTC).strftime("%Y%m")
    sender_id = sha256(sender.domain.encode()).hexdigest()[:10]
    fields = [
        mailbox_field("List-Id", name, f"{stream}.alerts.{sender.domain}"),
        literal_field("Feedback-ID", f"{period}:{stream}:{claim.message.language}:{sender_id}"),
    ]
    if not claim.urgent:
        fields.append(literal_field("Precedence", "bulk"))
    return fields


def _own_fields(message: Message) -> list[str]:
    """Return the headers that the message brings along; those of a list stand letter for letter."""
    return [
        literal_field(name, value) if name in _LIST_HEADERS else text_field(name, value)
        for name, value in message.headers
    ]


@lru_cache(maxsize=256)
def _date(at: datetime) -> str:
    if at.tzinfo is None:
        raise NaiveTimeError("created_at", at)
    return format_datetime(at.astimezone(UTC))
