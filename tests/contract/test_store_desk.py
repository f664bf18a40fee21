"""The editors' desk on every database: one word each, enough words, time that is up."""

from datetime import timedelta

import pytest

from alerts.domain.items import Revision
from alerts.domain.review import Hold
from alerts.domain.vocabulary import Severity
from alerts.store import Store
from tests.builders import DAY, HOUR, MONDAY, a_revision
from tests.contract.steps import collect, enter, match_all, only_endpoint


def held(key: str = "k1", needed: int = 1, after: timedelta | None = None, **texts: object) -> Revision:
    from dataclasses import replace

    return replace(a_revision(key, **texts), hold=Hold("review", needed, after))  # type: ignore[arg-type]


@pytest.fixture
def desk(store: Store) -> Store:
    """A store that has polled before, with a reader who watches everything."""
    collect(store)
    enter(store)
    return store


def only_waiting(store: Store) -> int:
    (one,) = store.desk.waiting()
    return one.stored.id


def seen(store: Store, item_id: int) -> str | None:
    stored = store.items.get(item_id)
    return stored.item.title if stored else None


def test_two_editors_must_agree_where_two_are_needed_and_the_same_one_counts_once(desk: Store) -> None:
    collect(desk, held(needed=2))
    item = only_waiting(desk)

    first = desk.desk.approve(item, MONDAY, "Li Wei", "checked")
    again = desk.desk.approve(item, MONDAY, " ＬＩ  wei ")
    assert (first, again) == (first, first)
    assert first and (first.released, first.agreed, first.needed) == (False, 1, 2)
    assert seen(desk, item) is None
    assert desk.desk.waiting()[0].agreed == ("li wei",)

    last = desk.desk.approve(item, MONDAY + HOUR, "Wang Fang")

    assert last and (last.released, last.agreed) == (True, 2)
    assert seen(desk, item) is not None
    assert match_all(desk).alerts == 1
    assert desk.desk.approve(item, MONDAY, "Zhao") is None
    assert [line.event for line in desk.ledger.tail(3)] == ["item-approved", "item-approved", "item-released"]
    assert desk.ledger.verify()


def test_nobody_is_told_before_and_everybody_once_after(desk: Store) -> None:
    collect(desk, held())
    assert match_all(desk).alerts == 0
    desk.desk.approve(only_waiting(desk), MONDAY, "Li")

    assert match_all(desk).alerts == 1
    assert match_all(desk).alerts == 0


def test_what_nobody_decided_on_goes_out_when_its_time_is_up_marked_as_unreviewed(desk: Store) -> None:
    collect(desk, held("soon", after=4 * HOUR), held("never"), held("refused", after=HOUR))
    items = {one.stored.item.key: one.stored.id for one in desk.desk.waiting()}
    desk.items.reject(items["refused"], "no", MONDAY, "Li")
    ready = MONDAY + 4 * HOUR + timedelta(seconds=1)

    assert desk.desk.release_overdue(ready - 2 * timedelta(seconds=1)) == []
    assert desk.desk.release_overdue(ready) == [items["soon"]]
    assert desk.desk.release_overdue(ready) == []

    stored = desk.items.get(items["soon"])
    assert stored and stored.unreviewed
    assert seen(desk, items["refused"]) is None
    assert only_waiting(desk) == items["never"]
    assert desk.ledger.tail(1)[0].event == "item-released-unreviewed"
    backlog = desk.status.backlog(ready)
    assert (backlog.held, backlog.released_at) == (1, None)
    assert backlog.held_since == MONDAY + timedelta(seconds=1)


def test_what_an_editor_released_is_not_marked(desk: Store) -> None:
    collect(desk, held(after=HOUR))
    item = only_waiting(desk)
    desk.desk.approve(item, MONDAY, "Li")

    assert desk.desk.release_overdue(MONDAY + DAY) == []
    stored = desk.items.get(item)
    assert stored and not stored.unreviewed


def test_a_new_text_needs_approvals_of_its_own(desk: Store) -> None:
    collect(desk, held(title="first", needed=2))
    item = only_waiting(desk)
    desk.desk.approve(item, MONDAY, "Li")
    collect(desk, held(title="second", needed=2), at=MONDAY + HOUR)

    decision = desk.desk.approve(item, MONDAY + HOUR, "Wang")
    assert decision and not decision.released

    decision = desk.desk.approve(item, MONDAY + HOUR, "Li")
    assert decision and decision.released
    assert seen(desk, item) == "second"
    assert desk.desk.waiting() == []


def test_what_nobody_is_told_of_does_not_wait_for_its_severity(store: Store) -> None:
    from dataclasses import replace

    from alerts.domain.review import SEVERE, WHOLE_FEED
    from tests.builders import a_poll
    from tests.contract.steps import claim_feed

    old = a_revision("old", published=None, severity=Severity.CRITICAL)
    severe, whole = (
        replace(old, hold=Hold(SEVERE)),
        replace(a_revision("all", published=None), hold=Hold(WHOLE_FEED)),
    )
    store.feeds.finish(claim_feed(store), a_poll(severe, whole))

    assert [one.stored.item.key for one in store.desk.waiting()] == ["all"]


def test_only_one_endpoint_hears(desk: Store) -> None:
    collect(desk, held())
    desk.desk.approve(only_waiting(desk), MONDAY, "Li")
    match_all(desk)

    (contact,) = desk.subscribers.contacts()
    assert len(desk.digests.untold(only_endpoint(contact).id)) == 1
