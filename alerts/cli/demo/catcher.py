"""An SMTP server on loopback that keeps every mail, and a page that shows them. Nothing is passed on."""

import asyncio
import email
from collections.abc import Coroutine
from email import policy
from email.message import EmailMessage
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Self, TypeVar
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.smtp import SMTP, Envelope, Session

from alerts.cli.demo.inbox import HTML, MAIL_POLICY, PAGE_POLICY, STYLE, VIEWS, Mail, framed, listing, show

T = TypeVar("T")


class Catcher:
    """Catches mail between :meth:`start` and :meth:`stop`, or as a context."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._host = host
        self._mails: tuple[Mail, ...] = ()
        self._lock = Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._smtp: asyncio.Server | None = None
        self._web: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Open both servers on free ports."""
        self._thread.start()
        self._smtp = self._in_loop(self._loop.create_server(self._session, self._host, 0))
        self._web = ThreadingHTTPServer((self._host, 0), partial(_Pages, self))
        self._web.daemon_threads = True
        Thread(target=self._web.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Close both servers; the mails stay."""
        if self._smtp is not None:
            self._in_loop(_closed(self._smtp))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if self._web is not None:
            self._web.shutdown()
            self._web.server_close()

    @property
    def smtp_port(self) -> int:
        """Return the port of the SMTP server."""
        assert self._smtp is not None, "the catcher is running"
        return int(self._smtp.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        """Return the address of the page with the mails."""
        assert self._web is not None, "the catcher is running"
        return f"http://{self._host}:{self._web.server_address[1]}"

    @property
    def mails(self) -> tuple[Mail, ...]:
        """Return the mails caught so far, oldest first."""
        return self._mails

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002
        """Keep one mail. Called by the SMTP server, under the name that it looks for."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        message = email.message_from_bytes(raw, EmailMessage, policy=policy.default)
        with self._lock:
            number = len(self._mails) + 1
            mail = Mail(number, envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, message)
            self._mails = (*self._mails, mail)
        return f"250 kept as number {number}"

    def page(self, target: str) -> tuple[int, str, str, bytes]:
        """Return status, media type, policy and body for a request target."""
        parts = urlsplit(target)
        path = parts.path.strip("/")
        if path == "style.css":
            return 200, "text/css; charset=utf-8", PAGE_POLICY, STYLE.encode()
        if not path:
            return 200, HTML, PAGE_POLICY, listing(self._mails)
        number, _, part = path.partition("/")
        mail = self._numbered(number)
        if mail is None or part not in ("", "html"):
            return 404, HTML, PAGE_POLICY, b"<!doctype html><title>404</title><p>There is no such mail."
        if part:
            return 200, HTML, MAIL_POLICY, framed(mail)
        view = parse_qs(parts.query).get("view", ["html"])[0]
        return 200, HTML, PAGE_POLICY, show(mail, view if view in VIEWS else "html")

    def _session(self) -> SMTP:
        return SMTP(self, hostname="catcher.localhost", enable_SMTPUTF8=True, loop=self._loop)

    def _in_loop(self, work: Coroutine[None, None, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def _numbered(self, number: str) -> Mail | None:
        mails = self._mails
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            return None
        return mails[int(number) - 1] if 1 <= int(number) <= len(mails) else None


async def _closed(server: asyncio.Server) -> None:
    server.close()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()  # sessions that a client left open
    await asyncio.sleep(0)


class _Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "catcher"
    sys_version = ""

    def __init__(self, catcher: Catcher, *connection: object) -> None:
        self._catcher = catcher
        super().__init__(*connection)  # type: ignore[arg-type]  # handed through as the server gives them

    def do_GET(self) -> None:
        """Answer with a page."""
        status, media_type, rules, body = self._catcher.page(self.path)
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", rules)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the demonstration has its own voice."""
