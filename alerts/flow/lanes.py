"""Work side by side, up to a number of lanes; whoever waits learns of all that ended meanwhile.

``asyncio.wait`` looks at every task at every end, which at two hundred tasks costs more than the work of one.
"""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class Lanes(Generic[Result]):
    """Tasks under way; results come in the order in which they ended."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._running: set[asyncio.Task[Result]] = set()
        self._ended: list[asyncio.Task[Result]] = []
        self._news = asyncio.Event()

    @property
    def free(self) -> int:
        """Return how many more may be started."""
        return self._count - len(self._running)

    @property
    def busy(self) -> bool:
        """Return whether anything is under way or has ended unnoticed."""
        return bool(self._running or self._ended)

    def start(self, work: Coroutine[Any, Any, Result]) -> None:
        """Start a task."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._end)

    async def ended(self, seconds: float) -> list[Result]:
        """Return the results of what has ended, after at most so many seconds; raises what a task raised."""
        if not self._ended:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._news.wait()
        self._news.clear()
        tasks, self._ended = self._ended, []
        return [task.result() for task in tasks]

    async def cancel(self) -> None:
        """Cancel what is under way and wait until it has ended."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _end(self, task: asyncio.Task[Result]) -> None:
        self._running.discard(task)
        self._ended.append(task)
        self._news.set()
