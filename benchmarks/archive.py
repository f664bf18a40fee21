"""How long each page of the site takes at a million items, for any filter and word, on SQLite and PostgreSQL, and what it weighs.

    python benchmarks/archive.py [--items 1000000] [--only sqlite] [--database URL] [--rounds 1] [--slow]

The archive is that of ``benchmarks/million.py``; with ``--database`` it is kept there and filled only once. Every request goes through
the whole site (guard, filters, query, template, entity tag) in one process, one at a time, each address once. Printed for each group of addresses:
how many; p50, p95 and worst milliseconds; the processor's share of them in this process (on SQLite all of it), which says more than the clock where others
work on the machine; kB of the heaviest answer after gzip. ``--slow`` also names the slowest addresses.
"""

import argparse
import asyncio
import gzip
import random
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))

from starlette.types import ASGIApp, Message

from alerts.daemon import leave_in_peace
from alerts.domain.jurisdictions import MEMBERS
from alerts.domain.tokens import Tokens
from alerts.domain.vocabulary import Event, Kind, Right, Severity
from alerts.store import Store
from alerts.web.app import create_app
from alerts.web.site import Site
from benchmarks.million import (
    CHINESE,
    CODES,
    COMMON,
    DAYS,
    ENGLISH,
    FIRST,
    LAST,
    OWN,
    PLAIN,
    SOURCES,
    fill,
)
from benchmarks.readers import databases

CHANCE = random.Random(11)
Wish = dict[str, str]
REGIONS = sorted(set(MEMBERS) - {"world"})
EDGES = (0, 1, 7, 45, 400, 1500)  # days of a span


def _span() -> Wish:
    since = FIRST.date() + timedelta(days=CHANCE.randrange(DAYS))
    until = since + timedelta(days=CHANCE.choice(EDGES))
    return CHANCE.choice((
        {"since": str(since), "until": str(until)}, {"since": str(since)}, {"until": str(until)},
        {"since": str(LAST.date() - timedelta(days=CHANCE.choice((1, 7, 30))))}, {"since": str(LAST.date() + timedelta(days=90))},
    ))  # fmt: skip


def facet(name: str) -> Wish:
    """Return a wish for one value of a filter, common ones as likely as rare ones."""
    if name == "date":
        return _span()
    choice = {
        "jurisdiction": CODES, "region": REGIONS, "kind": list(Kind), "right": list(Right), "event": list(Event), "severity": list(Severity),
        "publisher": [one.feed.name[key] for one in SOURCES for key in one.feed.name],
    }[name]  # fmt: skip
    return {"jurisdiction" if name == "region" else name: str(CHANCE.choice(choice))}


FACETS = ("jurisdiction", "region", "kind", "right", "event", "severity", "publisher", "date")


def facets(many: int) -> Wish:
    """Return a wish for so many filters."""
    chosen = CHANCE.sample(FACETS, many)
    if {"jurisdiction", "region"} <= set(chosen):
        chosen[chosen.index("region")] = next(one for one in FACETS if one not in chosen)
    found: Wish = {}
    for name in chosen:
        found |= facet(name)
    return found


def words() -> str:
    """Return what somebody might look for: common, rare, or nowhere to be found."""
    ranks = [CHANCE.randrange(many) for many in (20, 300, 5000)]
    rank = CHANCE.choice(ranks)
    own = CHANCE.choice(OWN[CHANCE.choice(list(OWN))])
    return CHANCE.choice((
        ENGLISH.words[rank], ENGLISH.words[rank], CHINESE.words[rank], CHINESE.words[rank], own, f"{ENGLISH.words[rank]} {own}",
        f"{CHANCE.choice(PLAIN)} {CHANCE.choice(PLAIN)}", f"{CHANCE.choice(COMMON)} {CHANCE.choice(COMMON)}",
        CHANCE.choice(COMMON) + CHANCE.choice(COMMON), f"337-TA-{CHANCE.randint(100, 9999)}", "nowhere" + own,
        f'"{CHANCE.choice(PLAIN)} {CHANCE.choice(PLAIN)}"',
    ))  # fmt: skip


def _each() -> Iterator[Wish]:
    for name, members in (("jurisdiction", [*CODES, *REGIONS]), ("kind", Kind), ("right", Right), ("event", Event), ("severity", Severity)):  # fmt: skip
        yield from ({name: str(one)} for one in members)
    yield from (facet(name) for name in ("publisher", "date") for _ in range(40))


def addresses(count: int) -> dict[str, list[str]]:
    """Return groups of addresses."""

    def items(wishes: Iterator[Wish]) -> list[str]:
        return [f"/items?{urlencode(wish)}" for wish in wishes]

    def before() -> Wish:
        return {"before": str(CHANCE.randrange(1, count))}

    return {
        "list": ["/items"] * 20,
        "one filter": items(_each()),
        "two filters": items(facets(2) for _ in range(200)),
        "three to five filters": items(facets(CHANCE.choice((3, 4, 5))) for _ in range(200)),
        "words": items({"q": words()} for _ in range(200)),
        "words and a filter": items({"q": words()} | facets(1) for _ in range(200)),
        "words and filters": items({"q": words()} | facets(CHANCE.choice((2, 3))) for _ in range(100)),
        "further pages": items(before() | (facets(2) if n % 2 else {"q": words()}) for n in range(150)),
        "one notice": [f"/items/{CHANCE.randint(1, count)}" for _ in range(100)],
        "warning": [f"/items/{CHANCE.randint(1, count)}.cap" for _ in range(30)],
        "first page": ["/"] * 20,
        "feeds": [_feed() for _ in range(60)],
        "API items": [f"/api/v1/items?{urlencode(facets(2))}" for _ in range(60)],
        "API others": ["/api/v1/matters", "/api/v1/obligations", "/api/v1/jurisdictions", "/api/v1/sources"] * 10
        + [f"/api/v1/matters/{CHANCE.randint(1, count // 10)}" for _ in range(20)],
        "sign-up preview": [f"/subscribe/delivery?{urlencode({'region': CHANCE.choice([*CODES, *REGIONS]), 'kind': CHANCE.choice(list(Kind))})}" for _ in range(20)],
    }  # fmt: skip


def _feed() -> str:
    place = CHANCE.choice(["world", *REGIONS, *CODES]).lower()
    return (
        f"/feeds/{place}.{CHANCE.choice(('atom', 'rss', 'json'))}?{urlencode(facet('kind') | facet('right'))}"
    )


async def get(app: ASGIApp, address: str) -> tuple[int, bytes]:
    """Return status and body."""
    path, _, query = address.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "root_path": "", "headers": [(b"host", b"localhost"), (b"accept-language", b"en")],
        "client": ("127.0.0.1", 1), "server": ("localhost", 80),
    }  # fmt: skip
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:])


async def measure(app: ASGIApp, count: int, rounds: int, slow: bool) -> None:
    """Ask for everything and print."""
    groups = addresses(count)
    for asked in groups.values():  # templates are compiled, statements prepared
        await get(app, asked[0])
    leave_in_peace()
    for group, asked in groups.items():
        took: list[tuple[float, str]] = []
        own: list[float] = []
        heaviest = 0
        for address in asked * rounds:
            start, burnt = time.perf_counter(), time.process_time()
            status, body = await get(app, address)
            took.append(((time.perf_counter() - start) * 1e3, address))
            own.append((time.process_time() - burnt) * 1e3)
            assert status in (200, 404 if ".cap" in address else 200), (status, address, body[:300])
            heaviest = max(heaviest, len(gzip.compress(body, 6)))
        took.sort()
        own.sort()
        times = [one for one, _ in took]
        print(f"{group:22} {len(took):4}  p50 {times[len(times) // 2]:7.1f}  p95 {times[int(len(times) * 0.95)]:7.1f}  worst {times[-1]:7.1f} ms"
              f"  own p95 {own[int(len(own) * 0.95)]:6.1f} worst {own[-1]:6.1f} ms"
              f"  {heaviest / 1000:5.1f} kB", flush=True)  # fmt: skip
        for one, address in took[-5:] if slow else ():
            print(f"      {one:7.1f} {address}")


def prepare(store: Store, count: int) -> None:
    """Fill the archive unless it is there."""
    store.migrate()
    began = time.perf_counter()
    if store.items.get(count) is None:
        fill(store, count)
    filled = time.perf_counter()
    done = store.search.catch_up()
    print(f"{count:,} items: written in {filled - began:.0f} s; {done:,} indexed in {time.perf_counter() - filled:.0f} s", flush=True)  # fmt: skip


def site(store: Store) -> Site:
    """Return what the pages stand on, at the end of the archive's time."""
    feeds = {one.feed.id: one.feed for one in SOURCES}
    clock = SimpleNamespace(now=lambda: LAST)
    return Site(store, lambda: feeds, Tokens((b"k" * 32,)), clock, "http://localhost")  # type: ignore[arg-type]


def main() -> None:
    """Measure on both databases, or on the one that is named."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--items", type=int, default=1_000_000)
    options.add_argument("--only", choices=["sqlite", "postgresql"])
    options.add_argument("--database", help="address of a database that is kept")
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--slow", action="store_true")
    asked = options.parse_args()
    for kind, url in [("kept", asked.database)] if asked.database else databases(asked.only):
        store = Store.open(url)
        print(kind, flush=True)
        prepare(store, asked.items)
        asyncio.run(measure(create_app(site(store)), asked.items, asked.rounds, asked.slow))
        store.close()


if __name__ == "__main__":
    main()
