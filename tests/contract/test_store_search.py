"""The index of words and facets follows what readers see, on every database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from alerts.domain.items import Dated, ItemQuery, Revision
from alerts.domain.vocabulary import DateOrigin
from alerts.store import Store, lookup
from tests.builders import MONDAY, a_judgement, a_revision, an_item
from tests.contract.steps import collect

HOUR = timedelta(hours=1)


def titles(store: Store, **wishes: object) -> list[str]:
    store.search.catch_up()
    return [one.item.title for one in store.items.query(ItemQuery(**wishes)).items]  # type: ignore[arg-type]


def test_an_item_is_found_by_the_text_that_readers_see(store: Store) -> None:
    collect(store, a_revision("a", title="old words"))
    assert titles(store, search="old") == ["old words"]

    collect(store, a_revision("a", title="new words"), at=MONDAY + HOUR)

    assert titles(store, search="old") == []
    assert titles(store, search="new") == ["new words"]


def test_what_waits_for_an_editor_is_found_once_it_is_let_go(store: Store) -> None:
    collect(store, a_revision("a", title="held words", held="machine is unsure"))
    (waiting,) = store.desk.waiting()
    assert titles(store, search="held") == []

    store.desk.approve(waiting.stored.id, MONDAY + HOUR, "editor")

    assert titles(store, search="held") == ["held words"]


def test_every_wish_must_be_met_and_one_of_its_members_is_enough(store: Store) -> None:
    for number, code in enumerate(("US", "CN", "DE")):
        item = an_item(str(number), title=f"rule {code}", summary="")
        collect(store, Revision(item, a_judgement(jurisdictions=(code,)), code))

    assert titles(store, jurisdictions=("US", "DE")) == ["rule DE", "rule US"]
    assert titles(store, jurisdictions=("US", "DE"), search="us") == ["rule US"]
    assert titles(store, jurisdictions=("US",), search="cn") == []


@pytest.mark.parametrize(
    "words", ["'; DROP TABLE item; --", '" OR 1=1', "a\\' & b", "NEAR(a b)", "terms:x*", "<->", "'"]
)
def test_a_search_is_words_and_never_a_query(store: Store, words: str) -> None:
    collect(store, a_revision("a", title="plain"))

    assert titles(store, search=words) == []
    assert titles(store, search="plain") == ["plain"]


def test_the_newest_come_first_through_all_blocks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "WALKED", 1)
    monkeypatch.setattr(lookup, "BLOCK", 0)
    monkeypatch.setattr(lookup, "WIDTHS", (1, 2))
    for number in range(4):
        collect(store, a_revision(str(number), title=f"words {number}"), at=MONDAY + number * HOUR)

    assert titles(store, search="words") == ["words 3", "words 2", "words 1", "words 0"]
    page = store.items.query(ItemQuery(search="words", limit=2))
    rest = store.items.query(ItemQuery(search="words", limit=2, before_id=page.next_before_id))
    assert [one.item.title for one in (*page.items, *rest.items)] == [
        "words 3",
        "words 2",
        "words 1",
        "words 0",
    ]


def test_nothing_is_due_once_the_index_was_brought_up(store: Store) -> None:
    collect(store, a_revision("a"), a_revision("b"))

    assert store.search.catch_up() == 2
    assert store.search.index_due() == 0


def test_a_span_that_ends_before_it_begins_holds_nothing(store: Store) -> None:
    collect(store, a_revision("a"))
    day = MONDAY.date()

    assert len(titles(store, since=day, until=day + timedelta(days=1))) == 1
    assert titles(store, since=day + timedelta(days=1), until=day) == []
    assert titles(store, obliged=(day.replace(month=5), day.replace(month=4))) == []


def test_a_day_is_the_one_that_readers_are_shown(store: Store) -> None:
    """A date without an hour is midnight in the source's zone, which in UTC may be the day before."""
    midnight_in_shanghai = Dated(datetime(2026, 11, 13, 16, tzinfo=UTC), DateOrigin.SOURCE, day_only=True)
    collect(store, Revision(an_item("a", published=midnight_in_shanghai), a_judgement(), "hash"))
    told, before = date(2026, 11, 14), date(2026, 11, 13)

    assert len(titles(store, since=told, until=told)) == 1
    assert titles(store, since=before, until=before) == []
