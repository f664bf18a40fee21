"""Readers in processes of their own, so that a document can waste one process's time and nothing else.

A child is started with its first document, killed when a document takes longer than the wall limit, and replaced
after ``recycle_after`` documents (feedparser keeps memory). A child that dies takes only its own document
with it. The environment of a child holds nothing of ours: no settings, no secrets.

Units: seconds of wall clock and of CPU time, bytes of address space.
"""

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import alerts
from alerts.domain.collected import Document, Parsed
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import Outcome
from alerts.parse.delta import Memory
from alerts.parse.wire import LENGTH, MAX_FRAME, WireError, pack_question, unpack_answer

_ROOT = str(Path(alerts.__file__).parent.parent)
_SIGNALS_OF_LIMITS = {-24, -9}  # SIGXCPU, and SIGKILL by the kernel's memory guard


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost."""

    wall: float = 5.0
    cpu: int = 5  # the kernel counts whole seconds: up to one more
    memory: int = 512 * 1024 * 1024
    recycle_after: int = 200
    start: float = 30.0  # seconds that a child has to come up on a busy machine


class ParserPool:
    """Implements :class:`alerts.domain.ports.Parser` with at most ``size`` children; one event loop."""

    def __init__(self, size: int = 2, limits: Limits | None = None, memory: Memory | None = None) -> None:
        self._limits = limits or Limits()
        self._memory = memory or Memory()
        self._free = asyncio.Semaphore(size)
        self._idle: list[_Child] = []
        self._closed = False

    async def parse(self, document: Document, feed: Feed) -> Parsed:
        """Return what ``document`` held; of a feed that was read before, only what is new goes to a child.

        Raises:
            ParseError: the reader refused it, or it took too long (HOSTILE), or its child broke (INTERNAL).
        """
        short = await self._only_new(document, feed)
        if short is not None:
            return short
        whole = await self._ask(document, feed)
        self._memory.learn(document, feed, whole)
        return whole

    async def _only_new(self, document: Document, feed: Feed) -> Parsed | None:
        plan = self._memory.plan(document, feed)
        if plan is None:
            return None
        try:
            return self._memory.complete(plan, await self._ask(plan.document, feed), feed)
        except ParseError:
            return None  # the whole document decides

    async def _ask(self, document: Document, feed: Feed) -> Parsed:
        async with self._free:
            child = self._idle.pop() if self._idle else await _start(self._limits)
            try:
                return await child.ask(document, feed)
            finally:
                if child.usable and not self._closed:
                    self._idle.append(child)
                else:
                    await child.end()

    async def close(self) -> None:
        """End all children; documents being read end with their children."""
        self._closed = True
        while self._idle:
            await self._idle.pop().end()


class _Child:
    """One process and how far its life has gone."""

    def __init__(self, process: asyncio.subprocess.Process, limits: Limits) -> None:
        self._process = process
        self._limits = limits
        self._done = 0
        self._busy = False

    @property
    def usable(self) -> bool:
        """Say whether it stands ready for another document: not in the middle of one, not dead, not old."""
        alive = self._process.returncode is None and not self._busy
        return alive and self._done < self._limits.recycle_after

    async def ask(self, document: Document, feed: Feed) -> Parsed:
        """Return the child's answer.

        Raises:
            ParseError: as :meth:`ParserPool.parse`.
        """
        self._busy = True
        try:
            async with asyncio.timeout(self._limits.wall):
                frame = await self._exchange(pack_question(document, feed))
        except TimeoutError as late:
            detail = f"the document took longer than {self._limits.wall:g} s to read"
            blame = "; a regular expression of its mapping may be to blame" if _searched(feed) else ""
            raise ParseError(Outcome.HOSTILE, detail + blame) from late
        except (asyncio.IncompleteReadError, ConnectionError) as broken:
            raise await self._obituary() from broken
        self._busy = False
        self._done += 1
        try:
            return unpack_answer(frame)
        except WireError as fault:
            self._busy = True  # what it says can no longer be trusted: it is ended
            raise ParseError(
                Outcome.INTERNAL, f"the reader gave an answer of the wrong shape: {fault}"
            ) from fault

    async def end(self) -> None:
        """Kill the process and wait for it."""
        with suppress(ProcessLookupError):
            self._process.kill()
        with suppress(ConnectionError):
            await self._process.communicate()  # reads both pipes to their end, so that they are closed

    async def _exchange(self, question: bytes) -> bytes:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise ConnectionError("the reader has no pipes")
        stdin.write(question)
        await stdin.drain()
        (length,) = LENGTH.unpack(await stdout.readexactly(LENGTH.size))
        if length > MAX_FRAME:
            raise ConnectionError("the reader answers with more than it was given")
        return await stdout.readexactly(length)

    async def _obituary(self) -> ParseError:
        """Return the error for a child that ended in the middle of a document."""
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self._process.wait()
        code = self._process.returncode
        if code in _SIGNALS_OF_LIMITS:
            return ParseError(
                Outcome.HOSTILE, "the document used up what a reader may use of CPU time or memory"
            )
        return ParseError(Outcome.INTERNAL, f"the reader broke on this document (exit {code})")


def _searched(feed: Feed) -> bool:
    """Say whether expressions that an admin wrote are tried on the document."""
    page = feed.page
    return page is not None and bool(page.link_pattern or page.date_pattern or page.exclude_title)


async def _start(limits: Limits) -> _Child:
    """Return a child that has said it is ready.

    Raises:
        ParseError: INTERNAL where it does not come up.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "alerts.parse.worker", str(limits.cpu), str(limits.memory)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": os.defpath, "PYTHONPATH": _ROOT, "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"},
        cwd="/",
    )
    child = _Child(process, limits)
    try:
        async with asyncio.timeout(limits.start):
            if process.stdout is not None:
                await process.stdout.readexactly(1)
    except (TimeoutError, asyncio.IncompleteReadError) as fault:
        await child.end()
        raise ParseError(Outcome.INTERNAL, "a reader process does not come up") from fault
    return child
