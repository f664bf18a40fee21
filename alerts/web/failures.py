"""Who tries words that open nothing: after ``MOST`` of them from one network its doors stay shut for a while.

Nobody finds a word of 128 bits by trying; the limit keeps those who try from the database and makes them seen. The way out of the
mails is never shut: a mail program that posts a good word is heard whatever else its network does. Counted in this process alone.
"""

import time
from collections import OrderedDict
from collections.abc import Collection

import structlog
from fastapi import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alerts.web.looks import SECRET
from alerts.web.origin import network

MOST, SPAN = 30, 600.0  # failures, seconds
KNOWN = 20_000  # networks
ALWAYS = "/u/"

log = structlog.get_logger("alerts.site")


class Failures:
    """How often each network failed lately."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, list[float]] = OrderedDict()

    def shut(self, whence: str, now: float) -> bool:
        """Return whether a network failed too often."""
        return len(self._recent(whence, now)) >= MOST

    def add(self, whence: str, now: float) -> bool:
        """Note a failure; return whether it is the one after which the doors are shut."""
        found = self._recent(whence, now)
        self._found[whence] = [*found, now][-MOST:]
        self._found.move_to_end(whence)
        while len(self._found) > KNOWN:
            self._found.popitem(last=False)
        return len(found) == MOST - 1

    def _recent(self, whence: str, now: float) -> list[float]:
        return [at for at in self._found.get(whence, ()) if at > now - SPAN]


class Doorkeeper:
    """Wraps the site: counts answers of 404 behind addresses that hold a word, and refuses by 429 whoever had too many."""

    def __init__(self, app: ASGIApp, proxies: Collection[str]) -> None:
        self._app = app
        self._proxies = proxies
        self._failures = Failures()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, by the wrapped application where the network may still try."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(SECRET):
            await self._app(scope, receive, send)
            return
        whence, now = network(Request(scope), self._proxies), time.monotonic()
        if not path.startswith(ALWAYS) and self._failures.shut(whence, now):
            refusal = PlainTextResponse(
                "Too many addresses that lead nowhere; try again in ten minutes.\n", 429
            )
            refusal.headers["Retry-After"] = str(int(SPAN))
            await refusal(scope, receive, send)
            return

        async def counted(message: Message) -> None:
            failed = message["type"] == "http.response.start" and message["status"] == 404
            if failed and self._failures.add(whence, now):
                log.warning("site.guessing", network=whence)
            await send(message)

        await self._app(scope, receive, counted)
