"""Which feeds are claimed next: as many as lanes are free, one of a host at a time, hosts at their pace."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from alerts.domain.collected import FeedClaim
from alerts.flow.manners import SPACING
from alerts.flow.service import Service

TOGETHER = 25  # free lanes for which a claim is made at once: a claim is a transaction, too
PAUSE = 0.25  # seconds after which one is made for fewer


class Wish:
    """What one call would poll; ``ids`` None means every feed, ``begun`` is the loop's time at its start, if it waits out the pauses.

    Its clock then moves with real time also where the service's stands still, so that pauses end in a rehearsed round, too.
    """

    def __init__(
        self, service: Service, due_only: bool, ids: Sequence[str] | None, begun: float | None
    ) -> None:
        self._service = service
        self._due_only = due_only
        self._left = None if ids is None else list(ids)
        self._begun = begun
        self._started_at = service.clock.now()
        self._claimed_at = -PAUSE

    async def claim(self, free: int) -> list[FeedClaim]:
        """Return at most ``free`` claims; none yet where only a few lanes have come free since a moment ago."""
        at = asyncio.get_running_loop().time()
        if free <= 0 or self._left == [] or (free < TOGETHER and at < self._claimed_at + PAUSE):
            return []
        self._claimed_at = at
        feeds, worker, now = self._service.store.feeds, self._service.worker, self._now()
        claims = await asyncio.to_thread(
            feeds.claim, now, free, worker, ids=self._left, due_only=self._due_only, spacing=SPACING
        )
        taken = {claim.feed_id for claim in claims}
        if self._left is not None:
            self._left = [feed_id for feed_id in self._left if feed_id not in taken]
        return claims

    async def rest(self) -> float | None:
        """Return the seconds until a host that is only resting may be asked again; None when there is none."""
        if self._left == []:
            return None
        feeds, now = self._service.store.feeds, self._now()
        opening = await asyncio.to_thread(feeds.next_opening, now, ids=self._left, due_only=self._due_only)
        return None if opening is None else max((opening - now).total_seconds(), 0.001)

    def _now(self) -> datetime:
        if self._begun is None:
            return self._service.clock.now()
        passed = timedelta(seconds=asyncio.get_running_loop().time() - self._begun)
        return max(self._service.clock.now(), self._started_at + passed)
