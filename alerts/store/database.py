"""Engines and transactions: the one place that knows which database it is.

SQLite has one writer: a pool of one connection whose transactions start with BEGIN IMMEDIATE, because
a transaction that reads first and writes later fails at once when another wrote in between, whatever
the busy timeout (SQLITE_BUSY_SNAPSHOT). Readers have an engine of their own and never checkpoint
(the WAL-reset fault of SQLite before 3.51.3). PostgreSQL runs READ COMMITTED; a transaction that it
breaks off as 40001 or 40P01 is run again from its first statement.

Units: timeouts are seconds where a pool counts them and milliseconds where a server does.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError, StatementError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from alerts.domain.errors import AlertsError, StoreError

Result = TypeVar("Result")

OLDEST_SQLITE = (3, 35)  # the first with RETURNING
ALONE = 64_000  # kB of pages that a process keeps that does nothing but read; a connection among others has SQLite's own 2,000
TRIES = 3  # of a transaction that PostgreSQL broke off
BROKEN_OFF = frozenset({"40001", "40P01"})  # serialization failure, deadlock
# Tables of this service are asked by key. The server's own guess of what a random page costs is one of spinning disks, and
# lets it read a million alerts to mark ten thousand. To compile a statement (jit) takes longer than any of ours runs.
PG_OPTIONS = "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC -c random_page_cost=1.1 -c jit=off"
UPGRADE = "run `alerts db upgrade`"


class Database:
    """A database that is open: transactions that write, and transactions that only read."""

    def __init__(self, url: URL, writer: Engine, reader: Engine) -> None:
        self.url = url
        self._writer = writer
        self._reader = reader

    @property
    def is_sqlite(self) -> bool:
        """Return whether this is SQLite; everything else here is PostgreSQL."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path | None:
        """Return the file of a SQLite database; None in memory and on a server."""
        name = self.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    @property
    def shown(self) -> str:
        """Return the address without its password."""
        return self.url.render_as_string(hide_password=True)

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Return what ``work`` returned, its changes committed; any exception undoes them all.

        Raises:
            StoreError: the database failed; nothing of ``work`` is visible.
        """
        return self._run(self._writer, work)

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """Return what ``work`` returned from a transaction that changes nothing.

        Raises:
            StoreError: the database failed.
        """
        return self._run(self._reader, work)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection for a long answer that is read row by row.

        Raises:
            StoreError: the database failed.
        """
        try:
            with self._reader.begin() as connection:
                yield connection
        except SQLAlchemyError as fault:
            raise self._translated(fault) from fault

    def close(self) -> None:
        """Let go of all connections."""
        self._reader.dispose()
        self._writer.dispose()

    def _run(self, engine: Engine, work: Callable[[Connection], Result]) -> Result:
        for tries_left in reversed(range(TRIES)):
            try:
                with engine.begin() as connection:
                    return work(connection)
            except SQLAlchemyError as fault:
                again = _broken_off(fault) or (engine is self._reader and _is_dead(fault))
                if not (tries_left and again):
                    raise self._translated(fault) from fault
        raise AssertionError("the last try returns or raises")

    def _translated(self, fault: SQLAlchemyError) -> AlertsError:
        cause = fault.orig if isinstance(fault, StatementError) else None
        if isinstance(cause, AlertsError):  # a column type refused the value
            return cause
        first_line = str(cause or fault).strip().partition("\n")[0]
        if _missing_table(fault):
            return StoreError(f"the tables in {self.shown} are missing or of another version: {UPGRADE}")
        if isinstance(fault, DBAPIError) and not _answered(fault):
            return StoreError(
                f"the database {self.shown} cannot be reached: {first_line}; check ALERTS_DATABASE_URL"
            )
        advice = next((text for words, text in _ADVICE if words in first_line), "")
        return StoreError(f"the database {self.shown} refused: {first_line}{advice}")


_ADVICE = (  # of SQLite, to somebody who runs the service
    ("database is locked", "; another program is writing to it: try again when it has ended"),
    ("readonly database", "; its file or folder may not be written by this user"),
    ("disk is full", "; free some space: nothing of this step is stored, it is repeated"),
    ("disk I/O error", "; its file system fails or is full: nothing of this step is stored, it is repeated"),
    ("malformed", "; restore the newest backup with `alerts db restore`"),
)


def connect(address: str, *, read_only: bool = False) -> Database:
    """Return the database at ``address``; a missing folder for SQLite is created, nothing is asked yet.

    With ``read_only`` the database itself refuses every change.

    Raises:
        StoreError: the address names no database that we can use.
    """
    url = _read_url(address)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, read_only=read_only)
    options = f"{PG_OPTIONS} -c default_transaction_read_only=on" if read_only else PG_OPTIONS
    settings = {"options": options, "connect_timeout": 10, "application_name": "alerts"}
    # A read is one statement, or several that READ COMMITTED does not hold together either: no BEGIN, no COMMIT, and no
    # question beforehand whether the connection still lives, since a read can simply be done again.
    writer = create_engine(
        url, pool_pre_ping=True, isolation_level="READ COMMITTED", connect_args=settings, hide_parameters=True
    )
    reader = create_engine(url, isolation_level="AUTOCOMMIT", connect_args=settings, hide_parameters=True)
    return Database(url, writer, reader)


def _read_url(address: str) -> URL:
    advice = "write sqlite:///folder/alerts.db or postgresql+psycopg://user@host/name in ALERTS_DATABASE_URL"
    try:
        url = make_url(address)
        if url.drivername in {"postgresql", "postgres"}:
            url = url.set(drivername="postgresql+psycopg")
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as fault:
        raise StoreError(f"this is no database address: {advice}") from fault
    if url.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise StoreError(f"{url.drivername} is not a database that this service can use: {advice}")
    return url


def _sqlite(url: URL, *, read_only: bool) -> Database:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old: 3.35 or newer is needed")
    if not url.database or url.database == ":memory:":
        # One connection is the database; the pool hands it to one transaction at a time.
        engine = _sqlite_engine(url, "BEGIN IMMEDIATE", size=1)
        return Database(url, engine, engine)
    try:
        Path(url.database).absolute().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as fault:
        raise StoreError(f"the folder for {url.database} cannot be made: {fault.strerror}") from fault
    if read_only:
        # Each statement sees what is there: pages hold their statements together no more than on PostgreSQL.
        reader = _sqlite_engine(url, None, size=1, cache=ALONE)
        return Database(url, reader, reader)
    return Database(url, _sqlite_engine(url, "BEGIN IMMEDIATE", size=1), _sqlite_engine(url, "BEGIN", size=8))


def _sqlite_engine(url: URL, begin: str | None, *, size: int, cache: int = 2000) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=60,
        connect_args={"check_same_thread": False},
        hide_parameters=True,  # a fault that is logged tells no address and no word
    )

    @event.listens_for(engine, "connect")
    def _prepare(driver: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        driver.isolation_level = None  # transactions are ours, not the driver's
        for setting in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            driver.execute(f"PRAGMA {setting}")
        driver.execute(f"PRAGMA cache_size=-{cache}")
        if begin != "BEGIN IMMEDIATE":
            driver.execute("PRAGMA wal_autocheckpoint=0")
            driver.execute("PRAGMA query_only=ON")

    if begin:

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

    return engine


def _is_dead(fault: SQLAlchemyError) -> bool:
    """Return whether the connection had been closed by the other side; the pool then has a new one."""
    return isinstance(fault, DBAPIError) and fault.connection_invalidated


def _broken_off(fault: SQLAlchemyError) -> bool:
    return isinstance(fault, DBAPIError) and getattr(fault.orig, "sqlstate", None) in BROKEN_OFF


def _answered(fault: DBAPIError) -> bool:
    """Return whether a server (or SQLite, which is always there) was reached and said no."""
    if isinstance(fault.orig, sqlite3.Error):
        return "unable to open" not in str(fault.orig)
    return getattr(fault.orig, "sqlstate", None) is not None and not fault.connection_invalidated


def _missing_table(fault: SQLAlchemyError) -> bool:
    if not isinstance(fault, DBAPIError):
        return False
    text = str(fault.orig)
    no_such = text.startswith(("no such table", "no such column")) or "has no column named" in text
    return no_such or getattr(fault.orig, "sqlstate", None) in {"42P01", "42703"}
