"""What a change amounts to."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.changes import change_of
from alerts.domain.items import StoredItem
from alerts.domain.vocabulary import Change, Severity
from tests.digests import a_line

TEXT = "The final rule on trade mark fees takes effect after the usual time, and the office says how to pay."


def with_text(summary: str, title: str = "Final rule on fees") -> StoredItem:
    return a_line(1, title=title, summary=summary).stored


@pytest.mark.parametrize(
    ("summary", "change"),
    [
        (TEXT.upper(), Change.COSMETIC),
        (TEXT.replace(", and", " and"), Change.COSMETIC),
        (TEXT + " Applicants abroad must appoint an attorney.", Change.AMENDED),
        (TEXT + " The rule has been withdrawn.", Change.WITHDRAWN),
        (TEXT + " 该规定已被撤回。", Change.WITHDRAWN),
        (TEXT + " Die Regel wurde zurückgezogen.", Change.WITHDRAWN),
    ],
)
def test_a_change_of_the_text_has_its_class(summary: str, change: Change) -> None:
    assert change_of(with_text(TEXT), with_text(summary)) is change


def test_a_notice_about_a_withdrawal_that_is_edited_is_not_withdrawn_again() -> None:
    old = with_text("The application was withdrawn. " + TEXT)
    assert (
        change_of(
            old, with_text("The application was withdrawn. " + TEXT + " It may be filed anew by anybody.")
        )
        is Change.AMENDED
    )


def test_a_moved_date_a_graver_level_and_another_title_have_their_class() -> None:
    old = with_text(TEXT)
    judged = old.judgement
    (due,) = judged.obligations
    moved = replace(judged, obligations=(replace(due, date=due.date + timedelta(days=30)),))

    assert change_of(old, replace(old, judgement=moved)) is Change.DATE_MOVED
    assert (
        change_of(old, replace(old, judgement=replace(judged, severity=Severity.CRITICAL))) is Change.AMENDED
    )
    assert change_of(old, with_text(TEXT, "Interim rule on fees")) is Change.AMENDED
    assert change_of(old, replace(old, judgement=replace(judged, relevant=False))) is Change.WITHDRAWN


@given(st.text(max_size=200))
def test_what_did_not_change_is_cosmetic(text: str) -> None:
    assert change_of(with_text(text), with_text(text)) is Change.COSMETIC
