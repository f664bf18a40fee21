"""Endpoints that are posted to, on every database: turns, pace, failures, shut and mended, replayed, forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.errors import InputError
from alerts.domain.people import Endpoint, Schedule
from alerts.domain.posts import Shut
from alerts.domain.vocabulary import ChannelKind, ContactStatus, DeliveryState, Language, Rhythm
from alerts.store import NewPost, Store
from tests.builders import DAY, HOUR, MONDAY, a_revision, a_subscription
from tests.contract.steps import a_digest, collect, due, enter, match_all, only_endpoint

SECOND = timedelta(seconds=1)
GAPS = {ChannelKind.WECOM: 3 * SECOND}
SENT = Receipt(DeliveryState.SENT, "done", 200, "ok")


def a_post(
    store: Store, name: str = "a", channel: ChannelKind = ChannelKind.WEBHOOK, *, verified: bool = True
) -> Endpoint:
    """Return an endpoint that is posted to, of a contact of its own."""
    contact = enter(store, a_subscription(f"{name}@exporter.example"))
    wish = NewPost(
        contact.id, channel, f"https://hooks.{name}.example/x?key=5ecret", f"sealed-{name}",
        Schedule(Rhythm.IMMEDIATE), Language.ENGLISH,
    )  # fmt: skip
    endpoint = store.posts.add(wish, MONDAY)
    if verified:
        store.posts.verified(endpoint.id, MONDAY, None)
    found = store.posts.find(endpoint.id)
    assert found is not None
    return found[0]


def owe(store: Store, endpoint: Endpoint, *slots: str, at: datetime = MONDAY, urgent: bool = False) -> None:
    """Write messages down for an endpoint."""
    for slot in slots:
        row = a_digest(
            endpoint,
            (),
            slot,
            rhythm="urgent" if urgent else "immediate",
            built_at=at,
            due_at=at,
            urgent=urgent,
        )
        assert store.digests.write(row, None)


def take(store: Store, at: datetime = MONDAY, limit: int = 10) -> list[DeliveryClaim]:
    return store.posts.begin("w1", at, limit, GAPS)


def failed(at: datetime, **more: object) -> Receipt:
    return Receipt(DeliveryState.DUE, "answer", 500, "no", at + SECOND, **more)  # type: ignore[arg-type]


def slots(claims: list[DeliveryClaim]) -> list[str]:
    return [claim.idempotency_key.rpartition("/")[2] for claim in claims]


def test_an_endpoint_is_told_nothing_before_it_is_verified(store: Store) -> None:
    endpoint = a_post(store, verified=False)
    assert not endpoint.active
    collect(store, a_revision("k1"))
    assert match_all(store).alerts == 1, "the mails only"

    assert store.posts.verified(endpoint.id, MONDAY, MONDAY + DAY) == 0
    collect(store, a_revision("k2"), at=MONDAY + HOUR)
    assert match_all(store, MONDAY + HOUR).alerts == 2

    events = [line.event for line in store.ledger.tail(3)]
    assert events == ["subscribed", "endpoint-added", "endpoint-verified"]


def test_each_endpoint_of_a_contact_is_owed_its_own_and_in_its_own_rhythm(store: Store) -> None:
    endpoint = a_post(store)
    collect(store, a_revision("k1"))
    batch = match_all(store)

    (mailed,) = [one for one in store.subscribers.contacts()[0].endpoints if one.id != endpoint.id]
    assert batch.urgent == (endpoint.id,), "at once, while the mails wait for their digest"
    assert len(store.digests.untold(endpoint.id)) == len(store.digests.untold(mailed.id)) == 1
    assert due(store, MONDAY + 2 * DAY, 10) == [mailed] or [
        one.id for one in due(store, MONDAY + 2 * DAY, 10)
    ] == [mailed.id]


def test_a_claim_holds_what_is_sealed_and_mails_never_take_it(store: Store) -> None:
    endpoint = a_post(store)
    owe(store, endpoint, "1")

    assert store.deliveries.claim(MONDAY, 10, "w1") == []
    (claim,) = take(store)
    assert (claim.sealed, claim.channel, claim.attempt) == ("sealed-a", ChannelKind.WEBHOOK, 1)
    assert claim.address == endpoint.address
    assert "5ecret" not in claim.address and claim.address.startswith("https://hooks.a.example/…")
    assert len(store.deliveries.attempts(claim.id)) == 1


def test_one_message_of_each_endpoint_is_under_way_urgent_ones_first_then_in_order(store: Store) -> None:
    first, second = a_post(store, "a"), a_post(store, "b")
    owe(store, first, "1", "2")
    owe(store, first, "9", at=MONDAY, urgent=True)
    owe(store, second, "3")

    claims = take(store)
    assert slots(claims) == ["9", "3"]
    assert take(store) == [], "both have one under way"
    for claim in claims:
        store.deliveries.finish(claim, SENT, MONDAY)
    (next_one,) = take(store)
    assert slots([next_one]) == ["1"]


def test_a_bot_gets_one_message_in_its_platforms_gap_however_many_are_due(store: Store) -> None:
    endpoint = a_post(store, channel=ChannelKind.WECOM)
    owe(store, endpoint, *"123456789")

    times = []
    for tenth in range(0, 100):
        at = MONDAY + tenth * timedelta(seconds=0.1)
        for claim in take(store, at):
            times.append(at)
            store.deliveries.finish(claim, SENT, at)
    assert [(at - MONDAY).total_seconds() for at in times] == [0, 3, 6, 9]
    assert store.posts.next_turn(MONDAY + 10 * SECOND) == MONDAY + 12 * SECOND


def test_a_turn_that_a_wrong_clock_set_far_ahead_holds_nobody_up(store: Store) -> None:
    endpoint = a_post(store, channel=ChannelKind.WECOM)
    owe(store, endpoint, "1", "2")
    (claim,) = take(store, MONDAY + DAY)
    store.deliveries.finish(claim, SENT, MONDAY + DAY)

    assert len(take(store, MONDAY + SECOND)) == 1


def test_failures_hold_back_the_endpoint_and_success_frees_it(store: Store) -> None:
    endpoint, other = a_post(store, "a"), a_post(store, "b")
    owe(store, endpoint, "1", "2")
    owe(store, other, "3")
    claims = take(store)
    store.deliveries.finish(claims[0], failed(MONDAY), MONDAY)
    store.deliveries.finish(claims[1], SENT, MONDAY)

    assert take(store, MONDAY + 4 * SECOND) == [], "neither message, before the first step of the plan"
    (again,) = take(store, MONDAY + 6 * SECOND)
    store.deliveries.finish(again, failed(MONDAY), MONDAY + 6 * SECOND)
    assert take(store, MONDAY + 60 * SECOND) == [], "now five minutes"
    (third,) = take(store, MONDAY + HOUR)
    store.deliveries.finish(third, SENT, MONDAY + HOUR)
    assert len(take(store, MONDAY + HOUR + SECOND)) == 1
    state = store.posts.find(endpoint.id)
    assert state is not None and (state[1].failures, state[1].failing_since) == (0, None)


def test_the_patience_that_is_asked_for_holds_back_the_endpoint(store: Store) -> None:
    endpoint = a_post(store)
    owe(store, endpoint, "1", "2")
    (claim,) = take(store)
    store.deliveries.finish(claim, failed(MONDAY, until=MONDAY + 2 * HOUR), MONDAY)

    assert take(store, MONDAY + HOUR) == []
    assert len(take(store, MONDAY + 2 * HOUR)) == 1


def fail_for(store: Store, *hours: float) -> None:
    for hour in hours:
        at = MONDAY + hour * HOUR
        for claim in take(store, at):
            store.deliveries.finish(claim, failed(at), at)


def test_three_days_and_five_failures_shut_an_endpoint_and_its_people_are_found(store: Store) -> None:
    endpoint = a_post(store)
    owe(store, endpoint, "1")
    fail_for(store, 0, 1, 5)
    fail_for(store, 73)
    assert store.posts.shut(untold=True) == [], "four failures: it may have been us who were away"

    fail_for(store, 90)

    ((found, state),) = store.posts.shut(untold=True)
    assert (found.id, state.shut, state.waiting, state.failing_since) == (
        endpoint.id,
        Shut.FAILING,
        1,
        MONDAY,
    )
    assert [line.event for line in store.ledger.tail(1)] == ["endpoint-shut"]
    assert [one.address for one in store.posts.readers(endpoint.id)] == ["a@exporter.example"]
    assert take(store, MONDAY + 30 * DAY) == []
    store.posts.told(endpoint.id, MONDAY)
    assert store.posts.shut(untold=True) == []


def test_where_the_contact_is_not_mailed_its_colleagues_are(store: Store) -> None:
    endpoint = a_post(store)
    mailed = next(
        one for one in store.subscribers.contacts()[0].endpoints if one.channel is ChannelKind.EMAIL
    )
    store.subscribers.leave(mailed.public_id, MONDAY, "page")
    assert store.posts.readers(endpoint.id) == []
    colleague = only_endpoint(enter(store, a_subscription("boss@exporter.example")))

    assert store.posts.readers(endpoint.id) == [colleague]


def test_a_shut_endpoint_goes_on_being_owed_and_gets_all_of_it_in_order_once_verified(store: Store) -> None:
    endpoint = a_post(store)
    owe(store, endpoint, "1")
    (claim,) = take(store)
    far = Receipt(DeliveryState.DUE, "answer", 410, "gone", MONDAY + 10 * DAY, shut=Shut.GONE)
    store.deliveries.finish(claim, far, MONDAY)
    owe(store, endpoint, "2", at=MONDAY + HOUR)
    collect(store, a_revision("k1"), at=MONDAY + HOUR)
    assert match_all(store, MONDAY + HOUR).alerts == 2

    assert store.posts.verified(endpoint.id, MONDAY + DAY, None) == 2

    told = []
    while claims := take(store, MONDAY + DAY):
        told += slots(claims)
        assert (claims[0].failures, claims[0].first_attempt_at) == (0, None)
        store.deliveries.finish(claims[0], SENT, MONDAY + DAY)
    assert told == ["1", "2"]
    assert len(store.digests.untold(endpoint.id)) == 1


def test_a_message_that_is_refused_says_nothing_about_its_endpoint(store: Store) -> None:
    endpoint = a_post(store)
    owe(store, endpoint, "1", "2")
    (claim,) = take(store)
    store.deliveries.finish(claim, Receipt(DeliveryState.FAILED, "answer", 400, "too long"), MONDAY)

    assert slots(take(store)) == ["2"]
    found = store.posts.find(endpoint.id)
    assert found is not None and (found[1].failures, found[1].answer) == (0, "400 too long")


def test_an_attempt_that_we_ourselves_prevented_counts_against_nobody(store: Store) -> None:
    endpoint = a_post(store)
    owe(store, endpoint, "1")
    (claim,) = take(store)
    store.deliveries.finish(claim, failed(MONDAY, counted=False), MONDAY)

    found = store.posts.find(endpoint.id)
    assert found is not None and (found[1].failures, found[1].failing_since) == (0, None)


def test_an_outcome_of_a_claim_that_another_took_over_changes_nothing(store: Store) -> None:
    endpoint = a_post(store)
    owe(store, endpoint, "1")
    (slow,) = take(store)
    (quick,) = take(store, MONDAY + 2 * 60 * SECOND)

    assert not store.deliveries.finish(slow, failed(MONDAY, shut=Shut.GONE), MONDAY + 3 * 60 * SECOND)
    assert store.posts.shut(untold=True) == []
    assert store.deliveries.finish(quick, SENT, MONDAY + 3 * 60 * SECOND)


def test_a_span_is_replayed_under_the_same_keys(store: Store) -> None:
    endpoint = a_post(store)
    owe(store, endpoint, "1", at=MONDAY)
    owe(store, endpoint, "2", at=MONDAY + DAY)
    first = []
    for at in (MONDAY, MONDAY + DAY):
        (claim,) = take(store, at)
        first.append(claim)
        store.deliveries.finish(claim, SENT, at)

    now = MONDAY + 2 * DAY
    assert store.posts.replay(endpoint.id, MONDAY + DAY, now, now) == 1
    (again,) = take(store, now)
    assert (again.idempotency_key, again.message) == (first[1].idempotency_key, first[1].message)
    assert store.posts.replay(endpoint.id, MONDAY, now, now) == 1, "the one under way is left alone"


def test_nobody_is_told_twice_at_one_address_and_what_is_removed_is_forgotten(store: Store) -> None:
    endpoint = a_post(store)
    contact = enter(store, a_subscription("other@exporter.example"))
    same = NewPost(
        contact.id,
        ChannelKind.WEBHOOK,
        "https://hooks.a.example/x?key=5ecret",
        "s",
        Schedule(),
        Language.ENGLISH,
    )
    with pytest.raises(InputError, match=f"Endpoint {endpoint.id} is told at this address already"):
        store.posts.add(same, MONDAY)
    owe(store, endpoint, "1")

    assert store.posts.remove(endpoint.id, MONDAY)

    assert store.posts.find(endpoint.id) is None
    assert take(store) == []
    assert store.subscribers.contacts()[0].status is ContactStatus.ACTIVE, "it is still mailed"
    assert store.posts.add(same, MONDAY).id != endpoint.id
    assert not store.posts.remove(endpoint.id, MONDAY)


def test_what_was_removed_may_be_entered_again_and_starts_anew(store: Store) -> None:
    endpoint = a_post(store)
    store.posts.remove(endpoint.id, MONDAY)

    again = a_post(store, verified=False)

    assert (again.id, again.public_id, again.active) == (endpoint.id, endpoint.public_id, False)
    assert store.posts.end_forgotten(MONDAY, MONDAY) == 0


def test_an_endpoint_that_nobody_mends_or_verifies_is_ended_with_its_secrets(store: Store) -> None:
    endpoint, unproved, left = a_post(store), a_post(store, "b", verified=False), a_post(store, "c")
    owe(store, endpoint, "1")
    (claim,) = take(store)
    store.deliveries.finish(claim, failed(MONDAY, shut=Shut.GONE), MONDAY)
    store.subscribers.leave(left.public_id, MONDAY, "page")
    well = a_post(store, "d")

    assert store.posts.end_forgotten(MONDAY - DAY, MONDAY) == 0
    assert store.posts.end_forgotten(MONDAY + SECOND, MONDAY + 31 * DAY) == 3
    assert [one.id for one, _ in store.posts.all()] == [well.id]
    assert store.posts.find(unproved.id) is None
    assert store.deliveries.list(DeliveryState.CANCELLED)[0].last_answer == "left"
    assert store.ledger.verify()


def test_what_is_due_to_one_that_left_is_cancelled_and_the_next_is_found(store: Store) -> None:
    endpoint, other = a_post(store, "a"), a_post(store, "b")
    owe(store, endpoint, "1")
    owe(store, other, "2")
    contact = next(one for one in store.subscribers.contacts() if one.id == endpoint.contact_id)
    for place in contact.endpoints:
        store.subscribers.leave(place.public_id, MONDAY, "page")

    assert slots(take(store, limit=1)) == ["2"]


def test_several_processes_take_each_message_once(store: Store) -> None:
    endpoints = [a_post(store, f"n{number}") for number in range(24)]
    for endpoint in endpoints:
        owe(store, endpoint, "1", "2")

    def work(worker: int) -> list[int]:
        taken = []
        for _ in range(60):
            claims = store.posts.begin(f"w{worker}", MONDAY, 4, GAPS)
            taken += [claim.id for claim in claims]
            store.deliveries.finish_all([(claim, SENT) for claim in claims], MONDAY)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [one for ids in pool.map(work, range(4)) for one in ids]
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 48
