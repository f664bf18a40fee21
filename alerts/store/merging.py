"""Keeps the index of SQLite in few parts: a look reads each of them, and what is written by and by leaves dozens.

FTS5 merges by itself only parts of one size. In one part a million notices were found in two fifths of the time that 24 took. It is done in
small steps, each a transaction of its own, so that nobody waits long to write.

Source: SQLite's documentation of FTS5, the commands ``merge`` (a negative number begins to merge all parts into one) and ``optimize``.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from alerts.store.database import Database
from alerts.store.lookup import ITEMS, MATTERS, Index

FEW = 4  # parts
PAGES = 500  # of 4 kB, that a step writes at most
STEPS = 20_000  # 40 GB: an index is smaller, so more would be none
IDLE = 2  # changes of a step that found nothing more to merge


def merge(database: Database) -> int:
    """Return how many steps were taken until each index was in one part; 0 where they are in few, or on PostgreSQL, whose index has none."""
    if not database.is_sqlite:
        return 0
    return sum(sum(1 for _ in _steps(database, index)) for index in (ITEMS, MATTERS))


def _steps(database: Database, index: Index) -> Iterator[int]:
    if database.read(lambda connection: _parts(connection, index)) <= FEW:
        return
    pages = -PAGES
    for step in range(STEPS):
        if database.write(lambda connection, pages=pages: _step(connection, index, pages)) < IDLE:  # type: ignore[misc]
            return
        pages = PAGES
        yield step


def _parts(connection: Connection, index: Index) -> int:
    counted = text(f"SELECT count(DISTINCT segid) FROM {index.table}_idx")  # noqa: S608
    return int(connection.execute(counted).scalar_one())


def _step(connection: Connection, index: Index, pages: int) -> int:
    """Return how many rows a step of merging changed."""
    merging = text(f"INSERT INTO {index.table}({index.table}, rank) VALUES ('merge', :pages)")  # noqa: S608
    before = _changes(connection)
    connection.execute(merging, {"pages": pages})
    return _changes(connection) - before


def _changes(connection: Connection) -> int:
    return int(connection.execute(text("SELECT total_changes()")).scalar_one())
