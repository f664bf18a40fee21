"""Webhooks and chat bots on loopback: what each platform says when it takes, delays, refuses or is gone."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.deliver import DIALECTS, Outlet, PostChannel, Vault
from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.posts import Keep
from alerts.domain.vocabulary import ChannelKind
from alerts.net import Client, Limits
from tests.clocks import MovedClock
from tests.digests import NOW, a_claim, a_message
from tests.servers import Answer, SourceServer

VAULT = Vault(b"k" * 32)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
QUICK = Limits(connect=timedelta(seconds=0.3), idle=timedelta(seconds=0.15))
SECRETS = {ChannelKind.WEBHOOK: (SECRET,), ChannelKind.DINGTALK: ("SECabc",), ChannelKind.FEISHU: ("demo",)}


def said(body: str, status: int = 200, **headers: str) -> Answer:
    """Return an answer in JSON or plain words."""
    return Answer(status, body.encode(), {name.replace("_", "-"): value for name, value in headers.items()})


@dataclass(frozen=True, slots=True)
class Manner:
    """What one platform answers in each case."""

    taken: Answer
    busy: Answer
    refused: Answer | None  # a message that it will never take; None where it has no word for that
    gone: Answer
    misconfigured: Answer | None = None


def _numbered(name: str, words: str) -> Callable[[int, str], Answer]:
    return lambda number, text: said(f'{{"{name}":{number},"{words}":"{text}"}}')


_err, _code = _numbered("errcode", "errmsg"), _numbered("code", "msg")

MANNERS = {
    ChannelKind.WEBHOOK: Manner(said("", 204), said("slow", 429, Retry_After="90"), None, said("", 410)),
    ChannelKind.WECOM: Manner(
        _err(0, "ok"), _err(45009, "api freq out of limit"), _err(40058, "markdown.content exceed max length 4096"),
        _err(93000, "invalid webhook url"), _err(60020, "not allow to access from your ip"),
    ),
    ChannelKind.DINGTALK: Manner(
        _err(0, "ok"), _err(130101, "send too fast, exceed 20 times per minute"),
        _err(460101, "message too long, exceed 20000 bytes"), _err(300001, "token is not exist"), _err(310000, "sign not match"),
    ),
    ChannelKind.FEISHU: Manner(
        _code(0, "success"), _code(9499, "too many request"), _code(9499, "Bad Request"),
        _code(19001, "param invalid: incoming webhook access token invalid"), _code(19021, "sign match fail"),
    ),
    ChannelKind.SLACK: Manner(
        said("ok"), said("rate_limited", 429, Retry_After="30"), said("invalid_blocks", 400),
        said("no_service", 404), said("action_prohibited", 403),
    ),
    ChannelKind.TEAMS: Manner(
        said("", 202), said("", 429, Retry_After="10"), said("Request Entity too large", 413),
        said('{"error":{"code":"WorkflowNotFound"}}', 404), said('{"error":{"code":"WorkflowTriggerIsNotEnabled"}}', 400),
    ),
}  # fmt: skip


async def yes() -> bool:
    return True


@dataclass
class Post:
    """One channel towards one address, used for a single message."""

    kind: ChannelKind
    url: str
    inside: frozenset[str] | None = None
    resolve: Callable[[str], list[str]] | None = None
    clock: MovedClock = field(default_factory=lambda: MovedClock(NOW))

    def claim(self, **fields: object) -> DeliveryClaim:
        """Return a delivery to the address."""
        sealed = VAULT.seal(Keep(self.url, SECRETS.get(self.kind, ())))
        message = a_message(text='{"type":"x","data":{}}', html="")
        return a_claim(**({"channel": self.kind, "sealed": sealed, "message": message} | fields))

    def send(self, *claims: DeliveryClaim, may: Callable[[], Awaitable[bool]] = yes) -> list[Receipt]:
        """Return the receipts of messages that are sent one after the other."""
        return asyncio.run(self._send(claims or (self.claim(),), may, NOW))

    async def _send(
        self, claims: tuple[DeliveryClaim, ...], may: Callable[[], Awaitable[bool]], now: datetime
    ) -> list[Receipt]:
        async with Client("test", limits=QUICK, resolve=self.resolve) as client:
            inside = frozenset({"127.0.0.1"}) if self.inside is None else self.inside
            channel = PostChannel(DIALECTS[self.kind], Outlet(client, VAULT, self.clock, inside))
            return [await channel.send(claim, now, may) for claim in claims]


def post(kind: ChannelKind, server: SourceServer) -> Post:
    """Return a channel towards ``/post`` of a server."""
    return Post(kind, server.url("/post?key=5ecret-of-the-b0t"))
