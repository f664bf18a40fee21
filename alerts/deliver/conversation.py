"""What a relay says on a connection: replies, in order, each waited for no longer than it may take.

The connection, its TLS and its log-in are made by aiosmtplib; from then on this protocol reads. A watch on the clock is
kept for the whole connection, since a timer for each reply would cost as much as the reply.
Source: RFC 5321 section 4.2 (replies of several lines, codes of three digits).
"""

import asyncio
from collections import deque
from dataclasses import dataclass

LONGEST = 64 * 1024  # octets of a reply without an end: more is nonsense


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply: its code and its words, lines joined by spaces."""

    code: int
    words: str


class LostError(Exception):
    """The connection ended, stayed silent for too long, or spoke nonsense."""


class Conversation(asyncio.Protocol):
    """Reads the replies of one connection. Whoever writes asks for as many replies as it wrote commands."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport = transport
        self._rest = b""
        self._words: list[str] = []
        self._replies: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._deadline = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self._lost: str | None = None
        transport.set_protocol(self)

    @property
    def alive(self) -> bool:
        """Return whether commands can be written."""
        return self._lost is None and not self._transport.is_closing()

    @property
    def unread(self) -> bool:
        """Return whether the other side spoke unasked: a farewell to an idle connection."""
        return bool(self._replies)

    def write(self, *parts: bytes) -> None:
        """Send commands or a text."""
        self._transport.write(b"".join(parts))

    async def reply(self, timeout: float) -> Reply:
        """Return the next reply, waiting at most ``timeout`` seconds.

        Raises:
            LostError: none came.
        """
        if not self._replies:
            await self._wait(timeout)
        return self._replies.popleft()

    def close(self) -> None:
        """End the connection without a word: what was not ended by a dot is not sent."""
        self._lost = self._lost or "closed"
        if self._watch:
            self._watch.cancel()
        self._transport.abort()

    async def quit(self, timeout: float) -> None:
        """Say goodbye."""
        try:
            self.write(b"QUIT\r\n")
            await self.reply(timeout)
        except LostError:
            pass
        self.close()

    def data_received(self, data: bytes) -> None:
        """Take what the relay says."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._line(line.rstrip(b"\r"))
        if len(self._rest) > LONGEST:
            self._end("a reply without an end")
        if self._replies and self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that nothing more will come."""
        self._end(str(exc) if exc else "the connection was closed")

    def _line(self, line: bytes) -> None:
        code, rest = line[:3], line[3:]
        if not code.isdigit() or not b"200" <= code <= b"599" or rest[:1] not in (b"", b" ", b"-"):
            self._end(f"not a reply: {line[:80].decode('ascii', 'replace')}")
            return
        self._words.append(rest[1:].decode("utf-8", "replace"))
        if rest[:1] != b"-":
            self._replies.append(Reply(int(code), " ".join(self._words)))
            self._words = []
        elif len(self._words) > 200:
            self._end("a reply without an end")

    async def _wait(self, timeout: float) -> None:
        if self._lost is not None:
            raise LostError(self._lost)
        self._deadline = self._loop.time() + timeout
        if self._watch is None or self._watch.when() > self._deadline:
            self._arm()
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _arm(self) -> None:
        if self._watch:
            self._watch.cancel()
        self._watch = self._loop.call_at(self._deadline, self._tick)

    def _tick(self) -> None:
        self._watch = None
        if self._waiter is None or self._waiter.done():
            return
        if self._loop.time() < self._deadline:
            self._arm()
        else:
            self._end("no answer in time")

    def _end(self, why: str) -> None:
        self._lost = self._lost or why
        if self._watch:
            self._watch.cancel()
            self._watch = None
        if self._waiter and not self._waiter.done():
            self._waiter.set_exception(LostError(self._lost))
