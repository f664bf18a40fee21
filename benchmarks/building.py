"""How long the digests of many readers take who are due at one hour, on SQLite and PostgreSQL.

    python benchmarks/building.py [--contacts 100000] [--distinct 200] [--items 10] [--only sqlite]

Half of the readers read Chinese. Printed: seconds until every digest stands with its delivery, its alerts told and its line
in the ledger; the peak of memory before and after.
"""

import argparse
import asyncio
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from alerts.flow.report import build_due
from alerts.store import Store
from benchmarks.readers import databases, fill, service


def megabytes() -> int:
    """Return the peak of this process's memory so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure(kind: str, store: Store, asked: argparse.Namespace) -> None:
    """Fill, build, print."""
    store.migrate()
    fill(store, asked.contacts, asked.distinct, asked.items)
    before, began, used = megabytes(), time.perf_counter(), time.process_time()
    built = asyncio.run(build_due(service(store, {})))
    took = time.perf_counter() - began
    assert built.digests == asked.contacts, built
    print(f"{kind:11} {built.digests:,} digests of {asked.items} notices in {took:.1f} s "
          f"(CPU here {time.process_time() - used:.1f} s), peak {before} → {megabytes()} MB")  # fmt: skip


def main() -> None:
    """Measure on both databases."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--contacts", type=int, default=100_000)
    options.add_argument("--distinct", type=int, default=200)
    options.add_argument("--items", type=int, default=10)
    options.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = options.parse_args()
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    for kind, url in databases(asked.only):
        store = Store.open(url)
        measure(kind, store, asked)
        store.close()


if __name__ == "__main__":
    main()
