"""Put the ends of polls away together: whoever ends while a transaction is being written goes into the next one.

A transaction costs a disk its flush, whatever it holds, so at a thousand polls a second they must share it.
Each poll is still stored or not by itself (:meth:`alerts.store.Store.feeds.finish_all`).
"""

import asyncio
from collections.abc import Sequence

from alerts.domain.collected import Finished, PollSaved
from alerts.store import Store
from alerts.vigil import judge_arrivals

TOGETHER = 200  # polls in one transaction


class Filing:
    """The polls that wait to be stored, in the order in which they ended."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Finished, asyncio.Future[PollSaved]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def file(self, finished: Finished) -> PollSaved:
        """Return what was stored, once it is.

        Raises:
            StoreError: it could not be stored; nothing of it is.
        """
        stored: asyncio.Future[PollSaved] = asyncio.get_running_loop().create_future()
        self._waiting.append((finished, stored))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return await stored

    async def _write(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
            polls = [finished for finished, _ in some]
            ends: Sequence[PollSaved | Exception]
            try:
                ends = await asyncio.to_thread(self._store.feeds.finish_all, polls, judge_arrivals)
            except Exception as fault:
                ends = [fault] * len(some)
            for (_, stored), end in zip(some, ends, strict=True):
                if stored.cancelled():
                    continue
                if isinstance(end, Exception):
                    stored.set_exception(end)
                else:
                    stored.set_result(end)
