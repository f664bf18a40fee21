"""Ask a hub for a subscription, through the same door and guard as every source.

A document names the hub, so its address is a stranger's word: it is dialled like a source's own (no private network
without the feed's permission), on the ports of the web only, and what it answers is cut at 64 KiB. A redirect is followed
only where it keeps the request as it is (307, 308) and never from https to http; each hop is a new exchange with its own
checks. The secret goes along wherever the hub is reached: it protects no more than our patience, since a push is a hint.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode, urljoin, urlsplit

from alerts.domain.errors import FetchError
from alerts.domain.ports import Clock
from alerts.domain.push import LEASE, Asking, HubAnswer, OwnHub, PushMode
from alerts.domain.text import one_line
from alerts.fetch.patience import retry_after
from alerts.net import Answer, Ask, Client
from alerts.net.target import read_target

DEADLINE = timedelta(seconds=30)
HOPS = 3
_KEPT = frozenset({307, 308})
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "*/*"}


class HubAsker:
    """Sends requests to hubs; ``callback`` makes the address under which a hub reaches the subscription of a key."""

    def __init__(self, client: Client, clock: Clock, callback: Callable[[str], str]) -> None:
        self._client = client
        self._clock = clock
        self._callback = callback

    async def ask(self, asking: Asking) -> HubAnswer:
        """Return what the hub said; never raises for what it does."""
        return await self._post(asking.hub, self._form(asking), private=asking.private)

    async def tell(self, hub: OwnHub, topics: Sequence[str]) -> HubAnswer:
        """Return what the hub of our own feeds said to news of these topics; never raises for what it does.

        WebSub leaves to hub and publisher how it is told; all hubs know the form of PubSubHubbub 0.4, many topics at once.
        """
        body = urlencode([("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]).encode()
        try:
            target = read_target(hub.address)
        except FetchError as fault:
            return HubAnswer(accepted=False, detail=one_line(fault.detail, 200))
        private = target.is_among(hub.inside)
        return await self._post(hub.address, body, private=private)

    async def _post(self, url: str, body: bytes, *, private: bool) -> HubAnswer:
        for _ in range(HOPS + 1):
            if not private and _port(url) not in (None, 80, 443):
                return HubAnswer(accepted=False, detail="the hub's address has an unusual port", final=True)
            ask = Ask(url, "POST", _FORM, body, DEADLINE, 64 * 1024, private=private, cut=True, follow=False)
            try:
                answer = await self._client.exchange(ask)
            except FetchError as fault:
                return HubAnswer(accepted=False, detail=one_line(fault.detail, 200))
            location = answer.headers.get("location")
            if answer.status not in _KEPT or location is None:
                return _verdict(answer, self._clock.now())
            onward = urljoin(url, location.strip())
            if url.startswith("https:") and not onward.startswith("https:"):
                return HubAnswer(accepted=False, detail="the hub leads from https to http", final=True)
            url = onward
        return HubAnswer(accepted=False, detail=f"the hub redirects more than {HOPS} times")

    def _form(self, asking: Asking) -> bytes:
        fields = {
            "hub.mode": asking.mode.value,
            "hub.topic": asking.topic,
            "hub.callback": self._callback(asking.key),
        }
        if asking.mode is PushMode.SUBSCRIBE:
            fields |= {"hub.secret": asking.secret, "hub.lease_seconds": str(int(LEASE.total_seconds()))}
        # PubSubHubbub 0.3, which some hubs still speak, wants to know how it is to verify; 1.0 passes over it.
        return urlencode(fields | {"hub.verify": "async"}).encode()


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return -1


def _verdict(answer: Answer, now: datetime) -> HubAnswer:
    if 200 <= answer.status < 300:
        return HubAnswer(accepted=True)
    said = one_line(answer.body[:400].decode("utf-8", "replace"), 150)
    where = answer.headers.get("location") if 300 <= answer.status < 400 else None
    reason = f"leads to {one_line(where, 150)}" if where else said
    detail = f"the hub answered {answer.status}" + (f": {reason}" if reason else "")
    pause = retry_after(answer.headers, now)
    refused = 400 <= answer.status < 500 and answer.status not in (408, 425, 429)
    return HubAnswer(accepted=False, detail=detail, final=refused, retry_at=now + pause if pause else None)
