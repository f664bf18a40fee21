"""A mail server on loopback that keeps what it takes and refuses as told; reach it through tests.servers."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from alerts.domain.providers import provider_of


@dataclass(frozen=True, slots=True)
class Mail:
    """One message that was taken: envelope and bytes. ``tls`` says whether the connection was encrypted."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    options: tuple[str, ...] = ()  # parameters of MAIL FROM, in upper case
    wishes: tuple[str, ...] = ()  # parameters of RCPT TO, in upper case
    tls: bool = False
    login: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """What the server does instead of taking mail. Answers are whole lines: ``451 4.7.1 come back later``.

    ``mail`` answers MAIL FROM, ``rcpt`` answers RCPT TO (one line for all, or by address), ``data``
    the DATA command, ``dot`` the end of the message. ``drop`` and ``stall`` name the stage at which
    the connection is cut or no answer comes: ``connect`` (stall only), ``mail``, ``rcpt``, ``data`` or
    ``dot``. With ``keep`` a message is kept even when the answer to its dot is a refusal or does not come.
    ``pause``: seconds before the dot is answered, by the domain of the recipient.
    """

    mail: str | None = None
    rcpt: str | Mapping[str, str] | None = None
    data: str | None = None
    dot: str | None = None
    drop: str | None = None
    stall: str | None = None
    keep: bool = False
    pause: Mapping[str, float] = field(default_factory=dict)

    def line(self, stage: str, address: str = "") -> str | None:
        """Return the scripted answer at ``stage``, or None for the usual one."""
        if stage == "rcpt" and isinstance(self.rcpt, Mapping):
            return self.rcpt.get(address)
        answers = {"mail": self.mail, "rcpt": self.rcpt, "data": self.data, "dot": self.dot}
        answer = answers[stage]
        return answer if isinstance(answer, str) else None


@dataclass
class MailServer:
    """A running catcher. ``script`` may be replaced while it runs; ``log`` has each stage reached."""

    script: Script
    host: str = "127.0.0.1"
    port: int = 0
    messages: list[Mail] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    steps: list[tuple[int, str]] = field(
        default_factory=list
    )  # 1 and an address as its mail begins, -1 as it ends
    connections: int = 0


@dataclass(frozen=True, slots=True)
class Security:
    """How the server is secured: ``starttls`` or ``implicit`` context, the ``login`` it demands, and whether it takes commands together."""

    starttls: SSLContext | None = None
    implicit: SSLContext | None = None
    login: tuple[str, str] | None = None
    pipelining: bool = False  # announced, so that commands come together (RFC 2920)
    dsn: bool = False  # announced, so that delivery reports are asked for (RFC 3461)


def busiest(server: MailServer) -> Counter[str]:
    """Return how many mails were under way at a time at most: to each receiving provider, and under ``all`` to all together."""
    now, peak = Counter[str](), Counter[str]()
    for step, address in server.steps:
        for name in (provider_of(address), "all"):
            now[name] += step
            peak[name] = max(peak[name], now[name])
    return peak


TAKES_ALL = Script()
PLAIN = Security()


class _Hooks:
    """The hooks that aiosmtpd calls, by name."""

    def __init__(self, server: MailServer, extensions: tuple[str, ...]) -> None:
        self.server = server
        self.extensions = extensions
        self.transports: list[asyncio.BaseTransport] = []

    async def handle_EHLO(
        self, smtp: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], *(f"250-{name}" for name in self.extensions), responses[-1]]

    async def handle_MAIL(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self.meet("mail", smtp, address)
        if answer is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer or "250 2.1.0 OK"

    async def handle_RCPT(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self.meet("rcpt", smtp, address)
        if answer is None:
            envelope.rcpt_tos.append(address)
            self.server.steps.append((1, address))
            envelope.rcpt_options.extend(options)
        return answer or "250 2.1.5 OK"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        script = self.server.script
        refused = script.line("dot") is not None or "dot" in (script.drop, script.stall)
        if script.keep or not refused:
            assert smtp.transport is not None
            encrypted = smtp.transport.get_extra_info("sslcontext") is not None
            self.server.messages.append(_mail(session, envelope, encrypted))
        answer = await self.meet("dot", smtp)
        await asyncio.sleep(script.pause.get(envelope.rcpt_tos[0].rpartition("@")[2], 0))
        self.server.steps += [(-1, address) for address in envelope.rcpt_tos]
        return answer or f"250 2.0.0 queued as {len(self.server.messages)}"

    async def meet(self, stage: str, smtp: SMTP, address: str = "") -> str | None:
        """Do what the script says at ``stage``; return its answer, or None to go on."""
        self.server.log.append(f"{stage} {address}".strip())
        if self.server.script.stall == stage:
            await asyncio.Event().wait()
        if self.server.script.drop == stage:
            assert isinstance(smtp.transport, asyncio.WriteTransport)
            smtp.transport.abort()
            await asyncio.Event().wait()  # until aiosmtpd cancels the session of the lost connection
        return self.server.script.line(stage, address)


class _Catcher(SMTP):
    """aiosmtpd with a say at the greeting and at DATA itself."""

    event_handler: _Hooks

    def __init__(self, hooks: _Hooks, **options: Any) -> None:
        super().__init__(hooks, **options)
        # aiosmtpd takes only STARTTLS for encryption, and warns when told that this is not needed
        self._auth_require_tls = options.get("tls_context") is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.event_handler.transports.append(transport)

    async def _handle_client(self) -> None:
        self.event_handler.server.connections += 1
        if self.event_handler.server.script.stall == "connect":
            await asyncio.Event().wait()
        await super()._handle_client()

    def _getparams(self, params: Any) -> Any:
        """Take the parameters of delivery reports where they are announced; aiosmtpd knows none of them."""
        known = {"RET", "ENVID", "NOTIFY", "ORCPT"} if "DSN" in self.event_handler.extensions else set()
        return super()._getparams([one for one in params if one.partition("=")[0] not in known])

    async def smtp_DATA(self, arg: str) -> None:
        answer = await self.event_handler.meet("data", self)
        if answer is None:
            await super().smtp_DATA(arg)
        else:
            await self.push(answer)


def _mail(session: Session, envelope: Envelope, encrypted: bool) -> Mail:
    assert isinstance(envelope.content, bytes)
    known = session.auth_data
    login = known.login.decode() if isinstance(known, LoginPassword) else None
    recipients = tuple(envelope.rcpt_tos)
    options = tuple(envelope.mail_options)
    wishes = tuple(envelope.rcpt_options)
    return Mail(envelope.mail_from or "", recipients, envelope.content, options, wishes, encrypted, login)


@contextmanager
def smtp_server(script: Script = TAKES_ALL, security: Security = PLAIN) -> Iterator[MailServer]:
    """Run a mail catcher on a free port of 127.0.0.1."""
    server = MailServer(script)
    listener = socket.create_server((server.host, 0), backlog=64)
    server.port = listener.getsockname()[1]
    loop = asyncio.new_event_loop()
    running = threading.Event()
    thread = threading.Thread(target=_serve, args=(loop, listener, server, security, running), daemon=True)
    thread.start()
    running.wait(5)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


def _serve(
    loop: asyncio.AbstractEventLoop,
    listener: socket.socket,
    server: MailServer,
    security: Security,
    running: threading.Event,
) -> None:
    asyncio.set_event_loop(loop)
    options = _options(security)
    announced = {"PIPELINING": security.pipelining, "DSN": security.dsn}
    hooks = _Hooks(server, tuple(name for name, offered in announced.items() if offered))
    accepting = loop.run_until_complete(
        loop.create_server(
            lambda: _Catcher(hooks, loop=loop, **options), sock=listener, ssl=security.implicit
        )
    )
    loop.call_soon(running.set)
    loop.run_forever()
    accepting.close()
    _leave(loop, hooks.transports)


def _options(security: Security) -> dict[str, Any]:
    """Return the arguments of aiosmtpd's SMTP for ``security``."""
    options: dict[str, Any] = {"enable_SMTPUTF8": True, "hostname": "mail.example", "ident": "catcher"}
    if security.starttls is not None:
        options |= {"tls_context": security.starttls, "require_starttls": True}
    if security.login is not None:
        user, password = security.login

        def check(
            _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
        ) -> AuthResult:
            good = (data.login, data.password) == (user.encode(), password.encode())
            return AuthResult(success=good, auth_data=data)

        options |= {"authenticator": check, "auth_required": True}
    return options


def _leave(loop: asyncio.AbstractEventLoop, transports: list[asyncio.BaseTransport]) -> None:
    """Cut every connection, end what still runs and close the loop, so that nothing outlives its test."""
    for transport in transports:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.abort()
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.run_until_complete(asyncio.sleep(0.001))  # lets cut connections hear of it
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
