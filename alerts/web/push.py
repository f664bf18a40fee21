"""Where hubs call: ``/push/{key}`` (WebSub).

GET is a hub's question whether a request was meant: its challenge is given back, byte for byte, for exactly what it was
asked; everything else is 404, so that nobody learns which keys there are. POST brings what is new: its seal is checked
while it goes by and nothing of it is kept. It then only makes the feed due. What has no good seal is acknowledged all the
same, since a hub must not learn which forgeries work (section 8), counted, and dropped.
"""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256

import structlog
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response

from alerts.domain.feeds import Feed
from alerts.domain.push import Pushed
from alerts.domain.seals import Seal, read_seal
from alerts.domain.text import one_line
from alerts.store import Intent
from alerts.web.site import Site

log = structlog.get_logger("alerts.web.push")

PREFIX = "/push/"
MAX_BODY = 16 * 1024 * 1024  # bytes: hubs send whole documents, and none is held here
PATIENCE = 30.0  # seconds for a body to come
MOST_A_MINUTE = 120  # of one subscription; a storm says nothing that its first push did not
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


class PushDoor:
    """Answers hubs."""

    def __init__(
        self, site: Site, patience: float = PATIENCE, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._site = site
        self._patience = patience
        self._calls = Calls(ticks)

    def routes(self) -> APIRouter:
        """Return the one address."""
        router = APIRouter()
        router.add_api_route(PREFIX + "{key}", self.verify, methods=["GET"])
        router.add_api_route(PREFIX + "{key}", self.receive, methods=["POST"])
        return router

    def verify(self, request: Request) -> Response:
        """Give the challenge back if this was asked for."""
        asked = request.query_params
        challenge = asked.get("hub.challenge", "")
        intent = Intent(
            mode=asked.get("hub.mode", ""),
            topic=asked.get("hub.topic", ""),
            challenge=sha256(challenge.encode("utf-8", "replace")).hexdigest() if challenge else "",
            lease=asked.get("hub.lease_seconds"),
            reason=one_line(asked.get("hub.reason", ""), 200) or None,
        )
        pushed, _ = self._known(request.path_params["key"])  # a stranger's guess takes no writer's turn
        if not self._site.store.push.intend(pushed.key, intent, self._site.clock.now()):
            raise HTTPException(404)
        log.info("hub.verified", feed=pushed.feed_id, mode=one_line(intent.mode, 20))
        return PlainTextResponse(challenge, headers={"Cache-Control": "no-store"})

    async def receive(self, request: Request) -> Response:
        """Take a push."""
        pushed, feed = await run_in_threadpool(self._known, request.path_params["key"])
        if not self._calls.admit(pushed.key):
            return PlainTextResponse("Too many.\n", 429, headers={"Retry-After": "60"})
        sha1 = feed is not None and feed.websub_sha1
        seal = read_seal(request.headers.get("x-hub-signature"), pushed.secret, sha1=sha1)
        try:
            async with asyncio.timeout(self._patience):
                await _through(request, seal)
        except TimeoutError:
            raise HTTPException(408) from None
        good = seal is not None and seal.holds()
        await run_in_threadpool(self._take, pushed, good)
        return Response(status_code=202)

    def _known(self, key: str) -> tuple[Pushed, Feed | None]:
        pushed = self._site.store.push.find(key) if _KEY.fullmatch(key) else None
        if pushed is None:
            raise HTTPException(404)
        return pushed, self._site.feeds().get(pushed.feed_id)

    def _take(self, pushed: Pushed, good: bool) -> None:
        if good:
            self._site.store.push.hint(pushed.key, self._site.clock.now())
        else:
            self._site.store.push.refuse(pushed.key)
        log.info("push.received", feed=pushed.feed_id, sealed=good)


class Calls:
    """How often each of the subscriptions last heard of was called within a minute."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._began: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def admit(self, key: str) -> bool:
        """Return whether one more call is taken."""
        now = self._ticks()
        began, count = self._began.pop(key, (now, 0))
        if now - began >= 60:
            began, count = now, 0
        self._began[key] = (began, count + 1)
        if len(self._began) > 1000:
            self._began.popitem(last=False)
        return count < MOST_A_MINUTE


async def _through(request: Request, seal: Seal | None) -> None:
    """Let the whole body go by."""
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > MAX_BODY:
                raise HTTPException(413)
            if seal is not None:
                seal.add(chunk)
    except ClientDisconnect:
        raise HTTPException(400) from None
