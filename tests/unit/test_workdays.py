"""Offices rest on the holidays of their jurisdiction, and organisations on those of their seat."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.domain.jurisdictions import JURISDICTIONS
from alerts.vigil import overdue
from alerts.workdays import calendar_of, is_holiday, rests, works

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("CN", "2026-02-17", "Spring Festival"),
        ("CN", "2025-10-06", "National Day week"),
        ("TW", "2026-02-17", "Lunar New Year"),
        ("KR", "2026-02-17", "Seollal"),
        ("VN", "2026-02-17", "Tết"),
        ("JP", "2026-05-05", "Golden Week"),
        ("US", "2026-11-26", "Thanksgiving"),
        ("DE", "2026-12-25", "Christmas"),
        ("EP", "2026-01-06", "Epiphany in Munich"),
        ("EM", "2026-04-03", "Good Friday"),
        ("WO", "2026-12-25", "Christmas in Geneva"),
        ("AE", "2026-03-20", "Eid al-Fitr"),
        ("OA", "2026-05-20", "National Day of Cameroon"),
        ("BX", "2026-04-27", "King's Day"),
    ],
)
def test_a_holiday_is_known_where_it_is_kept(code: str, day: str, name: str) -> None:
    assert is_holiday(code, date.fromisoformat(day)), name


@pytest.mark.parametrize(
    ("code", "day", "worked"),
    [
        ("CN", "2026-02-17", False),  # Spring Festival
        ("CN", "2026-02-14", True),  # a Saturday that makes up for it
        ("CN", "2026-02-28", True),
        ("CN", "2026-02-21", False),
        ("CN", "2026-03-11", True),
        ("DE", "2026-12-25", False),
        ("AE", "2026-03-14", False),  # a Saturday
        ("ZZ", "2026-03-14", False),  # no calendar: Monday to Friday
        ("ZZ", "2026-03-13", True),
    ],
)
def test_people_work_on_working_days_and_on_weekends_that_make_up_for_holidays(
    code: str, day: str, worked: bool
) -> None:
    assert works(code, date.fromisoformat(day)) == worked


def test_an_ordinary_day_is_none_and_neither_is_any_day_of_a_place_without_calendar() -> None:
    assert not any(rests(code, date(2026, 3, 11)) for code in ("CN", "US", "EP", "EM", "WO", "JP"))
    unknown = [code for code in JURISDICTIONS if calendar_of(code) is None]
    assert not any(rests(code, date(2026, 12, 25)) for code in unknown)
    assert len(unknown) < 40, unknown


def test_a_day_between_two_days_off_and_the_turn_of_the_year_are_rests_though_no_holidays() -> None:
    friday_after_ascension = date(2026, 5, 15)
    assert not is_holiday("EP", friday_after_ascension) and rests("EP", friday_after_ascension)
    for day in range(24, 32):
        assert rests("EP", date(2026, 12, day))
    assert not rests("CN", date(2026, 12, 29)) and not rests("EP", date(2026, 12, 23))


def daily(until: date) -> list[datetime]:
    """Return arrivals at noon on the forty days of work before ``until``."""
    days = [until - n * DAY for n in range(1, 90)]
    working = [day for day in days if day.weekday() < 5][:40]
    return [datetime(day.year, day.month, day.day, 4, tzinfo=UTC) for day in working]


@pytest.mark.parametrize(
    ("code", "zone", "first", "back"),
    [
        ("CN", "Asia/Shanghai", date(2026, 2, 14), date(2026, 2, 25)),
        ("EP", "Europe/Berlin", date(2026, 12, 24), date(2027, 1, 4)),
    ],
)
def test_an_office_that_keeps_its_feasts_is_not_silent_and_one_that_stays_away_is(
    code: str, zone: str, first: date, back: date
) -> None:
    arrivals = daily(first)
    returned = datetime(back.year, back.month, back.day, 12, tzinfo=UTC)
    at = ZoneInfo(zone)

    assert overdue(arrivals, returned, at, lambda day: rests(code, day)) is None
    assert overdue(arrivals, returned, at) is not None, "without its calendar it would be"
    assert overdue(arrivals, returned + 7 * DAY, at, lambda day: rests(code, day)) is not None
