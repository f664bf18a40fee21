"""Keep to robots.txt where a page was not offered for machines (RFC 9309).

A copy serves its origin for 24 hours. A 4xx means that there are no rules; when the file cannot be reached, an
older copy is used if there is one, else the page is not asked either (section 2.3.1.4) and the file is tried
again after ten minutes. At most 500 KiB are read, the least that the RFC demands.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from alerts.domain.errors import FetchError
from alerts.domain.feeds import Feed
from alerts.domain.ports import Clock
from alerts.domain.vocabulary import Outcome
from alerts.net import PRODUCT, Ask, Client

KEPT = timedelta(hours=24)
TRIED_AGAIN = timedelta(minutes=10)
_SIZE = 500 * 1024
_COMMENT = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, slots=True)
class _Copy:
    """The rules of one origin, good until ``until``; None: they could not be had, for the reason in ``why``."""

    rules: Protego | None
    until: datetime
    why: str = ""


class Robots:
    """Remembers the rules of the origins it was asked about."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._copies: dict[tuple[str, bool], _Copy] = {}

    async def check(self, url: str, agent: str, feed: Feed) -> None:
        """Return when ``agent`` may ask ``url``.

        Raises:
            FetchError: ROBOTS when the rules refuse or cannot be had, DENIED_ADDRESS from the guard.
        """
        copy = await self._copy(url, agent, feed)
        if copy.rules is None:
            raise FetchError(
                Outcome.ROBOTS, f"robots.txt cannot be read, so the page is not asked: {copy.why}"
            )
        if not copy.rules.can_fetch(url, _product(agent)):
            raise FetchError(Outcome.ROBOTS, "robots.txt of the source refuses this page")

    async def _copy(self, url: str, agent: str, feed: Feed) -> _Copy:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        key = (origin, feed.allow_private_networks)
        held = self._copies.get(key)
        now = self._clock.now()
        if held is None or held.until <= now:
            held = self._copies[key] = await self._read(f"{origin}/robots.txt", agent, feed, held)
        return held

    async def _read(self, url: str, agent: str, feed: Feed, held: _Copy | None) -> _Copy:
        ask = Ask(
            url,
            headers={"User-Agent": agent},
            timeout=feed.timeout,
            max_bytes=_SIZE,
            private=feed.allow_private_networks,
            cut=True,
        )
        now = self._clock.now()
        try:
            answer = await self._client.exchange(ask)
        except FetchError as fault:
            if fault.outcome is Outcome.DENIED_ADDRESS:
                raise
            return _unreached(held, now, fault.detail)
        if answer.status == 200:
            return _Copy(Protego.parse(answer.body.decode("utf-8", "replace")), now + KEPT)
        if 300 <= answer.status < 500:
            return _Copy(Protego.parse(""), now + KEPT)
        return _unreached(held, now, f"the server answered {answer.status}")


def _product(agent: str) -> str:
    """Return ``agent`` without our comment: an address in it is no name that a rule could mean."""
    return _COMMENT.sub("", agent) if agent.startswith(PRODUCT) else agent


def _unreached(held: _Copy | None, now: datetime, why: str) -> _Copy:
    return _Copy(held.rules if held else None, now + TRIED_AGAIN, why)
