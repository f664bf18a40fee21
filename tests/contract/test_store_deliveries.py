"""Deliveries on every database: leases, fences, outcomes."""

from datetime import timedelta

import pytest

from alerts.domain.digests import Receipt
from alerts.domain.vocabulary import ChannelKind, DeliveryState
from alerts.store import Store, address_hash
from tests.builders import HOUR, MONDAY
from tests.contract.steps import a_digest, outbox, take_one

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
SENT = Receipt(DeliveryState.SENT, "done", 250, "2.0.0 queued")
FAILED = Receipt(DeliveryState.FAILED, "rcpt", 550, "5.1.1 no such user")


def the_state(store: Store) -> DeliveryState:
    (view,) = store.deliveries.list()
    return view.state


def test_a_claim_holds_all_that_is_needed_to_send(store: Store) -> None:
    (endpoint,) = outbox(store)

    claim = take_one(store)

    assert (claim.attempt, claim.channel, claim.address) == (1, ChannelKind.EMAIL, endpoint.address)
    assert claim.message == a_digest(endpoint, ()).message
    assert claim.message_id == f"<{endpoint.id}.2026-03-03@alerts.example>"
    assert claim.idempotency_key == f"{endpoint.public_id}/daily/2026-03-03"
    assert (claim.endpoint_id, claim.endpoint_public_id) == (endpoint.id, endpoint.public_id)
    assert (claim.first_attempt_at, claim.created_at, claim.failures) == (None, MONDAY, 0)
    assert (claim.urgent, claim.rhythm) == (False, "daily")


def test_what_is_sent_is_never_claimed_again(store: Store) -> None:
    outbox(store)
    claim = take_one(store)
    assert store.deliveries.started(claim, MONDAY)
    assert the_state(store) is DeliveryState.SENDING

    assert store.deliveries.finish(claim, SENT, MONDAY + SECOND)

    (view,) = store.deliveries.list(DeliveryState.SENT)
    assert (view.done_at, view.attempts, view.last_answer, view.due_at) == (
        MONDAY + SECOND,
        1,
        "250 2.0.0 queued",
        None,
    )
    assert store.deliveries.claim(MONDAY + 24 * HOUR, 10, "w1") == []
    (attempt,) = store.deliveries.attempts(view.id)
    assert (attempt.outcome, attempt.stage, attempt.code, attempt.worker) == ("sent", "done", 250, "w1")
    assert [line.event for line in store.ledger.tail(1)] == ["delivery-sent"]


def test_nothing_is_claimed_before_it_is_due(store: Store) -> None:
    outbox(store, due_at=MONDAY + HOUR)

    assert store.deliveries.claim(MONDAY + HOUR - SECOND, 10, "w1") == []
    assert len(store.deliveries.claim(MONDAY + HOUR, 10, "w1")) == 1


def test_a_claim_takes_no_more_than_asked_and_each_row_once(store: Store) -> None:
    outbox(store, 11)

    taken = [store.deliveries.claim(MONDAY, 4, "w1") for _ in range(4)]

    assert [len(claims) for claims in taken] == [4, 4, 3, 0]
    assert len({claim.id for claims in taken for claim in claims}) == 11


def test_urgent_ones_go_first(store: Store) -> None:
    outbox(store, 2)
    (late,) = outbox(store, slot="item:1:1", urgent=True, due_at=MONDAY, rhythm="urgent")[:1]

    assert [claim.endpoint_id for claim in store.deliveries.claim(MONDAY, 1, "w1")] == [late.id]
    assert store.deliveries.claim(MONDAY, 10, "w1", urgent_only=True) == []
    assert len(store.deliveries.claim(MONDAY, 10, "w1")) == 2


def test_a_lease_that_ends_before_the_attempt_began_is_simply_taken_again(store: Store) -> None:
    outbox(store)
    take_one(store)
    assert store.deliveries.claim(MONDAY + LEASE - SECOND, 10, "w2") == []

    again = take_one(store, MONDAY + LEASE, "w2")

    assert again.attempt == 2
    assert the_state(store) is DeliveryState.DUE


def test_a_lease_that_ends_while_sending_is_uncertain(store: Store) -> None:
    outbox(store)
    late = take_one(store)
    store.deliveries.started(late, MONDAY)

    again = take_one(store, MONDAY + LEASE, "w2")

    assert the_state(store) is DeliveryState.UNCERTAIN
    assert (again.message_id, again.first_attempt_at) == (late.message_id, MONDAY)
    (cut_off,) = store.deliveries.attempts(again.id)
    assert (cut_off.outcome, cut_off.counted) == ("uncertain", False)


def test_who_lost_the_lease_changes_nothing(store: Store) -> None:
    outbox(store)
    late = take_one(store)
    fresh = take_one(store, MONDAY + LEASE, "w2")

    assert not store.deliveries.started(late, MONDAY + LEASE)
    assert not store.deliveries.may_send(late, MONDAY + LEASE)
    assert not store.deliveries.finish(late, FAILED, MONDAY + LEASE)
    store.deliveries.release(late)
    assert store.deliveries.renew([late, fresh], MONDAY + LEASE) == [fresh.id]
    assert store.deliveries.finish(fresh, SENT, MONDAY + LEASE)
    assert not store.deliveries.finish(fresh, FAILED, MONDAY + LEASE)
    assert the_state(store) is DeliveryState.SENT


def test_a_renewed_lease_runs_on(store: Store) -> None:
    outbox(store)
    claim = take_one(store)

    assert store.deliveries.renew([claim], MONDAY + LEASE - SECOND) == [claim.id]
    assert store.deliveries.renew([], MONDAY) == []

    assert store.deliveries.claim(MONDAY + LEASE, 10, "w2") == []
    assert store.deliveries.may_send(claim, MONDAY + LEASE)


def test_a_message_may_be_sent_while_the_lease_runs_and_the_reader_wants_it(store: Store) -> None:
    first, second, third = outbox(store, 3)
    claims = {claim.endpoint_id: claim for claim in store.deliveries.claim(MONDAY, 10, "w1")}
    assert store.deliveries.may_send(claims[first.id], MONDAY + LEASE - SECOND)
    assert not store.deliveries.may_send(claims[first.id], MONDAY + LEASE)

    store.deliveries.started(claims[second.id], MONDAY)
    store.subscribers.leave(second.public_id, MONDAY, "page")
    store.ledger.suppress(address_hash(third.address), "email", "complaint", MONDAY)

    assert not store.deliveries.may_send(claims[second.id], MONDAY)
    assert not store.deliveries.may_send(claims[third.id], MONDAY)
    assert store.deliveries.finish(claims[second.id], Receipt(DeliveryState.CANCELLED, "data"), MONDAY)


@pytest.mark.parametrize("scope", ["all", "email"])
def test_what_nobody_may_be_sent_is_cancelled_not_claimed(store: Store, scope: str) -> None:
    first, second = outbox(store, 2)
    store.ledger.suppress(address_hash(first.address.upper()), scope, "bounce", MONDAY)

    (claim,) = store.deliveries.claim(MONDAY, 2, "w1")

    assert claim.endpoint_id == second.id
    (cancelled,) = store.deliveries.list(DeliveryState.CANCELLED)
    assert (cancelled.address, cancelled.last_answer) == (first.address, "suppressed")


def test_a_temporary_refusal_is_tried_again_at_its_time_and_counted(store: Store) -> None:
    outbox(store)
    claim = take_one(store)
    store.deliveries.started(claim, MONDAY)
    later = Receipt(DeliveryState.DUE, "rcpt", 451, "greylisted", MONDAY + HOUR)

    assert store.deliveries.finish(claim, later, MONDAY)

    assert store.deliveries.claim(MONDAY + HOUR - SECOND, 10, "w1") == []
    again = take_one(store, MONDAY + HOUR)
    assert (again.attempt, again.failures, again.first_attempt_at) == (2, 1, MONDAY)


def test_a_relay_that_is_away_costs_no_attempt(store: Store) -> None:
    outbox(store)
    away = Receipt(DeliveryState.DUE, "connect", retry_at=MONDAY + HOUR, counted=False)

    assert store.deliveries.finish(take_one(store), away, MONDAY)

    assert take_one(store, MONDAY + HOUR).failures == 0


def test_a_retry_without_a_time_does_not_run_hot(store: Store) -> None:
    outbox(store)

    store.deliveries.finish(take_one(store), Receipt(DeliveryState.UNCERTAIN, "data"), MONDAY)

    assert store.deliveries.claim(MONDAY + LEASE, 10, "w1") == []
    assert take_one(store, MONDAY + HOUR).attempt == 2


def test_a_released_delivery_is_free_at_once_under_a_new_number(store: Store) -> None:
    outbox(store)
    claim = take_one(store)
    store.deliveries.started(claim, MONDAY)

    store.deliveries.release(claim)

    assert not store.deliveries.finish(claim, SENT, MONDAY)
    again = take_one(store)
    assert (again.attempt, again.failures) == (2, 0)
    assert [attempt.outcome for attempt in store.deliveries.attempts(claim.id)] == ["released"]


def test_all_claims_are_freed_for_the_holder_of_the_lock(store: Store) -> None:
    outbox(store, 2)
    begun, _ = store.deliveries.claim(MONDAY, 10, "w1")
    store.deliveries.started(begun, MONDAY)

    assert store.deliveries.release_all() == 2

    states = {view.id: view.state for view in store.deliveries.list()}
    assert states[begun.id] is DeliveryState.UNCERTAIN
    assert set(states.values()) == {DeliveryState.UNCERTAIN, DeliveryState.DUE}
    assert len(store.deliveries.claim(MONDAY, 10, "w1")) == 2
    assert store.deliveries.release_all() == 2


def test_what_failed_can_be_put_back_and_what_was_sent_cannot(store: Store) -> None:
    outbox(store)
    claim = take_one(store)
    assert not store.deliveries.requeue(claim.id, MONDAY)
    store.deliveries.finish(claim, FAILED, MONDAY)
    assert store.deliveries.list(DeliveryState.FAILED)[0].last_answer == "550 5.1.1 no such user"

    assert store.deliveries.requeue(claim.id, MONDAY + HOUR)

    again = take_one(store, MONDAY + HOUR)
    assert (again.message_id, again.failures) == (claim.message_id, 0)
    store.deliveries.finish(again, SENT, MONDAY + HOUR)
    assert not store.deliveries.requeue(claim.id, MONDAY + HOUR)
    assert not store.deliveries.requeue(999, MONDAY)


def test_deliveries_are_listed_newest_first_and_no_more_than_asked(store: Store) -> None:
    outbox(store, 3)

    listed = [view.id for view in store.deliveries.list(limit=2)]

    assert listed == sorted(listed, reverse=True)
    assert len(listed) == 2
    assert store.deliveries.list(DeliveryState.SENT) == []


@pytest.mark.parametrize(("seconds", "marked"), [(9, True), (10, False)])
def test_who_leaves_right_after_a_mail_may_be_a_program_and_is_marked(
    store: Store, seconds: int, marked: bool
) -> None:
    (reader,) = outbox(store)
    claim = take_one(store)
    store.deliveries.started(claim, MONDAY)
    store.deliveries.finish(claim, Receipt(DeliveryState.SENT, "text"), MONDAY)

    store.subscribers.leave(reader.public_id, MONDAY + seconds * SECOND, "page")

    left = next(line for line in store.ledger.tail() if line.event == "left")
    assert ('"hasty":true' in left.detail) is marked
