"""The address that mails come back to: one of its own for each delivery, which nobody can make up.

A token is ``id-mac``: the delivery's number in base 36, and the first 100 bits of HMAC-SHA256 over purpose, number and
Message-ID in base 32, all in lower case, since relays may change the case of a local part. It stands behind a plus in the
envelope's sender (VERP) and is the id under which delivery reports are asked for (ENVID, RFC 3461 section 4.4), so
that what comes back names its delivery without a look at its body. The Message-ID is in it because a restored database
gives numbers anew.
"""

import hmac
import re
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

_TOKEN = re.compile(r"([0-9a-z]{1,13})-([a-z2-7]{20})", re.IGNORECASE)
_PURPOSE = b"return\0"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LOCAL_LIMIT = 29  # characters of a local part, so that it fits into 64 with plus and token


@dataclass(frozen=True, slots=True)
class ReturnPath:
    """``local`` and ``domain`` of the address; ``keys``: the first one signs, all of them are accepted.

    ``tagged``: each delivery has an address of its own; the mailbox takes ``local+anything``.
    """

    local: str
    domain: str
    keys: Sequence[bytes] = field(repr=False)
    tagged: bool = True

    @property
    def plain(self) -> str:
        """Return the address without a token."""
        return f"{self.local}@{self.domain}"

    def address(self, delivery_id: int, message_id: str) -> str:
        """Return the envelope's sender of every copy of a delivery; what is none of the outbox has the plain one."""
        if not self.tagged or not delivery_id:
            return self.plain
        return f"{self.local}+{self.token(delivery_id, message_id)}@{self.domain}"

    def token(self, delivery_id: int, message_id: str) -> str:
        """Return the token of a delivery."""
        return f"{_base36(delivery_id)}-{_mac(self.keys[0], delivery_id, message_id)}"

    def tag(self, address: str) -> str | None:
        """Return what stands behind the plus of an address of ours, empty where there is none; None for other addresses."""
        local, _, domain = address.strip().strip("<>").rpartition("@")
        name, _, tag = local.partition("+")
        ours = domain.casefold() == self.domain.casefold() and name.casefold() == self.local.casefold()
        return tag if ours else None

    def proves(self, token: str, message_id: str) -> bool:
        """Return whether the token is that of the delivery with this Message-ID."""
        found = _TOKEN.fullmatch(token)
        if found is None:
            return False
        number, given = int(found[1], 36), found[2].lower().encode()
        # Every key is tried, so that the time taken does not tell which one fitted.
        fits = [hmac.compare_digest(given, _mac(key, number, message_id).encode()) for key in self.keys]
        return any(fits)


def delivery_of(token: str) -> int | None:
    """Return the number of the delivery that a token names, true or not; None for what is no token."""
    found = _TOKEN.fullmatch(token)
    number = int(found[1], 36) if found else 0
    return number if 0 < number < 2**63 else None


def _mac(key: bytes, delivery_id: int, message_id: str) -> str:
    said = _PURPOSE + f"{delivery_id}\0{message_id}".encode()
    return b32encode(hmac.new(key, said, sha256).digest())[:20].decode().lower()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, last = divmod(number, 36)
        digits = _DIGITS[last] + digits
    return digits or "0"
