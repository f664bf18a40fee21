"""A deadline keeps its identity through all revisions of its item, and ends where the newest one leaves it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.deadlines import deadlines, of_company
from alerts.domain.items import Obligation, StoredItem
from alerts.domain.vocabulary import Role
from tests.builders import HOUR, MONDAY, a_judgement, an_item

FIRST = date(2026, 4, 1)
STATED = st.dictionaries(
    st.sampled_from([Role.COMMENTS_CLOSE, Role.IN_FORCE, Role.HEARING]),
    st.sets(st.integers(0, 5), max_size=3),
    max_size=3,
)


def revision(
    number: int, stated: dict[Role, set[int]], item_id: int = 7, matter: int | None = None
) -> StoredItem:
    found = tuple(
        Obligation(role, FIRST + timedelta(days=day), stated=True, basis="text")
        for role, days in stated.items()
        for day in sorted(days)
    )
    return StoredItem(
        item_id, "feed", number, number, an_item(), a_judgement(obligations=found), MONDAY,
        changed_at=MONDAY + number * HOUR if number > 1 else None, matter_id=matter,
    )  # fmt: skip


@given(st.lists(STATED, min_size=1, max_size=6))
def test_what_stands_is_what_the_newest_revision_says_and_nothing_changes_its_key(
    texts: list[dict[Role, set[int]]],
) -> None:
    revisions = [revision(number, stated) for number, stated in enumerate(texts, 1)]
    found, before = deadlines(revisions), deadlines(revisions[:-1]) if len(revisions) > 1 else []

    standing = {(one.obligation.role, one.obligation.date) for one in found if not one.cancelled}
    assert standing == {(one.role, one.date) for one in revisions[-1].judgement.obligations}
    assert len({one.key for one in found}) == len(found)
    assert [one.key for one in before] == [
        one.key for one in found if one.key in {each.key for each in before}
    ]
    sequences = {one.key: one.sequence for one in before}
    assert all(one.sequence >= sequences.get(one.key, 0) for one in found)


def test_a_moved_date_is_the_same_deadline_with_the_next_number() -> None:
    (one,) = deadlines([revision(1, {Role.COMMENTS_CLOSE: {0}}), revision(2, {Role.COMMENTS_CLOSE: {3}})])

    assert (one.key, one.sequence, one.cancelled) == ("7-comments-close-0", 1, False)
    assert one.obligation.date == FIRST + timedelta(days=3)


def test_a_date_that_is_taken_out_is_cancelled_and_comes_back_under_its_key() -> None:
    texts = [revision(1, {Role.HEARING: {0}}), revision(2, {}), revision(3, {Role.HEARING: {0}})]

    (gone,), (back,) = deadlines(texts[:2]), deadlines(texts)

    assert (gone.cancelled, gone.sequence) == (True, 1)
    assert (back.key, back.cancelled, back.sequence) == (gone.key, False, 2)


def test_two_sources_of_one_matter_are_one_deadline() -> None:
    items = [[revision(1, {Role.HEARING: {0}}, item_id, matter=3)] for item_id in (7, 8)]

    assert [one.key for one in of_company(items, FIRST)] == ["7-hearing-0"]
    assert of_company(items, FIRST + timedelta(days=1)) == []
