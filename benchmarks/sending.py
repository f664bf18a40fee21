"""How fast ready messages leave over kept connections, beside Postfix's own smtp-source and plain aiosmtplib.

Needs ``smtp-sink`` and ``smtp-source`` (Debian package postfix; the server itself is never started). Every figure of a
round comes from one run, the programs after each other; medians over rounds are printed, and ratios of them.

    python benchmarks/sending.py [--messages 6000] [--rounds 5] [--delay 50]
"""

import argparse
import asyncio
import os
import resource
import shutil
import socket
import statistics
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from aiosmtplib import SMTP

from alerts.deliver.email import Pool
from alerts.deliver.line import Job
from alerts.deliver.mail_url import SmtpSettings
from alerts.deliver.turnstile import Turnstile

SIZE = 20_000
LANES = 8
HEAD = b"From: <a@sender.test>\r\nTo: <r@rcpt.test>\r\nSubject: test\r\n\r\n"
LINE = b"x" * 76 + b"\r\n"
CONTENT = HEAD + LINE * ((SIZE - len(HEAD)) // len(LINE))
OPENING = (b"MAIL FROM:<a@sender.test>\r\n", b"RCPT TO:<r@rcpt.test>\r\n")


async def yes() -> bool:
    """Every message is wanted."""
    return True


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def sink(*options: str) -> Iterator[int]:
    """Run smtp-sink and yield its port."""
    port = free_port()
    program = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    process = subprocess.Popen(
        [program, *user, *options, "-4", f"127.0.0.1:{port}", "1024"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait()


class Far(asyncio.Protocol):
    """Hands on what it gets after a delay: half a round trip each way."""

    def __init__(self, port: int, half: float) -> None:
        self.port, self.half = port, half
        self.peer: Far | None = None
        self.early: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connect through."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self.port:
            self.opening = asyncio.ensure_future(self.open())

    async def open(self) -> None:
        """Connect to the sink."""
        back = Far(0, self.half)
        await asyncio.get_running_loop().create_connection(lambda: back, "127.0.0.1", self.port)
        self.peer, back.peer = back, self
        for data in self.early:
            self.data_received(data)

    def data_received(self, data: bytes) -> None:
        """Hand on later."""
        if self.peer is None:
            self.early.append(data)
        else:
            asyncio.get_running_loop().call_later(self.half, self.peer.put, data)

    def put(self, data: bytes) -> None:
        """Write, if there is still somebody."""
        if not self.transport.is_closing():
            self.transport.write(data)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Close the other side too."""
        if self.peer:
            asyncio.get_running_loop().call_later(self.half, self.peer.transport.close)


async def ours(port: int, messages: int) -> None:
    """Send through a pool of lines."""
    pool = Pool(SmtpSettings("127.0.0.1", port, "none"), LANES, Turnstile(lambda: None))
    left = messages

    async def feeder() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            ended = await pool.carry(Job(lambda _: OPENING, CONTENT, yes))
            assert ended is not None and ended.stage == "done", ended

    await asyncio.gather(*(feeder() for _ in range(3 * LANES)))
    await pool.close()


async def plain(port: int, messages: int) -> None:
    """Send with aiosmtplib over as many kept connections."""
    left = messages

    async def lane() -> None:
        nonlocal left
        client = SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await client.connect()
        while left > 0:
            left -= 1
            await client.sendmail("a@sender.test", ["r@rcpt.test"], CONTENT)
        await client.quit()

    await asyncio.gather(*(lane() for _ in range(LANES)))


def source(port: int, messages: int) -> tuple[float, float]:
    """Return messages a second and client CPU in µs of smtp-source."""
    program = shutil.which("smtp-source") or "/usr/sbin/smtp-source"
    command = [program, "-d", "-s", str(LANES), "-m", str(messages), "-l", str(SIZE), "-f", "a@sender.test",
               "-t", "r@rcpt.test", f"127.0.0.1:{port}"]  # fmt: skip
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    took, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return messages / took, used / messages * 1e6


def timed(send: Callable[[int, int], Awaitable[None]], port: int, messages: int) -> tuple[float, float]:
    """Return messages a second and client CPU in µs."""
    cpu, start = time.process_time(), time.perf_counter()
    asyncio.run(send(port, messages))
    took = time.perf_counter() - start
    return messages / took, (time.process_time() - cpu) / messages * 1e6


def far(
    send: Callable[[int, int], Awaitable[None]], port: int, messages: int, delay: float
) -> tuple[float, float]:
    """Return the same over a line with a round trip of ``delay`` seconds."""

    async def run() -> tuple[float, float]:
        server = await asyncio.get_running_loop().create_server(lambda: Far(port, delay / 2), "127.0.0.1", 0)
        start = time.perf_counter()
        await send(server.sockets[0].getsockname()[1], messages)
        took = time.perf_counter() - start
        server.close()
        return messages / took, 0.0

    return asyncio.run(run())


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--messages", type=int, default=6000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--delay", type=float, default=50, help="added round trip, ms")
    asked = options.parse_args()
    seen: dict[str, list[tuple[float, float]]] = {}
    # -p: do not announce PIPELINING
    with sink() as together, sink("-p") as steps:
        for _ in range(asked.rounds):
            for name, figures in (
                ("smtp-source", lambda: source(together, asked.messages)),
                ("ours, no pipelining", lambda: timed(ours, steps, asked.messages)),
                ("ours, pipelining", lambda: timed(ours, together, asked.messages)),
                ("aiosmtplib", lambda: timed(plain, together, asked.messages)),
                ("aiosmtplib, far", lambda: far(plain, together, 300, asked.delay / 1000)),
                ("ours, far", lambda: far(ours, together, 600, asked.delay / 1000)),
            ):
                seen.setdefault(name, []).append(figures())
    rate = {name: statistics.median(one for one, _ in figures) for name, figures in seen.items()}
    for name, figures in seen.items():
        cpu = statistics.median(one for _, one in figures)
        base = "aiosmtplib, far" if "far" in name else "smtp-source"
        print(
            f"{name:22} {rate[name]:9,.0f} a second   {rate[name] / rate[base]:5.2f} of {base}   client CPU {cpu:5.0f} µs"
        )


if __name__ == "__main__":
    main()
