"""One clerk for many lanes: what they have to write or ask while the database is busy is done in one transaction next.

Nothing waits for company: a lane alone is served at once, and under load every transaction serves all who came meanwhile.
The lease of what is under way is renewed for all together.
"""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

import structlog

from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.errors import StoreError
from alerts.domain.ports import Clock
from alerts.domain.providers import crowded, provider_of
from alerts.store import Store

log = structlog.get_logger("alerts.send")

Question = TypeVar("Question")
Answer = TypeVar("Answer")

RENEW_EVERY = 20.0  # seconds
PATIENCE = 40.0  # seconds that an outcome is kept while the database is away; then the lease ends
PAUSE = 0.5  # seconds between two tries


class Together(Generic[Question, Answer]):
    """Answers questions in batches: those that came while the batch before was being answered."""

    def __init__(self, answer: Callable[[Sequence[Question]], Sequence[Answer]]) -> None:
        self._answer = answer
        self._waiting: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._task: asyncio.Task[None] | None = None

    async def ask(self, question: Question) -> Answer:
        """Return the answer; whatever answering raises, everybody in the batch gets."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, future))
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._work())
        return await future

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                answers = await asyncio.to_thread(self._answer, [question for question, _ in batch])
            except Exception as fault:
                _tell(batch, [fault] * len(batch))
            else:
                _tell(batch, answers)


def _tell(
    batch: Sequence[tuple[Question, asyncio.Future[Answer]]], answers: Sequence[Answer | Exception]
) -> None:
    for (_, future), answer in zip(batch, answers, strict=True):
        if future.done():
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)


class Clerk:
    """Takes deliveries for lanes, and writes down what became of them."""

    def __init__(self, store: Store, clock: Clock, worker: str, *, urgent_only: bool = False) -> None:
        self._deliveries = store.deliveries
        self._clock = clock
        self._worker = worker
        self._urgent_only = urgent_only
        self._under_way: dict[int, DeliveryClaim] = {}
        self._patient: deque[asyncio.Future[None]] = deque()
        self._claiming: Together[None, DeliveryClaim | None] = Together(self._claim_all)
        self._checking: Together[DeliveryClaim, bool] = Together(self._check_all)
        self._ending: Together[tuple[DeliveryClaim, Receipt], bool] = Together(self._finish_all)

    async def claim(self) -> DeliveryClaim | None:
        """Return a due delivery with its attempt on record, or None when there is none."""
        return await self._claiming.ask(None)

    async def more(self) -> bool:
        """Return, once something ended or after half a second, whether mails may be left that were not to be taken yet.

        Of a mailbox provider only a few mails are taken at a time, so that others wait although lanes are free.
        """
        if not crowded(self._held(), urgent_only=self._urgent_only):
            return False
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._patient.append(waiting)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PAUSE):
                await waiting
        return True

    def hold(self, claims: Sequence[DeliveryClaim]) -> None:
        """Take what was claimed elsewhere, so that its lease is renewed."""
        self._under_way |= {claim.id: claim for claim in claims}

    async def may_transmit(self, claim: DeliveryClaim) -> bool:
        """Return whether the lease still runs and the reader still wants the message."""
        return await self._checking.ask(claim)

    async def finish(self, claim: DeliveryClaim, receipt: Receipt) -> bool:
        """Return whether the outcome is on record; False when another holder has taken over.

        While the database is away the outcome is kept and written again, so that a message that was sent is not
        sent once more for that.

        Raises:
            StoreError: the database stayed away for longer than the lease.
        """
        until = asyncio.get_running_loop().time() + PATIENCE
        try:
            while True:
                try:
                    return await self._ending.ask((claim, receipt))
                except StoreError:
                    if asyncio.get_running_loop().time() > until:
                        raise
                    await asyncio.sleep(PAUSE)
        finally:
            self._under_way.pop(claim.id, None)
            while self._patient:  # one who waits is enough: one place is free
                waiting = self._patient.popleft()
                if not waiting.done():
                    waiting.set_result(None)
                    break

    async def keep(self) -> None:
        """Renew the leases of what is under way, until cancelled."""
        while True:
            await asyncio.sleep(RENEW_EVERY)
            claims = list(self._under_way.values())
            if claims:
                try:
                    await asyncio.to_thread(self._deliveries.renew, claims, self._clock.now())
                except StoreError as fault:
                    log.warning("lease.renewal", fault=str(fault))

    def _claim_all(self, lanes: Sequence[None]) -> Sequence[DeliveryClaim | None]:
        now = self._clock.now()
        claims = self._deliveries.begin(
            now, len(lanes), self._worker, urgent_only=self._urgent_only, held=self._held()
        )
        self._under_way |= {claim.id: claim for claim in claims}  # before the next batch is counted
        return [*claims, *[None] * (len(lanes) - len(claims))]

    def _held(self) -> Mapping[str, int]:
        return Counter(provider_of(one.address) for one in list(self._under_way.values()))

    def _check_all(self, claims: Sequence[DeliveryClaim]) -> Sequence[bool]:
        wanted = self._deliveries.wanted(claims, self._clock.now())
        return [claim.id in wanted for claim in claims]

    def _finish_all(self, ended: Sequence[tuple[DeliveryClaim, Receipt]]) -> Sequence[bool]:
        return self._deliveries.finish_all(ended, self._clock.now())
