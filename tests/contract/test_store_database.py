"""Opening, refusing, locking and copying: what is of the database itself."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from alerts.domain.errors import StoreError
from alerts.store import Store, restore
from tests.builders import MONDAY, a_feed, a_revision
from tests.contract.steps import collect


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Store]:
    """A migrated SQLite file in a folder that did not exist."""
    store = Store.open(f"sqlite:///{tmp_path}/var/data/alerts.db")
    store.migrate()
    yield store
    store.close()


def test_a_missing_folder_is_made_for_its_owner_alone(opened: Store, tmp_path: Path) -> None:
    assert (tmp_path / "var/data/alerts.db").exists()
    assert (tmp_path / "var/data").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "no database address"),
        ("alerts.db", "no database address"),
        ("mysql://user@host/name", "database"),
        ("postgresql+asyncpg://user@host/name", "ALERTS_DATABASE_URL"),
        ("sqlite:////dev/null/alerts.db", "folder"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_what_to_do(address: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        Store.open(address)


def test_a_server_that_is_not_there_is_named_without_the_password(tmp_path: Path) -> None:
    store = Store.open(f"postgresql://user:secret@/name?host={tmp_path}")

    with pytest.raises(StoreError, match="cannot be reached") as caught:
        store.ping()

    assert "secret" not in str(caught.value)
    assert "ALERTS_DATABASE_URL" in str(caught.value)


def test_tables_that_are_missing_are_named_with_the_command_that_makes_them() -> None:
    store = Store.open("sqlite://")

    for call in (store.feeds.states, store.check_schema, lambda: store.items.get(1)):
        with pytest.raises(StoreError, match="alerts db upgrade"):
            call()
    store.close()


def test_sqlite_is_set_up_on_every_connection(opened: Store) -> None:
    def setting(name: str) -> object:
        return opened._db.write(lambda connection: connection.exec_driver_sql(f"PRAGMA {name}").scalar())

    assert [setting(name) for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")] == [
        "wal",
        2,
        1,
        30000,
    ]


def test_the_reading_side_cannot_write(opened: Store) -> None:
    with pytest.raises(StoreError, match="readonly"):
        opened._db.read(lambda connection: connection.execute(text("DELETE FROM item")))


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def work(connection: Connection) -> None:
        connection.execute(text("INSERT INTO job_slot (job, slot) VALUES ('a', 'b')"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store._db.write(work)

    assert store.status.job_slot("a", "b")


def test_states_are_a_closed_set(store: Store) -> None:
    store.feeds.sync([a_feed()], MONDAY)

    with pytest.raises(StoreError, match=r"(?i)check"):
        store._db.write(lambda connection: connection.execute(text("UPDATE feed_state SET policy = 'other'")))


def test_threads_take_turns(store: Store) -> None:
    won: list[bool] = []

    def work() -> None:
        won.extend(store.status.job_slot("job", str(slot)) for slot in range(10))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(won), sum(won)) == (40, 10)


def test_two_processes_that_read_and_then_write_one_file_both_succeed(opened: Store, tmp_path: Path) -> None:
    """A transaction that begins as a reader fails at once when another wrote meanwhile; ours begin as writers."""
    second = Store.open(f"sqlite:///{tmp_path}/var/data/alerts.db")
    faults: list[Exception] = []

    def work(store: Store) -> None:
        try:
            for number in range(10):
                store.feeds.sync([a_feed(f"f{number}")], MONDAY)
        except StoreError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(one,)) for one in (opened, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    second.close()

    assert faults == []
    assert len(opened.feeds.states()) == 10


def test_a_second_daemon_on_one_file_is_refused(opened: Store, tmp_path: Path) -> None:
    second = Store.open(f"sqlite:///{tmp_path}/var/data/alerts.db")

    with opened.hold_lock(), pytest.raises(StoreError, match="another daemon"), second.hold_lock():
        pass

    with second.hold_lock():
        pass
    second.close()


def test_a_database_without_a_file_needs_no_lock() -> None:
    store = Store.open("sqlite://")

    with store.hold_lock(), store.hold_lock():
        pass


def test_a_copy_taken_while_in_use_holds_everything_and_can_be_put_back(
    opened: Store, tmp_path: Path
) -> None:
    collect(opened, a_revision("a"))
    copy = tmp_path / "copies" / "alerts.db"
    opened.backup(copy)
    collect(opened, a_revision("b"))
    opened.close()

    kept = restore(f"sqlite:///{tmp_path}/var/data/alerts.db", copy)

    assert opened.items.count() == 1
    assert copy.stat().st_mode & 0o077 == 0
    assert kept is not None
    before = Store.open(f"sqlite:///{kept}")
    assert before.items.count() == 2
    before.close()
    assert sorted(path.name for path in copy.parent.iterdir()) == ["alerts.db"]


def test_a_copy_is_put_back_where_nothing_was(opened: Store, tmp_path: Path) -> None:
    opened.backup(tmp_path / "copy.db")

    assert restore(f"sqlite:///{tmp_path}/new/alerts.db", tmp_path / "copy.db") is None
    fresh = Store.open(f"sqlite:///{tmp_path}/new/alerts.db")
    fresh.check_schema()
    fresh.close()


def test_what_is_no_copy_of_ours_is_not_put_back(opened: Store, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    (tmp_path / "text.db").write_text("no database at all, but long enough to be read as one " * 20)
    url = f"sqlite:///{tmp_path}/var/data/alerts.db"

    for file in (other, tmp_path / "text.db", tmp_path / "missing.db"):
        with pytest.raises(StoreError, match="alerts db backup"):
            restore(url, file)

    with opened.hold_lock(), pytest.raises(StoreError, match="another daemon"):
        opened.backup(tmp_path / "copy.db")
        restore(url, tmp_path / "copy.db")
    opened.check_schema()


def test_only_a_file_can_be_copied(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="pg_dump"):
        Store.open("postgresql://user@host/name").backup(tmp_path / "copy.db")
    with pytest.raises(StoreError, match="memory"):
        Store.open("sqlite://").backup(tmp_path / "copy.db")
    with pytest.raises(StoreError, match="pg_restore"):
        restore("postgresql://user@host/name", tmp_path / "copy.db")


def test_a_copy_that_cannot_be_written_is_reported(opened: Store, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match="could not be written"):
        opened.backup(tmp_path / "file" / "copy.db")
