"""What the store writes down of a source on every database: gaps, floods, old items under new keys, failures."""

from dataclasses import replace
from datetime import timedelta

from alerts.domain.collected import Notice, PollSaved
from alerts.domain.events import EventKind
from alerts.domain.identity import canonical_url
from alerts.domain.items import ItemQuery, Revision
from alerts.domain.vocabulary import Outcome
from alerts.store import Store
from alerts.vigil import judge_arrivals
from tests.builders import DAY, HOUR, MONDAY, a_poll, a_revision, an_item
from tests.contract.steps import claim_feed, match_all

LATE = 12 * HOUR


def read(store: Store, *revisions: Revision, hours: float, **more: object) -> PollSaved:
    """Store a poll so many hours after Monday noon, with the judge of arrivals."""
    at = MONDAY + timedelta(hours=hours)
    return store.feeds.finish(claim_feed(store, at=at), a_poll(*revisions, at=at, **more), judge_arrivals)


def fail(store: Store, outcome: Outcome, hours: float) -> None:
    read(store, hours=hours, outcome=outcome, detail="why")


def some(name: str, count: int) -> list[Revision]:
    return [a_revision(f"{name}{n}", published=None) for n in range(count)]


def re_keyed(revision: Revision) -> Revision:
    """Return the same item under another identifier and on another host."""
    item = revision.item
    url = canonical_url(item.url or "").replace("us-office", "new-office")
    return replace(
        revision, item=replace(item, key=f"new-{item.key}", url=url), content_hash=f"new-{item.key}"
    )


def open_kinds(store: Store) -> list[str]:
    return [str(event.kind) for event in store.events.open()]


def kinds(store: Store) -> list[str]:
    return [str(event.kind) for event in store.events.since(MONDAY)]


def test_a_document_without_any_known_entry_is_a_gap_until_one_overlaps_again(store: Store) -> None:
    read(store, *some("a", 4), hours=0)
    assert kinds(store) == [], "the first document has nothing to overlap with"

    read(store, *some("b", 4), hours=1)
    assert open_kinds(store) == ["gap"]
    assert "none of the 4 entries was known" in store.events.open()[0].detail

    read(store, *some("c", 4), hours=2)
    assert kinds(store) == ["gap"], "told once while it lasts"

    read(store, *some("c", 5), hours=3)
    assert open_kinds(store) == []


def test_the_answer_to_a_question_about_dates_is_no_gap(store: Store) -> None:
    read(store, *some("a", 4), hours=0)
    read(store, *some("b", 4), hours=1, continuous=False)
    assert kinds(store) == []


def test_a_re_keyed_feed_tells_nobody_and_keeps_the_new_names(store: Store) -> None:
    old = [a_revision(f"k{n}", title=f"Rule {n} on {'patent' * n} fees") for n in range(10)]
    read(store, *old, hours=0)

    saved = read(store, *map(re_keyed, old), hours=1)

    assert (saved.new, saved.changed, store.items.count()) == (0, 0, 10)
    assert kinds(store) == ["re-keyed"] and open_kinds(store) == []
    assert store.feeds.unseen("us-office", [f"new-k{n}" for n in range(10)]) == []
    assert read(store, *map(re_keyed, old), hours=2).new == 0


def test_what_comes_along_with_a_re_keyed_feed_is_new(store: Store) -> None:
    old = [a_revision(f"k{n}", title=f"Rule {n} on {'patent' * n} fees") for n in range(9)]
    read(store, *old, hours=0)

    fresh = a_revision("k99", title="A scam wave against owners of trade marks")
    assert read(store, fresh, *map(re_keyed, old), hours=1).new == 1


def test_of_a_flood_the_newest_twenty_go_on_and_the_rest_is_released_after_twelve_hours(store: Store) -> None:
    first = some("a", 3)
    read(store, *first, hours=0)
    match_all(store)

    saved = read(store, *first, *some("b", 60), hours=1)
    assert saved.new == 60
    assert open_kinds(store) == ["flood"]
    assert len(store.items.query(ItemQuery(held=True, limit=100)).items) == 40
    assert match_all(store, MONDAY + HOUR).revisions == 20

    assert store.events.release_floods(MONDAY + LATE, LATE) == {}
    assert store.events.release_floods(MONDAY + LATE + 2 * HOUR, LATE) == {"us-office": 40}
    assert open_kinds(store) == []
    assert match_all(store, MONDAY + DAY).revisions == 40


def test_a_refused_item_of_a_flood_stays_refused(store: Store) -> None:
    first = some("a", 3)
    read(store, *first, hours=0)
    read(store, *first, *some("b", 21), hours=1)
    (held,) = store.items.query(ItemQuery(held=True)).items
    assert store.items.reject(held.id, "nonsense")

    assert store.events.release_floods(MONDAY + DAY, LATE) == {"us-office": 0}
    assert store.items.get(held.id) is None


def test_an_item_that_changes_all_the_time_is_left_as_it_is(store: Store) -> None:
    for hour in range(30):
        saved = read(store, a_revision("k1", title=f"Visitors today: {hour}"), a_revision("k2"), hours=hour)
    assert saved.changed == 0
    (item_id,) = {
        item.id for item in store.items.query(ItemQuery(relevant_only=False)).items if item.item.key == "k1"
    }
    assert len(store.items.revisions(item_id)) == 24
    assert open_kinds(store) == ["revision-brake"]


def test_three_failures_are_an_event_and_a_good_answer_ends_it(store: Store) -> None:
    read(store, *some("a", 3), hours=0)
    for hour in (1, 2):
        fail(store, Outcome.TIMEOUT, hour)
    assert kinds(store) == []
    fail(store, Outcome.TIMEOUT, 3)
    (event,) = store.events.open()
    assert (event.kind, event.detail) == (EventKind.FAILING, "timeout: why")

    read(store, hours=4, outcome=Outcome.NOT_MODIFIED)
    assert open_kinds(store) == []


def test_the_second_bot_check_or_lost_layout_is_an_event_of_its_own(store: Store) -> None:
    read(store, *some("a", 3), hours=0)
    fail(store, Outcome.LAYOUT_CHANGED, 1)
    assert kinds(store) == []
    fail(store, Outcome.LAYOUT_CHANGED, 2)
    assert open_kinds(store) == ["layout-changed"]
    fail(store, Outcome.CHALLENGE, 3)
    assert open_kinds(store) == ["layout-changed", "blocked"]


def test_a_feed_that_calls_itself_something_else_is_an_event_but_not_a_changed_number(store: Store) -> None:
    read(store, *some("a", 3), hours=0, feed_title="Patent news (12 entries)", feed_language="en")
    read(store, *some("a", 3), hours=1, feed_title="Patent news (13 entries)", feed_language="en")
    assert kinds(store) == []
    read(store, *some("a", 3), hours=2, feed_title="Casino bonus", feed_language="en")
    (event,) = store.events.since(MONDAY)
    assert event.kind is EventKind.SCOPE and "Casino" in event.detail and event.ended_at == event.at


def test_a_silent_feed_is_heard_of_again_with_its_next_new_item(store: Store) -> None:
    read(store, *some("a", 3), hours=0)
    assert store.events.restless(MONDAY + DAY) == []
    assert store.events.restless(MONDAY + 4 * DAY) == ["us-office"]
    store.events.note("us-office", EventKind.SILENT, "nothing for long", MONDAY + 4 * DAY)
    store.events.note("us-office", EventKind.SILENT, "nothing for longer", MONDAY + 5 * DAY)
    assert len(store.events.open()) == 1
    assert store.events.restless(MONDAY + 6 * DAY) == []

    read(store, *some("a", 3), hours=24 * 7)
    assert open_kinds(store) == ["silent"], "an answer without news does not end it"
    read(store, *some("a", 4), hours=24 * 8)
    assert open_kinds(store) == []


def test_arrivals_take_the_items_own_date_where_they_were_there_before_us(store: Store) -> None:
    read(store, a_revision("k1"), hours=24 * 30)
    read(store, a_revision("k1"), a_revision("k2"), hours=24 * 40)
    assert store.events.arrivals("us-office") == [
        an_item().published and an_item().published.at,
        MONDAY + 40 * DAY + timedelta(seconds=1),
    ]


def test_an_event_is_told_once(store: Store) -> None:
    read(store, *some("a", 4), hours=0)
    read(store, *some("b", 4), hours=1)
    (event,) = store.events.untold()
    assert store.events.last_told() is None
    store.events.told([event.id], MONDAY + 2 * HOUR)
    assert store.events.untold() == []
    assert store.events.last_told() == MONDAY + 2 * HOUR


def test_a_move_that_the_conversation_showed_is_an_event(store: Store) -> None:
    moved = Notice("feed.redirected", {"to": "https://new.example/"})
    read(store, *some("a", 3), hours=0, notices=(moved,))
    (event,) = store.events.untold()
    assert event.kind is EventKind.MOVED and "to https://new.example/" in event.detail
