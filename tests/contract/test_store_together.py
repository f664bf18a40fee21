"""Digests of many endpoints in one transaction: the same rows as one by one, or none of them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from alerts.domain.digests import DigestRow, Due
from alerts.domain.people import Endpoint
from alerts.store import Store
from alerts.store.tables import alert, delivery, digest, ledger
from tests.builders import DAY, MONDAY, a_revision, a_subscription
from tests.contract.steps import a_digest, collect, enter, match_all, only_endpoint

TUESDAY = MONDAY + DAY


@pytest.fixture
def readers(store: Store) -> list[Endpoint]:
    """Three daily readers who are owed two items each."""
    collect(store)
    found = [only_endpoint(enter(store, a_subscription(f"r{n}@exporter.example"))) for n in range(3)]
    collect(store, a_revision("a"), a_revision("b"))
    match_all(store)
    return found


def row(due: Due, **more: object) -> DigestRow:
    ids = tuple(one.alert_id for one in due.owed)
    return replace(a_digest(due.endpoint, (), **more), alert_ids=ids)


def rows(store: Store, found: list[Due]) -> tuple[list[DigestRow], dict[int, object]]:
    return [row(one) for one in found], {one.endpoint.id: TUESDAY + DAY for one in found}


def tables(store: Store) -> list[object]:
    """Return what writing digests leaves, without numbers that a sequence gives."""
    told = select(alert.c.endpoint_id, alert.c.item_id, digest.c.public_id).join(
        digest, digest.c.id == alert.c.digest_id
    )
    kept = [name for name in digest.c.keys() if name not in ("id", "wording_id")]  # noqa: SIM118 - a collection of columns
    sent = [name for name in delivery.c.keys() if name not in ("id", "digest_id")]  # noqa: SIM118 - the same
    wanted = (
        told.order_by(alert.c.id),
        select(*[digest.c[name] for name in kept]).order_by(digest.c.public_id),
        select(*[delivery.c[name] for name in sent]).order_by(delivery.c.idempotency_key),
        select(ledger.c.event).order_by(ledger.c.sequence),
    )
    return [
        store._db.read(lambda connection, one=one: [tuple(r) for r in connection.execute(one)])
        for one in wanted
    ]


def test_what_is_owed_is_read_as_numbers_for_all_at_once(store: Store, readers: list[Endpoint]) -> None:
    found = store.digests.due(TUESDAY, 10)

    assert [one.endpoint.id for one in found] == [one.id for one in readers]
    assert {tuple((line.item_id, line.revision, line.reasons) for line in one.owed) for one in found} == {
        tuple((line.item_id, line.revision, line.reasons) for line in found[0].owed)
    }
    assert [len(one.owed) for one in found] == [2, 2, 2]
    assert {one.company for one in found} == {"Exporter Ltd"}
    assert not any(one.again for one in found)
    assert store.digests.due(TUESDAY, 10, found[0].endpoint) == found[1:]


def test_together_leaves_the_same_rows_as_one_by_one(store: Store, readers: list[Endpoint]) -> None:
    found = store.digests.due(TUESDAY, 10)
    given, times = rows(store, found)

    assert store.digests.write_all(given, times) == 3  # type: ignore[arg-type]

    together = tables(store)
    assert store.digests.due(TUESDAY, 10) == []
    assert store.ledger.verify()
    store._db.write(lambda connection: [connection.execute(one) for one in (
        alert.update().values(digest_id=None), delivery.delete(), digest.delete(), ledger.delete().where(ledger.c.event == "digest-written"))])  # fmt: skip
    for one in given:
        assert store.digests.write(one, TUESDAY + DAY)
    assert tables(store)[:3] == together[:3]


def test_a_slot_that_is_written_is_left_and_the_others_are_written(
    store: Store, readers: list[Endpoint]
) -> None:
    found = store.digests.due(TUESDAY, 10)
    assert store.digests.write(replace(row(found[1]), alert_ids=()), TUESDAY)
    given, times = rows(store, found)

    assert store.digests.write_all(given, times) == 2  # type: ignore[arg-type]

    assert [len(store.digests.untold(one.id)) for one in readers] == [0, 2, 0]
    assert store.digests.due(TUESDAY, 10) == []


def test_who_left_meanwhile_or_was_told_meanwhile_breaks_the_whole_batch(
    store: Store, readers: list[Endpoint]
) -> None:
    found = store.digests.due(TUESDAY, 10)
    given, times = rows(store, found)
    store.subscribers.leave(readers[0].public_id, MONDAY, "page")
    assert store.digests.write_all(given, times) is None  # type: ignore[arg-type]

    store.digests.calm([found[2].owed[0].alert_id], told=True)
    assert store.digests.write_all(given[1:], {key: times[key] for key in list(times)[1:]}) is None  # type: ignore[misc]

    assert store.deliveries.list() == []
    assert len(store.digests.untold(readers[1].id)) == 2


def test_an_amendment_is_seen_as_told_before(store: Store, readers: list[Endpoint]) -> None:
    found = store.digests.due(TUESDAY, 10)
    given, times = rows(store, found[:2])
    assert store.digests.write_all(given, times) == 2  # type: ignore[arg-type]
    collect(store, a_revision("a", title="Another title"), a_revision("b"), at=TUESDAY)
    match_all(store, TUESDAY)

    after = store.digests.due(TUESDAY + 2 * DAY, 10)

    assert {one.endpoint.id: one.again for one in after} == {
        readers[0].id: True, readers[1].id: True, readers[2].id: False
    }  # fmt: skip


def test_readers_without_anything_to_hear_only_move_on(store: Store) -> None:
    collect(store)
    reader = only_endpoint(enter(store))

    assert store.digests.write_all([], {reader.id: TUESDAY + DAY}) == 0

    assert store.digests.due(TUESDAY, 10) == []
    assert store.deliveries.list() == []
