"""A slow provider on every database: its mails wait for their turns, those of others pass by."""

from datetime import timedelta

from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.people import Endpoint
from alerts.domain.providers import provider_of
from alerts.domain.vocabulary import DeliveryState
from alerts.store import Store
from tests.builders import DAY, MONDAY, a_subscription
from tests.contract.steps import a_digest, collect, enter, only_endpoint

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
SENT = Receipt(DeliveryState.SENT, "done", 250, "queued")
SLOW = Receipt(DeliveryState.DUE, "rcpt", 421, "HL:ICC too many connections", MONDAY + 5 * MINUTE)


def owed(store: Store, *addresses: str, **more: object) -> list[Endpoint]:
    """Enter readers with one due mail each."""
    found = [only_endpoint(enter(store, a_subscription(address))) for address in addresses]
    for endpoint in found:
        assert store.digests.write(a_digest(endpoint, (), **more), MONDAY + DAY)
    return found


def claimed(store: Store, at: timedelta, limit: int = 50) -> list[DeliveryClaim]:
    """Return the mails that go out at this time."""
    return store.deliveries.claim(MONDAY + at, limit, "w1")


def slowed(store: Store) -> None:
    """Let NetEase refuse its first mail."""
    collect(store)
    owed(store, "first@163.com")
    (claim,) = claimed(store, timedelta())
    assert store.deliveries.started(claim, MONDAY)
    assert store.deliveries.finish(claim, SLOW, MONDAY)


def test_while_a_provider_pauses_others_get_their_mail(store: Store) -> None:
    slowed(store)
    owed(store, "a@163.com", "b@126.com", "c@qq.com", "d@firm.example")

    assert {one.address for one in claimed(store, SECOND)} == {"c@qq.com", "d@firm.example"}
    assert claimed(store, MINUTE) == []


def test_of_a_mailbox_provider_a_few_mails_are_taken_at_a_time_and_others_pass_by(store: Store) -> None:
    collect(store)
    owed(store, *(f"r{number}@qq.com" for number in range(7)), "a@foxmail.com", due_at=MONDAY - MINUTE)
    owed(store, *(f"b@firm{at}.example" for at in range(9)))

    first = store.deliveries.begin(MONDAY + SECOND, 6, "w1", held={})
    assert [provider_of(one.address) for one in first].count("qq") == 4
    assert len(first) == 6, "others come in place of those that wait"
    held = {"qq": 4, "firm1.example": 50}
    second = store.deliveries.begin(MONDAY + 2 * SECOND, 50, "w2", held=held)
    assert {one.address.partition("@")[0] for one in second} == {"b"}
    assert len(first) + len(second) == 13

    third = store.deliveries.begin(MONDAY + 3 * SECOND, 50, "w2", held={"qq": 3})
    assert len(third) == 1
    rest = store.deliveries.begin(MONDAY + 4 * SECOND, 50, "w2", held={})
    assert len(rest) == 3
    assert len({one.id for one in [*first, *second, *third, *rest]}) == 17, "each once, none lost"


def test_after_the_pause_one_mail_goes_out_each_second(store: Store) -> None:
    slowed(store)
    owed(store, *(f"r{number}@163.com" for number in range(5)))
    assert claimed(store, SECOND) == []

    times = [len(claimed(store, 2 * MINUTE + number * SECOND)) for number in range(5)]

    assert times == [1, 1, 1, 1, 1]


def test_the_refused_mail_has_used_no_attempt_and_goes_out_in_its_turn(store: Store) -> None:
    slowed(store)

    (claim,) = claimed(store, 6 * MINUTE)

    assert (claim.address, claim.failures) == ("first@163.com", 0)


def test_what_is_critical_has_the_next_turn(store: Store) -> None:
    slowed(store)
    owed(store, *(f"r{number}@163.com" for number in range(5)))
    assert claimed(store, SECOND) == []
    owed(store, "critical@163.com", urgent=True)
    assert claimed(store, MINUTE) == [], "a pause holds everything"

    first = claimed(store, 2 * MINUTE)

    assert "critical@163.com" in [one.address for one in first]


def test_mails_that_are_taken_end_it(store: Store) -> None:
    slowed(store)
    assert [pace.provider for pace in store.providers.slow()] == ["netease"]
    owed(store, *(f"r{number}@163.com" for number in range(80)))
    claimed(store, SECOND, 100)
    for claim in claimed(store, 10 * MINUTE, 100):
        assert store.deliveries.started(claim, MONDAY + 10 * MINUTE)
        assert store.deliveries.finish(claim, SENT, MONDAY + 10 * MINUTE)

    assert store.providers.slow() == []


def test_a_dead_address_slows_nobody(store: Store) -> None:
    collect(store)
    owed(store, "gone@163.com", "a@163.com")
    gone = next(one for one in claimed(store, timedelta()) if one.address == "gone@163.com")
    assert store.deliveries.started(gone, MONDAY)
    dead = Receipt(DeliveryState.FAILED, "rcpt", 550, "User not found: gone@163.com")
    assert store.deliveries.finish(gone, dead, MONDAY)

    assert store.providers.slow() == []
