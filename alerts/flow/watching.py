"""The index of watches of a running service: kept in memory, built anew beside it when it has grown, loaded at the next start.

Up to some ten thousand terms a table in memory does, and is filled at the first round of matching. Beyond that a child
process builds an automaton from the database and saves it beside the data; this process loads it and goes on from where the
child had read. What is asked for meanwhile stands in the table, so a new watch counts at once in any case.
"""

import asyncio
import contextlib
import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import structlog

from alerts.domain.watches import StoredCriteria
from alerts.match import WatchIndex, hooks_of
from alerts.match.terms import load_terms, pack_terms
from alerts.store import Store

log = structlog.get_logger("alerts.match")

BUILT_FROM = 50_000  # terms from which an automaton pays
REBUILT_AT = 5_000  # terms beside it from which it is built anew
_FORMAT = 2


class Watching:
    """Holds the index. ``path`` is where it is saved; None where the database is in memory and nothing outlives the process."""

    def __init__(self, store: Store, path: Path | None, address: str) -> None:
        self._store, self._path, self._address = store, path, address
        self.index = WatchIndex()
        self._loaded = False

    def load(self) -> None:
        """Fill the index, once: from the saved one, if it belongs to this database, and from what was asked for since."""
        if self._loaded:
            return
        self._loaded = True
        if self._path is not None:
            with contextlib.suppress(OSError, ValueError, KeyError):
                self.index = read_index(self._store, self._path)
        self.index.take(self._store.matches.criteria_after(self.index.last_id))

    async def grow(self) -> bool:
        """Return whether the index was built anew; does so in a child process when many terms are not in the automaton."""
        built = self.index.terms - self.index.unbuilt
        if self._path is None or self.index.unbuilt < (REBUILT_AT if built else BUILT_FROM):
            return False
        command = [sys.executable, "-m", "alerts.flow.watching", str(self._path)]
        environment = os.environ | {"ALERTS_DATABASE_URL": self._address}
        child = await asyncio.create_subprocess_exec(*command, env=environment, stderr=subprocess.PIPE)
        _, fault = await child.communicate()
        if child.returncode:
            log.error("match.unbuilt", detail=fault.decode("utf-8", "replace")[-500:])
            return False
        self.index = await asyncio.to_thread(read_index, self._store, self._path)
        log.info("match.built", terms=self.index.terms)
        return True


def write_index(store: Store, path: Path) -> int:
    """Build the automaton of all terms, save it, and return how many there are."""
    owned: dict[str, list[int]] = {}
    last, beside = 0, []
    for number, criteria in store.matches.followed():
        last, hooks = number, hooks_of(criteria)
        for term in hooks.terms if hooks else ():
            owned.setdefault(term, []).append(number)
        if hooks is None or hooks.identifiers:
            beside.append(number)
    pieces = pack_terms(owned)
    head = {
        "format": _FORMAT, "last_id": last, "hash": store.matches.newest_criteria(last),
        "sizes": [len(piece) for piece in pieces], "beside": beside,
    }  # fmt: skip
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(json.dumps(head).encode() + b"\n")
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return len(owned)


def read_index(store: Store, path: Path) -> WatchIndex:
    """Return the saved index, ready to follow what came after it.

    Raises:
        OSError: there is none.
        ValueError: it is of another format, of another database, or damaged.
    """
    with path.open("rb") as file:
        head = json.loads(file.readline())
        if head["format"] != _FORMAT or store.matches.newest_criteria(head["last_id"]) != head["hash"]:
            raise ValueError("the saved index belongs to another database")
        pieces = [file.read(size) for size in head["sizes"]]
    index = WatchIndex(load_terms(pieces), head["last_id"])
    index.take(_beside(store, head["beside"]), facets_only=True)
    return index


def _beside(store: Store, ids: list[int]) -> Iterable[StoredCriteria]:
    """Return the criteria that are found otherwise than by terms."""
    return store.matches.criteria_of(ids)


def main() -> None:
    """Build and save the index of the database in ALERTS_DATABASE_URL: what a child process runs."""
    gc.disable()  # millions of objects are made and none is thrown away
    store = Store.open(os.environ["ALERTS_DATABASE_URL"])
    try:
        write_index(store, Path(sys.argv[1]))
    finally:
        store.close()


if __name__ == "__main__":
    main()
