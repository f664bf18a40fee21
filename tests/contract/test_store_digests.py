"""Writing digests down on every database: each alert once, each slot once."""

import pytest

from alerts.domain.digests import AlertLine
from alerts.domain.people import Endpoint, Schedule
from alerts.domain.vocabulary import Rhythm
from alerts.store import Store
from tests.builders import DAY, HOUR, MONDAY, a_revision, a_subscription
from tests.contract.steps import a_digest, collect, due, enter, match_all, only_endpoint, write_digest


@pytest.fixture
def reader(store: Store) -> Endpoint:
    """A daily reader who is owed two items."""
    collect(store)
    endpoint = only_endpoint(enter(store))
    collect(store, a_revision("a"), a_revision("b"))
    match_all(store)
    return endpoint


def untold(store: Store, reader: Endpoint) -> list[str]:
    return [line.stored.item.key for line in store.digests.untold(reader.id)]


def test_a_written_digest_has_its_delivery_and_its_alerts_are_told(store: Store, reader: Endpoint) -> None:
    assert untold(store, reader) == ["a", "b"]

    assert write_digest(store, reader)

    assert untold(store, reader) == []
    assert store.digests.of_endpoint(reader.id) == [("2026-03-03", "提醒 Alerts", MONDAY)]
    (delivery,) = store.deliveries.list()
    assert (delivery.slot, delivery.address, delivery.subject) == (
        "2026-03-03",
        reader.address,
        "提醒 Alerts",
    )
    assert [line.event for line in store.ledger.tail(1)] == ["digest-written"]


def test_a_slot_is_written_once_and_what_comes_late_waits_for_the_next(
    store: Store, reader: Endpoint
) -> None:
    assert write_digest(store, reader)
    collect(store, a_revision("late"))
    match_all(store)
    row = a_digest(reader, store.digests.untold(reader.id))

    assert not store.digests.write(row, MONDAY + 5 * DAY)

    assert untold(store, reader) == ["late"]
    assert len(store.deliveries.list()) == 1
    again = store.subscribers.endpoint(reader.public_id)
    assert again and again.next_digest_at == MONDAY + 5 * DAY
    assert write_digest(store, reader, "2026-03-04")
    assert untold(store, reader) == []


def test_an_alert_is_told_once_whatever_the_slot(store: Store, reader: Endpoint) -> None:
    lines = store.digests.untold(reader.id)
    assert store.digests.write(a_digest(reader, lines), MONDAY + DAY)

    assert not store.digests.write(a_digest(reader, lines, "2026-03-04"), MONDAY + DAY)
    assert not store.digests.write(a_digest(reader, lines, "item:1:1", rhythm="immediate", urgent=True), None)

    assert len(store.digests.of_endpoint(reader.id)) == len(store.deliveries.list()) == 1


def test_a_digest_that_cannot_be_written_whole_leaves_nothing(store: Store, reader: Endpoint) -> None:
    first, second = store.digests.untold(reader.id)
    assert store.digests.write(a_digest(reader, [first], "item:1:1", rhythm="urgent", urgent=True), None)

    assert not store.digests.write(a_digest(reader, [first, second]), MONDAY + 5 * DAY)

    assert untold(store, reader) == ["b"]
    assert [slot for slot, _, _ in store.digests.of_endpoint(reader.id)] == ["item:1:1"]
    again = store.subscribers.endpoint(reader.public_id)
    assert again and again.next_digest_at == MONDAY + DAY


def test_another_endpoints_alerts_are_not_taken(store: Store, reader: Endpoint) -> None:
    other = only_endpoint(enter(store, a_subscription("other@exporter.example")))

    assert not store.digests.write(a_digest(other, store.digests.untold(reader.id)), None)
    assert len(untold(store, reader)) == 2


def test_an_alert_that_does_not_exist_is_not_told(store: Store, reader: Endpoint) -> None:
    (first, _) = store.digests.untold(reader.id)
    ghost = AlertLine(999, first.stored, "", ())

    assert not store.digests.write(a_digest(reader, [first, ghost]), None)
    assert len(untold(store, reader)) == 2


def test_nothing_is_written_for_who_has_left(store: Store, reader: Endpoint) -> None:
    row = a_digest(reader, store.digests.untold(reader.id))
    store.subscribers.leave(reader.public_id, MONDAY, "page")

    assert not store.digests.write(row, MONDAY + DAY)
    assert not store.digests.write(a_digest(reader, ()), MONDAY + DAY)
    assert store.deliveries.list() == []


def test_an_urgent_message_does_not_move_the_digest(store: Store, reader: Endpoint) -> None:
    (first, _) = store.digests.untold(reader.id)

    assert store.digests.write(
        a_digest(reader, [first], "item:1:1", rhythm="urgent", urgent=True), MONDAY + 9 * DAY
    )

    again = store.subscribers.endpoint(reader.public_id)
    assert again and again.next_digest_at == reader.next_digest_at


def test_endpoints_are_due_when_their_time_has_come_the_longest_first(store: Store) -> None:
    late = only_endpoint(enter(store, a_subscription("b@exporter.example"), at=MONDAY))
    early = only_endpoint(enter(store, a_subscription("a@exporter.example"), at=MONDAY - HOUR))
    schedule = Schedule(Rhythm.IMMEDIATE)
    immediate = a_subscription("c@exporter.example", schedule=schedule)
    store.subscribers.subscribe(immediate, MONDAY, None, "hash")

    assert due(store, MONDAY + DAY - 2 * HOUR, 10) == []
    assert [one.id for one in due(store, MONDAY + DAY, 10)] == [early.id, late.id]
    assert [one.id for one in due(store, MONDAY + DAY, 1)] == [early.id]

    store.digests.advance(early.id, MONDAY + 2 * DAY)
    assert [one.id for one in due(store, MONDAY + DAY, 10)] == [late.id]


def test_an_endpoint_belongs_to_a_company(store: Store, reader: Endpoint) -> None:
    assert store.digests.company_of(reader.id) == "Exporter Ltd"
    assert store.digests.company_of(10**9) == ""


def test_a_fault_while_writing_leaves_nothing(store: Store, reader: Endpoint) -> None:
    """The ledger line is the last statement; when it fails, digest, delivery and marks are gone too."""
    from alerts.domain.errors import StoreError

    row = a_digest(reader, store.digests.untold(reader.id))
    store._db.write(lambda connection: connection.exec_driver_sql("ALTER TABLE ledger RENAME TO away"))
    try:
        with pytest.raises(StoreError, match="alerts db upgrade"):
            store.digests.write(row, MONDAY + 5 * DAY)
    finally:
        store._db.write(lambda connection: connection.exec_driver_sql("ALTER TABLE away RENAME TO ledger"))

    assert len(untold(store, reader)) == 2
    assert store.digests.of_endpoint(reader.id) == store.deliveries.list() == []
    assert write_digest(store, reader)
