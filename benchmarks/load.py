"""How quickly the running service answers readers, 200 requests a second, while it polls and sends.

    python benchmarks/load.py [--database URL] [--items 1000000] [--rps 200] [--seconds 60] [--only sqlite] [--alike]

One `alerts run` with its usual settings, on loopback: 300 scripted feeds, one polled each second, with some new entries each, 600 readers
whose digests fall due one after the other, `smtp-sink` for their mails. The archive is that of `benchmarks/million.py`; with `--database` it is kept there (and grows
by what the run polls). Requests leave on time whatever the answers do (no waiting of one for another), over 64 connections: a third for what
everybody reads, the others each for a notice, filters, words, a feed or an older page of their own; with ``--alike`` for one of 3,000 such addresses, the
n-th of them asked for a n-th as often as the first, as readers do. Printed: p50, p95 and worst milliseconds from the
moment a request was due, for each kind; answers a second; what was polled and mailed meanwhile; processor seconds of the service.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))

import aiohttp
from sqlalchemy import Connection, bindparam, func, insert, select, update

from alerts.domain.vocabulary import DeliveryState
from alerts.domain.watches import Criteria
from alerts.match import criteria_hash
from alerts.store import Store
from alerts.store.tables import alert, delivery, endpoint, feed_state, item
from benchmarks.archive import CHANCE, REGIONS, facet, facets, prepare, words
from benchmarks.collecting import address, publish, scripted
from benchmarks.million import CODES, SOURCES
from benchmarks.readers import databases
from benchmarks.sending import free_port, sink
from tests.builders import HOUR, a_subscription

PROJECT = Path(__file__).parents[1]
CONNECTIONS = 64
FRESH = 60.0  # seconds between new entries in all feeds
WARM, QUIET = 5.0, 100  # warmed up in turns of so many seconds until one stores fewer notices than that
ALL_READ = [
    "/",
    "/items",
    "/matters",
    "/subscribe",
    "/feeds/world.atom",
    "/items?severity=critical",
    "/?lang=zh-Hans",
    "/items?lang=zh-Hans",
]
ALL_READ += [f"/items?jurisdiction={code}" for code in (*CODES[:12], *REGIONS)]
Took = list[tuple[str, float, int]]


def one(count: int) -> tuple[str, str]:
    """Return kind and address of a request."""
    kind = CHANCE.choices(("all read", "notice", "filters", "words", "feed", "older"), (33, 25, 20, 9, 9, 4))[
        0
    ]
    if kind == "all read":
        return kind, CHANCE.choice(ALL_READ)
    if kind == "notice":
        return (
            kind,
            f"/items/{CHANCE.randint(1, count) if CHANCE.random() < 0.5 else count - CHANCE.randrange(min(count, 2000))}",
        )
    if kind == "feed":
        return (
            kind,
            f"/feeds/{CHANCE.choice([*REGIONS, *CODES]).lower()}.{CHANCE.choice(('atom', 'rss', 'json'))}?{urlencode(facet('kind') | facet('right'))}",
        )
    wish = {"q": words()} if kind == "words" else facets(CHANCE.choice((1, 2, 3)))
    return kind, "/items?" + urlencode(
        wish | ({"before": str(CHANCE.randint(1, count))} if kind == "older" else {})
    )


class Alike:
    """Addresses of which some are asked for much more often than others."""

    def __init__(self, count: int) -> None:
        self._addresses = [one(count) for _ in range(3000)]
        self._often = [1 / rank for rank in range(1, 3001)]

    def __call__(self, _: int) -> tuple[str, str]:
        """Return kind and address of a request."""
        return CHANCE.choices(self._addresses, self._often)[0]


def catalogue(port: int) -> str:
    """Return feeds.yaml: the archive's sources and more of their kind."""
    named = [(each.feed.id, each.feed.jurisdiction) for each in SOURCES]
    rows = [
        f"  - {{id: {name}, name: {{en: {name}, zh-Hans: {name}}}, type: feed, url: '{address(n, port)}', jurisdiction: {code}, carries: both, interval: 5m, allow_private_networks: true}}"
        for n, (name, code) in enumerate(named)
    ]
    return "version: 1\nfeeds:\n" + "\n".join(rows) + "\n"


@contextmanager
def running(folder: Path, url: str, port: int, mail: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Yield the address of a daemon's site and its process."""
    (folder / "feeds.yaml").write_text(catalogue(port), "utf-8")
    listen = free_port()
    settings = {
        "ALERTS_DATABASE_URL": url, "ALERTS_DATA_DIR": str(folder), "ALERTS_FEEDS": "feeds.yaml", "ALERTS_MAIL": f"smtp://127.0.0.1:{mail}",
        "ALERTS_PUBLIC_URL": "http://localhost", "ALERTS_LISTEN": f"127.0.0.1:{listen}", "ALERTS_METRICS_LISTEN": "off", "ALERTS_SECRET_KEY": "k" * 40,
        "ALERTS_STATIONS": str(PROJECT / "stations.yaml"), "PYTHONPATH": str(PROJECT),
    }  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ALERTS_")}
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "alerts", "run"], cwd=folder, env=kept | settings, stdout=log, stderr=log
    )
    try:
        yield f"http://127.0.0.1:{listen}", process
    finally:
        process.terminate()
        process.wait(60)
        log.close()


def people(store: Store, many: int) -> list[int]:
    """Enter readers and return the numbers of their endpoints."""
    now, wish = datetime.now(UTC), Criteria(regions=("US",), terms=("nothing of the kind",))
    for n in range(many):
        reader = a_subscription(
            f"ip@e{n}-{now.timestamp():.0f}.example", company=f"Exporter {n}", criteria=wish
        )
        store.subscribers.subscribe(reader, now, now + 24 * HOUR, criteria_hash(wish))
    newest = select(endpoint.c.id).order_by(endpoint.c.id.desc()).limit(many)
    return store._db.read(lambda connection: list(connection.execute(newest).scalars()))


async def ask(session: aiohttp.ClientSession, kind: str, target: str, due: float, took: Took) -> None:
    """Ask once, and note how long it took since it was due."""
    try:
        async with session.get(target) as answer:
            await answer.read()
            status = answer.status
    except (TimeoutError, aiohttp.ClientError):
        status = 0
    took.append((kind, (time.perf_counter() - due) * 1e3, status))


async def readers(
    site: str, rps: float, seconds: float, port: int, chosen: Callable[[], tuple[str, str]]
) -> Took:
    """Return what each of the ``chosen`` requests took; feeds publish meanwhile."""
    took: Took = []
    timeout, connector = aiohttp.ClientTimeout(total=30), aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(
        timeout=timeout, connector=connector, auto_decompress=False, headers={"Accept-Encoding": "gzip"}
    ) as session:
        began, asking = time.perf_counter(), set[asyncio.Task[None]]()
        for number in range(int(rps * seconds)):
            due = began + number / rps
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if number % int(rps * FRESH) == 0:
                asking.add(
                    asyncio.create_task(asyncio.to_thread(publish, port, int(time.time() / FRESH) % 100_000))
                )  # type: ignore[arg-type]
            kind, path = chosen()
            asking.add(asyncio.create_task(ask(session, kind, site + path, due, took)))
            asking = {task for task in asking if not task.done()} if number % 100 == 0 else asking
        await asyncio.gather(*asking)
    return took


async def ready(site: str) -> None:
    """Wait for the daemon."""
    async with aiohttp.ClientSession() as session:
        for _ in range(600):
            try:
                async with session.get(f"{site}/items") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.2)
    raise SystemExit("the daemon did not come up")


def counted(store: Store) -> Counter[str]:
    """Return how many notices there are, and how many mails were taken by the relay."""
    sent = select(func.count()).where(delivery.c.state == DeliveryState.SENT.value)
    newest = select(func.max(item.c.id))
    return store._db.read(
        lambda connection: Counter(
            notices=connection.execute(newest).scalar() or 0, mails=connection.execute(sent).scalar_one()
        )
    )


def burnt(process: subprocess.Popen[bytes]) -> Counter[str]:
    """Return the processor seconds of the daemon, with those of the children that ended, and of its children by what they run."""
    found: Counter[str] = Counter({"daemon": _ticks(process.pid, 15)})
    for one in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        line = Path(f"/proc/{one}/cmdline")
        kind = "pages" if line.exists() and "making" in line.read_text() else "parsing"
        found[kind] += _ticks(int(one), 13)
    return Counter({kind: ticks // os.sysconf("SC_CLK_TCK") for kind, ticks in found.items()})


def _ticks(number: int, until: int) -> int:
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # ended at this moment
        return 0
    return sum(map(int, fields[11:until]))


def show(took: Took, seconds: float) -> None:
    """Print a line for each kind, and one for all."""
    bad = Counter(status for _, _, status in took if status != 200)
    for kind in (*sorted({kind for kind, _, _ in took}), ""):
        times = sorted(ms for name, ms, _ in took if kind in ("", name))
        print(f"  {kind or 'everything':10} {len(times):6}  p50 {times[len(times) // 2]:6.1f}  p95 {times[int(len(times) * 0.95)]:6.1f}  worst {times[-1]:7.1f} ms")  # fmt: skip
    print(f"  {len(took) / seconds:.0f} answers a second; other than 200: {dict(bad) or 'none'}", flush=True)


def warm_up(store: Store, read: Callable[[float, float], Took], rps: float) -> None:
    """Read at a quarter of the pace until the first round of polls is over."""
    came = False
    for _ in range(90):
        before = counted(store)["notices"]
        read(rps / 4, WARM)
        grown = counted(store)["notices"] - before
        if came and grown < QUIET:
            return
        came = came or grown > 0


def arm(store: Store, endpoints: Sequence[int], seconds: float) -> None:
    """Let polls be due one each second from now on, and digests of five notices evenly over the time of measuring."""
    now = datetime.now(UTC)
    polls = [{"id": each.feed.id, "due": now + timedelta(seconds=n)} for n, each in enumerate(SOURCES)]
    turns = [
        {"number": one, "due": now + timedelta(seconds=n * seconds / len(endpoints))}
        for n, one in enumerate(endpoints)
    ]
    owed = [
        {"endpoint_id": one, "item_id": number, "revision": 1, "watch_ids": [], "correction": False, "urgent": False, "created_at": now,
         "reasons": [["region", "US", "US", ""]], "digest_id": None, "dropped_reason": None}
        for one in endpoints for number in range(1, 6)
    ]  # fmt: skip

    def write(connection: Connection) -> None:
        connection.execute(insert(alert), owed)
        poll = update(feed_state).where(feed_state.c.feed_id == bindparam("id"))
        connection.execute(poll.values(next_poll_at=bindparam("due")), polls)
        turn = update(endpoint).where(endpoint.c.id == bindparam("number"))
        connection.execute(turn.values(next_digest_at=bindparam("due")), turns)

    store._db.write(write)


def measure(url: str, asked: argparse.Namespace) -> None:
    """Fill, run, ask, print."""
    store = Store.open(url)
    prepare(store, asked.items)
    endpoints = people(store, asked.people)
    chosen = partial(Alike(asked.items) if asked.alike else one, asked.items)
    with (
        tempfile.TemporaryDirectory() as folder,
        scripted() as port,
        sink() as mail,
        running(Path(folder), url, port, mail) as (site, process),
    ):
        asyncio.run(ready(site))

        def read(rps: float, seconds: float) -> Took:
            return asyncio.run(readers(site, rps, seconds, port, chosen))

        warm_up(store, read, asked.rps)
        arm(store, endpoints, asked.seconds)
        before, burnt_before, began = counted(store), burnt(process), time.perf_counter()
        took = read(asked.rps, asked.seconds)
        seconds = time.perf_counter() - began
        after, spent = counted(store), burnt(process)
        show(took, seconds)
        print(f"  meanwhile {after['notices'] - before['notices']} notices stored, {after['mails'] - before['mails']} mails sent; "
              f"processor seconds in {seconds:.0f} s: {dict(spent - burnt_before)}", flush=True)  # fmt: skip
    store.close()


def main() -> None:
    """Measure on both databases, or on the one that is named."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", help="address of a database that is kept")
    options.add_argument("--items", type=int, default=1_000_000)
    options.add_argument("--only", choices=["sqlite", "postgresql"])
    options.add_argument("--people", type=int, default=600)
    options.add_argument("--alike", action="store_true")
    options.add_argument("--rps", type=float, default=200)
    options.add_argument("--seconds", type=float, default=60)
    asked = options.parse_args()
    for kind, url in [("kept", asked.database)] if asked.database else databases(asked.only):
        print(kind, flush=True)
        measure(url, asked)


if __name__ == "__main__":
    main()
