"""The files around a SQLite database: the lock that one daemon holds, and copies for safekeeping."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path

from alerts.domain.errors import StoreError
from alerts.store.database import connect


@contextmanager
def exclusive(database: Path) -> Iterator[None]:
    """Hold ``<database>.lock``: while held, no other daemon works on this file.

    Raises:
        StoreError: another process holds it.
    """
    import fcntl

    path = database.with_name(database.name + ".lock")
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            raise StoreError(
                f"another daemon is working on {database}: stop it, or use PostgreSQL to run several"
            ) from fault
        yield


def restore(url: str, file: Path) -> Path | None:
    """Return where the former content of a SQLite database was kept, now that it holds the copy's.

    Raises:
        StoreError: this is no SQLite file, a daemon works on it, or ``file`` is none of our copies.
    """
    database = connect(url)
    database.close()
    if database.path is None:
        raise StoreError("only a SQLite file can be restored here: use pg_restore for PostgreSQL")
    return _put_back(database.path, Path(file))


def _put_back(database: Path, copy: Path) -> Path | None:
    _refuse_foreign(copy)
    database.absolute().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with exclusive(database):
        kept = None
        if database.exists():
            kept = next(free for free in _names_beside(database) if not free.exists())
            copy_sqlite(database, kept)
        try:
            with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(database)) as target:
                source.backup(target)
        except sqlite3.Error as fault:
            raise StoreError(f"{database} could not be written: {fault}") from fault
    return kept


def _names_beside(database: Path) -> Iterator[Path]:
    return (database.with_name(f"{database.name}.replaced-{number}") for number in count(1))


def _refuse_foreign(copy: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as source:
            verdict = source.execute("PRAGMA quick_check").fetchone()[0]
            source.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as fault:
        raise StoreError(f"{copy} is no copy that `alerts db backup` made: {fault}") from fault
    if verdict != "ok":
        raise StoreError(f"{copy} is damaged: {verdict}")


def copy_sqlite(source: Path, target: Path) -> None:
    """Write a consistent copy of a database that may be in use; ``target`` appears whole or not at all.

    Raises:
        StoreError: the copy could not be written, or is damaged.
    """
    unfinished = target.with_name(target.name + ".part")
    try:
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)  # it holds addresses: for its owner alone from the first byte
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(unfinished)) as copy:
            original.backup(copy)
            verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        if verdict != "ok":
            raise StoreError(f"the copy of {source} is damaged: {verdict}")
        unfinished.replace(target)
    except (OSError, sqlite3.Error) as fault:
        raise StoreError(f"{target} could not be written: {fault}") from fault
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
