"""What only many processes on one PostgreSQL can get wrong."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from alerts.domain.errors import StoreError
from alerts.domain.vocabulary import DeliveryState
from alerts.store import Store
from tests.builders import MONDAY, a_feed, a_revision
from tests.contract.steps import a_digest, collect, enter, match_all, only_endpoint, outbox
from tests.databases import empty_store

pytestmark = pytest.mark.postgres

Result = TypeVar("Result")


@pytest.fixture
def store() -> Store:
    """An empty store on PostgreSQL."""
    return empty_store("postgresql")


def together(count: int, work: Callable[[int], Result]) -> list[Result]:
    """Return what ``work`` returned in each of ``count`` threads that start at one moment."""
    gate = threading.Barrier(count)

    def run(number: int) -> Result:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_two_workers_never_take_the_same_delivery(store: Store) -> None:
    outbox(store, 60)

    def work(number: int) -> list[int]:
        taken: list[int] = []
        while claims := store.deliveries.claim(MONDAY, 5, f"w{number}"):
            assert len(claims) <= 5
            taken += [claim.id for claim in claims]
        return taken

    taken = [one for lane in together(6, work) for one in lane]

    assert len(taken) == len(set(taken)) == 60


def test_two_pollers_never_take_the_same_feed(store: Store) -> None:
    store.feeds.sync([a_feed(f"f{number}") for number in range(40)], MONDAY)

    def work(number: int) -> list[str]:
        taken: list[str] = []
        while claims := store.feeds.claim(MONDAY, 3, f"w{number}"):
            assert len(claims) <= 3
            taken += [claim.feed_id for claim in claims]
        return taken

    taken = [one for lane in together(6, work) for one in lane]

    assert len(taken) == len(set(taken))
    # A poller that met only rows that others were locking stopped early; the next round takes the rest.
    rest = store.feeds.claim(MONDAY, 40, "w9")
    assert len(taken) + len(rest) == 40


def test_two_matchers_owe_everything_once(store: Store) -> None:
    collect(store)
    reader = only_endpoint(enter(store))
    for hour in range(3):
        collect(store, *[a_revision(f"k{number}", title=f"{number} {hour}") for number in range(20)])

    def work(_: int) -> int:
        total = 0
        while batch := match_all(store):
            if not batch.revisions:
                return total
            total += batch.revisions
        return total

    done = sum(together(4, work))

    assert done + match_all(store).revisions == 60
    lines = store.digests.untold(reader.id)
    assert sorted(line.stored.id for line in lines) == sorted({line.stored.id for line in lines})
    assert [line.stored.number for line in lines] == [3] * 20


def test_two_builders_write_a_slot_once(store: Store) -> None:
    collect(store)
    reader = only_endpoint(enter(store))
    collect(store, a_revision())
    match_all(store)
    lines = store.digests.untold(reader.id)

    slots = ["2026-03-03", "2026-03-03", "2026-03-04", "2026-03-04"]
    written = together(4, lambda number: store.digests.write(a_digest(reader, lines, slots[number]), None))

    assert sum(written) == len(store.deliveries.list()) == 1


def test_lines_that_are_appended_at_once_make_one_chain(store: Store) -> None:
    together(8, lambda number: [store.ledger.append(MONDAY, "note", f"{number}", {}) for _ in range(5)])

    assert [line.sequence for line in store.ledger.tail(100)] == list(range(1, 41))
    assert store.ledger.verify()


def test_entering_one_contact_at_once_makes_one(store: Store) -> None:
    contacts = together(6, lambda _: enter(store))

    assert len({contact.id for contact in contacts}) == 1
    assert len(store.subscribers.contacts()) == 1
    assert len(contacts[0].endpoints) == 1


def plan(store: Store, statement: str) -> str:
    def work(connection: Connection) -> str:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        return "\n".join(connection.execute(text(f"EXPLAIN {statement}")).scalars())

    return store._db.write(work)


@pytest.mark.parametrize(
    ("index", "statement"),
    [
        ("ix_delivery_due", "SELECT id FROM delivery WHERE done_at IS NULL AND urgent = false AND due_at <= '2026-03-02' ORDER BY due_at LIMIT 5"),
        ("ix_feed_state_due", "SELECT feed_id FROM feed_state WHERE enabled AND next_poll_at <= '2026-03-02' ORDER BY next_poll_at LIMIT 5"),
        ("ix_item_revision_unmatched", "SELECT id FROM item_revision WHERE matched_at IS NULL AND held IS NULL ORDER BY id LIMIT 5"),
        ("ix_alert_untold", "SELECT id FROM alert WHERE endpoint_id = 1 AND digest_id IS NULL AND dropped_reason IS NULL"),
        ("ix_alert_urgent", "SELECT id FROM alert WHERE urgent AND digest_id IS NULL AND dropped_reason IS NULL ORDER BY id"),
        ("ix_endpoint_due", "SELECT id FROM endpoint WHERE active AND next_digest_at <= '2026-03-02' ORDER BY next_digest_at LIMIT 5"),
    ],
)  # fmt: skip
def test_what_is_due_is_found_by_its_partial_index(store: Store, index: str, statement: str) -> None:
    assert index in plan(store, statement)


def test_the_claim_itself_uses_the_index_and_its_limit_is_below_the_lock(store: Store) -> None:
    outbox(store, 3)
    seen: list[str] = []
    from sqlalchemy import event

    @event.listens_for(store._db._writer, "before_cursor_execute")
    def _note(_c: object, cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if statement.startswith("WITH locked"):
            seen.append(statement)

    store.deliveries.claim(MONDAY, 2, "w1")

    assert "FOR UPDATE SKIP LOCKED" in seen[0]
    locked = seen[0].split("UPDATE delivery SET", 1)[0]
    assert locked.index("LIMIT") < locked.index("FOR UPDATE")
    assert "delivery.done_at IS NULL" in locked
    assert store.deliveries.list(DeliveryState.DUE)


@pytest.mark.parametrize(("code", "tries"), [("40001", 3), ("40P01", 3), ("23514", 1)])
def test_a_transaction_that_the_server_broke_off_is_run_again_whole(
    store: Store, code: str, tries: int
) -> None:
    runs: list[int] = []

    def work(connection: Connection) -> None:
        runs.append(1)
        connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'broken off' USING ERRCODE = '{code}'; END $$"))

    with pytest.raises(StoreError, match="broken off"):
        store._db.write(work)

    assert len(runs) == tries


def test_a_transaction_that_succeeds_the_second_time_counts_once(store: Store) -> None:
    runs: list[int] = []

    def work(connection: Connection) -> None:
        runs.append(1)
        connection.execute(text("INSERT INTO job_slot (job, slot) VALUES ('a', 'b')"))
        if len(runs) == 1:
            connection.execute(text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$"))

    store._db.write(work)

    assert (len(runs), store.status.job_slot("a", "b")) == (2, False)


def test_a_connection_that_the_server_cut_is_replaced(store: Store) -> None:
    store.ping()
    with pytest.raises((StoreError, OperationalError)):
        store._db.write(lambda c: c.execute(text("SELECT pg_terminate_backend(pg_backend_pid())")))

    store.ping()


def test_the_session_has_its_time_limits(store: Store) -> None:
    names = ("statement_timeout", "idle_in_transaction_session_timeout", "TimeZone", "transaction_isolation")

    found = [store._db.read(lambda c, name=name: c.execute(text(f"SHOW {name}")).scalar()) for name in names]

    assert found == ["30s", "1min", "UTC", "read committed"]
