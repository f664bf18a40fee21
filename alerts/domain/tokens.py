"""The right to stop the mails to one endpoint, or to read its company's calendar, as a word that fits into a link.

A token is ``public_id.mac``: the first 16 bytes of HMAC-SHA256 over the purpose and the public id, in
unpadded base64url. Nothing is stored; it lives as long as its key, and two keys may be active while one
replaces the other. The token that mails carry can only lower what is sent, so a forwarded mail gives away nothing else. That of a
calendar reads and never acts, is in no mail, and holds a serial number, so that it can be revoked.

Source: RFC 8058 section 3.1 asks for an opaque, hard to forge part in the address; 128 bits are the
least that RFC 4086 section 8.2.1 and ASVS 5.0 allow for such a part.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
MINIMUM_KEY = 16  # bytes
_UNSUBSCRIBE = b"unsubscribe"
_CALENDAR = b"calendar"
_REQUEST = b"request"
_SESSION = b"session"
_FORM = b"form"
_SERIAL = re.compile(r"(0|[1-9][0-9]{0,8})~([A-Za-z0-9_-]{1,64})", re.ASCII)


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """Makes and reads tokens. ``keys``: the first one signs, all of them are accepted."""

    keys: Sequence[bytes]

    def __post_init__(self) -> None:
        if not self.keys or any(len(key) < MINIMUM_KEY for key in self.keys):
            raise ValueError(f"tokens need at least one key, each of {MINIMUM_KEY} bytes or more")

    def unsubscribe(self, public_id: str) -> str:
        """Return the token that stops the mails to the endpoint ``public_id``."""
        return self._named(_UNSUBSCRIBE, public_id)

    def read_unsubscribe(self, token: str) -> str | None:
        """Return the public id that a token of ours names, or None for every other text."""
        return self._read(_UNSUBSCRIBE, token)

    def calendar(self, public_id: str, serial: int) -> str:
        """Return the token that reads the calendar of the endpoint's company, while ``serial`` is its present number."""
        return f"{serial}~{public_id}.{_mac(self.keys[0], _CALENDAR, f'{serial}~{public_id}')}"

    def read_calendar(self, token: str) -> tuple[str, int] | None:
        """Return public id and serial that a token of ours names, or None for every other text."""
        named, _, mac = token.partition(".")
        found = _SERIAL.fullmatch(named)
        return (found[2], int(found[1])) if found and self._fits(_CALENDAR, named, mac) else None

    def request(self, public_id: str) -> str:
        """Return the token of the link that a mail brings to whoever made a request."""
        return self._named(_REQUEST, public_id)

    def read_request(self, token: str) -> str | None:
        """Return the public id of the request that a token of ours names, or None for every other text."""
        return self._read(_REQUEST, token)

    def session(self, public_id: str, until: int) -> str:
        """Return the token that opens the settings behind a used request ``until`` then (seconds since 1970)."""
        return f"{until}~{public_id}.{_mac(self.keys[0], _SESSION, f'{until}~{public_id}')}"

    def read_session(self, token: str) -> tuple[str, int] | None:
        """Return the request's public id and the end of the session that a token of ours names, or None for every other text."""
        named, _, mac = token.partition(".")
        until, _, public_id = named.partition("~")
        if not (until.isascii() and until.isdigit() and len(until) < 12 and PUBLIC_ID.fullmatch(public_id)):
            return None
        return (public_id, int(until)) if self._fits(_SESSION, named, mac) else None

    def form(self, at: int, network: str) -> str:
        """Return the word by which a form says since when (seconds since 1970) somebody of ``network`` has it before them."""
        return f"{at}.{_mac(self.keys[0], _FORM, f'{at}~{network}')}"

    def read_form(self, token: str, network: str) -> int | None:
        """Return since when a form has been filled in, or None where the word is not ours or another network's."""
        at, _, mac = token.partition(".")
        if not (at.isascii() and at.isdigit() and len(at) < 12):
            return None
        return int(at) if self._fits(_FORM, f"{at}~{network}", mac) else None

    def _named(self, purpose: bytes, public_id: str) -> str:
        if not PUBLIC_ID.fullmatch(public_id):
            raise ValueError("a public id holds 1 to 64 letters, digits, '-' and '_'")
        return f"{public_id}.{_mac(self.keys[0], purpose, public_id)}"

    def _read(self, purpose: bytes, token: str) -> str | None:
        public_id, _, mac = token.partition(".")
        return public_id if PUBLIC_ID.fullmatch(public_id) and self._fits(purpose, public_id, mac) else None

    def _fits(self, purpose: bytes, named: str, mac: str) -> bool:
        given = mac.encode("utf-8", "surrogatepass")
        # Every key is tried, so that the time taken does not tell which one fitted.
        fits = [hmac.compare_digest(given, _mac(key, purpose, named).encode()) for key in self.keys]
        return any(fits)


def _mac(key: bytes, purpose: bytes, public_id: str) -> str:
    # The zero byte keeps purpose and id apart; neither can hold one.
    digest = hmac.new(key, purpose + b"\0" + public_id.encode(), sha256).digest()
    return urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
