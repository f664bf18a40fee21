"""The databases that the store is tested on: SQLite in memory, SQLite in a file, PostgreSQL.

PostgreSQL is taken from ``ALERTS_TEST_POSTGRES`` (an address of a server on which a database may be made) or
started from the installed binaries, once a session, without fsync. Where there is none the tests are skipped,
except under ``CI=true``: there they fail.
"""

import atexit
import contextlib
import functools
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, text

from alerts.store import Store
from alerts.store.tables import METADATA

KINDS = (
    "sqlite-memory",
    "sqlite-file",
    pytest.param("postgresql", marks=pytest.mark.postgres),
)


def empty_store(kind: str) -> Store:
    """Return the session's store of this kind, migrated and without rows.

    One store serves all tests, since a new engine compiles every statement anew, which costs more than
    the test; and many small deletes are quicker than TRUNCATE, which makes new files.
    """
    store = _store(kind)
    store._db.write(_empty)
    return store


def _empty(connection: Connection) -> None:
    logged = connection.execute(text("SELECT id FROM audit LIMIT 1")).first()
    with _unguarded(connection) if logged else contextlib.nullcontext():
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
    connection.execute(text("DELETE FROM item_words"))
    connection.execute(text("DELETE FROM matter_words"))


@contextlib.contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    """Take the triggers away that keep the audit log from being emptied, as only the owner of the tables can, and put them back."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        yield
        connection.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))
        return
    kept = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
    ).all()
    for row in kept:
        connection.execute(text(f"DROP TRIGGER {row.name}"))
    yield
    for row in kept:
        connection.execute(text(row.sql))


@functools.cache
def _store(kind: str) -> Store:
    if kind == "sqlite-memory":
        store = open_memory()
    elif kind == "sqlite-file":
        file = shutil.copy(migrated_file(), _session_folder("alerts-sqlite-"))
        store = Store.open(f"sqlite:///{file}")
    else:
        store = Store.open(postgres_url())
    atexit.register(store.close)
    return store


def open_memory() -> Store:
    """Return a store in memory: a copy of a migrated one, which is quicker than to migrate it."""
    store = Store.open("sqlite://")
    driver = store._db._writer.raw_connection()
    with contextlib.closing(sqlite3.connect(migrated_file())) as source:
        source.backup(driver.driver_connection)
    driver.close()
    return store


@functools.cache
def migrated_file() -> Path:
    """Return a migrated SQLite database without rows; to be copied, not to be used."""
    folder = _session_folder("alerts-sqlite-")
    store = Store.open(f"sqlite:///{folder}/migrated.db")
    store.migrate()
    store.backup(folder / "copy.db")
    store.close()
    return folder / "copy.db"


def postgres_url() -> str:
    """Return the address of this session's database, or skip the test."""
    url = _postgres_database()
    if url is None:
        message = "no PostgreSQL: set ALERTS_TEST_POSTGRES or install the server"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    return url


def make_database(name: str) -> str:
    """Return the address of a new, empty database on this session's server."""
    postgres_url()
    server = _server() or ""
    with psycopg.connect(_plain(server), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    atexit.register(_drop, server, name)
    return _with_database(server, name)


@functools.cache
def _postgres_database() -> str | None:
    server = _server()
    if server is None:
        return None
    name = f"alerts_test_{os.getpid()}"
    with psycopg.connect(_plain(server), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    atexit.register(_drop, server, name)
    store = Store.open(_with_database(server, name))
    store.migrate()
    store.close()
    return _with_database(server, name)


@functools.cache
def _server() -> str | None:
    """Return the address of a server's ``postgres`` database; None when there is no server to be had."""
    given = os.environ.get("ALERTS_TEST_POSTGRES")
    if given:
        return given
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not binaries:
        return None
    return _start(binaries[-1].parent)


def _start(binaries: Path) -> str:
    folder = _session_folder("alerts-pg-")
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"
    settings = (
        f"-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60 "
        f"-c listen_addresses='' -c unix_socket_directories={folder}"
    )
    init = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    control = [*as_user, str(binaries / "pg_ctl"), "-D", str(data)]
    _run([*as_user, *init, "--locale=C.UTF-8", "--no-sync"])
    _run([*control, "-w", "-o", settings, "-l", str(folder / "log"), "start"])
    atexit.register(_run, [*control, "-m", "immediate", "stop"])
    return f"postgresql+psycopg://postgres@/postgres?host={folder}"


def _session_folder(prefix: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command[-1]}: {done.stdout}{done.stderr}"


def _drop(server: str, name: str) -> None:
    with psycopg.connect(_plain(server), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _plain(url: str) -> str:
    """Return the address as psycopg itself reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _with_database(url: str, name: str) -> str:
    address, _, options = url.partition("?")
    return f"{address.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")
