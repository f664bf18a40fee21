"""At most two mails at a time are under way to one mailbox provider, over all connections of a process.

Behind a relay that passes mails on while we wait, or that is the provider's own, each mail under way is a connection to the
provider. The big ones are limited from the start; whoever else refuses by speed is limited from then on. All others are not:
a company's own server gets few mails, and a relay that queues needs no such care.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from alerts.deliver.verdict import Ended
from alerts.domain.providers import AT_ONCE, domains_of, slows

if TYPE_CHECKING:
    from asyncio import Future

    from alerts.deliver.line import Job


class Turnstile:
    """Counts what is under way to each provider; ``opened`` is called when there is room again where there was none."""

    def __init__(self, opened: Callable[[], None]) -> None:
        self._opened = opened
        self._under_way: Counter[str] = Counter()
        self._slowed: set[str] = set()

    def has_room(self, job: "Job") -> bool:
        """Return whether a message may begin."""
        return self._under_way[job.provider] < AT_ONCE or not self._is_limited(job.provider)

    def enter(self, job: "Job") -> None:
        """Count a message until it has ended, however it ends."""
        self._under_way[job.provider] += 1
        job.ended.add_done_callback(partial(self._leave, job.provider))

    def _is_limited(self, provider: str) -> bool:
        return provider in self._slowed or bool(domains_of(provider))

    def _leave(self, provider: str, future: "Future[Ended | None]") -> None:
        self._under_way[provider] -= 1
        if not self._under_way[provider]:
            del self._under_way[provider]
        ended = None if future.cancelled() or future.exception() else future.result()
        if ended is not None and ended.code is not None and ended.stage != "done" and slows(ended.answer):
            self._slowed.add(provider)
        if self._is_limited(provider):
            self._opened()
