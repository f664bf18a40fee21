"""What readers are told of outages: in batches that outlive a crash."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.domain.events import EventKind
from alerts.store import Store
from tests.builders import a_feed

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def watched(store: Store) -> Store:
    """A store that knows two feeds."""
    store.feeds.sync([a_feed(id="us-one"), a_feed(id="us-two")], NOW)
    return store


def test_a_batch_keeps_its_name_and_its_sources_until_all_are_told(watched: Store) -> None:
    watched.events.note("us-one", EventKind.DARK, "failing", NOW)
    (first,) = watched.outages.open(NOW)
    watched.events.note("us-two", EventKind.DARK, "failing", NOW + HOUR)

    again, second = watched.outages.open(NOW + HOUR)

    assert (again, second.feeds) == (first, ("us-two",))
    watched.outages.done(first, NOW + HOUR)
    watched.outages.done(second, NOW + HOUR)
    assert watched.outages.open(NOW + 2 * HOUR) == []


def test_the_end_names_the_notice_of_the_beginning(watched: Store) -> None:
    watched.events.note("us-one", EventKind.DARK, "failing", NOW)
    (began,) = watched.outages.open(NOW)
    watched.outages.done(began, NOW)
    watched.events.end("us-one", [EventKind.DARK], NOW + HOUR)

    (over,) = watched.outages.open(NOW + 2 * HOUR)

    assert (over.over, over.feeds, over.began) == (True, ("us-one",), (began.name,))
    watched.outages.done(over, NOW + 2 * HOUR)
    assert watched.outages.open(NOW + 3 * HOUR) == []


def test_an_outage_that_nobody_was_told_of_in_time_is_told_to_nobody(watched: Store) -> None:
    watched.events.note("us-one", EventKind.DARK, "failing", NOW)
    watched.events.end("us-one", [EventKind.DARK], NOW + HOUR)

    assert watched.outages.open(NOW + 2 * HOUR) == []
    watched.events.note("us-one", EventKind.DARK, "again", NOW + 3 * HOUR)
    assert len(watched.outages.open(NOW + 3 * HOUR)) == 1


def test_other_events_are_no_outages(watched: Store) -> None:
    watched.events.note("us-one", EventKind.SILENT, "quiet", NOW)
    assert watched.outages.open(NOW) == []
