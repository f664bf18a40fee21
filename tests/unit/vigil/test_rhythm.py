"""Silence is measured against a source's own rhythm: its usual gap, its resting days, its known pauses."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.vigil import overdue
from alerts.vigil.rhythm import working

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def weekdays(count: int, resting: tuple[int, ...] = (5, 6)) -> list[datetime]:
    """Return an arrival at noon on each of the last days that are no resting day, until Monday."""
    days = (MONDAY - n * DAY for n in range(10 * count))
    return [day for day in days if day.weekday() not in resting][:count]


@settings(max_examples=100)
@given(
    st.lists(st.integers(1, 3000), min_size=1, max_size=60),
    st.integers(0, 72),
    st.sampled_from(["UTC", "Asia/Shanghai"]),
)
def test_nobody_is_called_silent_within_three_days(gaps: list[int], hours: int, zone: str) -> None:
    moments = [MONDAY]
    for gap in gaps:
        moments.append(moments[-1] - timedelta(hours=gap))
    assert overdue(moments, MONDAY + timedelta(hours=hours), ZoneInfo(zone)) is None


@given(st.integers(0, 400), st.integers(0, 400), st.frozensets(st.integers(0, 6), max_size=3))
def test_working_time_is_never_longer_than_time_and_adds_up(a: int, b: int, resting: frozenset[int]) -> None:
    middle, end = MONDAY + timedelta(hours=a), MONDAY + timedelta(hours=a + b)
    whole = working(MONDAY, end, UTC, lambda day: day.weekday() in resting)
    assert whole == working(MONDAY, middle, UTC, lambda day: day.weekday() in resting) + working(
        middle, end, UTC, lambda day: day.weekday() in resting
    )
    assert whole <= end - MONDAY
    if not resting:
        assert whole == end - MONDAY


def test_a_daily_source_is_silent_after_four_working_days() -> None:
    moments = weekdays(30)
    assert overdue(moments, MONDAY + 4 * DAY, UTC) is None
    rhythm = overdue(moments, MONDAY + 4 * DAY + timedelta(hours=1), UTC)
    assert rhythm is not None
    assert (rhythm.usual_gap, rhythm.limit, rhythm.resting) == (DAY, 4 * DAY, {5, 6})


def test_a_weekend_does_not_count() -> None:
    thursday = weekdays(30)[2]
    moments = [moment for moment in weekdays(30) if moment <= thursday]
    assert thursday.weekday() == 3
    assert overdue(moments, thursday + 6 * DAY - timedelta(hours=1), UTC) is None
    assert overdue(moments, thursday + 6 * DAY + timedelta(hours=1), UTC) is not None


def test_an_office_that_rests_on_friday_and_saturday_is_measured_by_its_own_week() -> None:
    moments = weekdays(40, resting=(4, 5))
    rhythm = overdue(moments, MONDAY + 9 * DAY, ZoneInfo("Asia/Riyadh"))
    assert rhythm is not None and rhythm.resting == {4, 5}


def test_a_pause_that_the_source_is_known_to_make_is_no_silence() -> None:
    moments = [MONDAY - n * DAY for n in range(20)]
    with_pauses = [moment for moment in moments if not 4 <= (MONDAY - moment).days <= 9]
    assert overdue(moments, MONDAY + 6 * DAY, UTC) is not None
    assert overdue(with_pauses, MONDAY + 6 * DAY, UTC) is None


def test_one_dead_half_year_is_not_taken_for_a_habit() -> None:
    moments = [MONDAY - n * DAY for n in range(8)] + [MONDAY - (180 + n) * DAY for n in range(3)]
    assert overdue(moments, MONDAY + 13 * DAY, UTC) is not None


def test_a_monthly_gazette_has_a_long_breath() -> None:
    moments = [MONDAY - 30 * n * DAY for n in range(10)]
    assert overdue(moments, MONDAY + 100 * DAY, UTC) is None
    assert overdue(moments, MONDAY + 190 * DAY, UTC) is not None


def test_a_source_that_has_shown_no_rhythm_is_not_judged() -> None:
    assert overdue([MONDAY - n * DAY for n in range(4)], MONDAY + 400 * DAY, UTC) is None
    assert overdue([], MONDAY, UTC) is None
