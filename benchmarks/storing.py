"""How fast the store takes polls of which most entries are known, and new items, on SQLite and PostgreSQL.

    python benchmarks/storing.py [--entries 100] [--polls 300] [--rounds 3]

A candidate is an entry of a document as the flow hands it over: key and content hash. Each poll asks the store once what it does not
know of its entries (one statement) and stores its end with what is new. Printed: candidates a second at 99 % known and at 100 %, in
two ways (one poll a transaction; polls that end together in one transaction), new items a second in documents of 100, statements a poll.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import event

from alerts.domain.collected import FeedClaim, Finished
from alerts.domain.items import Revision
from alerts.store import Store
from tests.builders import MONDAY, a_feed, a_poll, a_revision
from tests.databases import make_database, postgres_url

FEEDS = 50


@contextmanager
def stores() -> Iterator[dict[str, Store]]:
    """Yield an empty store of each kind."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"sqlite": Store.open(f"sqlite:///{folder}/bench.db")}
        postgres_url()
        found["postgresql"] = Store.open(make_database(f"alerts_bench_{os.getpid()}"))
        for store in found.values():
            store.migrate()
        yield found
        for store in found.values():
            store.close()


class Feeder:
    """Feeds that publish: each document shows the newest entries of a feed."""

    def __init__(self, store: Store, entries: int) -> None:
        self._store, self._entries, self._at = store, entries, MONDAY
        self._feeds = [a_feed(f"feed-{k}", url=f"https://{k}.example/") for k in range(FEEDS)]
        self._newest = dict.fromkeys((feed.id for feed in self._feeds), entries)
        self._made: dict[tuple[str, int], Revision] = {}
        store.feeds.sync(self._feeds, MONDAY)

    def round(self, new: int, together: int) -> tuple[float, int]:
        """Return the seconds of one poll of each feed, of whose entries ``new`` are new, and the candidates."""
        self._at += timedelta(hours=2)
        claims = self._store.feeds.claim(self._at, FEEDS, "bench", due_only=False)
        shown = {claim.feed_id: self._show(claim.feed_id, new) for claim in claims}
        began = time.perf_counter()
        for start in range(0, len(claims), together):
            ends = [self._ended(claim, shown[claim.feed_id]) for claim in claims[start : start + together]]
            for end in self._store.feeds.finish_all(ends):
                assert not isinstance(end, Exception) and end.new == new, end
        return time.perf_counter() - began, len(claims) * self._entries

    def _show(self, feed_id: str, new: int) -> dict[str, Revision]:
        self._newest[feed_id] += new
        newest = self._newest[feed_id]
        return {
            f"{feed_id}/{n}": self._revision(feed_id, n) for n in range(newest, newest - self._entries, -1)
        }

    def _revision(self, feed_id: str, number: int) -> Revision:
        return self._made.setdefault((feed_id, number), a_revision(f"{feed_id}/{number}"))

    def _ended(self, claim: FeedClaim, document: dict[str, Revision]) -> Finished:
        found = self._store.feeds.familiar(
            claim.feed_id, {key: one.content_hash for key, one in document.items()}
        )
        result = a_poll(*(one for key, one in document.items() if key in found.news), at=self._at)
        known = tuple(key for key in document if key not in found.news)
        return Finished(claim, replace(result, known=known, unseen=len(found.unseen), entries=len(document)))


@contextmanager
def counted(store: Store) -> Iterator[list[int]]:
    """Count the statements that the store executes meanwhile."""
    count = [0]

    def one(*_: object) -> None:
        count[0] += 1

    engines = {store._db._writer, store._db._reader}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", one)
    yield count
    for engine in engines:
        event.remove(engine, "before_cursor_execute", one)


def measure(store: Store, options: argparse.Namespace) -> dict[str, object]:
    """Return the figures of one database."""
    feeder = Feeder(store, options.entries)
    feeder.round(0 if not options.entries else options.entries, FEEDS)  # the baseline
    few = max(1, options.entries // 100)
    ways = {
        "99_percent_known": (few, 1),
        "99_percent_known_together": (few, FEEDS),
        "all_known": (0, 1),
        "all_known_together": (0, FEEDS),
    }
    figures: dict[str, object] = {}
    for name, (new, together) in ways.items():
        rates = []
        for _ in range(options.rounds):
            seconds, candidates = feeder.round(new, together)
            rates.append(candidates / seconds)
        figures[f"{name}_per_s"] = round(statistics.median(rates))
    with counted(store) as count:
        feeder.round(0, 1)
        figures["statements_a_known_poll"] = round(count[0] / FEEDS, 1)
    rates = []
    for _ in range(options.rounds):
        seconds, candidates = feeder.round(options.entries, 1)
        rates.append(candidates / seconds)
    return figures | {"new_items_per_s": round(statistics.median(rates))}


def main() -> None:
    """Print the figures as one JSON object."""
    parser = argparse.ArgumentParser(description="How fast the store takes polls.")
    parser.add_argument("--entries", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with stores() as found:
        print(json.dumps({name: measure(store, options) for name, store in found.items()}, indent=1))


if __name__ == "__main__":
    main()
