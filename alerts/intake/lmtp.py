"""An LMTP listener (RFC 2033): each mail is answered once it is on record, so the mail server keeps what we could not take.

Everything about a mail is hostile: its size, its lines and the number of its recipients are limited, and whatever one mail
causes is answered with a 4xx for that mail alone.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from alerts.domain.errors import AlertsError, InputError

log = structlog.get_logger("alerts.intake")

Take = Callable[[bytes, Sequence[str]], object]  # the mail and whom it was sent to

LARGEST = 5_000_000  # octets of a mail
MOST_RECIPIENTS = 10
PATIENCE = 60.0  # seconds between two lines


class _Door:
    """Answers the commands of one listener."""

    def __init__(self, take: Take) -> None:
        self._take = take

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Return an answer for each recipient, as LMTP wants it (RFC 2033 section 4.2)."""
        return "\r\n".join([await self._answer(envelope)] * len(envelope.rcpt_tos))

    async def _answer(self, envelope: Envelope) -> str:
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
        try:
            await asyncio.to_thread(self._take, raw, tuple(envelope.rcpt_tos))
        except AlertsError as error:  # the database: the mail server tries again
            log.warning("intake.postponed", why=str(error))
            return "451 4.3.0 Try again later"
        except Exception:
            log.exception("intake.fault", size=len(raw))
            return "451 4.3.0 Try again later"
        return "250 2.0.0 Taken"


@asynccontextmanager
async def receiving(host: str, port: int, take: Take) -> AsyncIterator[int]:
    """Yield the port on which mails are taken (0 asks for a free one); it is closed behind the caller.

    Raises:
        InputError: the address cannot be bound.
    """
    loop = asyncio.get_running_loop()
    try:
        server = await loop.create_server(lambda: _Session(take), host, port)
    except OSError as error:
        raise InputError(
            f"ALERTS_RETURNS: {host}:{port} cannot be listened on ({error.strerror or error})."
        ) from error
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await server.wait_closed()


class _Session(LMTP):
    """A connection that ends when it brings more than a few mails' worth without ending one: aiosmtpd keeps an endless line."""

    line_length_limit = 65_536  # reports quote what was never wrapped

    def __init__(self, take: Take) -> None:
        super().__init__(
            _Door(take), data_size_limit=LARGEST, hostname="alerts", ident="IP Risk Alerts", enable_SMTPUTF8=True,
            timeout=PATIENCE, decode_data=False,
        )  # fmt: skip
        self._brought = 0

    def data_received(self, data: bytes) -> None:
        """Take what the mail server says."""
        self._brought += len(data)
        if self._brought > 4 * LARGEST and isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()
            return
        super().data_received(data)

    def _set_post_data_state(self) -> None:
        super()._set_post_data_state()  # type: ignore[no-untyped-call]
        self._brought = 0
