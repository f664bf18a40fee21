"""Hand mail to a relay over SMTP.

Each message goes through the steps connect, mail, rcpt, data one by one, and the step that began last decides with
the server's answer what the end means (:mod:`alerts.deliver.verdict`): the exception alone does not tell whether the
final dot was sent. Connections are kept and used again; one that went stale is noticed at MAIL, where nothing has
left yet, and replaced once. Certificates are always checked.

Delivery reports (RFC 3461) are asked for where the relay offers them, under an id that names the delivery.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from alerts.deliver.address import read_address
from alerts.deliver.mail_url import SmtpSettings
from alerts.deliver.mime import Sender, encode
from alerts.deliver.verdict import Ended, Tries, not_transmitted, verdict
from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.errors import InputError

MaySend = Callable[[], Awaitable[bool]]


class _CalledOffError(Exception):
    """The lease or the reader was gone right before the text."""


class _Transfer:
    """One message on one connection; ``stage`` is the step that began last."""

    def __init__(self, claim: DeliveryClaim, sender: Sender, settings: SmtpSettings) -> None:
        self.stage = "connect"
        self._claim = claim
        self._sender = read_address(sender.address)
        self._recipient = read_address(claim.address)
        self._content = encode(claim, sender)
        self._data_timeout = settings.timeouts.data

    async def envelope(self, client: SMTP) -> None:
        """Say MAIL: the first word that shows whether a kept connection still lives."""
        self.stage = "mail"
        options = [f"SIZE={len(self._content)}"] if client.supports_extension("size") else []
        if client.supports_extension("dsn"):
            options += ["RET=HDRS", f"ENVID={sha256(self._claim.idempotency_key.encode()).hexdigest()[:32]}"]
        await client.mail(str(self._sender), options=options + self._utf8(client), encoding="utf-8")

    async def text(self, client: SMTP, may_transmit: MaySend) -> str:
        """Name the recipient, ask whether to go on, transmit; return the server's words."""
        self.stage = "rcpt"
        options = ["NOTIFY=FAILURE,DELAY"] if client.supports_extension("dsn") else []
        await client.rcpt(str(self._recipient), options=options, encoding="utf-8")
        if not await may_transmit():
            raise _CalledOffError
        self.stage = "data"
        answer = await client.data(self._content, timeout=self._data_timeout)
        self.stage = "done"
        return answer.message

    def _utf8(self, client: SMTP) -> list[str]:
        if not any(mailbox.needs_utf8 for mailbox in (self._sender, self._recipient)):
            return []
        if client.supports_extension("smtputf8"):
            return ["SMTPUTF8"]
        self.stage = "rcpt"
        raise SMTPRecipientRefused(
            553, "the relay does not offer SMTPUTF8 for this address", str(self._recipient)
        )


class SmtpChannel:
    """A channel to one relay over at most ``settings.lanes`` connections at a time."""

    def __init__(self, settings: SmtpSettings, sender: Sender) -> None:
        self._settings = settings
        self._sender = sender
        self._lanes = asyncio.Semaphore(settings.lanes)
        self._idle: list[SMTP] = []

    async def send(self, claim: DeliveryClaim, now: datetime, may_transmit: MaySend) -> Receipt:
        """Return the receipt; never raises for what the relay does or for an address that cannot be mailed to."""
        tries = Tries(claim.failures, claim.first_attempt_at or claim.created_at)
        try:
            transfer = _Transfer(claim, self._sender, self._settings)
        except InputError as error:
            return verdict(Ended("rcpt", 553, str(error)), tries, now)
        async with self._lanes:
            try:
                words = await self._transmit(transfer, may_transmit)
            except _CalledOffError:
                return not_transmitted(now)
            except (SMTPException, OSError, ValueError) as error:
                return verdict(Ended(transfer.stage, _code(error), _said(error)), tries, now)
        return verdict(Ended("done", 250, words), tries, now)

    async def close(self) -> None:
        """Say goodbye on the kept connections."""
        while self._idle:
            client = self._idle.pop()
            try:
                await client.quit(timeout=1)
            except (SMTPException, OSError):
                client.close()

    async def _transmit(self, transfer: _Transfer, may_transmit: MaySend) -> str:
        client = await self._open(transfer)
        try:
            words = await transfer.text(client, may_transmit)
        except (SMTPResponseException, _CalledOffError):
            await self._reset(client)
            raise
        except BaseException:
            client.close()
            raise
        self._keep(client)
        return words

    async def _open(self, transfer: _Transfer) -> SMTP:
        """Return a connection that has taken MAIL: a kept one that still lives, else a new one."""
        while self._idle:
            client = self._idle.pop()
            try:
                return await self._started(client, transfer)
            except (SMTPServerDisconnected, SMTPSenderRefused) as error:
                if isinstance(error, SMTPSenderRefused) and error.code != 421:
                    raise
                client.close()  # it had gone stale: the server closed it, or says so now
        return await self._started(await self._connect(transfer), transfer)

    async def _started(self, client: SMTP, transfer: _Transfer) -> SMTP:
        try:
            await transfer.envelope(client)
        except SMTPResponseException:
            await self._reset(client)
            raise
        except BaseException:
            client.close()
            raise
        return client

    async def _connect(self, transfer: _Transfer) -> SMTP:
        transfer.stage = "connect"
        settings = self._settings
        client = SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username,
            password=settings.password,
            local_hostname=settings.hello,
            timeout=settings.timeouts.command,
            use_tls=settings.tls == "implicit",
            start_tls=settings.tls == "starttls",
        )
        await client.connect(timeout=settings.timeouts.connect)
        await client.ehlo()
        return client

    async def _reset(self, client: SMTP) -> None:
        """Bring a connection back to where MAIL may be said; let it go when it does not follow."""
        try:
            await client.rset()
        except (SMTPException, OSError):
            client.close()
            return
        self._keep(client)

    def _keep(self, client: SMTP) -> None:
        if client.is_connected:
            self._idle.append(client)


def _said(error: Exception) -> str:
    """Return the server's own words, without the address that the exception repeats."""
    return error.message if isinstance(error, SMTPResponseException) else str(error)


def _code(error: Exception) -> int | None:
    return error.code if isinstance(error, SMTPResponseException) and error.code > 0 else None
