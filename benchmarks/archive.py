"""How long a page of the archive takes at a million items, for any filter and search, on SQLite and PostgreSQL.

    python benchmarks/archive.py [--items 1000000] [--only sqlite]

Items are made of 40,000 words and 3,000 characters with the frequencies of texts, spread over ten years, and written as the
store writes them (revision and index in their own forms). Then 900 wishes of one to five filters, of one or two words, or of both, each
taken from a stored item, ask for the newest page. Printed: seconds to fill, and p50, p95 and worst of the whole query with its items.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import insert

from alerts.domain.items import ItemQuery, Judgement, Revision
from alerts.domain.jurisdictions import JURISDICTIONS
from alerts.domain.vocabulary import Event, Kind, Right, Severity
from alerts.store import Store
from alerts.store.convert import revision_columns
from alerts.store.tables import item, item_revision
from benchmarks.readers import databases
from tests.builders import MONDAY, Dated, DateOrigin, a_feed, an_item

CHANCE = random.Random(7)
WORDS = [
    "".join(CHANCE.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(CHANCE.randint(3, 10)))
    for _ in range(40_000)
]
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
CODES = sorted(JURISDICTIONS)[:80]
FIRST = datetime(2016, 1, 1, 9, tzinfo=UTC)
BATCH = 5000
SHAPES = ((1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (0, 1), (1, 1), (2, 2), (3, 1))


def pick(many: int) -> int:
    """Return a number below ``many``, small ones far more often."""
    return (
        min(int(CHANCE.paretovariate(1.0)) - 1, many - 1)
        if CHANCE.random() < 0.7
        else int(CHANCE.random() ** 3 * many)
    )


def text(number: int) -> tuple[str, str]:
    """Return title and summary; three in ten are Chinese."""
    if number % 10 < 3:
        signs = "".join(HAN[pick(3000)] for _ in range(120))
        return signs[:20], signs[20:]
    words = [WORDS[pick(40_000)] for _ in range(60)]
    return " ".join(words[:10]), " ".join(words[10:])


def revision(number: int, count: int) -> Revision:
    """Return one item of the archive."""
    title, summary = text(number)
    published = FIRST + timedelta(days=3650 * number / count)
    judged = Judgement(
        relevant=CHANCE.random() < 0.8,
        kind=CHANCE.choices(list(Kind), (5, 3, 2))[0],
        event=list(Event)[pick(len(Event))],
        severity=CHANCE.choices(list(Severity), (1, 4, 20, 75))[0],
        rights=tuple({list(Right)[pick(len(Right))] for _ in range(CHANCE.choice((0, 1, 1, 2)))}),
        jurisdictions=tuple({CODES[pick(80)] for _ in range(CHANCE.choice((1, 1, 1, 2)))}),
    )
    value = an_item(f"k{number}", title=title, summary=summary, published=Dated(published, DateOrigin.SOURCE))
    return Revision(value, judged, f"h{number}")


def fill(store: Store, count: int) -> None:
    """Write the archive."""
    store.feeds.sync([a_feed(f"feed-{number}") for number in range(300)], MONDAY)
    for start in range(1, count + 1, BATCH):
        numbers = range(start, min(start + BATCH, count + 1))
        items = [
            {"id": n, "feed_id": f"feed-{pick(300)}", "key": f"k{n}", "number": 1, "shown": 1, "first_seen_at": FIRST + timedelta(days=3650 * n / count),
             "changed_at": None, "baseline": False, "matter_id": None, "tie": None, "tied_at": MONDAY} for n in numbers
        ]  # fmt: skip
        rows = [
            revision_columns(revision(n, count)) | {"item_id": n, "number": 1, "created_at": MONDAY, "matched_at": MONDAY}
            for n in numbers
        ]  # fmt: skip
        store._db.write(
            lambda connection, i=items, r=rows: (
                connection.execute(insert(item), i),
                connection.execute(insert(item_revision), r),
            )
        )


def wishes(store: Store, count: int) -> Iterator[ItemQuery]:
    """Yield queries of every shape, each fitting at least the item that it is taken from where its facets are all asked."""
    for filters, words in SHAPES * 100:
        stored = store.items.get(CHANCE.randint(1, count))
        assert stored is not None
        judged, day = stored.judgement, (stored.item.published or Dated(FIRST, DateOrigin.SOURCE)).at.date()
        known: dict[str, object] = {
            "kinds": (judged.kind,), "events": (judged.event,), "severities": (judged.severity,), "feeds": (stored.feed_id,),
            "rights": judged.rights, "jurisdictions": judged.jurisdictions,
        }  # fmt: skip
        asked = {name: known[name] for name in CHANCE.sample(sorted(known), filters)}
        if filters and CHANCE.random() < 0.3:
            asked |= {"since": day - timedelta(days=CHANCE.choice((7, 90, 365))), "until": day}
        found = (
            stored.item.title.split()
            if " " in stored.item.title
            else [stored.item.title[n : n + 2] for n in (0, 5)]
        )
        yield ItemQuery(search=" ".join(found[:words]) or None, limit=25, **asked)  # type: ignore[arg-type]


def measure(kind: str, store: Store, count: int) -> None:
    """Fill, ask, print."""
    store.migrate()
    began = time.perf_counter()
    fill(store, count)
    filled = time.perf_counter()
    store.search.catch_up()
    indexed = time.perf_counter()
    queries = list(wishes(store, count))
    took = []
    for query in queries:
        start = time.perf_counter()
        store.items.query(query)
        took.append(time.perf_counter() - start)
    took.sort()
    p50, p95 = took[len(took) // 2] * 1e3, took[int(len(took) * 0.95)] * 1e3
    print(f"{kind:11} {count:,} items: written in {filled - began:.0f} s, indexed at {count / (indexed - filled):,.0f} a second; "
          f"{len(took)} pages, p50 {p50:.1f} ms, p95 {p95:.1f} ms, worst {took[-1] * 1e3:.0f} ms", flush=True)  # fmt: skip


def main() -> None:
    """Measure on both databases."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--items", type=int, default=1_000_000)
    options.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = options.parse_args()
    for kind, url in databases(asked.only):
        store = Store.open(url)
        measure(kind, store, asked.items)
        store.close()


if __name__ == "__main__":
    main()
