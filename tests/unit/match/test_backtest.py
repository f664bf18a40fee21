"""What a draft watch would have brought."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.dates import Dated
from alerts.domain.items import StoredItem
from alerts.domain.vocabulary import DateOrigin, Right, Severity
from alerts.domain.watches import Criteria
from alerts.match import backtest
from alerts.match.backtest import day_of, neighbours
from tests.unit.match.test_fits import an_item

SPAN = (date(2026, 1, 1), date(2026, 1, 31))
DRAFT = Criteria(regions=("US",), terms=("Acme",))


def on(day: int, number: int = 1, title: str = "Acme patent case", **judgement: object) -> StoredItem:
    """Return an item first seen on a day of January."""
    return replace(
        an_item(title, **judgement), id=number, first_seen_at=datetime(2026, 1, day, 9, tzinfo=UTC)
    )


def test_items_are_counted_by_week_and_severity_with_the_empty_ones() -> None:
    items = [on(1), on(6, 2), on(7, 3, severity=Severity.CRITICAL), on(8, 4, "Globex patent case")]
    result = backtest(DRAFT, items, SPAN, 20)
    assert (result.looked_at, result.found, result.verdict) == (4, 3, "fine")
    assert [count for _, count in result.weeks] == [1, 2, 0, 0, 0]
    assert result.weeks[0][0] == date(2025, 12, 29)
    assert dict(result.severities)[Severity.CRITICAL] == 1
    assert result.sample[0].stored.id == 3 and result.sample[0].reasons


def test_a_draft_that_brings_nothing_shows_which_wish_keeps_what_away() -> None:
    draft = replace(DRAFT, rights=(Right.DESIGN,))
    result = backtest(draft, [on(5, rights=(Right.PATENT,))], SPAN, 20)
    assert result.verdict == "nothing"
    assert {one.without: one.added for one in result.wider} == {"region": 0, "right": 1, "term": 0}


def test_more_a_day_than_wanted_is_too_much() -> None:
    items = [on(5, number) for number in range(1, 33)]
    assert backtest(DRAFT, items, SPAN, 1).verdict == "too-much"
    assert backtest(DRAFT, items[:31], SPAN, 1).verdict == "fine"


def test_a_day_of_publication_that_lies_ahead_is_the_day_it_was_seen() -> None:
    seen = on(5)
    ahead = Dated(seen.first_seen_at + timedelta(days=9), DateOrigin.SOURCE)
    assert day_of(replace(seen, item=replace(seen.item, published=ahead))) == date(2026, 1, 5)


@given(st.lists(st.tuples(st.integers(1, 31), st.sampled_from(("Acme case", "Other case")))))
def test_weeks_and_severities_add_up_and_a_wider_draft_brings_no_less(days: list[tuple[int, str]]) -> None:
    items = [on(day, number, title) for number, (day, title) in enumerate(days, 1)]
    result = backtest(DRAFT, items, SPAN, 20)
    assert (
        sum(count for _, count in result.weeks)
        == sum(count for _, count in result.severities)
        == result.found
    )
    for (name, draft), wider in zip(neighbours(DRAFT), result.wider, strict=True):
        assert (wider.without, wider.added) == (name, backtest(draft, items, SPAN, 20).found - result.found)
