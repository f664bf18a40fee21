"""What follows from what comes back, on every database."""

from datetime import timedelta

import pytest

from alerts.domain.people import Endpoint
from alerts.domain.returns import Report, ReportKind
from alerts.store import Store, address_hash
from tests.builders import DAY, MONDAY, a_subscription
from tests.contract.steps import enter, only_endpoint, outbox


@pytest.fixture
def reader(store: Store) -> Endpoint:
    """A reader to whom a digest was written, with a colleague."""
    (one,) = outbox(store)
    enter(store, a_subscription("colleague@exporter.example"))
    return one


def report(store: Store, kind: ReportKind, **fields: object) -> Report:
    (sent,) = store.deliveries.list()
    usual: dict[str, object] = {"recipients": (sent.address,), "message_ids": (sent.message_id,)}
    return Report(kind, **(usual | fields))  # type: ignore[arg-type]


def suspended(store: Store, reader: Endpoint) -> str | None:
    return store.ledger.suppressed(address_hash(reader.address), "email")


def test_a_dead_address_is_suspended_at_once_and_its_colleagues_are_named(
    store: Store, reader: Endpoint
) -> None:
    dead = report(store, ReportKind.DEAD_ADDRESS, status="5.1.1")

    followed = store.returns.take(dead, MONDAY)

    assert (followed.done, followed.address, followed.company) == (
        "suspended",
        reader.address,
        "Exporter Ltd",
    )
    assert len(followed.colleagues) == 1 and followed.colleagues[0] != reader.id
    assert suspended(store, reader) == "dead-address"
    assert store.ledger.tail(1)[0].event == "mail-returned"
    assert store.returns.take(dead, MONDAY + DAY).done == "known"
    assert store.deliveries.claim(MONDAY + DAY, 10, "w") == []


@pytest.mark.parametrize(
    "kind", [ReportKind.POLICY, ReportKind.TRANSIENT, ReportKind.BOUNCE, ReportKind.AUTOMATIC]
)
def test_what_is_not_the_readers_fault_leaves_the_reader_alone(
    store: Store, reader: Endpoint, kind: ReportKind
) -> None:
    assert store.returns.take(report(store, kind), MONDAY).done == "noted"
    assert suspended(store, reader) is None


def test_a_full_mailbox_is_suspended_after_ten_days_without_a_quiet_week(
    store: Store, reader: Endpoint
) -> None:
    full = report(store, ReportKind.SOFT)
    for day in range(9):
        assert store.returns.take(full, MONDAY + day * DAY).done == "noted"
        assert store.returns.take(full, MONDAY + day * DAY + timedelta(hours=1)).done == "noted"
    quiet = MONDAY + 8 * DAY + 8 * DAY
    for day in range(9):
        assert store.returns.take(full, quiet + day * DAY).done == "noted"

    assert store.returns.take(full, quiet + 9 * DAY).done == "suspended"


def test_a_dead_domain_counts_after_a_day(store: Store, reader: Endpoint) -> None:
    gone = report(store, ReportKind.DEAD_DOMAIN)
    assert store.returns.take(gone, MONDAY).done == "noted"
    assert store.returns.take(gone, MONDAY + timedelta(hours=14)).done == "noted"
    assert store.returns.take(gone, MONDAY + timedelta(hours=25)).done == "suspended"


def test_a_complaint_ends_the_stream(store: Store, reader: Endpoint) -> None:
    assert store.returns.take(report(store, ReportKind.COMPLAINT, recipients=()), MONDAY).done == "left"

    again = store.subscribers.endpoint(reader.public_id)
    assert again is not None and not again.active
    assert only_endpoint(enter(store, a_subscription("colleague@exporter.example"))).active


@pytest.mark.parametrize(
    "fields",
    [{"message_ids": ("<other@alerts.example>",)}, {"message_ids": ()}, {"recipients": ("x@y.example",)}],
)
def test_a_report_on_no_mail_of_ours_or_on_another_reader_is_ignored(
    store: Store, reader: Endpoint, fields: dict[str, object]
) -> None:
    assert store.returns.take(report(store, ReportKind.DEAD_ADDRESS, **fields), MONDAY).done == "unknown"
    assert suspended(store, reader) is None
