"""Hand mail to a relay over SMTP.

Messages wait for one of a few kept connections (:mod:`alerts.deliver.line`); what may not wait has connections of its
own, so that no backlog of digests stands in its way, however slow the relay takes them. The step that began last decides
with the server's answer what the end means (:mod:`alerts.deliver.verdict`). Certificates are always checked.

Delivery reports (RFC 3461) are asked for where the relay offers them, under an id that names the delivery; a sender's address of
its own for each delivery names it too (:mod:`alerts.domain.return_path`).
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import datetime

from alerts.deliver.address import original_recipient, read_address
from alerts.deliver.line import Job, Line, MaySend
from alerts.deliver.mail_url import SmtpSettings
from alerts.deliver.mime import Sender, encode
from alerts.deliver.turnstile import Turnstile
from alerts.deliver.verdict import Ended, Tries, not_transmitted, verdict
from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.errors import InputError
from alerts.domain.providers import provider_of

GOODBYE = 2.0  # seconds
IDLE = 30.0  # seconds that a connection without work is kept
URGENT_LINES = 2
NO_UTF8 = Ended("rcpt", 553, "the relay does not offer SMTPUTF8 for this address")


class Pool:
    """At most ``lines`` connections at a time, each made when a message finds no other free and its provider has room."""

    def __init__(self, settings: SmtpSettings, lines: int, turnstile: Turnstile) -> None:
        self._settings = settings
        self._most = lines
        self._turnstile = turnstile
        self._waiting: deque[Job] = deque()
        self._more = asyncio.Condition()
        self._idle = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._stirring: set[asyncio.Task[None]] = set()
        self._closing = False

    async def carry(self, job: Job) -> Ended | None:
        """Return how the message ended; None when it was called off."""
        self._waiting.append(job)
        await self._stir()
        return await job.ended

    def look_again(self) -> None:
        """Let what waited for room at its provider go on."""
        if self._ready() and not self._closing:
            _keep(self._stir(), self._stirring)

    async def _stir(self) -> None:
        if self._idle:
            async with self._more:
                self._more.notify()
        elif len(self._tasks) < self._most:
            _keep(self._work(), self._tasks)

    async def close(self) -> None:
        """Say goodbye on the kept connections, and cut those on which a message is still under way: nobody waits for it."""
        self._closing = True
        async with self._more:
            self._more.notify_all()
        tasks = list(self._tasks)
        if tasks:
            _, slow = await asyncio.wait(tasks, timeout=GOODBYE)
            for task in slow:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self) -> None:
        line = Line(self._settings, self._next)
        try:
            while True:
                job = self._next() or await self._patiently()
                if job is None:
                    break
                await line.carry(job)
        finally:
            await line.quit()

    def _next(self) -> Job | None:
        """Return the first job that waits and whose provider has room; those before it keep their places."""
        passed: list[Job] = []
        found = None
        while self._waiting and found is None:
            job = self._waiting.popleft()
            if job.ended.cancelled():
                continue
            if self._turnstile.has_room(job):
                found = job
                self._turnstile.enter(job)
            else:
                passed.append(job)
        self._waiting.extendleft(reversed(passed))
        return found

    def _ready(self) -> bool:
        return any(map(self._turnstile.has_room, self._waiting))

    async def _patiently(self) -> Job | None:
        """Return the next job, or None after a time without any."""
        if self._closing:
            return None
        self._idle += 1
        try:
            async with self._more, asyncio.timeout(IDLE):
                await self._more.wait_for(lambda: self._ready() or self._closing)
        except TimeoutError:
            return None
        finally:
            self._idle -= 1
        return self._next()


def _keep(work: Coroutine[object, object, None], tasks: set[asyncio.Task[None]]) -> None:
    task = asyncio.ensure_future(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


class SmtpChannel:
    """A channel to one relay over at most ``settings.lanes`` connections at a time, and a few for what is urgent."""

    def __init__(self, settings: SmtpSettings, sender: Sender) -> None:
        self._sender = sender
        # One text under way on each connection, an envelope behind it, and others that the database is busy with.
        self.lanes = 6 * settings.lanes
        turnstile = Turnstile(self._look_again)
        self._usual = Pool(settings, settings.lanes, turnstile)
        self._urgent = Pool(settings, min(URGENT_LINES, settings.lanes), turnstile)

    async def send(self, claim: DeliveryClaim, now: datetime, may_transmit: MaySend) -> Receipt:
        """Return the receipt; never raises for what the relay does or for an address that cannot be mailed to."""
        tries = Tries(claim.failures, claim.first_attempt_at or claim.created_at)
        try:
            job = _job(claim, self._sender, may_transmit)
        except InputError as error:
            return verdict(Ended("rcpt", 553, str(error)), tries, now)
        pool = self._urgent if claim.urgent else self._usual
        ended = await pool.carry(job)
        return not_transmitted(now) if ended is None else verdict(ended, tries, now)

    def _look_again(self) -> None:
        for pool in (self._urgent, self._usual):  # what is urgent gets the room first
            pool.look_again()

    async def close(self) -> None:
        """Say goodbye on the kept connections."""
        await asyncio.gather(self._usual.close(), self._urgent.close())


def _job(claim: DeliveryClaim, sender: Sender, may_transmit: MaySend) -> Job:
    content = encode(claim, sender)
    opening = _opening(claim, sender, len(content))
    return Job(opening, content, may_transmit, provider_of(claim.address))


def _opening(
    claim: DeliveryClaim, sender: Sender, size: int
) -> Callable[[frozenset[str]], tuple[bytes, bytes] | Ended]:
    returns = sender.returns
    back = returns.address(claim.id, claim.message_id) if returns else sender.address
    origin, recipient = read_address(back), read_address(claim.address)
    other_letters = origin.needs_utf8 or recipient.needs_utf8

    def opening(extensions: frozenset[str]) -> tuple[bytes, bytes] | Ended:
        if other_letters and "smtputf8" not in extensions:
            return NO_UTF8
        mail, rcpt = f"MAIL FROM:<{origin}>", f"RCPT TO:<{recipient}>"
        if "size" in extensions:
            mail += f" SIZE={size}"
        if other_letters:
            mail += " SMTPUTF8"
        if "dsn" in extensions:
            envelope_id = f" ENVID={returns.token(claim.id, claim.message_id)}" if returns else ""
            mail += f" RET=HDRS{envelope_id}"
            rcpt += f" NOTIFY=FAILURE,DELAY ORCPT={original_recipient(recipient)}"
        return f"{mail}\r\n".encode(), f"{rcpt}\r\n".encode()

    return opening
