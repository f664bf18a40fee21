"""Matters on every database: tied as items come, split and joined by editors for good, told once."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from alerts.domain.errors import InputError
from alerts.domain.items import ItemQuery, StoredItem
from alerts.flow.assign import TIES
from alerts.store import Store, Wish
from tests.builders import DAY, HOUR, MONDAY, a_feed, a_revision
from tests.contract.steps import collect, enter, everything, match_all, only_endpoint, retitled, write_digest

OTHER = a_feed("other-office")
THIRD = a_feed("third-office")


@pytest.fixture
def watched(store: Store) -> Store:
    """Three feeds past their first poll."""
    feeds = (a_feed(), OTHER, THIRD)
    store.feeds.sync(feeds, MONDAY)
    for feed in feeds:
        collect(store, feed=feed)
    return store


def tie(store: Store) -> int:
    return store.matters.tie_batch(TIES, MONDAY)


def twins(store: Store) -> tuple[int, int]:
    """Return two items of two sources with one number, tied."""
    one = collect(store, a_revision("k1", title="Notice one")).new_item_ids
    tie(store)
    other = collect(store, a_revision("k1", title="Another word for it"), feed=OTHER).new_item_ids
    tie(store)
    return one[0], other[0]


def members(store: Store, item_id: int) -> list[tuple[int, str | None]]:
    found = store.matters.of_item(item_id)
    return [(one.stored.id, one.tie.how if one.tie else None) for one in found.members] if found else []


def wish(*item_ids: int) -> Wish:
    return Wish(item_ids, "anna", "not the same", MONDAY)


def test_items_of_two_sources_with_one_number_share_a_matter(watched: Store) -> None:
    one, other = twins(watched)

    assert members(watched, one) == members(watched, other) == [(one, None), (other, "identifier")]
    (found,) = watched.matters.newest()
    assert (found.title, found.members[1].tie.because) == ("Notice one", "2026-01234")  # type: ignore[union-attr]


def test_items_that_come_together_are_tied_too_and_each_is_looked_at_once(watched: Store) -> None:
    collect(watched, a_revision("k1", title="Notice one"))
    collect(watched, a_revision("k2", title="Another word for it"), feed=OTHER)
    assert (tie(watched), tie(watched)) == (2, 0)

    assert len(watched.matters.newest()[0].members) == 2


def test_what_nobody_looked_at_yet_is_not_matched_yet(watched: Store) -> None:
    enter(watched)
    collect(watched, a_revision())

    def rounds() -> int:
        batch = watched.matches.match_tied(everything, MONDAY, material=retitled)
        return batch.revisions

    assert rounds() == 0
    tie(watched)
    assert rounds() == 1


def test_old_items_are_no_candidates_any_more(watched: Store) -> None:
    (one,) = collect(watched, a_revision(title="Notice one")).new_item_ids
    tie(watched)
    assert watched.matters.prune(MONDAY) == 0
    assert watched.matters.prune(MONDAY + DAY) > 0
    collect(watched, a_revision("k9", title="Another word for it"), feed=OTHER)
    tie(watched)

    assert members(watched, one) == []


def test_a_split_is_not_undone_by_the_next_item(watched: Store) -> None:
    one, other = twins(watched)
    fresh = watched.matters.split(wish(other))
    (third,) = collect(watched, a_revision("k3", title="A third word"), feed=THIRD).new_item_ids
    tie(watched)
    collect(watched, a_revision("k1", title="Another word, changed"), feed=OTHER, at=MONDAY + HOUR)
    tie(watched)

    assert members(watched, other)[0] == (other, "editor") and watched.matters.of_item(other).id == fresh  # type: ignore[union-attr]
    assert one not in dict(members(watched, other))
    assert (third in dict(members(watched, one))) != (third in dict(members(watched, other)))


def test_a_join_is_not_undone_and_takes_all_that_was_tied(watched: Store) -> None:
    one, other = twins(watched)
    (apart,) = collect(watched, a_revision("k7", title="Said otherwise"), feed=THIRD).new_item_ids
    watched.matters.join(wish(apart, other))
    tie(watched)

    assert [number for number, _ in members(watched, one)] == sorted([one, other, apart])


def test_splits_and_joins_are_in_the_ledger_with_who_and_why(watched: Store) -> None:
    one, other = twins(watched)
    watched.matters.split(wish(other))
    watched.matters.join(wish(one, other))

    lines = watched.ledger.tail(2)
    assert [line.event for line in lines] == ["matter-split", "matter-joined"]
    assert all('"by":"anna"' in line.detail and '"why":"not the same"' in line.detail for line in lines)
    assert watched.ledger.verify()


def test_impossible_splits_and_joins_are_refused_in_one_sentence(watched: Store) -> None:
    one, other = twins(watched)
    (alone,) = collect(watched, a_revision("k5", title="Alone"), feed=THIRD).new_item_ids

    with pytest.raises(InputError, match="nothing to split"):
        watched.matters.split(wish(alone))
    with pytest.raises(InputError, match="nothing else"):
        watched.matters.split(wish(one, other))
    with pytest.raises(InputError, match="do not share"):
        watched.matters.join(wish(one, other))
    for act in (watched.matters.split, watched.matters.join):
        with pytest.raises(InputError, match="no item has the number 999"):
            act(wish(one, 999))
    assert watched.matters.get(999) is None


def test_who_was_told_one_source_finds_it_beside_what_the_other_says(watched: Store) -> None:
    reader = only_endpoint(enter(watched))
    collect(watched, a_revision("k1", title="Notice one"))
    tie(watched)
    match_all(watched)
    assert write_digest(watched, reader)
    collect(watched, a_revision("k2", title="Another word for it"), feed=OTHER)
    tie(watched)
    match_all(watched)

    (line,) = watched.digests.untold(reader.id)
    assert [one.stored.item.title for one in line.before] == ["Notice one"]
    assert line.before[0].message_id.endswith("@alerts.example>") and line.told is None


def test_what_was_told_of_an_item_before_its_correction_is_known(watched: Store) -> None:
    reader = only_endpoint(enter(watched))
    collect(watched, a_revision(title="old"))
    match_all(watched)
    assert write_digest(watched, reader)
    collect(watched, a_revision(title="new"), at=MONDAY + HOUR)
    match_all(watched)

    (line,) = watched.digests.untold(reader.id)
    assert line.correction and line.told is not None and line.told.item.title == "old"
    assert line.thread == (f"<{reader.id}.2026-03-03@alerts.example>",)


def test_candidates_are_found_by_index_alone(watched: Store) -> None:
    if not watched.is_sqlite:
        pytest.skip("the plan of PostgreSQL depends on its statistics")
    asked = "SELECT item_id FROM matter_key WHERE key IN ('a', 'b') AND at >= '2026-01-01'"
    plan = watched._db.read(lambda c: c.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").all())
    assert all("USING" in str(row) and "SCAN" not in str(row) for row in plan)


def test_one_broad_key_costs_no_more_than_its_newest_items(watched: Store) -> None:
    collect(watched, *[a_revision(f"k{n}", title=f"Notice {n}") for n in range(60)])
    looked: list[int] = []

    def choose(new: StoredItem, candidates: Sequence[StoredItem]) -> None:
        looked.append(len(candidates))

    rules = replace(TIES, keys=lambda _: ("same",), choose=choose)
    watched.matters.tie_batch(rules, MONDAY)
    collect(watched, a_revision("late"), feed=OTHER)
    watched.matters.tie_batch(rules, MONDAY)

    assert looked[-1] == 20


def listed(store: Store, **wishes: object) -> list[int]:
    store.search.catch_up()
    return [one.id for one in store.matters.query(ItemQuery(**wishes)).matters]  # type: ignore[arg-type]


def number_of(store: Store, item_id: int) -> int:
    found = store.matters.of_item(item_id)
    assert found is not None
    return found.id


def test_a_matter_is_found_by_what_its_items_hold_together(watched: Store) -> None:
    one, _ = twins(watched)
    alone = collect(watched, a_revision("k8", title="Quite alone"), feed=THIRD).new_item_ids
    number = number_of(watched, one)

    assert listed(watched) == [number] and alone
    assert listed(watched, search="notice another word") == [number], "words of two items"
    assert listed(watched, feeds=("other-office",), search="one") == [number]
    assert listed(watched, search="alone") == listed(watched, search="?!") == []


def test_a_matter_is_found_by_what_it_is_now(watched: Store) -> None:
    one, other = twins(watched)
    number = number_of(watched, one)
    assert listed(watched, search="changed") == []
    collect(watched, a_revision("k1", title="Another word, changed"), feed=OTHER, at=MONDAY + HOUR)
    assert listed(watched, search="changed") == [number]

    fresh = watched.matters.split(wish(other))

    assert listed(watched, search="changed") == [fresh]
    assert listed(watched) == [fresh, number]


def test_matters_come_in_pages_each_once(watched: Store) -> None:
    one, other = twins(watched)
    fresh = watched.matters.split(wish(other))
    watched.search.catch_up()

    first = watched.matters.query(ItemQuery(limit=1))
    rest = watched.matters.query(ItemQuery(limit=1, before_id=first.next_before_id))

    assert [one.id for one in (*first.matters, *rest.matters)] == [fresh, number_of(watched, one)]
    assert rest.next_before_id is None


def test_a_matter_that_was_joined_to_another_leads_to_it(watched: Store) -> None:
    one, other = twins(watched)
    number = number_of(watched, one)
    fresh = watched.matters.split(wish(other))
    watched.matters.join(wish(one, other))

    assert [
        found.id for found in (watched.matters.current(number), watched.matters.current(fresh)) if found
    ] == [number] * 2
    assert listed(watched) == [number]
    assert watched.matters.current(999) is None
