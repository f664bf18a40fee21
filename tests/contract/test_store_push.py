"""Subscriptions at hubs, on every database: asked, verified, renewed, given up; pushes that make a feed due."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from alerts.domain.collected import Validators
from alerts.domain.events import EventKind
from alerts.domain.feeds import Feed
from alerts.domain.push import CHANGE_AFTER, LOOK_AGAIN, SHORTEST, Asking, HubAnswer, Offer, Pushed, PushMode
from alerts.domain.push_words import describe, standing
from alerts.domain.vocabulary import Outcome
from alerts.store import Intent, Store
from tests.builders import DAY, HOUR, MONDAY, a_feed, a_poll, a_revision

HUB, OTHER = "https://hub.example/", "https://other.example/"
TOPIC = "https://cdn.example/feed.xml"
PUSHED = a_feed(websub=True)
OFFER = Offer((HUB,), TOPIC)
SECOND = timedelta(seconds=1)
YES = HubAnswer(accepted=True)


def configure(store: Store, *feeds: Feed, at: datetime = MONDAY) -> None:
    store.feeds.sync(feeds, at)
    store.push.sync(feeds, at)


def poll(store: Store, *keys: str, at: datetime, offer: Offer | None = OFFER, **more: object) -> None:
    (claim,) = store.feeds.claim(at, 1, "w", ids=[PUSHED.id], due_only=False)
    learnt = {"finished_at": at, "offer": offer} | more
    store.feeds.finish(claim, a_poll(*map(a_revision, keys), at=at, **learnt))


def offered(store: Store, offer: Offer = OFFER, at: datetime = MONDAY) -> None:
    """Configure the feed and let its first poll see an offer."""
    configure(store, PUSHED)
    poll(store, "k1", at=at, offer=offer)


def ask(store: Store, at: datetime) -> Asking:
    (asking,) = store.push.claim(at)
    return asking


def intent(mode: str = "subscribe", topic: str = TOPIC, challenge: str = "c", **more: str) -> Intent:
    return Intent(mode, topic, sha256(challenge.encode()).hexdigest(), **more)


def verified(store: Store, at: datetime = MONDAY + 5 * SECOND, lease: str = "864000") -> Pushed:
    """Return a subscription that was asked for and verified."""
    offered(store)
    asking = ask(store, at)
    assert store.push.intend(asking.key, intent(lease=lease), at)
    store.push.finish(asking, YES, at)
    return only(store)


def only(store: Store) -> Pushed:
    (pushed,) = store.push.all()
    return pushed


def due(store: Store) -> datetime:
    state = store.feeds.state(PUSHED.id)
    assert state is not None
    return state.next_poll_at


def test_a_feed_that_is_to_be_pushed_is_read_in_full_once_more(store: Store) -> None:
    configure(store, a_feed())
    poll(store, "k1", at=MONDAY, offer=None)
    configure(store, PUSHED, at=MONDAY + HOUR)

    state = store.feeds.state(PUSHED.id)
    assert state is not None and (state.validators, state.body_hash) == (Validators(), None)
    assert standing(only(store), MONDAY) == "no-hub"
    assert store.push.claim(MONDAY + HOUR) == []

    poll(store, "k1", at=MONDAY + HOUR)
    configure(store, PUSHED, at=MONDAY + 2 * HOUR)
    state = store.feeds.state(PUSHED.id)
    assert state is not None and state.validators != Validators(), "once, not at every start"


def test_a_hub_that_a_document_names_is_asked_once_and_by_one_process(store: Store) -> None:
    offered(store)
    asking = ask(store, MONDAY + SECOND)

    assert (asking.hub, asking.topic, asking.mode, asking.attempt) == (HUB, TOPIC, PushMode.SUBSCRIBE, 1)
    assert len(asking.key) == len(asking.secret) == 43 and asking.key != asking.secret
    assert asking.secret not in repr(asking) and asking.secret not in repr(only(store))
    assert store.push.claim(MONDAY + 2 * SECOND) == []


def test_many_processes_ask_each_hub_once(store: Store) -> None:
    feeds = [a_feed(f"f{n}", websub=True) for n in range(30)]
    configure(store, *feeds)
    for feed in feeds:
        (claim,) = store.feeds.claim(MONDAY, 1, "w", ids=[feed.id], due_only=False)
        store.feeds.finish(claim, a_poll(at=MONDAY, finished_at=MONDAY, offer=OFFER))

    with ThreadPoolExecutor(6) as processes:
        rounds = [processes.submit(store.push.claim, MONDAY, 4) for _ in range(20)]
        asked = [asking.feed_id for one in rounds for asking in one.result()]
    asked += [asking.feed_id for asking in store.push.claim(MONDAY, 30)]  # those that were locked by others

    assert sorted(asked) == sorted(feed.id for feed in feeds)


def test_a_process_that_dies_after_its_claim_leaves_the_request_to_the_next(store: Store) -> None:
    offered(store)
    first = ask(store, MONDAY + SECOND)
    second = ask(store, MONDAY + timedelta(minutes=3))

    store.push.finish(
        first, HubAnswer(accepted=False, detail="late", final=True), MONDAY + timedelta(minutes=4)
    )
    assert only(store).mode is PushMode.SUBSCRIBE, "the answer to the first is not the second's"
    assert second.key == first.key


def test_verification_before_the_answer_to_the_request_counts(store: Store) -> None:
    now = MONDAY + 5 * SECOND
    pushed = verified(store, now)

    assert standing(pushed, now) == "verified" and pushed.attempts == 0
    assert pushed.expires_at == now + 10 * DAY
    assert pushed.due_at is not None and now + 7.5 * DAY <= pushed.due_at < now + 8.5 * DAY


@pytest.mark.parametrize(
    "wrong",
    [
        intent(topic=TOPIC + "?"),
        intent(topic=""),
        intent(mode="unsubscribe"),
        intent(mode="Subscribe"),
        intent(mode=""),
        replace(intent(), challenge=""),
        intent(lease="0"),
        intent(lease="-1"),
        intent(lease="ten"),
        intent(lease="1e9"),
        intent(lease="9" * 31),
    ],
)
def test_what_was_not_asked_for_is_not_verified(store: Store, wrong: Intent) -> None:
    offered(store)
    asking = ask(store, MONDAY)

    assert not store.push.intend(asking.key, wrong, MONDAY)
    assert not store.push.intend("A" * 43, intent(), MONDAY)
    assert only(store).expires_at is None


@pytest.mark.parametrize(("lease", "days"), [("999999999999", 10), ("432000", 5), (None, 10)])
def test_a_lease_is_believed_up_to_ten_days(store: Store, lease: str | None, days: int) -> None:
    offered(store)
    asking = ask(store, MONDAY)

    assert store.push.intend(asking.key, replace(intent(), lease=lease), MONDAY)
    assert only(store).expires_at == MONDAY + days * DAY


def test_a_hub_that_grants_a_second_is_not_asked_every_second(store: Store) -> None:
    pushed = verified(store, MONDAY + SECOND, lease="1")
    assert pushed.due_at == MONDAY + SECOND + HOUR


def test_nobody_verifies_before_asking_and_a_replayed_challenge_verifies_nothing(store: Store) -> None:
    offered(store)
    key = only(store).key
    assert not store.push.intend(key, intent(), MONDAY)

    asking = ask(store, MONDAY + SECOND)
    at = MONDAY + 2 * SECOND
    assert store.push.intend(asking.key, intent(lease="864000"), at)
    before = only(store)
    assert store.push.intend(asking.key, intent(lease="9"), at + 60 * SECOND), "the hub's own retry"
    assert only(store) == before, "changes nothing"
    assert not store.push.intend(asking.key, intent(challenge="another"), at + 60 * SECOND)
    assert not store.push.intend(asking.key, intent(), at + 11 * 60 * SECOND)
    assert only(store) == before


def test_a_renewal_is_due_from_rows_and_keeps_callback_and_secret(store: Store) -> None:
    pushed = verified(store)
    assert pushed.due_at is not None
    assert store.push.claim(pushed.due_at - SECOND) == []

    asking = ask(store, pushed.due_at)
    assert (asking.key, asking.secret) == (pushed.key, pushed.secret)
    assert standing(only(store), pushed.due_at) == "verified", "while the lease runs"
    assert store.push.intend(asking.key, intent(challenge="d"), pushed.due_at)
    assert only(store).expires_at == pushed.due_at + 10 * DAY


def test_failures_are_repeated_with_growing_pauses(store: Store) -> None:
    offered(store)
    at, waits = MONDAY, []
    for _ in range(4):
        store.push.finish(ask(store, at), HubAnswer(accepted=False, detail="the hub answered 500"), at)
        following = only(store).due_at
        assert following is not None
        waits.append((following - at) / timedelta(minutes=5))
        at = following

    assert [int(wait) for wait in waits] == [1, 2, 4, 8]
    assert standing(only(store), at) == "failing" and "500" in describe(only(store), at)
    final = HubAnswer(accepted=False, detail="no", final=True, retry_at=at + 3 * DAY)
    asking = ask(store, at)
    store.push.finish(asking, final, at)
    assert only(store).due_at == at + 3 * DAY, "the hub's own patience"
    assert not store.push.intend(asking.key, intent(), at), "it refused, so nothing is to be verified"


def test_a_hub_that_takes_the_request_and_never_verifies_is_failing(store: Store) -> None:
    offered(store)
    store.push.finish(ask(store, MONDAY), YES, MONDAY)
    assert standing(only(store), MONDAY) == "asked"
    assert store.push.claim(MONDAY + timedelta(minutes=59)) == []

    store.push.finish(ask(store, MONDAY + HOUR), HubAnswer(accepted=False, detail="gone"), MONDAY + HOUR)
    assert standing(only(store), MONDAY + HOUR) == "failing"


def test_a_denial_ends_what_was_verified_and_is_asked_again_in_days(store: Store) -> None:
    pushed = verified(store)
    at = MONDAY + DAY
    assert not store.push.intend(pushed.key, Intent("denied", "https://else.example"), at)
    assert store.push.intend(pushed.key, Intent("denied", TOPIC, reason="no such topic"), at)

    assert standing(only(store), at) == "denied" and "no such topic" in describe(only(store), at)
    assert store.push.claim(at + DAY) == []
    assert ask(store, at + 4 * DAY).mode is PushMode.SUBSCRIBE


@pytest.mark.parametrize(
    "after", [(), (a_feed(),), (replace(PUSHED, enabled=False),)], ids=["removed", "off", "disabled"]
)
def test_a_subscription_nobody_wants_is_given_up_at_the_hub(store: Store, after: tuple[Feed, ...]) -> None:
    pushed = verified(store)
    configure(store, *after, at=MONDAY + HOUR)

    assert not store.push.intend(pushed.key, intent(mode="unsubscribe"), MONDAY + HOUR), "not asked for yet"
    asking = ask(store, MONDAY + HOUR)
    assert (asking.mode, asking.key) == (PushMode.UNSUBSCRIBE, pushed.key)
    assert not store.push.intend(pushed.key, intent(), MONDAY + HOUR), "it is not to be had back"
    assert not store.push.hint(pushed.key, MONDAY + HOUR)
    assert store.push.intend(pushed.key, intent(mode="unsubscribe"), MONDAY + HOUR)
    assert store.push.all() == []


def test_a_hub_that_will_not_let_go_is_left_alone_after_five_requests(store: Store) -> None:
    verified(store)
    configure(store, at=MONDAY + HOUR)
    at = MONDAY + HOUR
    for _ in range(5):
        store.push.finish(ask(store, at), HubAnswer(accepted=False, detail="no"), at)
        at = only(store).due_at or at

    assert store.push.claim(at) == [] and store.push.all() == []


def test_what_never_was_verified_is_forgotten_at_once(store: Store) -> None:
    offered(store)
    ask(store, MONDAY)
    configure(store, at=MONDAY + HOUR)
    assert store.push.all() == []


def test_another_hub_or_topic_is_taken_over_and_the_old_one_given_up(store: Store) -> None:
    old = verified(store)
    poll(store, "k1", at=MONDAY + 2 * HOUR, offer=Offer((OTHER,), TOPIC))

    modes = {one.mode: one for one in store.push.claim(MONDAY + 2 * HOUR)}
    assert modes[PushMode.SUBSCRIBE].hub == OTHER and modes[PushMode.SUBSCRIBE].key != old.key
    assert modes[PushMode.UNSUBSCRIBE].key == old.key


def test_a_document_that_names_another_hub_each_time_makes_one_request_an_hour(store: Store) -> None:
    offered(store)
    asked, at = [ask(store, MONDAY)], MONDAY
    for minute in range(5, 180, 5):
        at = MONDAY + timedelta(minutes=minute)
        poll(store, "k1", at=at, offer=Offer((f"https://victim{minute}.example/",), TOPIC))
        asked += store.push.claim(at + SECOND)

    assert len(asked) == 3 and CHANGE_AFTER == HOUR
    assert len({one.key for one in asked}) == 3, "the callback of one hub is no other's"


def test_a_hub_that_does_not_work_gives_way_to_the_next_one_named(store: Store) -> None:
    offered(store, Offer(("http://plain.example/", HUB, OTHER), TOPIC))
    at, hubs = MONDAY, []
    for _ in range(5):
        asking = ask(store, at)
        hubs.append(asking.hub)
        store.push.finish(asking, HubAnswer(accepted=False, detail="no"), at)
        at = only(store).due_at or at

    assert hubs == [HUB, HUB, HUB, HUB, OTHER], "https first"


def test_a_source_that_names_no_hub_any_more_keeps_its_lease_and_no_longer(store: Store) -> None:
    pushed = verified(store)
    poll(store, "k1", at=MONDAY + HOUR, offer=Offer((), TOPIC, whole=False))
    assert only(store) == pushed, "an unchanged answer takes nothing back"

    poll(store, "k1", at=MONDAY + 2 * HOUR, offer=Offer((), TOPIC))
    assert store.push.claim(MONDAY + 2 * HOUR) == []
    assert standing(only(store), MONDAY + 2 * HOUR) == "verified"
    assert pushed.expires_at is not None and store.push.claim(pushed.expires_at) == []
    assert standing(only(store), pushed.expires_at) == "no-hub"


def test_a_push_makes_the_feed_due_and_a_storm_of_them_makes_one_poll(store: Store) -> None:
    pushed = verified(store)
    scheduled, at = due(store), MONDAY + timedelta(minutes=30)
    assert all(store.push.hint(pushed.key, at) for _ in range(100))
    assert due(store) == at < scheduled

    poll(store, "k1", "k2", at=at)
    assert due(store) == scheduled, "the poll that was due anyway is not postponed"
    assert (only(store).hits, only(store).misses, only(store).unannounced) == (1, 0, 0)
    assert store.feeds.claim(at + 2 * SECOND, 5, "w") == []


def test_a_push_right_after_a_poll_waits_a_minute(store: Store) -> None:
    pushed = verified(store)
    assert store.push.hint(pushed.key, MONDAY + 6 * SECOND)
    assert due(store) == MONDAY + SHORTEST


def test_pushes_without_end_never_starve_the_poll_that_was_due(store: Store) -> None:
    pushed = verified(store)
    scheduled = due(store)
    for minute in range(2, 58, 2):
        at = MONDAY + timedelta(minutes=minute)
        store.push.hint(pushed.key, at)
        assert due(store) <= scheduled
        poll(store, "k1", at=at, next_poll_at=at + HOUR)
        assert due(store) <= scheduled


def test_a_push_that_comes_while_the_source_is_read_makes_another_poll(store: Store) -> None:
    pushed = verified(store)
    at = MONDAY + timedelta(minutes=30)
    (claim,) = store.feeds.claim(at, 1, "w", ids=[PUSHED.id], due_only=False)
    store.push.hint(pushed.key, at + timedelta(milliseconds=500))
    store.feeds.finish(claim, a_poll(a_revision("k1"), at=at, offer=OFFER))

    assert due(store) == at + SHORTEST


def test_a_push_with_nothing_behind_it_is_looked_after_twice_and_then_a_miss(store: Store) -> None:
    pushed = verified(store)
    at = MONDAY + timedelta(minutes=10)
    store.push.hint(pushed.key, at)
    poll(store, at=at, offer=Offer(whole=False), outcome=Outcome.NOT_MODIFIED)
    again = at + LOOK_AGAIN
    assert due(store) == again and only(store).misses == 0, "a cache may lag behind the hub"

    poll(store, at=again, offer=Offer(whole=False), outcome=Outcome.NOT_MODIFIED)
    assert (only(store).hits, only(store).misses) == (0, 1)
    assert due(store) == MONDAY + HOUR, "as it was due before the push"


def test_news_that_no_push_announced_are_counted_until_one_is_right(store: Store) -> None:
    pushed = verified(store)
    for hour in range(1, 6):
        poll(store, *(f"k{n}" for n in range(1, hour + 2)), at=MONDAY + hour * HOUR)
    assert only(store).unannounced == 5
    assert standing(only(store), MONDAY + 5 * HOUR) == "deaf"

    store.push.hint(pushed.key, MONDAY + 6 * HOUR)
    poll(store, "k9", at=MONDAY + 6 * HOUR)
    assert (only(store).hits, only(store).unannounced) == (1, 0)
    assert standing(only(store), MONDAY + 6 * HOUR) == "verified"


def test_a_push_does_not_break_into_the_back_off_of_a_failing_source(store: Store) -> None:
    pushed = verified(store)
    poll(
        store,
        at=MONDAY + HOUR,
        offer=Offer(whole=False),
        outcome=Outcome.CONNECTION,
        next_poll_at=MONDAY + 3 * HOUR,
    )
    store.push.hint(pushed.key, MONDAY + 2 * HOUR)
    assert due(store) == MONDAY + 3 * HOUR


def test_a_host_that_asked_for_patience_gets_it_whatever_is_pushed(store: Store) -> None:
    pushed = verified(store)
    store.feeds.postpone("us-office.example", MONDAY + HOUR)
    store.push.hint(pushed.key, MONDAY + timedelta(minutes=10))
    assert store.feeds.claim(MONDAY + timedelta(minutes=11), 5, "w") == []


def test_what_came_without_a_seal_is_counted_and_does_nothing(store: Store) -> None:
    pushed = verified(store)
    before = due(store)
    store.push.refuse(pushed.key)
    store.push.refuse("A" * 43)
    assert only(store).refused == 1 and due(store) == before


def test_the_leave_for_own_networks_is_kept_until_the_hub_is_left(store: Store) -> None:
    offered(store)
    configure(store, replace(PUSHED, allow_private_networks=True), at=MONDAY)
    asking = ask(store, MONDAY)
    assert asking.private and store.push.intend(asking.key, intent(), MONDAY)

    configure(store, at=MONDAY + HOUR)
    assert ask(store, MONDAY + HOUR).private


def test_a_verified_subscription_ends_the_event_that_there_is_none(store: Store) -> None:
    offered(store)
    store.events.note(PUSHED.id, EventKind.PUSH, "none", MONDAY)
    asking = ask(store, MONDAY)
    store.push.intend(asking.key, intent(), MONDAY)
    assert store.events.open() == []
