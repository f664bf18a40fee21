"""Pages that are the same for everybody, made once for all who ask within a moment, and sent as small as they can be.

What many ask for at the same time is made by the first of them; the others wait for it, and whoever comes within ``moment`` gets
it as it is. So a page is as old as that at most, nothing has to be told of a change, and a crowd costs one page. Only what its own
``Cache-Control`` lets others keep is kept, and only under addresses that hold nobody's secret.

Each answer gets an entity tag (RFC 9110 section 8.8.3) and, where the asker takes it, gzip. Personal pages are never
compressed: they hold secrets beside what a stranger may have written (BREACH).
"""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from alerts.web.conditional import marks_of
from alerts.web.whole import Answer, Raw, Taken, nothing, send_whole
from alerts.web.words import preferred

OPEN_TO_ALL = ("/items", "/matters", "/dates", "/feeds/")  # and the first page
MOST = 48_000_000  # bytes of all pages that are kept
LEAST = 1_000  # bytes; what is shorter does not get smaller
LEVEL = 5  # of gzip: a tenth larger than the best, in half the time
BIG = 30_000  # bytes; what is longer is compressed beside the loop

Key = tuple[str, bytes, str]


@dataclass(slots=True)
class Page:
    """An answer as it was made."""

    status: int
    headers: Raw
    body: bytes
    made: datetime
    packed: bytes | None = None

    @property
    def size(self) -> int:
        """Return how much memory it takes, about."""
        return len(self.body) * 3 // 2 + 500

    @property
    def is_shared(self) -> bool:
        """Return whether it may be given to others than the one who asked."""
        control = Headers(raw=self.headers).get("cache-control", "private")
        return self.status == 200 and "private" not in control and "no-store" not in control


class Kept:
    """Wraps the site. ``moment``: how long a page is given out again; nothing is kept where it is 0."""

    def __init__(self, app: ASGIApp, moment: timedelta, now: Callable[[], datetime]) -> None:
        self._app = app
        self._moment = moment
        self._now = now
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._size = 0
        self._under_way: dict[Key, asyncio.Task[Page]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Headers(scope=scope) if scope["type"] == "http" else None
        if headers is None or scope["method"] not in ("GET", "HEAD") or not _is_open(scope["path"], headers):
            await self._app(scope, receive, send)
            return
        page = await self._page(scope, headers)
        answer = (
            await _answer(page, headers) if page.is_shared else Answer(page.status, page.headers, page.body)
        )
        await send_whole(answer, send, without_body=scope["method"] == "HEAD")

    async def _page(self, scope: Scope, headers: Headers) -> Page:
        key = (scope["path"], scope["query_string"], preferred(headers.get("accept-language")).value)
        page = self._pages.get(key)
        if page is not None and timedelta() <= self._now() - page.made < self._moment:
            self._pages.move_to_end(key)
            return page
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._make(scope, key))
            if self._moment:
                self._under_way[key] = task
                task.add_done_callback(lambda _: self._under_way.pop(key, None))
        return await asyncio.shield(task)  # whoever leaves does not take it from the others

    async def _make(self, scope: Scope, key: Key) -> Page:
        made, taken = self._now(), Taken()
        whole = {**scope, "method": "GET", "headers": _plain(scope["headers"])}
        await self._app(whole, nothing, taken)
        page = Page(*taken.answer(), made)
        if page.is_shared:
            _mark(page)
            if self._moment:
                self._keep(key, page)
        return page

    def _keep(self, key: Key, page: Page) -> None:
        before = self._pages.pop(key, None)
        self._size += page.size - (before.size if before else 0)
        self._pages[key] = page
        while self._size > MOST:
            self._size -= self._pages.popitem(last=False)[1].size


def _is_open(path: str, headers: Headers) -> bool:
    """Return whether many may ask for the same; who asks by date alone is answered by the page itself."""
    by_date = "if-modified-since" in headers and "if-none-match" not in headers
    return (path == "/" or path.startswith(OPEN_TO_ALL)) and not by_date


def _plain(headers: Raw) -> Raw:
    """Return a request's headers without its conditions: what is made is made whole."""
    return [pair for pair in headers if pair[0] not in (b"if-none-match", b"if-modified-since")]


def _mark(page: Page) -> None:
    headers = MutableHeaders(raw=page.headers)
    headers.setdefault("ETag", f'"{sha256(page.body).hexdigest()[:32]}"')
    headers.add_vary_header("Accept-Encoding")


async def _answer(page: Page, asked: Headers) -> Answer:
    """Return a page as one asker gets it: nothing where it is there already, packed where that is understood."""
    headers = MutableHeaders(raw=list(page.headers))
    if marks_of(asked) & {headers["etag"], "*"}:
        del headers["content-length"], headers["content-type"]
        return Answer(304, headers.raw, b"")
    if len(page.body) < LEAST or "gzip" not in asked.get("accept-encoding", ""):
        return Answer(page.status, headers.raw, page.body)
    if page.packed is None:
        page.packed = await asyncio.to_thread(_pack, page.body) if len(page.body) > BIG else _pack(page.body)
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(page.packed))
    headers["ETag"] = f"W/{headers['etag'].removeprefix('W/')}"  # other bytes, same page
    return Answer(page.status, headers.raw, page.packed)


def _pack(body: bytes) -> bytes:
    return gzip.compress(body, LEVEL, mtime=0)
