"""Kill builders and senders at random moments while they tell many readers, and count what arrived.

    python benchmarks/killing.py [--readers 20000] [--kills 50] [--only sqlite]

The mail server counts a message when it has read the final dot, and answers 10 ms later. Lost is a reader without a mail;
a second copy is one more message under the same Message-ID. Each process builds and sends at the same time, over four
connections; two processes on PostgreSQL, one on SQLite.
"""

import argparse
import asyncio
import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import logging

import structlog

from alerts.deliver.email import SmtpChannel
from alerts.deliver.mail_url import SmtpSettings
from alerts.domain.vocabulary import ChannelKind, DeliveryState
from alerts.flow.report import build_due
from alerts.flow.send import send_due
from alerts.store import Store
from benchmarks.readers import EIGHT, SENDER, databases, fill, service

ANSWER_AFTER = 0.010
CONNECTIONS = 4
PROCESSES = {"sqlite": 1, "postgresql": 2}


class Sink(asyncio.Protocol):
    """Takes mail, commands together or one by one, and remembers what it took."""

    def __init__(self, taken: dict[str, list[str]]) -> None:
        self.taken, self.rest = taken, b""
        self.text: bytearray | None = None
        self.owes = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Read commands and texts."""
        self.rest += data
        self._read()

    def _read(self) -> None:
        """Read on, but nothing while an answer is still owed: answers keep their order."""
        while not self.owes:
            if self.text is not None:
                end = self.rest.find(b"\r\n.\r\n")
                if end < 0:
                    return
                self._take(self.rest[: end + 2])
                self.rest, self.text = self.rest[end + 5 :], None
                continue
            line, found, rest = self.rest.partition(b"\r\n")
            if not found:
                return
            self.rest = rest
            self._command(line)

    def _command(self, line: bytes) -> None:
        word = line[:4].upper()
        if word == b"EHLO":
            self.transport.write(b"250-sink\r\n250 PIPELINING\r\n")
        elif word == b"DATA":
            self.text = bytearray()
            self.transport.write(b"354 go on\r\n")
        else:
            self.transport.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")

    def _take(self, content: bytes) -> None:
        head = content.partition(b"\r\n\r\n")[0]
        (name,) = (
            line[11:].strip() for line in head.split(b"\r\n") if line.lower().startswith(b"message-id:")
        )
        self.taken[name.decode()].append(hashlib.sha256(content).hexdigest())
        self.owes = True
        asyncio.get_running_loop().call_later(ANSWER_AFTER, self._answer)

    def _answer(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(b"250 taken\r\n")
        self.owes = False
        self._read()


class Running:
    """A clock that starts at the readers' hour."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def now(self) -> datetime:
        """Return the time since 08:00:05."""
        return EIGHT + timedelta(seconds=5 + float(os.environ["ELAPSED"]) + time.monotonic() - self._began)


async def work(url: str, port: int) -> None:
    """Build and send until killed or nothing is left."""
    store = Store.open(url)
    channel = SmtpChannel(SmtpSettings("127.0.0.1", port, "none", lanes=CONNECTIONS), SENDER)
    told = replace(service(store, {ChannelKind.EMAIL: channel}), clock=Running(), worker=f"w{os.getpid()}")
    if store.is_sqlite:
        store.deliveries.release_all()
    print("at work", flush=True)
    while True:
        await asyncio.gather(build_due(told), send_due(told))
        await asyncio.sleep(0.05)


def start(url: str, port: int, began: float) -> subprocess.Popen[bytes]:
    """Start a process and wait until it works."""
    process = subprocess.Popen(
        [sys.executable, __file__, "--work", url, "--port", str(port)],
        stdout=subprocess.PIPE, env=os.environ | {"ELAPSED": str(time.monotonic() - began)},
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    return process


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill it where it stands."""
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def left(store: Store) -> int:
    """Return how many readers have no digest yet, and deliveries that are not sent."""
    states = store.status.backlog(EIGHT + timedelta(days=1)).deliveries
    return sum(number for state, number in states.items() if state != DeliveryState.SENT)


async def chaos(url: str, processes: int, asked: argparse.Namespace) -> dict[str, object]:
    """Run and kill; return what was counted."""
    taken: dict[str, list[str]] = defaultdict(list)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(taken), "127.0.0.1", 0)
    port, began = server.sockets[0].getsockname()[1], time.monotonic()
    store, dice = Store.open(url), random.Random(asked.seed)
    running = [await loop.run_in_executor(None, start, url, port, began) for _ in range(processes)]
    for number in range(asked.kills):
        await asyncio.sleep(dice.uniform(0.1, 0.9))
        victim = number % processes
        await loop.run_in_executor(None, kill, running[victim])
        running[victim] = await loop.run_in_executor(None, start, url, port, began)
    while len(taken) < asked.readers or await loop.run_in_executor(None, left, store):
        await asyncio.sleep(0.5)
        if time.monotonic() - began > asked.limit:
            break
    for process in running:
        kill(process)
    server.close()
    copies = Counter(len(each) for each in taken.values())
    sent = store.status.backlog(EIGHT).deliveries.get(DeliveryState.SENT, 0)
    counted = {
        "readers": asked.readers, "arrived": len(taken), "lost": asked.readers - len(taken), "recorded as sent": sent,
        "second copies": sum((times - 1) * number for times, number in copies.items()),
        "copies of other bytes": sum(len(set(each)) > 1 for each in taken.values()),
        "ledger": "whole" if store.ledger.verify() else "BROKEN", "seconds": round(time.monotonic() - began),
    }  # fmt: skip
    store.close()
    return counted


def measure(kind: str, url: str, processes: int, asked: argparse.Namespace) -> None:
    """Fill, run, print."""
    store = Store.open(url)
    store.migrate()
    fill(store, asked.readers, 50, 5)
    store.close()
    counted = asyncio.run(chaos(url, processes, asked))
    copies = counted["second copies"]
    assert isinstance(copies, int)
    words = ", ".join(f"{name} {value}" for name, value in counted.items())
    print(
        f"{kind}: {asked.kills} kills of {processes} x {CONNECTIONS} connections: {words}; {copies / asked.kills:.1f} copies a kill"
    )


def main() -> None:
    """Measure on both databases, or be one of the processes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--readers", type=int, default=20_000)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--limit", type=float, default=600, help="seconds after which it is given up")
    options.add_argument("--only", choices=["sqlite", "postgresql"])
    options.add_argument("--work", help=argparse.SUPPRESS)
    options.add_argument("--port", type=int, help=argparse.SUPPRESS)
    asked = options.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    if asked.work:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(work(asked.work, asked.port))
        return
    for kind, url in databases(asked.only):
        measure(kind, url, PROCESSES[kind], asked)


if __name__ == "__main__":
    main()
