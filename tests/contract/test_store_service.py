"""The ledger, the suppressions and the service's own rows on every database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from alerts.domain.digests import Backlog
from alerts.store import Daemon, Store, address_hash
from alerts.store.ledger import chained
from tests.builders import DAY, HOUR, MONDAY, a_feed, a_revision
from tests.contract.steps import collect, enter, match_all, outbox


def test_lines_of_the_ledger_come_back_in_order_and_hold_together(store: Store) -> None:
    for number in range(5):
        store.ledger.append(MONDAY + number * HOUR, "note", f"subject:{number}", {"n": number, "名": "值"})

    assert [line.sequence for line in store.ledger.tail(3)] == [3, 4, 5]
    assert store.ledger.tail(1)[0].detail == '{"n":4,"\\u540d":"\\u503c"}'
    assert store.ledger.verify()


def test_an_empty_ledger_is_sound(store: Store) -> None:
    assert store.ledger.verify()


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE ledger SET detail = '{}' WHERE sequence = 2",
        "UPDATE ledger SET subject = 'other' WHERE sequence = 1",
        "DELETE FROM ledger WHERE sequence = 2",
        "DELETE FROM ledger WHERE sequence = 1",
        "DELETE FROM ledger WHERE sequence = 3",
        "UPDATE ledger SET sequence = 9 WHERE sequence = 3",
        "UPDATE ledger SET hash = previous WHERE sequence = 3",
    ],
)
def test_a_ledger_that_was_tampered_with_is_not_sound(store: Store, tampering: str) -> None:
    for number in range(3):
        store.ledger.append(MONDAY, "note", "subject", {"n": number})

    store._db.write(lambda connection: connection.execute(text(tampering)))

    assert not store.ledger.verify()


def test_a_line_that_was_reworded_with_a_hash_of_its_own_breaks_the_next(store: Store) -> None:
    for number in range(3):
        store.ledger.append(MONDAY, "note", "subject", {"n": number})
    second = store.ledger.tail()[1]

    forged = chained(replace(second, detail="{}"))
    change = text("UPDATE ledger SET detail = '{}', hash = :forged WHERE sequence = 2")
    store._db.write(lambda connection: connection.execute(change, {"forged": forged}))

    assert not store.ledger.verify()


def test_a_subject_that_no_database_holds_does_not_break_the_chain(store: Store) -> None:
    store.ledger.append(MONDAY, "note", "a\x00b\ud800", {"text": "\x00\ud800"})

    assert store.ledger.verify()


def test_an_address_is_suppressed_by_its_hash_and_scope(store: Store) -> None:
    who = address_hash("Anna@Exporter.example ")
    assert who == address_hash("anna@exporter.example")
    assert store.ledger.suppressed(who) is None

    store.ledger.suppress(who, "email", "hard bounce", MONDAY)
    store.ledger.suppress(who, "email", "later reason", MONDAY)

    assert store.ledger.suppressed(who, "email") == "hard bounce"
    assert store.ledger.suppressed(who) is None
    store.ledger.suppress(who, "all", "complaint", MONDAY + HOUR)
    assert store.ledger.suppressed(who) == "complaint"


def test_a_job_slot_is_won_once(store: Store) -> None:
    assert [store.status.job_slot("upkeep", "2026-03-02") for _ in range(3)] == [True, False, False]
    assert store.status.job_slot("upkeep", "2026-03-03")
    assert store.status.job_slot("report", "2026-03-02")


def test_a_daemon_is_seen_with_its_last_heartbeat(store: Store) -> None:
    daemon = Daemon("w1", "host", 42, ("poll", "send"), "0.1.0", MONDAY, MONDAY)
    store.status.beat(daemon, MONDAY)
    store.status.beat(replace(daemon, id="w2"), MONDAY)

    alive = replace(daemon, heartbeat_at=MONDAY + timedelta(seconds=15))
    store.status.beat(alive, MONDAY)

    assert store.status.daemons() == [alive, replace(daemon, id="w2")]


def test_a_daemon_that_stopped_is_gone_and_one_that_died_until_its_machine_has_another(store: Store) -> None:
    died = Daemon("w1", "host", 42, ("poll",), "0.1.0", MONDAY, MONDAY)
    elsewhere, stopped = replace(died, id="w2", host="other"), replace(died, id="w3", host="third")
    for one in (died, elsewhere, stopped):
        store.status.beat(one, MONDAY)
    store.status.leave("w3")
    assert {one.id for one in store.status.daemons()} == {"w1", "w2"}

    new = replace(died, id="w4", started_at=MONDAY + HOUR, heartbeat_at=MONDAY + HOUR)
    store.status.beat(new, MONDAY + HOUR)
    assert [one.id for one in store.status.daemons()] == ["w4", "w2"]

    store.status.forget_daemons(MONDAY + HOUR)
    assert store.status.daemons() == [new]


def test_the_backlog_counts_what_waits(store: Store) -> None:
    assert store.status.backlog(MONDAY) == Backlog()
    collect(store)
    enter(store)
    collect(store, a_revision("a"))
    match_all(store)
    outbox(store, 2)
    store.feeds.sync([a_feed(), a_feed("other"), a_feed("off", enabled=False)], MONDAY)
    collect(store, a_revision("b"), a_revision("c", held="unsure"), a_revision("d", relevant=False))

    backlog = store.status.backlog(MONDAY)

    assert (backlog.feeds_due, backlog.unmatched, backlog.held, backlog.untold) == (1, 1, 1, 1)
    assert (backlog.deliveries, backlog.oldest_due_at) == ({"due": 2}, MONDAY)
    assert store.status.backlog(MONDAY - DAY).oldest_due_at is None
