"""The archive on every database: what is new, what changed, what is known, and who may see it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.domain.items import Contrary, Dated, Item, ItemQuery, Obligation, Revision
from alerts.domain.vocabulary import DateOrigin, Event, IdentityPolicy, Kind, Right, Role, Severity
from alerts.store import Store
from tests.builders import DAY, HOUR, MONDAY, a_feed, a_judgement, a_poll, a_revision, an_item
from tests.contract.steps import claim_feed, collect, match_all, release
from tests.databases import open_memory

SOON = MONDAY + timedelta(seconds=1)


def the_item(store: Store) -> int:
    (item,) = store.items.query(ItemQuery(relevant_only=False)).items
    return item.id


def titles(store: Store, query: ItemQuery) -> list[str]:
    """Return what a search finds once the index holds what is stored."""
    store.search.catch_up()
    return [stored.item.title for stored in store.items.query(query).items]


def test_an_item_comes_back_as_it_went_in(store: Store) -> None:
    contrary = (Contrary(MONDAY.date(), "comments are due “today”"),)
    contradicted = Obligation(
        Role.COMMENTS_CLOSE, (MONDAY + DAY).date(), stated=True, basis="field", against=contrary
    )
    revision = Revision(
        an_item(
            title="商标费用 — “新规”",
            updated=Dated(MONDAY + HOUR, DateOrigin.ZONE_INFERRED, day_only=True),
            stated_dates=a_judgement().obligations,
            guid_key="g1",
        ),
        a_judgement(obligations=(*a_judgement().obligations, contradicted)),
        "hash",
    )

    saved = collect(store, revision)

    (item_id,) = saved.new_item_ids
    stored = store.items.get(item_id)
    assert stored is not None
    assert (stored.item, stored.judgement) == (revision.item, revision.judgement)
    assert (stored.feed_id, stored.number, stored.first_seen_at) == ("us-office", 1, SOON)
    assert (stored.changed_at, stored.baseline, stored.held) == (None, False, None)


def test_the_same_document_again_is_known(store: Store) -> None:
    collect(store, a_revision("a"), a_revision("b"))

    saved = collect(store, a_revision("a"), a_revision("b"), a_revision("c"), at=MONDAY + HOUR)

    assert (saved.new, saved.changed, saved.known) == (1, 0, 2)


def test_a_key_twice_in_one_document_is_one_item(store: Store) -> None:
    saved = collect(store, a_revision("a", title="first"), a_revision("a", title="second"))

    assert saved.new == 1
    assert titles(store, ItemQuery()) == ["first"]


def test_one_key_in_two_feeds_is_two_items(store: Store) -> None:
    store.feeds.sync([a_feed("a"), a_feed("b")], MONDAY)
    collect(store, a_revision(), feed=a_feed("a"))
    collect(store, a_revision(), feed=a_feed("b"))

    assert store.items.count() == 2


def test_another_text_is_a_new_revision(store: Store) -> None:
    collect(store, a_revision(title="old"))

    saved = collect(store, a_revision(title="new"), at=MONDAY + HOUR)

    assert (saved.new, saved.changed) == (0, 1)
    old, new = store.items.revisions(the_item(store))
    assert (old.number, old.item.title, new.number, new.item.title) == (1, "old", 2, "new")
    assert new.changed_at == MONDAY + HOUR + timedelta(seconds=1)
    assert store.items.get(new.id) == new
    assert store.items.get(new.id, 1) == old
    assert store.items.get(new.id, 3) is None
    assert store.items.get(new.id + 1) is None


def test_a_source_that_goes_back_to_an_earlier_text_has_said_something(store: Store) -> None:
    for hour, title in enumerate(["rule", "rule withdrawn", "rule", "rule"]):
        collect(store, a_revision(title=title), at=MONDAY + hour * HOUR)

    titles = [one.item.title for one in store.items.revisions(the_item(store))]
    assert titles == ["rule", "rule withdrawn", "rule"]


def test_an_entry_that_got_another_kind_of_key_is_recognised_by_its_text(store: Store) -> None:
    collect(store, a_revision("guid", title="same"), a_revision("shared", title="one"))
    poll = a_poll(
        a_revision("link-1", title="same", guid_key="guid"),
        a_revision("link-2", title="two", guid_key="shared"),
        at=MONDAY + HOUR,
        policy=IdentityPolicy.LINK,
    )

    saved = store.feeds.finish(claim_feed(store, at=MONDAY + HOUR), poll)

    assert (saved.new, saved.known) == (1, 1)
    assert titles(store, ItemQuery()) == ["two", "one", "same"]
    again = store.feeds.finish(
        claim_feed(store, at=MONDAY + 2 * HOUR), replace(poll, started_at=MONDAY + 2 * HOUR)
    )
    assert (again.new, again.known) == (0, 2)


def test_of_two_keys_of_one_item_the_first_in_the_document_gives_the_new_text(store: Store) -> None:
    collect(store, a_revision("guid", title="same"))
    alias = a_revision("link", title="same", guid_key="guid")
    store.feeds.finish(claim_feed(store), a_poll(alias, at=MONDAY + HOUR, policy=IdentityPolicy.LINK))

    saved = collect(store, a_revision("link", title="x"), a_revision("guid", title="y"), at=MONDAY + 2 * HOUR)

    assert (saved.changed, saved.known) == (1, 1)
    assert titles(store, ItemQuery()) == ["x"]


def test_under_the_plain_policy_too_the_same_text_under_the_other_key_is_the_same_item(store: Store) -> None:
    collect(store, a_revision("guid", title="same"))

    assert collect(store, a_revision("other", title="same", guid_key="guid")).new == 0
    assert collect(store, a_revision("third", title="changed", guid_key="guid")).new == 1
    assert collect(store, a_revision("fourth", title="same")).new == 1, "likeness alone proves nothing"


def test_a_key_outlives_its_item(store: Store) -> None:
    collect(store, a_revision())
    store._db.write(lambda connection: connection.exec_driver_sql("DELETE FROM item"))

    saved = collect(store, a_revision(), a_revision("k2"), at=MONDAY + HOUR)

    assert (saved.new, saved.known) == (1, 1)


@pytest.mark.parametrize(
    ("published", "baseline"),
    [
        (Dated(MONDAY - 8 * DAY, DateOrigin.SOURCE), True),
        (Dated(MONDAY - 7 * DAY, DateOrigin.SOURCE), False),
        (Dated(MONDAY + DAY, DateOrigin.SOURCE), False),
        (None, True),
    ],
)
def test_what_a_feed_held_before_it_was_watched_is_told_to_nobody_unless_recent(
    store: Store, published: Dated | None, baseline: bool
) -> None:
    collect(store, a_revision(published=published))

    stored = store.items.get(the_item(store))
    assert stored and stored.baseline is baseline
    assert match_all(store).revisions == (0 if baseline else 1)


def test_after_the_first_good_poll_nothing_is_baseline(store: Store) -> None:
    collect(store)

    collect(store, a_revision(published=None))

    stored = store.items.get(the_item(store))
    assert stored and not stored.baseline
    assert match_all(store).revisions == 1


def test_a_page_ends_where_the_next_begins(store: Store) -> None:
    for number in range(5):
        collect(store, a_revision(f"k{number}", title=f"t{number}"), at=MONDAY + number * HOUR)

    store.search.catch_up()
    first = store.items.query(ItemQuery(limit=2))
    second = store.items.query(ItemQuery(limit=2, before_id=first.next_before_id))
    third = store.items.query(ItemQuery(limit=2, before_id=second.next_before_id))

    shown = [[stored.item.title for stored in page.items] for page in (first, second, third)]
    assert shown == [["t4", "t3"], ["t2", "t1"], ["t0"]]
    assert third.next_before_id is None


def archive(store: Store) -> None:
    """Store three items that differ in every facet."""
    store.feeds.sync([a_feed("a"), a_feed("b", jurisdiction="CN")], MONDAY)
    rule = Revision(an_item("1", title="Fee rule 100%"), a_judgement(), "h1")
    raid = Revision(
        an_item(
            "2", title="海关查扣", jurisdiction="CN", published=Dated(MONDAY - 3 * DAY, DateOrigin.SOURCE)
        ),
        a_judgement(
            kind=Kind.RISK_WARNING,
            event=Event.CUSTOMS,
            severity=Severity.CRITICAL,
            rights=(Right.PATENT,),
            jurisdictions=(),
        ),
        "h2",
    )
    gossip = Revision(an_item("3", title="Gossip"), a_judgement(relevant=False), "h3")
    collect(store, rule, gossip, feed=a_feed("a"))
    collect(store, raid, feed=a_feed("b"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (ItemQuery(), ["海关查扣", "Fee rule 100%"]),
        (ItemQuery(relevant_only=False, search="gossip"), ["Gossip"]),
        (ItemQuery(kinds=(Kind.RISK_WARNING,)), ["海关查扣"]),
        (ItemQuery(rights=(Right.TRADEMARK, Right.DESIGN)), ["Fee rule 100%"]),
        (ItemQuery(events=(Event.CUSTOMS, Event.RULE)), ["海关查扣", "Fee rule 100%"]),
        (ItemQuery(severities=(Severity.CRITICAL,)), ["海关查扣"]),
        (ItemQuery(jurisdictions=("US",)), ["Fee rule 100%"]),
        (ItemQuery(jurisdictions=("CN",)), ["海关查扣"]),
        (ItemQuery(feeds=("b",)), ["海关查扣"]),
        (ItemQuery(since=(MONDAY - DAY).date()), ["Fee rule 100%"]),
        (ItemQuery(search="FEE RULE"), ["Fee rule 100%"]),
        (ItemQuery(search="查扣"), ["海关查扣"]),
        (ItemQuery(search="100%"), ["Fee rule 100%"]),
        (ItemQuery(since=(MONDAY - 3 * DAY).date(), until=(MONDAY - 3 * DAY).date()), ["海关查扣"]),
        (ItemQuery(search="1%%"), []),
        (ItemQuery(search="%%"), []),
        (ItemQuery(search="rules fee"), ["Fee rule 100%"]),
        (ItemQuery(search='"rule fee"'), []),
        (ItemQuery(search="关查"), ["海关查扣"]),
        (ItemQuery(search="海查"), []),
        (ItemQuery(search="海關查扣"), ["海关查扣"]),
        (ItemQuery(rights=(Right.PATENT,), jurisdictions=("US",)), []),
    ],
)
def test_the_archive_answers_every_facet(store: Store, query: ItemQuery, found: list[str]) -> None:
    archive(store)

    assert titles(store, query) == found


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("337 ta 1501", ["Anker"]),
        ("Inv. No. 337–TA–1501", ["Anker"]),
        ("EU 2026/711", ["Regeln"]),
        ("Règlement (UE) 2026/711", ["Regeln"]),
        ("国务院令801号", ["条例"]),
        ("国务院令第八百零一号", ["条例"]),
        ("国发[2026]12号", ["通知"]),
        ("337-TA-150", []),
        ("(EU) 2026/71", []),
        ("国务院令第80号", []),
    ],
)
def test_the_archive_is_searched_by_an_identifier_in_any_spelling(
    store: Store, search: str, found: list[str]
) -> None:
    kept = {
        "Anker": "337-TA-1501",
        "Regeln": "Regulation (EU) 2026/711",
        "条例": "国务院令第801号",
        "通知": "国发〔2026〕12号",
    }
    collect(
        store,
        *(
            Revision(an_item(title, title=title), a_judgement(identifiers=(identifier,)), title)
            for title, identifier in kept.items()
        ),
    )

    assert titles(store, ItemQuery(search=search)) == found


def test_items_are_counted_by_severity_since_a_day(store: Store) -> None:
    archive(store)

    counts = store.items.severities(MONDAY)

    assert {severity: n for severity, n in counts.items() if n} == {Severity.CRITICAL: 1, Severity.HIGH: 1}
    assert not any(store.items.severities(MONDAY + DAY).values())


def test_what_is_held_waits_for_an_editor(store: Store) -> None:
    collect(store)
    collect(store, a_revision(held="machine is unsure"))

    (waiting,) = store.items.query(ItemQuery(held=True)).items
    assert (waiting.held, titles(store, ItemQuery())) == ("machine is unsure", [])
    assert store.items.get(waiting.id) is None
    assert match_all(store).revisions == 0

    assert release(store, waiting.id)

    assert len(titles(store, ItemQuery())) == 1
    assert match_all(store).revisions == 1
    assert not release(store, waiting.id)


def test_while_a_change_is_held_readers_see_what_was_there(store: Store) -> None:
    collect(store, a_revision(title="old"))
    collect(store, a_revision(title="new", held="changed"), at=MONDAY + HOUR)
    item_id = the_item(store)
    assert titles(store, ItemQuery()) == ["old"]

    assert store.items.reject(item_id, "a mistake of the source")
    assert not store.items.reject(item_id, "again")
    assert not release(store, item_id)

    assert titles(store, ItemQuery()) == ["old"]
    assert store.items.query(ItemQuery(held=True)).items == ()
    collect(store, a_revision(title="newer"), at=MONDAY + 2 * HOUR)
    assert titles(store, ItemQuery()) == ["newer"]


def test_text_that_no_database_holds_does_not_fail_the_poll(store: Store) -> None:
    collect(
        store, Revision(an_item(title="a\x00b \ud800 c", categories=("\x00", "\udfff")), a_judgement(), "h")
    )

    assert titles(store, ItemQuery()) == ["ab \ufffd c"]


@pytest.mark.slow
def test_a_document_of_a_thousand_entries_costs_little(store: Store) -> None:
    collect(store)
    revisions = [a_revision(f"k{number}") for number in range(1000)]
    claim = claim_feed(store, at=MONDAY + HOUR)
    statements: list[str] = []
    listen(store, statements)

    first = store.feeds.finish(claim, a_poll(*revisions, at=MONDAY + HOUR))

    assert first.new == 1000
    assert len(statements) < 40, len(statements)
    second = store.feeds.finish(
        claim_feed(store, at=MONDAY + 2 * HOUR), a_poll(*revisions, at=MONDAY + 2 * HOUR)
    )
    assert (second.new, second.known) == (0, 1000)


def listen(store: Store, statements: list[str]) -> None:
    from sqlalchemy import event

    @event.listens_for(store._db._writer, "before_cursor_execute")
    def _note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)


keys = st.lists(st.sampled_from("abcd"), max_size=6)
polls = st.lists(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["x", "y", "z"])), max_size=6), max_size=5
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(polls)
def test_whatever_the_polls_show_each_key_is_new_once_and_each_change_a_revision(
    documents: list[list[tuple[str, str]]],
) -> None:
    store = open_memory()
    collect(store)
    new = changed = 0
    for number, document in enumerate(documents):
        shown = [a_revision(key, title=f"{key}{text}") for key, text in document]
        saved = collect(store, *shown, at=MONDAY + number * HOUR)
        new, changed = new + saved.new, changed + saved.changed
        assert saved.new + saved.changed + saved.known == len({key for key, _ in document})

    assert new == store.items.count() == len({key for document in documents for key, _ in document})
    texts = [
        stored
        for item in store.items.query(ItemQuery(relevant_only=False)).items
        for stored in store.items.revisions(item.id)
    ]
    assert len(texts) == new + changed
    pairs = pairwise(sorted(texts, key=lambda one: (one.id, one.number)))
    assert all(a.id != b.id or a.item.title != b.item.title for a, b in pairs), "two in a row differ"
    store.close()


def test_a_time_without_offset_is_refused(store: Store) -> None:
    from alerts.domain.errors import NaiveTimeError

    with pytest.raises(NaiveTimeError):
        store.feeds.sync([a_feed()], datetime(2026, 3, 2))  # noqa: DTZ001 - the point

    assert store.feeds.states() == []


@settings(max_examples=50, deadline=None)
@given(st.datetimes(timezones=st.timezones()).filter(lambda when: 1900 < when.year < 2100))
def test_an_instant_comes_back_aware_in_utc_and_equal(instant: datetime) -> None:
    from sqlalchemy.dialects import postgresql, sqlite

    from alerts.store.tables.types import UtcDateTime

    for dialect in (sqlite.dialect(), postgresql.dialect()):
        column = UtcDateTime()
        back = column.process_result_value(column.process_bind_param(instant, dialect), dialect)
        assert back == instant.astimezone(UTC)
        assert back is not None and back.utcoffset() == timedelta(0)


def test_an_item_value_survives_without_any_option(store: Store) -> None:
    bare = Item("k", "t", "", None, None, None, "WO", None)
    collect(store)
    collect(
        store,
        Revision(
            bare, a_judgement(rights=(), jurisdictions=(), obligations=(), identifiers=(), findings=()), "h"
        ),
    )

    stored = store.items.get(the_item(store))
    assert stored and stored.item == bare


def test_what_is_not_about_intellectual_property_is_counted_and_listed(store: Store) -> None:
    collect(store, a_revision("a"), a_revision("b", relevant=False), a_revision("c", relevant=False))

    assert store.items.judged(MONDAY) == {"us-office": (1, 2)}
    assert store.items.judged(MONDAY + HOUR) == {}
    store.search.catch_up()
    found = store.items.query(ItemQuery(irrelevant_only=True)).items
    assert sorted(one.item.key for one in found) == ["b", "c"]
