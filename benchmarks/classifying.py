"""What judging an item costs: captured records as items of three lengths, and texts of a megabyte, in CPU milliseconds.

python benchmarks/classifying.py
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from alerts import workdays
from alerts.classify import item_from_record, judge, load

RECORDS = Path(os.environ.get("ALERTS_CORPUS", Path(__file__).parents[2] / "shared" / "corpus")) / "records"
LONG = {
    "Chinese": "国家知识产权局关于商标专利侵权的公告，自2026年1月1日起施行。" * 40_000,
    "English": "comments must be received by 5 May 2026 on the patent rule. " * 20_000,
    "dates": "1 January 2026 " * 70_000,
    "digits": "1" * 1_000_000,
    "markup": "<p>" * 300_000,
}
LEXICONS = load(None, workdays)


def cost(title: str, summary: str, publisher: str = "Office") -> float:
    """Return the CPU milliseconds of one item."""
    record: Mapping[str, object] = {
        "id": "1", "title": title, "summary": summary, "lang": None, "feed_jurisdiction": "US",
        "publisher": publisher, "url": "", "published": "2026-01-01",
    }  # fmt: skip
    item, context = item_from_record(record)
    began = time.process_time()
    judge(item, context, LEXICONS)
    return (time.process_time() - began) * 1000


def records() -> Iterator[tuple[str, str, str]]:
    """Yield title, text and publisher of each captured record."""
    for path in sorted(RECORDS.rglob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        yield (record.get("title") or "")[:500], record.get("text") or "", str(record.get("_source"))


def main() -> None:
    """Measure and print."""
    for name, text in LONG.items():
        cost(text, "")
        print(f"a megabyte of {name}: as title {cost(text, ''):.1f} ms, as summary {cost('x', text):.1f} ms")
    found = list(records())
    for title, text, publisher in found:  # the first of each language merges its lexicons
        cost(title, text[:300], publisher)
    for length in (600, 4_000, 10**7):
        costs = sorted(cost(title, text[:length], publisher) for title, text, publisher in found)
        if costs:
            mean, late = statistics.mean(costs), costs[int(len(costs) * 0.99)]
            print(f"{len(costs)} records, {length:,} characters at most: mean {mean:.2f} ms ({1000 / mean:,.0f} a second), "
                  f"99 % within {late:.1f} ms, the slowest {costs[-1]:.1f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
