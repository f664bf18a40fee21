"""Keep mail in a Maildir instead of sending it: the default until a relay is named, and a way to look at mail.

The bytes are those that a relay would get. A file is written in ``tmp`` and appears in ``new`` in one step; its name
comes from the idempotency key, so a repeat finds it there (or in ``cur``, once a mail reader has seen it).
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from alerts.deliver.mime import Sender, encode
from alerts.deliver.verdict import Ended, Tries, not_transmitted, verdict
from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.errors import InputError


class MaildirChannel:
    """A channel into a folder; it is made, with its three subfolders, when the first mail comes."""

    lanes = 4

    def __init__(self, path: Path, sender: Sender) -> None:
        self._path = path
        self._sender = sender

    async def send(
        self, claim: DeliveryClaim, now: datetime, may_transmit: Callable[[], Awaitable[bool]]
    ) -> Receipt:
        """Return SENT when the mail lies in the folder, also when it already did; DUE when the disk refuses."""
        tries = Tries(claim.failures, claim.first_attempt_at or claim.created_at)
        try:
            content = encode(claim, self._sender)
        except InputError as error:
            return verdict(Ended("rcpt", 553, str(error)), tries, now)
        if not await may_transmit():
            return not_transmitted(now)
        try:
            await asyncio.to_thread(self._keep, claim, content)
        except OSError as error:
            return verdict(Ended("connect", None, f"{self._path}: {error.strerror}"), tries, now)
        return verdict(Ended("done", 250, f"kept in {self._path.name}"), tries, now)

    async def close(self) -> None:
        """Do nothing: no connection is kept."""

    def _keep(self, claim: DeliveryClaim, content: bytes) -> None:
        name = sha256(claim.idempotency_key.encode()).hexdigest()[:32]
        for folder in ("tmp", "new", "cur"):
            (self._path / folder).mkdir(parents=True, exist_ok=True)
        if any(any((self._path / folder).glob(f"{name}*")) for folder in ("new", "cur")):
            return
        draft = self._path / "tmp" / f"{name}.{claim.attempt}"
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self._path / "new" / name)
