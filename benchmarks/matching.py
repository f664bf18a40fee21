"""What a million watch terms cost: building, memory, scanning, a changed watch, a restart; and the curve over subscribers.

    python benchmarks/matching.py terms [--terms 1000000] [--items 2000]
    python benchmarks/matching.py curve [--largest 1000000]

`terms`: half Latin, half Chinese terms, each the one term of a watch, in a SQLite database; the index is built by the child
process that the service starts, loaded as at a restart, and asked for the candidates of 2 kB items. Beside it, in the same run and on
the same texts, the raw scan of one automaton of the same terms (daachorse, no boundaries, no owners). `curve`: the time to match one item when 10^3 to
10^6 subscribers share 100 criteria, without the alerts that are written (those grow with whom it reaches).
"""

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from daachorse import CharwiseDoubleArrayAhoCorasick
from sqlalchemy.dialects.sqlite import insert

from alerts.domain.items import StoredItem
from alerts.domain.watches import Criteria, StoredCriteria
from alerts.flow.watching import read_index
from alerts.match import WatchIndex, canonical, criteria_hash
from alerts.match.names import pattern, spaced
from alerts.store import Store
from alerts.store.convert import criteria_body
from alerts.store.tables import criteria as criteria_table
from tests.builders import MONDAY, a_judgement, an_item

SYLLABLES = [
    a + b
    for a in [
        "b",
        "c",
        "d",
        "f",
        "g",
        "h",
        "k",
        "l",
        "m",
        "n",
        "p",
        "r",
        "s",
        "t",
        "v",
        "w",
        "z",
        "br",
        "st",
        "tr",
    ]
    for b in ["a", "e", "i", "o", "u", "ar", "en", "on", "is"]
]
HAN = [chr(0x4E00 + each) for each in range(2500)]
COMMON = [
    "the",
    "office",
    "of",
    "a",
    "for",
    "and",
    "patent",
    "trade",
    "mark",
    "rule",
    "on",
    "in",
    "import",
    "notice",
    "court",
    "new",
    "market",
    "company",
]


def word(chance: random.Random) -> str:
    """Return an invented word."""
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4)))


def some_terms(count: int) -> list[str]:
    """Return distinct terms, every other one Chinese."""
    chance, found = random.Random(5), {}
    while len(found) < count:
        if len(found) % 2:
            found["".join(chance.choices(HAN, k=chance.choice((2, 3, 3, 4, 4, 5, 6))))] = None
        else:
            found[" ".join(word(chance) for _ in range(chance.choice((1, 1, 2, 2, 3)))).title()] = None
    return list(found)


def some_items(terms: list[str], count: int) -> list[StoredItem]:
    """Return items of about 2 kB, every fifth Chinese, with some of the terms in them, also inside other words."""
    chance = random.Random(6)
    latin, dense = terms[0:60_000:2], terms[1:60_000:2]
    return [
        _item(_dense_text(chance, dense) if n % 5 == 0 else _latin_text(chance, latin)) for n in range(count)
    ]


def _latin_text(chance: random.Random, terms: list[str]) -> str:
    parts: list[str] = []
    while sum(map(len, parts)) < 2000:
        parts.append(
            " ".join(chance.choice(COMMON) if chance.random() < 0.6 else word(chance) for _ in range(8))
        )
        parts.append(
            f", {chance.choice(terms)}. " if chance.random() < 0.1 else f" X{chance.choice(terms).lower()}s "
        )
    return "".join(parts)


def _dense_text(chance: random.Random, terms: list[str]) -> str:
    parts: list[str] = []
    while sum(map(len, parts)) < 680:
        parts.append("".join(chance.choices(HAN, k=chance.randint(5, 20))))
        parts.append(chance.choice(terms) + "，" if chance.random() < 0.1 else "。")
    return "".join(parts)


def _item(text: str) -> StoredItem:
    item = replace(an_item(), title=text[:100], summary=text[100:])
    return StoredItem(1, "feed", 1, 1, item, a_judgement(identifiers=()), MONDAY)


def fill(store: Store, terms: list[str]) -> None:
    """Write a row of criteria for each term."""

    def rows(some: list[str]) -> list[dict[str, object]]:
        wishes = [Criteria(terms=(term,)) for term in some]
        return [{"hash": criteria_hash(wish), "body": criteria_body(wish)} for wish in wishes]

    for start in range(0, len(terms), 50_000):
        some = rows(terms[start : start + 50_000])
        store._db.write(
            lambda connection, some=some: connection.execute(
                insert(criteria_table).on_conflict_do_nothing(), some
            )
        )


def resident() -> float:
    """Return the resident megabytes of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds of some work."""
    began = time.process_time()
    work()
    return time.process_time() - began


def terms(options: argparse.Namespace) -> dict[str, object]:
    """Return the figures of many terms."""
    with tempfile.TemporaryDirectory() as folder:
        address, path = f"sqlite:///{folder}/bench.db", Path(folder) / "watches.index"
        store = Store.open(address)
        store.migrate()
        wanted = some_terms(options.terms)
        fill(store, wanted)
        began = time.perf_counter()
        child = subprocess.run(
            [sys.executable, "-m", "alerts.flow.watching", str(path)], env=_environment(address), check=True
        )
        built = time.perf_counter() - began
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        peak = spent.ru_maxrss / 1024
        assert child.returncode == 0
        before = resident()
        began = time.perf_counter()
        index = read_index(store, path)
        loaded = time.perf_counter() - began
        memory = resident() - before
        items = some_items(wanted, options.items)
        raw = CharwiseDoubleArrayAhoCorasick([pattern(term).strip() for term in dict.fromkeys(wanted)])
        texts = [f"{spaced(each.item.title)}\0{spaced(each.item.summary)}" for each in items]
        ratios, ours, limit = [], [], []
        for _ in range(5):
            limit.append(seconds(lambda: [raw.find_overlapping(text) for text in texts]))
            ours.append(seconds(lambda: [index.candidates(item) for item in items]))
            ratios.append(limit[-1] / ours[-1])
        changed = _changed(store, index, items[0])
        store.close()
        return {
            "terms": len(wanted), "child_built_s": round(built, 1), "child_cpu_s": round(spent.ru_utime + spent.ru_stime, 1), "child_peak_mb": round(peak),
            "saved_mb": round(path.stat().st_size / 1e6), "loaded_s": round(loaded, 2), "bytes_a_term": round(memory * 2**20 / len(wanted)),
            "items_per_s": round(options.items / statistics.median(ours)), "raw_scan_items_per_s": round(options.items / statistics.median(limit)),
            "ratio_to_raw": round(statistics.median(ratios), 2), "changed_watch_live_s": round(changed, 3),
        }  # fmt: skip


def _environment(address: str) -> dict[str, str]:
    import os

    return os.environ | {"ALERTS_DATABASE_URL": address, "PYTHONPATH": str(Path(__file__).parents[1])}


def _changed(store: Store, index: WatchIndex, stored: StoredItem) -> float:
    """Return the seconds until a new watch is among the candidates of an item that names it."""
    fill(store, ["Zyxwvut Newcomer"])
    named = replace(stored, item=replace(stored.item, title="Zyxwvut Newcomer sues"))
    began = time.perf_counter()
    index.follow(1, store.matches.criteria_after)
    assert index.last_id in index.candidates(named)
    return time.perf_counter() - began


def curve(options: argparse.Namespace) -> dict[str, object]:
    """Return microseconds an item by number of subscribers who share a hundred criteria."""
    shared = [
        StoredCriteria(n, Criteria(regions=("US",), terms=(word(random.Random(n)),))) for n in range(1, 101)
    ]
    items = some_items(some_terms(60_000), 300)
    found: dict[str, object] = {}
    count = 1000
    while count <= options.largest:
        index = WatchIndex()
        hashes = {
            canonical(one.criteria): one for one in (shared[n % 100] for n in range(count))
        }  # what subscribing does
        index.take(hashes.values())
        found[str(count)] = round(
            1e6 * statistics.median(seconds(partial(_all_candidates, index, items)) for _ in range(5)) / 300,
            1,
        )
        count *= 10
    return {"microseconds_an_item_by_subscribers": found}


def _all_candidates(index: WatchIndex, items: list[StoredItem]) -> None:
    for each in items:
        index.candidates(each)


def main() -> None:
    """Print the figures as one JSON object."""
    parser = argparse.ArgumentParser(description="What watch terms cost.")
    parser.add_argument("what", choices=["terms", "curve"])
    parser.add_argument("--terms", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--largest", type=int, default=1_000_000)
    options = parser.parse_args()
    print(json.dumps(terms(options) if options.what == "terms" else curve(options), indent=1))


if __name__ == "__main__":
    main()
