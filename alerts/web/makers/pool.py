"""The daemon's side: starts processes as they are wanted, hands them questions, and does without them where they fail.

The first is started with the first question, another one whenever all are busy, up to ``most``; while all are, questions wait. Where there is none yet, or one
broke or takes longer than ``LIMIT``, None says that whoever asks must make the page himself.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog

from alerts.web.makers.wire import (
    LENGTH,
    MOST,
    Feeds,
    Question,
    framed,
    pack_feeds,
    pack_question,
    unpack_answer,
)
from alerts.web.whole import Answer

LIMIT = 20.0  # seconds for one page, and to wait for a free process
START = 60.0  # seconds to come up, on a busy machine
PAUSE = 30.0  # seconds without a new process after one that did not come up

log = structlog.get_logger("alerts.site")


class Makers:
    """Processes that make pages. ``command`` starts one; ``first`` is what it is told before anything else; ``feeds`` is the catalogue in force."""

    def __init__(self, command: Sequence[str], first: bytes, feeds: Callable[[], Feeds], most: int) -> None:
        self._command = command
        self._first = first
        self._feeds = feeds
        self._most = most
        self._free: asyncio.LifoQueue[_Maker | None] = asyncio.LifoQueue()
        self._waiting = 0
        self._all: set[_Maker] = set()
        self._starting: asyncio.Task[None] | None = None
        self._not_before = 0.0
        self._closed = False

    async def make(self, question: Question) -> Answer | None:
        """Return the answer, or None where it has to be made here."""
        maker = await self._taken()
        if maker is None:
            return None
        try:
            async with asyncio.timeout(LIMIT):
                answer = await maker.ask(question, self._feeds())
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError, ValueError) as fault:
            log.error("site.maker_lost", fault=type(fault).__name__, path=question.path)
            await self._end(maker)
            return None
        except asyncio.CancelledError:  # in the middle of an answer: it cannot be asked again
            await self._end(maker)
            raise
        self._free.put_nowait(maker)
        return answer

    async def close(self) -> None:
        """End all processes."""
        self._closed = True
        if self._starting is not None:
            self._starting.cancel()
            with suppress(asyncio.CancelledError):
                await self._starting
        for maker in list(self._all):
            await self._end(maker)

    async def _taken(self) -> "_Maker | None":
        with suppress(asyncio.QueueEmpty):
            return self._free.get_nowait()
        self._grow()
        if not self._all:
            return None
        self._waiting += 1
        try:
            async with asyncio.timeout(LIMIT):
                return await self._free.get()
        except TimeoutError:
            return None
        finally:
            self._waiting -= 1

    def _grow(self) -> None:
        loop = asyncio.get_running_loop()
        if (
            self._closed
            or self._starting is not None
            or len(self._all) >= self._most
            or loop.time() < self._not_before
        ):
            return
        self._starting = loop.create_task(self._start())

    async def _start(self) -> None:
        try:
            maker = await _started(self._command, self._first)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as fault:
            log.error("site.maker_missing", fault=type(fault).__name__)
            self._not_before = asyncio.get_running_loop().time() + PAUSE
        else:
            self._all.add(maker)
            self._free.put_nowait(maker)
        finally:
            self._starting = None

    async def _end(self, maker: "_Maker") -> None:
        self._all.discard(maker)
        if not self._all:
            for _ in range(self._waiting):  # nobody is left to wait for
                self._free.put_nowait(None)
        await maker.end()


class _Maker:
    """One process, and which catalogue it knows."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._knows: Feeds | None = None

    async def ask(self, question: Question, feeds: Feeds) -> Answer:
        """Return its answer; it is told of another catalogue first."""
        told, heard = self._process.stdin, self._process.stdout
        if told is None or heard is None:
            raise ConnectionError("it has no pipes")
        if self._knows is not feeds:
            told.write(framed(pack_feeds(feeds)))
            self._knows = feeds
        told.write(framed(pack_question(question)))
        await told.drain()
        (length,) = LENGTH.unpack(await heard.readexactly(LENGTH.size))
        if length > MOST:
            raise ConnectionError("it answers with more than a page")
        return unpack_answer(await heard.readexactly(length))

    async def end(self) -> None:
        """Kill it and wait for it."""
        with suppress(ProcessLookupError):
            self._process.kill()
        with suppress(ConnectionError):
            await self._process.communicate()  # reads both pipes to their end, so that they are closed


async def _started(command: Sequence[str], first: bytes) -> _Maker:
    """Return a process that has said it is up."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=2**20)
    maker = _Maker(process)
    try:
        async with asyncio.timeout(START):
            if process.stdin is not None and process.stdout is not None:
                process.stdin.write(framed(first))
                await process.stdin.drain()
                await process.stdout.readexactly(1)
    except BaseException as fault:
        await maker.end()
        if isinstance(fault, ConnectionError):
            raise asyncio.IncompleteReadError(b"", 1) from fault
        raise
    return maker
