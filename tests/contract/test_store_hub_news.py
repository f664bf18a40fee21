"""What our own hub is to be told: once it can be read, again when it changes, and until it was taken."""

from datetime import timedelta

from alerts.store import Store
from tests.builders import DAY, HOUR, MONDAY, a_revision
from tests.contract.steps import collect

SECOND = timedelta(seconds=1)


def titles(store: Store, at: object = MONDAY) -> list[str]:
    return [one.item.title for one in store.hub_news.due(at)]  # type: ignore[arg-type]


def test_an_item_is_news_when_it_can_be_found_and_only_where_there_is_a_hub(store: Store) -> None:
    collect(store, a_revision("a", title="first"))
    assert titles(store) == []
    store.search.catch_up()
    assert titles(store) == []

    collect(store, a_revision("b", title="second"))
    store.search.catch_up(MONDAY)

    assert titles(store) == ["second"]


def test_what_was_taken_is_news_again_when_it_changes(store: Store) -> None:
    collect(store, a_revision("a", title="first"))
    store.search.catch_up(MONDAY)
    [one] = store.hub_news.due(MONDAY)
    collect(store, a_revision("a", title="changed"), at=MONDAY + HOUR)
    store.search.catch_up(MONDAY + HOUR)

    store.hub_news.taken([one.id], MONDAY)
    assert titles(store, MONDAY + HOUR) == ["changed"], "it changed while the hub was told"
    store.hub_news.taken([one.id], MONDAY + HOUR)
    assert titles(store, MONDAY + DAY) == []


def test_what_is_not_taken_waits_ever_longer_and_is_let_go_after_a_day(store: Store) -> None:
    collect(store, a_revision("a", title="first"))
    store.search.catch_up(MONDAY)
    [one] = store.hub_news.due(MONDAY)
    now, pauses = MONDAY, []
    for _ in range(4):
        store.hub_news.put_off([one.id], now)
        waited = next(number for number in range(5000) if titles(store, now + number * SECOND))
        pauses.append(waited)
        now += waited * SECOND
    assert pauses == [30, 30, 60, 120]

    store.hub_news.put_off([one.id], now, now + 5 * HOUR)
    assert titles(store, now + 4 * HOUR) == [] and titles(store, now + 5 * HOUR) == ["first"]
    assert store.hub_news.prune(MONDAY + HOUR) == 0
    assert store.hub_news.prune(MONDAY + DAY + SECOND) == 1
    assert titles(store, MONDAY + 2 * DAY) == []


def test_what_is_about_nothing_is_no_news(store: Store) -> None:
    from alerts.domain.items import Revision
    from tests.builders import a_judgement, an_item

    collect(store, Revision(an_item("a"), a_judgement(relevant=False), "hash"))
    store.search.catch_up(MONDAY)

    assert titles(store) == []
