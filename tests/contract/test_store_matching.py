"""From items to alerts on every database: who is owed what, once."""

from collections.abc import Sequence

import pytest

from alerts.domain.digests import AlertLine
from alerts.domain.items import StoredItem
from alerts.domain.people import Endpoint, Schedule
from alerts.domain.vocabulary import Rhythm, Severity
from alerts.domain.watches import Criteria, Match, Reason, StoredCriteria
from alerts.store import MatchedBatch, Store
from tests.builders import DAY, HOUR, MONDAY, a_revision, a_subscription
from tests.contract.steps import (
    collect,
    enter,
    everything,
    match_all,
    nothing,
    only_endpoint,
    release,
    retitled,
    write_digest,
)


@pytest.fixture
def reader(store: Store) -> Endpoint:
    """A subscriber of a feed that is past its first poll."""
    collect(store)
    return only_endpoint(enter(store))


def owed(store: Store, reader: Endpoint) -> list[tuple[str, int, bool]]:
    return [_short(line) for line in store.digests.untold(reader.id)]


def _short(line: AlertLine) -> tuple[str, int, bool]:
    return line.stored.item.title, line.stored.number, line.correction


def test_a_new_item_is_owed_to_whom_it_fits_with_the_reasons(store: Store, reader: Endpoint) -> None:
    collect(store, a_revision())

    assert match_all(store) == MatchedBatch(1, 1, ())

    (line,) = store.digests.untold(reader.id)
    assert line.reasons == (Reason("region", "US", "US"),)
    assert store._db.read(lambda c: c.exec_driver_sql('SELECT count(*) FROM "match"').scalar()) == 1
    assert (line.publisher, line.stored.number) == ("US Office", 1)


def test_what_fits_nobody_is_owed_to_nobody_and_not_judged_again(store: Store, reader: Endpoint) -> None:
    collect(store, a_revision())

    assert store.matches.match_batch(nothing, MONDAY, material=retitled) == MatchedBatch(1, 0, ())
    assert match_all(store) == MatchedBatch()
    assert owed(store, reader) == []


def test_what_is_not_relevant_is_not_judged(store: Store, reader: Endpoint) -> None:
    collect(store, a_revision(relevant=False))

    assert match_all(store) == MatchedBatch()


def test_two_watches_of_one_contact_make_one_alert_with_the_reasons_of_both(
    store: Store, reader: Endpoint
) -> None:
    enter(store, a_subscription(watch_name="second", criteria=Criteria(regions=("world",))))
    collect(store, a_revision())

    def judge(_: StoredItem, wishes: Sequence[StoredCriteria]) -> list[Match]:
        return [Match(one.id, (Reason("region", one.criteria.regions[0], "US"),)) for one in wishes]

    assert store.matches.match_batch(judge, MONDAY, material=retitled).alerts == 1
    (line,) = store.digests.untold(reader.id)
    assert {reason.value for reason in line.reasons} == {"US", "world"}


def test_a_round_takes_no_more_than_its_limit(store: Store, reader: Endpoint) -> None:
    collect(store, *[a_revision(f"k{number}") for number in range(5)])

    rounds = [
        store.matches.match_batch(everything, MONDAY, limit=2, material=retitled).revisions for _ in range(4)
    ]

    assert rounds == [2, 2, 1, 0]
    assert len(owed(store, reader)) == 5


def test_urgent_endpoints_are_named_and_their_alerts_wait_for_no_digest(store: Store) -> None:
    collect(store)
    daily = only_endpoint(enter(store, a_subscription("daily@exporter.example")))
    patient = Schedule(critical_at_once=False)
    enter(store, a_subscription("patient@exporter.example", schedule=patient))
    at_once = Schedule(Rhythm.IMMEDIATE)
    immediate = only_endpoint(enter(store, a_subscription("now@exporter.example", schedule=at_once)))
    collect(store, a_revision("calm", title="calm"))
    assert match_all(store).urgent == (immediate.id,)
    collect(store, a_revision("red", title="red", severity=Severity.CRITICAL))

    batch = match_all(store)

    assert (batch.alerts, batch.urgent) == (3, (daily.id, immediate.id))
    urgent = [(endpoint.id, line.stored.item.title) for endpoint, line in store.digests.urgent(10)]
    assert sorted(urgent) == [(daily.id, "red"), (immediate.id, "calm"), (immediate.id, "red")]
    assert len(store.digests.urgent(1)) == 1


def test_a_change_before_the_telling_takes_the_place_of_the_old_text(store: Store, reader: Endpoint) -> None:
    collect(store, a_revision(title="old"))
    match_all(store)
    before = store.digests.untold(reader.id)
    collect(store, a_revision(title="new"), at=MONDAY + HOUR)
    match_all(store)

    assert owed(store, reader) == [("new", 2, False)]
    assert store.digests.untold(reader.id)[0].alert_id != before[0].alert_id


def test_a_digest_composed_before_a_change_cannot_be_written(store: Store, reader: Endpoint) -> None:
    from tests.contract.steps import a_digest

    collect(store, a_revision(title="old"))
    match_all(store)
    stale = a_digest(reader, store.digests.untold(reader.id))
    collect(store, a_revision(title="new"), at=MONDAY + HOUR)
    match_all(store)

    assert not store.digests.write(stale, MONDAY + DAY)

    assert owed(store, reader) == [("new", 2, False)]
    assert store.digests.of_endpoint(reader.id) == []
    assert write_digest(store, reader)


def test_who_was_told_the_original_is_told_the_correction_also_when_it_no_longer_fits(
    store: Store, reader: Endpoint
) -> None:
    collect(store, a_revision(title="old"))
    match_all(store)
    assert write_digest(store, reader)
    collect(store, a_revision(title="new"), at=MONDAY + HOUR)

    store.matches.match_batch(nothing, MONDAY, material=retitled)

    assert owed(store, reader) == [("new", 2, True)]


def test_a_change_that_does_not_matter_is_not_told_twice(store: Store, reader: Endpoint) -> None:
    collect(store, a_revision(title="old"))
    match_all(store)
    assert write_digest(store, reader)
    collect(store, a_revision(title="new"), at=MONDAY + HOUR)

    batch = store.matches.match_batch(everything, MONDAY, material=lambda old, new: False)

    assert (batch.revisions, batch.alerts) == (1, 0)


def test_a_correction_of_a_correction_takes_its_place_while_untold(store: Store, reader: Endpoint) -> None:
    for hour, title in enumerate(["one", "two", "three"]):
        collect(store, a_revision(title=title), at=MONDAY + hour * HOUR)
        match_all(store)
        if hour == 0:
            assert write_digest(store, reader)

    assert owed(store, reader) == [("three", 3, True)]


def test_material_compares_with_what_was_told(store: Store, reader: Endpoint) -> None:
    collect(store, a_revision(title="one"))
    match_all(store)
    assert write_digest(store, reader)
    seen: list[tuple[int, int]] = []

    def material(old: StoredItem, new: StoredItem) -> bool:
        seen.append((old.number, new.number))
        return False

    for hour, title in enumerate(["two", "three"], start=1):
        collect(store, a_revision(title=title), at=MONDAY + hour * HOUR)
        store.matches.match_batch(everything, MONDAY, material=material)

    assert seen == [(1, 2), (1, 3)]


def test_whom_only_the_change_fits_is_told_it_as_news(store: Store, reader: Endpoint) -> None:
    collect(store, a_revision(title="old"))
    store.matches.match_batch(nothing, MONDAY, material=retitled)
    collect(store, a_revision(title="new"), at=MONDAY + HOUR)

    match_all(store)

    assert owed(store, reader) == [("new", 2, False)]


def test_nobody_else_hears_of_a_change(store: Store, reader: Endpoint) -> None:
    collect(store, a_revision(title="old"))
    match_all(store)
    assert write_digest(store, reader)
    other = only_endpoint(enter(store, a_subscription("late@exporter.example")))
    collect(store, a_revision(title="new"), at=MONDAY + HOUR)

    store.matches.match_batch(nothing, MONDAY, material=retitled)

    assert owed(store, other) == []
    assert owed(store, reader) == [("new", 2, True)]


def test_who_has_left_hears_no_correction(store: Store, reader: Endpoint) -> None:
    collect(store, a_revision(title="old"))
    match_all(store)
    assert write_digest(store, reader)
    store.subscribers.leave(reader.public_id, MONDAY, "page")
    collect(store, a_revision(title="new"), at=MONDAY + HOUR)

    assert match_all(store).alerts == 0


def test_who_was_told_hears_when_an_item_turns_out_to_be_nothing(store: Store, reader: Endpoint) -> None:
    collect(store, a_revision(title="old"))
    match_all(store)
    assert write_digest(store, reader)
    collect(store, a_revision(title="withdrawn", relevant=False), at=MONDAY + HOUR)

    match_all(store)

    assert owed(store, reader) == [("withdrawn", 2, True)]


def test_an_old_item_is_no_news_because_of_a_change_that_does_not_matter(store: Store) -> None:
    collect(store, a_revision(title="old", published=None))
    reader = only_endpoint(enter(store))
    collect(store, a_revision(title="typo", published=None), at=MONDAY + HOUR)
    store.matches.match_batch(everything, MONDAY, material=lambda old, new: False)
    assert owed(store, reader) == []

    collect(store, a_revision(title="news", published=None), at=MONDAY + 2 * HOUR)
    match_all(store)

    assert owed(store, reader) == [("news", 3, False)]


def test_several_texts_of_one_item_in_one_round_are_told_as_one(store: Store, reader: Endpoint) -> None:
    for hour, title in enumerate(["one", "two", "three"]):
        collect(store, a_revision(title=title), at=MONDAY + hour * HOUR)

    assert match_all(store) == MatchedBatch(3, 1, ())
    assert owed(store, reader) == [("three", 3, False)]


def test_a_text_that_is_released_after_a_newer_one_is_history(store: Store, reader: Endpoint) -> None:
    collect(store, a_revision(title="held", held="unsure"))
    collect(store, a_revision(title="newer"), at=MONDAY + HOUR)
    match_all(store)
    (item,) = {line.stored.id for line in store.digests.untold(reader.id)}
    release(store, item)

    assert match_all(store) == MatchedBatch(1, 0, ())
    assert owed(store, reader) == [("newer", 2, False)]


@pytest.mark.parametrize("where", ["judge", "material"])
def test_a_fault_in_the_middle_leaves_nothing_behind(store: Store, reader: Endpoint, where: str) -> None:
    collect(store, a_revision(title="old"))
    match_all(store)
    assert write_digest(store, reader)
    collect(store, a_revision("other"), a_revision(title="new"), at=MONDAY + HOUR)

    def broken(*_: object) -> list[Match]:
        raise ZeroDivisionError

    judge = broken if where == "judge" else everything
    material = broken if where == "material" else retitled
    with pytest.raises(ZeroDivisionError):
        store.matches.match_batch(judge, MONDAY, material=material)  # type: ignore[arg-type]

    assert owed(store, reader) == []
    assert store.status.backlog(MONDAY).unmatched == 2
    assert match_all(store) == MatchedBatch(2, 2, ())


def test_watches_are_read_after_the_items(store: Store) -> None:
    """A watch that was there before the round began is seen by it, also without any earlier match."""
    collect(store)
    collect(store, a_revision())
    reader = only_endpoint(enter(store))

    match_all(store)

    assert len(owed(store, reader)) == 1
