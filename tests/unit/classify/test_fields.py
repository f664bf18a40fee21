"""Dates in fields of the source beside those of its text: the field holds, and both are shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.classify import SourceContext, judge, load
from alerts.classify.fields import reconciled
from alerts.domain.items import Contrary, Item, Obligation
from alerts.domain.vocabulary import Role, Severity
from tests.unit.classify.test_judge import PUBLISHED

LEXICONS = load()
FIRST, SECOND = date(2026, 5, 1), date(2026, 6, 1)


def in_field(role: Role, day: date) -> Obligation:
    return Obligation(role, day, stated=True, basis=f"field {role}")


def in_text(role: Role, day: date) -> Obligation:
    return Obligation(role, day, stated=True, basis=f"words of {day}")


roles = st.sampled_from([Role.COMMENTS_CLOSE, Role.IN_FORCE, Role.HEARING])
days = st.dates(date(2026, 1, 1), date(2026, 1, 8))
in_fields = st.lists(st.builds(in_field, roles, days), max_size=4)
in_texts = st.lists(st.builds(in_text, roles, days), max_size=4)


def test_a_field_holds_against_the_text_and_both_are_told() -> None:
    (one,) = reconciled([in_field(Role.COMMENTS_CLOSE, SECOND)], [in_text(Role.COMMENTS_CLOSE, FIRST)])
    assert (one.date, one.basis) == (SECOND, "field comments-close")
    assert one.against == (Contrary(FIRST, "words of 2026-05-01"),)


def test_the_same_day_in_field_and_text_is_told_once_without_a_word() -> None:
    own = in_field(Role.IN_FORCE, FIRST)
    assert reconciled([own], [in_text(Role.IN_FORCE, FIRST)]) == (own,)


def test_further_steps_of_the_text_stand_beside_the_day_of_the_field() -> None:
    own, later = in_field(Role.IN_FORCE, FIRST), in_text(Role.IN_FORCE, SECOND)
    assert reconciled([own], [in_text(Role.IN_FORCE, FIRST), later]) == (own, later)


def test_another_role_contradicts_nothing() -> None:
    own, other = in_field(Role.IN_FORCE, SECOND), in_text(Role.COMMENTS_CLOSE, FIRST)
    assert reconciled([own], [other]) == (other, own)


@given(in_fields, in_texts)
def test_no_date_of_either_is_lost(fields: list[Obligation], texts: list[Obligation]) -> None:
    found = reconciled(fields, texts)
    told = {(each.role, each.date) for each in found}
    told |= {(each.role, other.date) for each in found for other in each.against}
    assert told == {(each.role, each.date) for each in (*fields, *texts)}


@given(in_fields, in_texts)
def test_every_date_of_a_field_stands_as_the_fields_own(
    fields: list[Obligation], texts: list[Obligation]
) -> None:
    found = {(each.role, each.date): each.basis for each in reconciled(fields, texts)}
    assert all(found[each.role, each.date] == each.basis for each in fields)


def test_text_without_fields_is_left_as_it_is() -> None:
    both = (in_text(Role.IN_FORCE, FIRST), in_text(Role.IN_FORCE, SECOND))
    assert reconciled([], both) == both


@pytest.mark.parametrize(
    ("field", "severity"), [(date(2026, 3, 10), Severity.CRITICAL), (date(2026, 6, 30), Severity.MODERATE)]
)
def test_the_field_decides_how_severe_it_is(field: date, severity: Severity) -> None:
    item = Item(
        "k", "Proposed rule on patents: request for comments", "Comments are due April 28, 2026.", None, "en", None,
        "US", PUBLISHED, stated_dates=(in_field(Role.COMMENTS_CLOSE, field),),
    )  # fmt: skip
    found = judge(item, SourceContext("US"), LEXICONS)
    (due,) = found.obligations
    assert (due.date, due.stated, found.severity) == (field, True, severity)
    assert [each.date for each in due.against] == [date(2026, 4, 28)]


def test_a_role_that_a_field_states_is_not_computed_too() -> None:
    item = Item(
        "k", "Patent final rule", "The rule takes effect 60 days after publication.", None, "en", None, "US", PUBLISHED,
        stated_dates=(in_field(Role.IN_FORCE, date(2026, 5, 4)),),
    )  # fmt: skip
    assert [each.stated for each in judge(item, SourceContext("US"), LEXICONS).obligations] == [True]


def test_the_sources_own_number_is_kept_in_one_form_and_once() -> None:
    item = Item(
        "k", "Draft patent rule G/TBT/N/CHN/1234", "", None, "en", None, "WO", PUBLISHED, document_number="g/tbt/n/chn/1234"
    )  # fmt: skip
    assert judge(item, SourceContext("WO"), LEXICONS).identifiers == ("G/TBT/N/CHN/1234",)
