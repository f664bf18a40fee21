"""Real servers on loopback that do as they are told: a source of documents and a catcher of mail.

    with source_server({"/feed.xml": Answer(body=b"<rss/>"), "/old": redirect("/feed.xml")}) as server:
        client.get(server.url("/feed.xml"))
        server.requests[0].headers["if-none-match"]

    with smtp_server(Script(rcpt={"gone@example.com": "550 5.1.1 no such user"})) as server:
        send(server.host, server.port)
        server.messages[0].content

Both run in threads of their own, so they serve asyncio clients and blocking ones alike. A stalled
answer ends when the server is closed; nothing here sleeps on the test's own thread.
"""

import gzip
import itertools
import socketserver
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from ssl import SSLContext
from types import MappingProxyType

from tests.mailbox import Mail, MailServer, Script, Security, smtp_server
from tests.tls import loopback_tls

__all__ = [
    "Answer", "Mail", "MailServer", "Script", "Security", "Seen", "SourceServer", "double_gzip", "drip", "endless", "gzipped",
    "in_turn", "inflate", "loopback_tls", "redirect", "smtp_server", "source_server", "stall", "truncated",
]  # fmt: skip

NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived. ``target`` is the request target, byte for byte as latin-1."""

    method: str
    target: str
    lines: tuple[tuple[str, str], ...]  # header lines in their order, names as sent, values as latin-1
    body: bytes = b""

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers by lower-case name."""
        return {name.lower(): value for name, value in self.lines}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says.

    ``body`` may be chunks that are sent one by one, ``every`` seconds apart. ``length`` is the declared
    Content-Length: by default that of a bytes body, none for chunks (the closed connection ends it).
    ``wait`` seconds pass before the first byte. ``raw`` replaces the whole answer, head and body; it may be chunks too.
    """

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: Mapping[str, str] | tuple[tuple[str, str], ...] = ()
    length: int | None = None
    every: float = 0.0
    wait: float = 0.0
    raw: bytes | Iterable[bytes] | None = None

    def head(self) -> bytes:
        """Return the status line and headers as they go over the wire."""
        lines = [f"HTTP/1.1 {self.status} {_phrase(self.status)}"]
        pairs = tuple(self.headers.items()) if isinstance(self.headers, Mapping) else self.headers
        lines += [f"{name}: {value}" for name, value in pairs]
        length = len(self.body) if self.length is None and isinstance(self.body, bytes) else self.length
        if length is not None and self.status not in (204, 304):
            lines.append(f"Content-Length: {length}")
        return ("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n").encode("latin-1")


Scripted = Answer | Callable[[Seen], Answer]


def redirect(target: str, status: int = 302, headers: Mapping[str, str] = NONE) -> Answer:
    """Return a redirect to ``target``, an address or a path."""
    return Answer(status, headers={"Location": target, **headers})


def stall() -> Answer:
    """Return an answer whose first byte does not come before the server closes."""
    return Answer(wait=3600)


def truncated(body: bytes, missing: int = 100) -> Answer:
    """Return an answer that breaks off ``missing`` bytes before its declared end."""
    return Answer(body=body, length=len(body) + missing)


def drip(body: bytes, every: float = 0.02) -> Answer:
    """Return an answer that comes one byte at a time."""
    return Answer(body=(bytes([byte]) for byte in body), every=every)


def endless(chunk: bytes = b"x" * 65536) -> Answer:
    """Return an answer that never ends."""
    return Answer(body=itertools.repeat(chunk))


def gzipped(body: bytes, headers: Mapping[str, str] = NONE) -> Answer:
    """Return ``body`` compressed and labelled so."""
    return Answer(body=gzip.compress(body, mtime=0), headers={"Content-Encoding": "gzip", **headers})


def inflate(size: int) -> Answer:
    """Return an answer of ``size`` zero bytes, gzip-compressed about a thousand to one."""
    return Answer(body=_zeros(size), headers={"Content-Encoding": "gzip"})


def double_gzip(size: int) -> Answer:
    """Return ``size`` zero bytes compressed twice, labelled once."""
    return Answer(body=gzip.compress(_zeros(size), mtime=0), headers={"Content-Encoding": "gzip"})


def _zeros(size: int) -> bytes:
    """Return ``size`` zero bytes as gzip, without holding them all."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    parts = [squeeze.compress(block) for _ in range(size >> 20)]
    return b"".join([*parts, squeeze.compress(bytes(size & ((1 << 20) - 1))), squeeze.flush()])


def in_turn(*answers: Answer) -> Callable[[Seen], Answer]:
    """Return a script that gives the answers one after the other; the last one stays."""
    waiting = list(answers)
    return lambda _seen: waiting.pop(0) if len(waiting) > 1 else waiting[0]


@dataclass
class SourceServer:
    """A running source. ``answers`` may be changed while it runs; ``requests`` is its log."""

    answers: dict[str, Scripted]
    host: str = "127.0.0.1"
    port: int = 0
    scheme: str = "http"
    requests: list[Seen] = field(default_factory=list)
    connections: int = 0  # accepted ones, also those that never asked anything
    closing: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/", host: str | None = None) -> str:
        """Return the address of ``path`` on this server, under its own name or ``host``."""
        return f"{self.scheme}://{host or self.host}:{self.port}{path}"

    def answer(self, seen: Seen) -> Answer:
        """Return what the script says to ``seen``: by whole target, else by path, else 404."""
        path = seen.target.partition("?")[0]
        script = self.answers.get(seen.target, self.answers.get(path, Answer(404, b"nothing here")))
        return script(seen) if callable(script) else script


class _Tcp(socketserver.ThreadingTCPServer):
    """A threaded listener that forgets its threads when it closes."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, source: SourceServer, tls: SSLContext | None) -> None:
        self.source = source
        self.tls = tls
        super().__init__((source.host, source.port), _Exchange)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that goes away in the middle is what many tests are about."""


class _Exchange(socketserver.StreamRequestHandler):
    """One connection: requests are answered until the client or the answer ends it."""

    server: _Tcp

    def setup(self) -> None:
        self.server.source.connections += 1
        if self.server.tls is not None:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        source = self.server.source
        seen = self._read()
        if seen is None:
            return
        source.requests.append(seen)
        with suppress(OSError):
            self._say(source.answer(seen), source.closing)

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        if self.server.tls is not None:
            self.request.close()  # the listener knows only the socket below

    def _read(self) -> Seen | None:
        words = self.rfile.readline(1 << 16).decode("latin-1").split(" ")
        if len(words) != 3:
            return None
        lines = []
        while (line := self.rfile.readline(1 << 16).decode("latin-1").rstrip("\r\n")) != "":
            name, _, value = line.partition(":")
            lines.append((name, value.strip(" \t")))
        size = next((int(value) for name, value in lines if name.lower() == "content-length"), 0)
        return Seen(words[0], words[1], tuple(lines), self.rfile.read(size))

    def _say(self, answer: Answer, closing: threading.Event) -> None:
        if answer.wait and closing.wait(answer.wait):
            return
        body = answer.body if answer.raw is None else answer.raw
        if answer.raw is None:
            self.wfile.write(answer.head())
        for chunk in [body] if isinstance(body, bytes) else body:
            self.wfile.write(chunk)
            if closing.wait(answer.every) if answer.every else closing.is_set():
                return


@contextmanager
def source_server(
    answers: Mapping[str, Scripted] | None = None, *, tls: SSLContext | None = None, host: str = "127.0.0.1"
) -> Iterator[SourceServer]:
    """Run a source on a free port of ``host``; with ``tls`` it speaks https."""
    source = SourceServer(dict(answers or {}), host, scheme="https" if tls else "http")
    with _Tcp(source, tls) as listener:
        source.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, args=(0.005,), daemon=True)
        thread.start()
        try:
            yield source
        finally:
            source.closing.set()
            listener.shutdown()
            thread.join()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Odd"
