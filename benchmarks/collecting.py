"""How fast sources are collected: beside a bare client, beside `reader`, and with ten thousand feeds of which some hang.

    python benchmarks/collecting.py rounds [--feeds 2000] [--rounds 5]
    python benchmarks/collecting.py day [--feeds 10000] [--hanging 0.05] [--minutes 15] [--faster 1]

`rounds`: the same feeds are asked in turns by aiohttp with our session settings and nothing behind it, by `reader` (PyPI, if it is installed:
`pip install reader`), and by the service with a SQLite file (synchronous=FULL); first answered 304, then with one new entry each. Requests a second,
medians, and ratios of each round. `day`: the daemon's own poll loop on feeds of which a share never answers; lateness is the time from
`next_poll_at` to the start of the poll. With `--faster N` everything (interval, deadline, spacing of the ticks) is N times as fast.
"""

import argparse
import asyncio
import json
import logging
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).parents[1]))

import structlog

from alerts.cli.collector import collect_seldom
from alerts.daemon import Daemon, Ticks, leave_in_peace
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import FeedType, Language
from alerts.flow.poll import poll_due
from alerts.flow.service import Service
from alerts.net.dial import Limits, open_session
from alerts.settings import read_settings
from alerts.wiring import service
from tests.clocks import MovedClock

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ONE_FEED = "version: 1\nfeeds: [{id: xx-office, name: {en: X, zh-Hans: 甲}, type: feed, url: 'https://office.example/x', jurisdiction: US, carries: both}]\n"
AT_ONCE = 64  # requests of the bare client


@contextmanager
def scripted() -> Iterator[int]:
    """Yield the port of the scripted feeds."""
    with tempfile.TemporaryDirectory() as folder:
        port_file = Path(folder) / "port"
        script = Path(__file__).with_name("scripted.py")
        with subprocess.Popen([sys.executable, str(script), str(port_file)]) as server:
            while not (port_file.exists() and port_file.read_text()):
                time.sleep(0.05)
            try:
                yield int(port_file.read_text())
            finally:
                server.terminate()


def address(number: int, port: int, *, hangs: bool = False) -> str:
    """Return the address of a feed, on a host of its own."""
    host = f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"
    return f"http://{host}:{port}/{'hang' if hangs else 'f'}/{number}"


def a_feed(number: int, url: str, interval: timedelta, timeout: timedelta) -> Feed:
    """Return a configured feed."""
    return Feed(
        f"f-{number}", {Language.ENGLISH: f"Office {number}", Language.CHINESE: f"局{number}"}, FeedType.FEED, url, "US",
        interval=interval, timeout=timeout, allow_private_networks=True,
    )  # fmt: skip


@asynccontextmanager
async def serving(feeds: list[Feed], clock: object = None) -> AsyncIterator[Service]:
    """Yield the service with these feeds and a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "feeds.yaml").write_text(ONE_FEED, "utf-8")
        settings = read_settings({"ALERTS_DATA_DIR": folder, "ALERTS_FEEDS": f"{folder}/feeds.yaml"})
        async with service(settings, clock) as made:  # type: ignore[arg-type]
            made.store.feeds.sync(feeds, made.clock.now())
            yield replace(made, feeds={feed.id: feed for feed in feeds}, jitter=lambda: 0.0)


async def ours(made: Service, clock: MovedClock) -> float:
    """Return the seconds of one round over all feeds."""
    clock.move(timedelta(hours=25))
    began = time.perf_counter()
    lines = await poll_due(made)
    taken = time.perf_counter() - began
    bad = [line for line in lines if not line.good]
    assert len(lines) == len(made.feeds) and not bad, (len(lines), bad[:3])
    return taken


async def bare(urls: list[str], tags: dict[str, str]) -> float:
    """Return the seconds in which aiohttp alone asks all, with the session that the service uses."""
    session = open_session("bare", Limits(), None, None, private=True)
    places = asyncio.Semaphore(AT_ONCE)

    async def ask(url: str) -> None:
        async with places:
            sent = {"If-None-Match": tags[url]} if url in tags else {}
            async with session.get(url, headers=sent, allow_redirects=False) as answer:
                await answer.read()
                tags[url] = answer.headers["ETag"]

    began = time.perf_counter()
    await asyncio.gather(*map(ask, urls))
    await session.close()
    return time.perf_counter() - began


class Peer:
    """`reader` with the same feeds; None of it where it is not installed."""

    def __init__(self, urls: list[str], folder: str) -> None:
        self._reader = None
        os.environ.setdefault(
            "READER_NO_VENDORED_FEEDPARSER", "1"
        )  # its own copy does not load beside feedparser 6.0.14
        try:
            from reader import make_reader
        except ImportError:
            print("reader is not installed (pip install reader): its column is left out", file=sys.stderr)
            return
        self._reader = make_reader(f"{folder}/reader.sqlite")
        for url in urls:
            self._reader.add_feed(url)

    def round(self, workers: int) -> float | None:
        """Return the seconds of one update of all feeds."""
        if self._reader is None:
            return None
        began = time.perf_counter()
        for result in self._reader.update_feeds_iter(scheduled=False, workers=workers):
            assert not isinstance(result.value, Exception), result
        return time.perf_counter() - began


def publish(port: int, version: int) -> None:
    """Let every feed publish one more entry."""
    urlopen(f"http://127.0.0.1:{port}/set?version={version}").read()


async def rounds(options: argparse.Namespace) -> dict[str, object]:
    """Return requests a second by client, and the ratios."""
    with scripted() as port, tempfile.TemporaryDirectory() as folder:
        urls = [address(number, port) for number in range(options.feeds)]
        feeds = [a_feed(k, url, timedelta(hours=1), timedelta(seconds=60)) for k, url in enumerate(urls)]
        clock, tags = MovedClock(NOW), {}
        peer = Peer(urls, folder)
        taken: dict[str, dict[str, list[float]]] = {"304": {}, "changed": {}}
        async with serving(feeds, clock) as made:
            version = 1
            collect_seldom()
            leave_in_peace()
            await ours(made, clock)  # the first answers, and in the second round the first validators
            await bare(urls, tags)
            await asyncio.to_thread(peer.round, 10)
            for kind in [*["304"] * options.rounds, *["changed"] * options.rounds]:
                if kind == "changed":
                    version += 1
                    await asyncio.to_thread(publish, port, version)
                found = {"ours": await ours(made, clock), "bare": await bare(urls, tags)}
                if (seconds := await asyncio.to_thread(peer.round, 10)) is not None:
                    found["reader"] = seconds
                for name, seconds in found.items():
                    taken[kind].setdefault(name, []).append(seconds)
                print(
                    kind,
                    {name: round(options.feeds / seconds) for name, seconds in found.items()},
                    file=sys.stderr,
                )
        return {kind: _summary(options.feeds, times) for kind, times in taken.items() if times}


def _summary(feeds: int, times: dict[str, list[float]]) -> dict[str, object]:
    rates = {f"{name}_per_s": round(feeds / statistics.median(each)) for name, each in times.items()}
    ratios = {
        f"ours_to_{name}": round(statistics.median(b / a for a, b in zip(times["ours"], each, strict=True)), 2)
        for name, each in times.items() if name != "ours"
    }  # fmt: skip
    return rates | ratios


class FastClock:
    """The wall clock, ``faster`` times as fast, counted from its making."""

    def __init__(self, faster: float) -> None:
        self._faster, self._began, self._start = faster, time.monotonic(), datetime.now(UTC)

    def now(self) -> datetime:
        """Return the instant."""
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self._faster)


async def day(options: argparse.Namespace) -> dict[str, object]:
    """Return lateness and memory of the daemon's poll loop."""
    with scripted() as port:
        faster, hanging = options.faster, int(options.feeds * options.hanging)
        step = options.feeds // hanging if hanging else 0
        interval, deadline = timedelta(minutes=15), timedelta(seconds=60 / faster)
        feeds = [
            a_feed(k, address(k, port, hangs=bool(step) and k % step == 0), interval, deadline)
            for k in range(options.feeds)
        ]
        clock = FastClock(faster)
        async with serving(feeds, clock) as made:
            _spread(made, clock, interval, options.feeds)
            seen: list[tuple[datetime, datetime]] = []
            daemon = Daemon(made, roles=frozenset({"poll"}), ticks=Ticks(poll=1.0 / faster))
            running = asyncio.create_task(daemon.run())
            await asyncio.sleep(options.minutes * 60 / faster)
            daemon.stop()
            await running
            seen = _lateness(made)
        late = sorted((started - due).total_seconds() for due, started in seen)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {
            "feeds": options.feeds, "hanging": hanging, "faster": faster, "polls": len(late),
            "late_p50_s": round(late[len(late) // 2], 1), "late_p95_s": round(late[int(len(late) * 0.95)], 1),
            "late_max_s": round(late[-1], 1), "daemon_peak_mb": round(memory),
            "parsers_peak_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
            "load": os.getloadavg()[0],
        }  # fmt: skip


def _spread(made: Service, clock: FastClock, interval: timedelta, count: int) -> None:
    """Let the feeds fall due evenly over one interval, as they would after a while."""
    from sqlalchemy import bindparam, update

    from alerts.store.tables import feed_state

    due = (
        update(feed_state)
        .where(feed_state.c.feed_id == bindparam("feed"))
        .values(next_poll_at=bindparam("due"))
    )
    rows = [{"feed": f"f-{k}", "due": clock.now() + interval * (k / count)} for k in range(count)]
    made.store._db.write(lambda connection: connection.execute(due, rows))


def _lateness(made: Service) -> list[tuple[datetime, datetime]]:
    """Return when each poll was due and when it began."""
    from sqlalchemy import select

    from alerts.store.tables import poll

    columns = select(poll.c.due_at, poll.c.started_at).where(poll.c.due_at.is_not(None))
    return [tuple(row) for row in made.store._db.read(lambda connection: connection.execute(columns).all())]


def main() -> None:
    """Print the figures as one JSON object."""
    parser = argparse.ArgumentParser(description="How fast sources are collected.")
    parser.add_argument("what", choices=["rounds", "day"])
    parser.add_argument("--feeds", type=int)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--hanging", type=float, default=0.05)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--faster", type=float, default=1)
    options = parser.parse_args()
    options.feeds = options.feeds or (2000 if options.what == "rounds" else 10_000)
    logging.disable(logging.INFO)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    work = rounds if options.what == "rounds" else day
    print(json.dumps(asyncio.run(work(options)), indent=1))


if __name__ == "__main__":
    main()
