"""Keep what may not be read in the database, a backup or a listing: sealed with the service's own key.

Fernet (AES-128-CBC with HMAC-SHA256) under a key that is derived for this purpose. Whoever changes ``ALERTS_SECRET_KEY``
has to enter the endpoints anew, and to reset the admins.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from alerts.domain.errors import InputError
from alerts.domain.posts import Keep

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

_PURPOSE = b"alerts/endpoints/1"


class Sealing:
    """Seals texts for one purpose: what was sealed for another cannot be opened."""

    def __init__(self, key: bytes, purpose: bytes) -> None:
        self._key = key
        self._purpose = purpose

    def seal(self, text: str) -> str:
        """Return a text that says nothing without the key."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """Return what was sealed; None when it was sealed with another key, or changed."""
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    @cached_property
    def _fernet(self) -> "Fernet":
        from cryptography.fernet import Fernet

        return Fernet(urlsafe_b64encode(hmac.new(self._key, self._purpose, sha256).digest()))


class Vault:
    """Seals and opens what is kept of endpoints."""

    def __init__(self, key: bytes) -> None:
        self._sealing = Sealing(key, _PURPOSE)

    def seal(self, keep: Keep) -> str:
        """Return ``keep`` as text that says nothing without the key."""
        return self._sealing.seal(json.dumps([keep.url, *keep.secrets]))

    def open(self, sealed: str) -> Keep:
        """Return what was sealed.

        Raises:
            InputError: it was sealed with another key, or changed.
        """
        text = self._sealing.open(sealed)
        if text is None:
            raise InputError("its address cannot be read with this ALERTS_SECRET_KEY")
        url, *secrets = json.loads(text)
        return Keep(url, tuple(secrets))
