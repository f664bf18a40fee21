"""What people ask for who are not known yet, on every database: counted alike, mailed seldom."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from alerts.domain.requests import Answered, NewRequest, Purpose
from alerts.domain.vocabulary import Language
from alerts.store import Store
from tests.builders import DAY, HOUR, MONDAY, a_subscription
from tests.contract.steps import enter

VICTIM = "victim@example.com"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def ask(
    store: Store, at: datetime, address: str = VICTIM, network: str | None = None, **more: object
) -> Answered:
    purpose = Purpose(str(more.pop("purpose", Purpose.JOIN)))
    subscription = a_subscription(address) if purpose is Purpose.JOIN else None
    wish = NewRequest(
        purpose, address, Language.ENGLISH, network or str(at), subscription, quick=bool(more.get("quick"))
    )
    return store.requests.ask(wish, at, int(str(more.get("hourly", 1000))))


def many(store: Store) -> int:
    """Return how many posts are made: ten thousand are in benchmarks/sign_up.py, over the site."""
    return 2_000 if store._db._writer.url.database in (None, ":memory:") else 300


def mails(store: Store, until: datetime) -> list[str]:
    """Return the addresses that are mailed until then, each as often as it is."""
    sent = []
    while claimed := store.requests.claim(until, 100):
        for request in claimed:
            store.requests.done(request.id)
            sent.append(request.address)
    return sent


def test_any_number_of_posts_for_one_address_are_three_mails_a_day(store: Store) -> None:
    """From as many networks as posts, one every nine seconds through the whole day."""
    posts = many(store)
    span = (DAY - MINUTE) / posts
    for number in range(posts):
        ask(store, MONDAY + number * span, network=f"net {number}")

    assert 1 <= len(mails(store, MONDAY + DAY)) <= 3


def test_a_month_of_posts_is_ten_mails(store: Store) -> None:
    for number in range(30 * 8):
        ask(store, MONDAY + number * 3 * HOUR, network=f"net {number}")

    assert len(mails(store, MONDAY + 30 * DAY)) == 10


def test_any_number_of_addresses_from_one_network_are_forty_mails_an_hour(store: Store) -> None:
    posts = many(store)
    for number in range(posts):
        ask(store, MONDAY + number * (HOUR - MINUTE) / posts, f"v{number}@example.com", "203.0.113.0/24")

    assert len(mails(store, MONDAY + HOUR)) == 40


def test_a_burst_from_one_network_ends_after_five(store: Store) -> None:
    answers = [ask(store, MONDAY, f"v{number}@example.com", "here") for number in range(9)]

    assert answers == [Answered.TAKEN] * 5 + [Answered.NETWORK] * 4


def test_what_is_left_of_a_networks_turns_does_not_tell_who_was_asked_for_before(store: Store) -> None:
    ask(store, MONDAY - MINUTE / 2, VICTIM, "somebody")
    known = [ask(store, MONDAY, VICTIM, "spy") is Answered.NETWORK for _ in range(7)]
    other = [ask(store, MONDAY, "nobody@example.com", "second spy") is Answered.NETWORK for _ in range(7)]

    assert known == other


def test_whoever_asks_again_after_a_minute_is_mailed_when_the_address_may_have_it(store: Store) -> None:
    assert ask(store, MONDAY) is Answered.TAKEN
    assert ask(store, MONDAY + 30 * SECOND) is Answered.ENOUGH
    assert len(mails(store, MONDAY + MINUTE)) == 1
    assert ask(store, MONDAY + 2 * MINUTE) is Answered.TAKEN
    assert ask(store, MONDAY + 4 * MINUTE) is Answered.ENOUGH, "one waits already"
    assert mails(store, MONDAY + 9 * MINUTE) == []
    assert len(mails(store, MONDAY + 10 * MINUTE)) == 1


def test_a_second_mail_is_not_sent_to_whoever_confirmed_by_the_first(store: Store) -> None:
    ask(store, MONDAY)
    (first,) = store.requests.claim(MONDAY, 10)
    store.requests.done(first.id)
    ask(store, MONDAY + 2 * MINUTE)

    assert store.requests.use(first, MONDAY + 3 * MINUTE, owes=False)

    assert mails(store, MONDAY + DAY) == []


def test_all_together_have_a_budget(store: Store) -> None:
    answers = [ask(store, MONDAY, f"v{number}@example.com", f"n{number}", hourly=3) for number in range(5)]

    assert answers == [Answered.TAKEN] * 3 + [Answered.BUSY] * 2
    assert store.requests.spent(MONDAY, 3) and not store.requests.spent(MONDAY, 4)
    assert ask(store, MONDAY + HOUR + SECOND, hourly=3) is Answered.TAKEN


def test_what_is_filled_in_faster_than_people_do_is_asked_again_when_there_is_too_much_of_it(
    store: Store,
) -> None:
    hasty = [
        ask(store, MONDAY + number * MINUTE, f"v{number}@example.com", "here", quick=True)
        for number in range(21)
    ]

    assert hasty == [Answered.TAKEN] * 20 + [Answered.QUICK]
    assert ask(store, MONDAY + 21 * MINUTE, "person@example.com", "here") is Answered.TAKEN, "a person is not"


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """Yield what is asked of the database meanwhile."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(store._db._writer, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(store._db._writer, "before_cursor_execute", note)


@pytest.mark.parametrize("purpose", [Purpose.JOIN, Purpose.ACCESS])
def test_the_same_is_done_for_an_address_that_is_new_waits_is_confirmed_or_forbids(
    store: Store, purpose: Purpose
) -> None:
    enter(store, a_subscription("member@example.com"))
    ask(store, MONDAY - 2 * DAY, "never@example.com", "n")
    (asked,) = store.requests.claim(MONDAY, 10)
    store.requests.forbid(asked, MONDAY - 2 * DAY)
    ask(store, MONDAY - SECOND, "pending@example.com", "m", purpose=purpose)

    done = {}
    for name in ("new", "pending", "member", "never"):
        with statements(store) as said:
            ask(store, MONDAY, f"{name}@example.com", name, purpose=purpose)
        done[name] = said

    assert done["new"] and all(said == done["new"] for said in done.values())
