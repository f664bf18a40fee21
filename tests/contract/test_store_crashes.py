"""A process may die at any statement: then either all of a step is there or nothing, and it can be done again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from alerts.domain.digests import Receipt
from alerts.domain.vocabulary import DeliveryState
from alerts.store import Store
from alerts.store.tables import METADATA
from tests.builders import DAY, HOUR, MONDAY, a_feed, a_poll, a_revision, a_subscription
from tests.contract.steps import (
    a_digest,
    claim_feed,
    collect,
    enter,
    match_all,
    only_endpoint,
    take_one,
    write_digest,
)


class Killed(Exception):
    """What stands for the end of the process."""


@contextmanager
def killed_at(store: Store, number: int) -> Iterator[None]:
    """Die before the statement with this number is executed."""
    left = [number]

    def count(*_: object) -> None:
        left[0] -= 1
        if not left[0]:
            raise Killed

    event.listen(store._db._writer, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(store._db._writer, "before_cursor_execute", count)


def content(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    return store._db.read(
        lambda connection: {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
        }
    )


def poll(store: Store) -> Callable[[], object]:
    collect(store, a_revision("old", title="old"), a_revision("same"))
    claim = claim_feed(store, at=MONDAY + HOUR)
    result = a_poll(
        a_revision("old", title="changed"), a_revision("same"), a_revision("new"), at=MONDAY + HOUR
    )
    return lambda: store.feeds.finish(claim, result)


def match(store: Store) -> Callable[[], object]:
    collect(store)
    reader = only_endpoint(enter(store))
    collect(store, a_revision("told", title="old"), a_revision("untold", title="old too"))
    match_all(store)
    (first, _) = store.digests.untold(reader.id)
    store.digests.write(a_digest(reader, [first]), None)
    collect(store, a_revision("told", title="x"), a_revision("untold", title="y"), a_revision("new"))
    return lambda: match_all(store)


def build(store: Store) -> Callable[[], object]:
    collect(store)
    reader = only_endpoint(enter(store))
    collect(store, a_revision("a"), a_revision("b"))
    match_all(store)
    row = a_digest(reader, store.digests.untold(reader.id))
    return lambda: store.digests.write(row, MONDAY + DAY)


def outcome(store: Store) -> Callable[[], object]:
    build(store)()
    claim = take_one(store)
    store.deliveries.started(claim, MONDAY)
    return lambda: store.deliveries.finish(claim, Receipt(DeliveryState.SENT, "done", 250), MONDAY)


def claim(store: Store) -> Callable[[], object]:
    build(store)()
    store.deliveries.started(take_one(store), MONDAY)
    return lambda: store.deliveries.claim(MONDAY + HOUR, 5, "w2")


def subscribe(store: Store) -> Callable[[], object]:
    return lambda: enter(store, a_subscription())


def leave(store: Store) -> Callable[[], object]:
    collect(store)
    reader = only_endpoint(enter(store))
    collect(store, a_revision("a"))
    match_all(store)
    write_digest(store, reader)
    collect(store, a_revision("b"))
    match_all(store)
    return lambda: store.subscribers.leave(reader.public_id, MONDAY, "page")


def sync(store: Store) -> Callable[[], object]:
    collect(store)
    return lambda: store.feeds.sync([a_feed(url="https://new.example/"), a_feed("second")], MONDAY)


@pytest.mark.parametrize("prepare", [poll, match, build, claim, outcome, subscribe, leave, sync])
def test_a_step_that_dies_at_any_statement_leaves_nothing_and_can_be_done_again(
    store: Store, prepare: Callable[[Store], Callable[[], object]]
) -> None:
    step = prepare(store)
    before = content(store)
    number, finished = 0, False
    while not finished:
        number += 1
        try:
            with killed_at(store, number):
                step()
            finished = True
        except Killed:
            assert content(store) == before, f"something of the step is visible after death at {number}"

    assert number > 2, "the step is one statement: there is nothing to die between"
    assert content(store) != before
    assert store.ledger.verify()
