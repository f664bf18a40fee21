"""Sample sources on loopback that keep publishing while a demonstration runs.

At the start every source has a back catalogue. After that one prepared notice appears every ``every`` seconds,
going round the sources, until all are out. Answers carry ETag and Last-Modified and are 304 when asked
with either (RFC 9110 section 13: If-None-Match wins).

On Linux each source listens on a loopback address of its own, so that to a poller, which asks a host one
thing at a time, they are different hosts; elsewhere they share 127.0.0.1.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self

from alerts.cli.demo.catalogue import feeds_yaml
from alerts.cli.demo.forms import FORMS, article_page, html
from alerts.cli.demo.library import Article, Source, load, published

HTML = "text/html; charset=utf-8"


class Publisher:
    """The sources and their servers. ``elapsed`` returns the seconds since the demonstration began."""

    def __init__(self, start: datetime, every: float, elapsed: Callable[[], float] | None = None) -> None:
        began = time.monotonic()
        self._start = start.astimezone(UTC).replace(microsecond=0)
        self._every = every
        self._elapsed = elapsed or (lambda: time.monotonic() - began)
        self._sources = {source.id: source for source in load()}
        self._releases = _timetable(tuple(self._sources.values()), self._start, every)
        self._servers: list[ThreadingHTTPServer] = []
        self._bases: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Open the servers; from now on :attr:`url` and the addresses in :meth:`feeds_yaml` answer."""
        self._serve("127.0.0.1")
        for last, identity in enumerate(self._sources, 11):
            try:
                self._bases[identity] = self._serve(f"127.0.0.{last}")
            except OSError:  # only 127.0.0.1 is set up on this machine
                self._bases[identity] = self.url

    def stop(self) -> None:
        """Close the servers."""
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers.clear()

    @property
    def url(self) -> str:
        """Return the address of a page that lists the sources."""
        host, port = self._servers[0].server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the sample sources."""
        return tuple(self._sources.values())

    @property
    def last_release(self) -> float:
        """Return after how many seconds everything is out."""
        return self._every * sum(len(source.coming) for source in self._sources.values())

    def feeds_yaml(self, base_url: str | None = None) -> str:
        """Return a catalogue of the sources; ``base_url`` puts them all under one address."""
        return feeds_yaml(self.sources, lambda source: base_url or self._bases[source.id])

    def articles(self, source: Source) -> list[Article]:
        """Return what is out by now, newest first."""
        now = self._start + timedelta(seconds=self._elapsed())
        return [article for article in self._releases[source.id] if article.at <= now][::-1]

    def answer(self, path: str, base: str) -> tuple[int, str, bytes, datetime]:
        """Return status, media type, body and time of the last change."""
        name, _, key = path.strip("/").partition("/")
        source = self._sources.get(name)
        if source is None:
            return self._other(name)
        articles = self.articles(source)
        if not key:
            form, media_type = FORMS[source.form]
            return 200, media_type, form(source, articles, base), articles[0].at
        for article in articles:
            if article.key == key:
                return 200, HTML, article_page(source, article), article.at
        return 404, HTML, html("404", "<p>Not found.</p>"), self._start

    def _other(self, name: str) -> tuple[int, str, bytes, datetime]:
        if name == "robots.txt":
            return 200, "text/plain; charset=utf-8", b"User-agent: *\nAllow: /\n", self._start
        if name:
            return 404, HTML, html("404", "<p>Not found.</p>"), self._start
        rows = "".join(
            f'<li><a href="{self._bases.get(source.id, "")}/{source.id}">{escape(source.name)}</a> <small>{source.form}</small></li>'
            for source in self.sources
        )
        return 200, HTML, html("Sample sources", f"<ul>{rows}</ul>"), self._start

    def _serve(self, host: str) -> str:
        server = ThreadingHTTPServer((host, 0), partial(_Answers, self))
        server.daemon_threads = True
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self._servers.append(server)
        return f"http://{host}:{server.server_address[1]}"


def _timetable(sources: tuple[Source, ...], start: datetime, every: float) -> dict[str, list[Article]]:
    """Return all articles of each source, oldest first: the past ones, then those to come in turn."""
    releases = {
        source.id: [
            published(
                source, story, (start - timedelta(days=story.days or 0)).replace(hour=1, minute=15, second=0)
            )
            for story in source.past
        ]
        for source in sources
    }
    step = 0
    for turn in range(max(len(source.coming) for source in sources)):
        for source in sorted(sources, key=_lead):
            if turn < len(source.coming):
                step += 1
                at = start + timedelta(seconds=every * step)
                releases[source.id].append(published(source, source.coming[turn], at))
    return releases


def _lead(source: Source) -> tuple[bool, str]:
    """The trade commission begins: its first notice is one that a company must be told at once."""
    return source.id != "us-trade", source.id


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sample"
    sys_version = ""

    def __init__(self, publisher: Publisher, *connection: object) -> None:
        self._publisher = publisher
        super().__init__(*connection)  # type: ignore[arg-type]  # handed through as the server gives them

    def do_GET(self) -> None:
        """Answer with the document, or with 304."""
        host, port = self.connection.getsockname()[:2]
        status, media_type, body, changed = self._publisher.answer(
            self.path.partition("?")[0], f"http://{host}:{port}"
        )
        etag = f'"{sha256(body).hexdigest()[:20]}"'
        if status == 200 and self._known(etag, changed):
            status, body = 304, b""
        self.send_response(status)
        self.send_header("ETag", etag)
        self.send_header("Last-Modified", format_datetime(changed, usegmt=True))
        self.send_header("Cache-Control", "no-cache")
        if status != 304:
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET

    def _known(self, etag: str, changed: datetime) -> bool:
        marks = self.headers.get("If-None-Match")
        if marks is not None:
            return (
                etag in [mark.strip().removeprefix("W/") for mark in marks.split(",")] or marks.strip() == "*"
            )
        since = self.headers.get("If-Modified-Since")
        try:
            return since is not None and changed.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (ValueError, TypeError):
            return False

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the demonstration has its own voice."""
