"""Dates that ask something, with their role."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.classify import load
from alerts.classify.obligations import read_obligations
from alerts.classify.reading import passage
from alerts.classify.terms import find
from alerts.domain.vocabulary import Role

INDEX = load().index_for(frozenset({"en", "zh"}))
PUBLISHED = date(2026, 3, 2)


def dates(text: str, published: date | None = PUBLISHED) -> set[tuple[str, Role]]:
    read = passage("summary", text)
    return {(str(each.date), each.role) for each in read_obligations([read], find(INDEX, read), published)}


@pytest.mark.parametrize(
    ("text", "day", "role"),
    [
        ("Comments must be received by April 17, 2026.", "2026-04-17", Role.COMMENTS_CLOSE),
        ("Written comments are due on or before 17 April 2026.", "2026-04-17", Role.COMMENTS_CLOSE),
        ("The comment period is extended until 2026-04-17.", "2026-04-17", Role.COMMENTS_CLOSE),
        ("The rule takes effect on 19/05/2026.", "2026-05-19", Role.IN_FORCE),
        ("The Act enters into force on 1st July 2026.", "2026-07-01", Role.IN_FORCE),
        ("The deadline is extended to June 1, 2026.", "2026-06-01", Role.DEADLINE_EXTENDED_TO),
        ("A public hearing will be held on May 5.", "2026-05-05", Role.HEARING),
        ("The waiver is scheduled to expire on May 31, 2026.", "2026-05-31", Role.TERM_ENDS),
        ("本办法自2026年5月1日起施行。", "2026-05-01", Role.IN_FORCE),
        ("自5月1日起施行。", "2026-05-01", Role.IN_FORCE),
        ("征求意见截止日期:2026年4月10日", "2026-04-10", Role.COMMENTS_CLOSE),
        ("新系统将于2026年6月1日上线运行", "2026-06-01", Role.APPLIES_FROM),
        ("定于2026年4月7日公开开庭审理本案", "2026-04-07", Role.HEARING),
    ],
)  # fmt: skip
def test_words_near_a_date_give_it_its_role(text: str, day: str, role: Role) -> None:
    assert (day, role) in dates(text)


def test_the_day_of_an_earlier_step_is_left_out() -> None:
    assert dates("The proposal was published in the Federal Register on January 5, 2026.") == set()
    assert dates("The complaint was filed on January 5, 2026.") == set()
    assert dates("2025年12月3日审议通过") == set()


def test_a_date_whose_order_can_be_mistaken_is_refused() -> None:
    assert dates("The rule takes effect on 03/04/2026.") == set()
    assert dates("The rule takes effect on February 30, 2026.") == set()


def test_a_date_without_year_needs_the_publication() -> None:
    assert dates("自5月1日起施行。", None) == set()
    assert ("2027-01-01", Role.IN_FORCE) in dates("自1月1日起施行。", date(2026, 11, 20))


def test_the_basis_quotes_the_text() -> None:
    read = passage("summary", "The new rule takes effect on May 1, 2026, for all.")
    (found,) = read_obligations([read], find(INDEX, read), PUBLISHED)
    assert (found.stated, found.basis) == (True, "takes effect on May 1, 2026")


@given(st.dates(min_value=date(2024, 1, 1), max_value=date(2090, 1, 1)))
def test_three_ways_to_write_a_day_are_one_day(day: date) -> None:
    written = (f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%B} {day.year}", day.isoformat())
    assert {frozenset(dates(f"It enters into force on {each}.")) for each in written} == {
        frozenset({(str(day), Role.IN_FORCE)})
    }
