"""Sources on every database: who may poll what, and how each stands."""

from datetime import timedelta

import pytest

from alerts.domain.collected import FeedClaim, Validators
from alerts.domain.vocabulary import Health, IdentityPolicy, Outcome
from alerts.store import Store
from tests.builders import DAY, HOUR, MONDAY, a_feed, a_poll, a_revision
from tests.contract.steps import claim_feed, collect

LEASE = timedelta(seconds=120)
SECOND = timedelta(seconds=1)


def ids(claims: list[FeedClaim]) -> list[str]:
    return [claim.feed_id for claim in claims]


def test_a_new_feed_is_due_at_once(store: Store) -> None:
    store.feeds.sync([a_feed("a"), a_feed("b")], MONDAY)

    assert ids(store.feeds.claim(MONDAY, 10, "w1")) == ["a", "b"]


def test_a_feed_that_is_not_configured_any_more_is_disabled_and_keeps_its_past(store: Store) -> None:
    collect(store, a_revision())

    store.feeds.sync([], MONDAY + DAY)

    (state,) = store.feeds.states()
    assert (state.enabled, state.items) == (False, 1)
    assert store.feeds.claim(MONDAY + DAY, 10, "w1") == []


def test_a_changed_address_forgets_what_the_server_said_and_not_what_it_had_shown(store: Store) -> None:
    collect(store, a_revision())

    moved = a_feed(url="https://new.example/feed")
    store.feeds.sync([moved], MONDAY + SECOND)

    state = store.feeds.state("us-office")
    assert state is not None
    assert (state.validators, state.body_hash, state.next_poll_at) == (Validators(), None, MONDAY + SECOND)
    assert store.feeds.unseen("us-office", ["k1", "k2"]) == ["k2"]


def test_a_poll_of_the_old_address_is_not_stored(store: Store) -> None:
    claim = claim_feed(store)

    store.feeds.sync([a_feed(url="https://new.example/feed")], MONDAY)

    assert store.feeds.finish(claim, a_poll(a_revision())).fenced
    assert store.items.count() == 0


def test_a_shorter_interval_pulls_the_next_poll_nearer(store: Store) -> None:
    collect(store)

    store.feeds.sync([a_feed(interval=timedelta(minutes=5))], MONDAY)

    state = store.feeds.state("us-office")
    assert state and state.next_poll_at == MONDAY + timedelta(minutes=5)


def test_repeating_sync_changes_nothing(store: Store) -> None:
    collect(store, a_revision())
    before = store.feeds.states()

    store.feeds.sync([a_feed()], MONDAY + HOUR)

    assert store.feeds.states() == before


def test_a_claim_is_for_one_holder_until_its_lease_ends(store: Store) -> None:
    store.feeds.sync([a_feed()], MONDAY)
    (first,) = store.feeds.claim(MONDAY, 10, "w1")

    assert store.feeds.claim(MONDAY + LEASE - SECOND, 10, "w2") == []
    (second,) = store.feeds.claim(MONDAY + LEASE, 10, "w2")
    assert second.fence == first.fence + 1


def test_who_lost_the_lease_stores_nothing(store: Store) -> None:
    late = claim_feed(store)
    claim_feed(store, at=MONDAY + LEASE)

    assert store.feeds.finish(late, a_poll(a_revision())).fenced
    assert (store.items.count(), store.feeds.polls("us-office")) == (0, [])


def test_a_renewed_lease_runs_on_and_a_lost_one_does_not(store: Store) -> None:
    claim = claim_feed(store)
    assert store.feeds.renew([claim], MONDAY + LEASE - SECOND) == ["us-office"]
    assert store.feeds.claim(MONDAY + LEASE, 10, "w2") == []

    claim_feed(store, at=MONDAY + 2 * LEASE)

    assert store.feeds.renew([claim], MONDAY + 2 * LEASE) == []
    assert store.feeds.renew([], MONDAY) == []


def test_a_released_feed_is_free_at_once(store: Store) -> None:
    claim = claim_feed(store)

    store.feeds.release(claim)

    assert ids(store.feeds.claim(MONDAY, 10, "w2")) == ["us-office"]


def test_all_leases_are_freed_for_the_holder_of_the_lock(store: Store) -> None:
    claim_feed(store)

    store.feeds.release_all()

    assert ids(store.feeds.claim(MONDAY, 10, "w2")) == ["us-office"]


def test_a_claim_takes_no_more_than_asked(store: Store) -> None:
    store.feeds.sync([a_feed(f"f{number:02}") for number in range(30)], MONDAY)

    taken = [len(store.feeds.claim(MONDAY, 7, "w1")) for _ in range(6)]

    assert taken == [7, 7, 7, 7, 2, 0]


def test_one_feed_of_a_host_is_polled_at_a_time(store: Store) -> None:
    same = [a_feed(id, url=f"https://office.example/{id}") for id in ("a", "b")]
    store.feeds.sync([*same, a_feed("c")], MONDAY)

    first = store.feeds.claim(MONDAY, 10, "w1")
    assert ids(first) == ["a", "c"]
    assert store.feeds.claim(MONDAY, 10, "w1") == []
    store.feeds.finish(first[0], a_poll())
    assert ids(store.feeds.claim(MONDAY, 10, "w1")) == ["b"]


def test_a_host_that_asked_for_patience_is_left_alone_by_all_its_feeds(store: Store) -> None:
    same = [a_feed(id, url=f"https://office.example/{id}") for id in ("a", "b")]
    store.feeds.sync(same, MONDAY)
    (claim,) = store.feeds.claim(MONDAY, 1, "w1")

    patience = MONDAY + 2 * HOUR
    store.feeds.finish(claim, a_poll(outcome=Outcome.THROTTLED, host_not_before=patience))
    store.feeds.postpone("office.example", MONDAY + HOUR)  # a shorter one does not cut it

    assert store.feeds.claim(patience - SECOND, 10, "w1") == []
    assert store.feeds.patience("b", MONDAY) == patience
    assert store.feeds.patience("b", patience) is None
    assert ids(store.feeds.claim(patience, 10, "w1")) == ["b"]


def test_named_feeds_are_claimed_before_they_are_due_but_not_while_leased(store: Store) -> None:
    collect(store)
    assert store.feeds.claim(MONDAY, 10, "w1", ids=["us-office"]) == []

    assert ids(store.feeds.claim(MONDAY, 10, "w1", ids=["us-office"], due_only=False)) == ["us-office"]
    assert store.feeds.claim(MONDAY, 10, "w1", ids=["us-office"], due_only=False) == []
    assert store.feeds.claim(MONDAY, 10, "w1", ids=[], due_only=False) == []


def test_failures_are_counted_and_the_validators_stay(store: Store) -> None:
    collect(store, a_revision())
    for hours in (1, 2):
        at = MONDAY + hours * HOUR
        store.feeds.finish(
            claim_feed(store, at=at),
            a_poll(at=at, outcome=Outcome.TIMEOUT, detail="slow", validators=Validators()),
        )

    state = store.feeds.state("us-office")
    assert state is not None
    assert (state.failures, state.last_outcome, state.last_detail) == (2, Outcome.TIMEOUT, "slow")
    assert state.first_failure_at == MONDAY + HOUR + SECOND
    assert state.validators == Validators('"v1"', "Mon, 02 Mar 2026 12:00:00 GMT")

    collect(store, at=MONDAY + 3 * HOUR)
    state = store.feeds.state("us-office")
    assert state is not None
    assert (state.failures, state.first_failure_at) == (0, None)


def test_an_identity_policy_never_moves_back(store: Store) -> None:
    store.feeds.finish(claim_feed(store), a_poll(policy=IdentityPolicy.LINK_DATE))
    store.feeds.finish(claim_feed(store), a_poll(at=MONDAY + HOUR, policy=IdentityPolicy.LINK))

    state = store.feeds.state("us-office")
    assert state and state.policy is IdentityPolicy.LINK_DATE


@pytest.mark.parametrize(
    ("hours", "failing", "health"),
    [
        (1, False, Health.HEALTHY),
        (2, True, Health.FAILING),
        (26, True, Health.DARK),
        (26, False, Health.DARK),  # nobody polled it: silence is no health
    ],
)
def test_health_says_how_long_nothing_could_be_read(
    store: Store, hours: int, failing: bool, health: Health
) -> None:
    collect(store)
    if failing:
        at = MONDAY + HOUR
        store.feeds.finish(
            claim_feed(store, at=at), a_poll(at=at, outcome=Outcome.CONNECTION, next_poll_at=at + DAY)
        )

    (source,) = store.feeds.health(MONDAY + hours * HOUR)

    assert source.health is health
    assert (source.dark_since is not None) == (health is Health.DARK)
    assert source.watched_since == MONDAY + SECOND


def test_a_feed_is_new_until_it_was_read_and_disabled_when_switched_off(store: Store) -> None:
    store.feeds.sync([a_feed("a"), a_feed("b", enabled=False)], MONDAY)

    assert [one.health for one in store.feeds.health(MONDAY)] == [Health.NEW, Health.DISABLED]


def test_a_repeated_finish_stores_nothing_twice(store: Store) -> None:
    claim, result = claim_feed(store), a_poll(a_revision("a"), a_revision("b"))
    first = store.feeds.finish(claim, result)

    again = store.feeds.finish(claim, result)

    assert (first.new, again.new, again.known, again.fenced) == (2, 0, 2, False)
    assert store.items.count() == 2
    assert len(store.feeds.polls("us-office")) == 1


def test_a_repeated_failure_counts_once(store: Store) -> None:
    claim, result = claim_feed(store), a_poll(outcome=Outcome.TIMEOUT)

    store.feeds.finish(claim, result)
    store.feeds.finish(claim, result)

    state = store.feeds.state("us-office")
    assert state and state.failures == 1


def test_polls_are_shown_newest_first_and_the_last_bodies_kept(store: Store) -> None:
    for hour in range(7):
        at = MONDAY + hour * HOUR
        body = f"document {hour}".encode()
        store.feeds.finish(claim_feed(store, at=at), a_poll(a_revision(f"k{hour}"), at=at, body=body))
    at = MONDAY + 8 * HOUR
    store.feeds.finish(claim_feed(store, at=at), a_poll(a_revision("k0"), at=at, body=b"nothing new"))

    polls = store.feeds.polls("us-office")

    assert [poll.new for poll in polls] == [0, 1, 1, 1, 1, 1, 1, 1]
    assert [poll.kept for poll in polls] == [False, True, True, True, True, True, False, False]
    assert store.feeds.last_body("us-office") == b"document 6"
    assert store.feeds.prune(MONDAY + 4 * HOUR) == 2
    assert len(store.feeds.polls("us-office", limit=3)) == 3


def test_a_failed_poll_keeps_no_body(store: Store) -> None:
    store.feeds.finish(claim_feed(store), a_poll(outcome=Outcome.NOT_A_FEED, body=b"<html>"))

    assert store.feeds.last_body("us-office") is None


def test_two_polls_at_one_instant_of_a_standing_clock_both_count(store: Store) -> None:
    collect(store, a_revision("a"))

    assert collect(store, a_revision("a"), a_revision("b")).new == 1
