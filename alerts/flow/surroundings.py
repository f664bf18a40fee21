"""What many sources together tell about ourselves: that our own network is down, or that our clock is wrong.

A laptop that wakes up, or a server whose line is cut, sees every source fail at once. Counted as failures of the
sources, all would back off for a day together (CommaFeed issue 1034). So once the last six hosts in a row could
not be reached at all, without any answer in between, the fault is taken for ours: such failures change nothing about
the sources, each is tried again in five minutes, and the operator is told once.

The same for time: a server whose Date is more than a minute from our clock may be wrong; where most servers are, we
are, and then every freshness and every deadline is read wrongly.

What is remembered here is of this process only: another process has its own network.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from threading import Lock
from urllib.parse import urlsplit

import structlog

from alerts.domain.collected import Document, Request, Unchanged
from alerts.domain.errors import CollectError
from alerts.domain.events import EventKind
from alerts.domain.feeds import Feed
from alerts.domain.ports import Clock, Fetcher
from alerts.domain.vocabulary import Outcome
from alerts.fetch import http_date

log = structlog.get_logger("alerts.poll")

UNREACHED = frozenset({Outcome.CONNECTION, Outcome.TIMEOUT})
IN_A_ROW = 6  # hosts
SKEW = timedelta(seconds=60)
WITNESSES = 3  # hosts that must agree before our clock is doubted
REMEMBERED = 50  # hosts


@dataclass(slots=True)
class Surroundings:
    """Counts what sources tell about this machine. ``times``: its clock is the real one, so servers' dates can be compared."""

    times: bool = False
    heard: bool = False  # something has answered since the start
    _told: dict[EventKind, bool] = field(default_factory=dict)
    _silent: set[str] = field(default_factory=set)  # hosts that could not be reached since the last answer
    _skews: dict[str, timedelta] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def answered(self, url: str, headers: Mapping[str, str], now: datetime) -> timedelta | None:
        """Take note that a host answered; return how far its clock is ahead where that is found wrong and news."""
        host, skew = _host(url), _skew(headers, now) if self.times else None
        with self._lock:
            self.heard = True
            self._silent.clear()
            if skew is None:
                return None
            before = self._skews.pop(host, timedelta(0))
            self._skews[host] = skew
            if len(self._skews) > REMEMBERED:
                del self._skews[next(iter(self._skews))]
            return skew if abs(skew) > SKEW >= abs(before) else None

    def failed(self, url: str, outcome: Outcome, status: int | None) -> bool:
        """Return whether the failure is to be laid at our own door rather than the source's."""
        with self._lock:
            if status is not None:
                self._silent.clear()
            elif outcome in UNREACHED:
                self._silent.add(_host(url))
                return self._cut_off()
            return False

    @property
    def cut_off(self) -> bool:
        """Return whether our own network seems to be down."""
        with self._lock:
            return self._cut_off()

    def _cut_off(self) -> bool:
        return len(self._silent) >= IN_A_ROW

    @property
    def skew(self) -> timedelta | None:
        """Return how far most servers are ahead of our clock, where that is more than a minute; else None."""
        with self._lock:
            skews = list(self._skews.values())
        if len(skews) < WITNESSES:
            return None
        middle = timedelta(seconds=median(skew.total_seconds() for skew in skews))
        apart = sum(abs(skew - middle) <= SKEW for skew in skews)
        return middle if abs(middle) > SKEW and 2 * apart > len(skews) else None

    def news(self) -> list[tuple[EventKind, str]]:
        """Return what began (with a detail) or ceased (without) since this was last asked; nothing before the first answer."""
        skew = self.skew
        ahead = "behind" if skew and skew > timedelta(0) else "ahead of"
        found = {
            EventKind.CUT_OFF: f"{IN_A_ROW} hosts in a row" if self.cut_off else "",
            EventKind.CLOCK: f"about {abs(skew).total_seconds():.0f} s {ahead} theirs" if skew else "",
        }
        changed = [
            (kind, detail)
            for kind, detail in found.items()
            if (detail or self.heard) and self._told.get(kind) is not bool(detail)
        ]
        self._told |= {kind: bool(detail) for kind, detail in changed}
        return changed


class HeedingFetcher:
    """A fetcher that tells what it meets to the surroundings, and whose faults say whether they are our own."""

    def __init__(self, inner: Fetcher, surroundings: Surroundings, clock: Clock) -> None:
        self._inner = inner
        self._surroundings = surroundings
        self._clock = clock

    async def fetch(self, request: Request, feed: Feed) -> Document | Unchanged:
        """Return what the inner fetcher returns.

        Raises:
            CollectError: that of the inner fetcher; ``ours`` where our own network seems to be down.
        """
        try:
            answer = await self._inner.fetch(request, feed)
        except CollectError as error:
            error.ours = self._surroundings.failed(request.url, error.outcome, error.status)
            raise
        url = answer.final_url or request.url
        wrong = self._surroundings.answered(url, answer.headers, self._clock.now())
        if wrong:
            log.warning("server.clock", feed=feed.id, seconds_ahead=round(wrong.total_seconds()))
        return answer


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _skew(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how far the server's clock is ahead; an answer from a cache is as old as its Age says."""
    said = http_date(headers.get("date", ""))
    age = headers.get("age", "0")
    if said is None or not age.isdecimal() or len(age) > 9:
        return None
    return said + timedelta(seconds=int(age)) - now
