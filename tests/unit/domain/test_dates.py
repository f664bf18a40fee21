"""Dates are read as their source means them, or not at all."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.dates import find_day_text, plausible, plausible_day, read_date, read_day
from alerts.domain.hijri import gregorian
from alerts.domain.items import Dated
from alerts.domain.vocabulary import DateOrigin

TOKYO = ZoneInfo("Asia/Tokyo")
THE_DAY = date(2026, 11, 20)
date_limits = (datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01"))
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
zones = st.sampled_from(
    ["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Apia", "America/Sao_Paulo", "Europe/Moscow"]
)


@given(days, zones)
def test_a_day_without_a_time_is_that_day_in_the_zone_of_its_source(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    dated = read_date(day.isoformat(), zone)
    assert dated is not None
    assert dated.day_only
    assert dated.at.astimezone(zone).date() == day


@given(st.datetimes(date_limits[0], date_limits[1]), st.integers(-12 * 60, 14 * 60))
def test_an_instant_with_an_offset_is_that_instant(local: datetime, minutes: int) -> None:
    instant = local.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert read_date(instant.isoformat(), TOKYO) == Dated(instant.astimezone(UTC), DateOrigin.SOURCE)
    written = instant.strftime("%a, %d %b %Y %H:%M:%S %z")
    assert read_date(written, TOKYO) == Dated(instant.astimezone(UTC), DateOrigin.SOURCE)


@given(days)
def test_a_numeric_date_is_read_only_when_it_can_be_one_day(day: date) -> None:
    one_reading = day.day > 12 or day.day == day.month
    assert read_day(day.strftime("%d/%m/%Y")) == (day if one_reading else None)
    assert read_day(day.strftime("%d/%m/%Y"), "DMY") == day
    assert read_day(day.strftime("%m/%d/%Y"), "MDY") == day


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_but_never_breaks(text: str) -> None:
    read_date(text, TOKYO, "DMY", "pl")
    find_day_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20", "2026/11/20", "2026.11.20.", "2026. 11. 20.", "20261120", "20 November 2026", "November 20, 2026",
        "Friday, November 20th, 2026", "20-Nov-2026", "20. November 2026", "20 novembre 2026", "20 de noviembre de 2026",
        "20 de novembro de 2026", "20 noiembrie 2026", "20 ноября 2026 г.", "20 листопада 2026", "20 Kasım 2026", "20 november 2026",
        "2026. november 20.", "2026 m. lapkričio 20 d.", "20 Νοεμβρίου 2026", "20 نوفمبر 2026", "20 בנובמבר 2026", "ngày 20 tháng 11 năm 2026",
        "2026年11月20日", "２０２６年１１月２０日", "二〇二六年十一月二十日", "民國115年11月20日", "中華民國一百一十五年十一月二十日", "115/11/20",
        "令和8年11月20日", "R8.11.20", "2026년 11월 20일", "20 พฤศจิกายน 2569", "๒๐ พ.ย. ๒๕๖๙", "20/11/2569", "20/11/2026", "20.11.2026",
        "Published on 20 November 2026 by the office", "10 جمادى الآخرة 1448هـ", "١٠ جمادى الآخرة ١٤٤٨", "1448/06/10هـ", "10-06-1448 هـ",
        "10 Jumada al-Thani 1448", "10/6/1448 AH",
    ],
)  # fmt: skip
def test_the_same_day_is_read_in_the_forms_of_many_offices(text: str) -> None:
    language = "uk" if "листопада" in text else None
    assert read_day(text, language=language) == THE_DAY


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("Fri, 20 Nov 2026 10:00:00 GMT", 10), ("Fri, 20 Nov 2026 10:00:00 EST", 15), ("20 Nov 26 10:00 PDT", 17),
        ("Fri Nov 20 10:00:00 2026", 1), ("2026-11-20 10:00", 1), ("2026-11-20T10:00:00.123Z", 10), ("20261120T100000Z", 10),
        ("2026年11月20日 下午3:05", 6), ("Nov 20 2026 11:30 PM", 14), ("20 Nov 2026 10:00 IST", 1),
    ],
)  # fmt: skip
def test_a_time_is_read_with_its_zone_or_in_the_zone_of_its_source(text: str, hour: int) -> None:
    dated = read_date(text, TOKYO)
    assert dated is not None
    assert (dated.at.hour, dated.day_only) == (hour, False)


def test_a_zone_that_means_several_is_taken_for_the_zone_of_its_source_and_says_so() -> None:
    assert read_date("20 Nov 2026 10:00 IST", TOKYO) == Dated(
        datetime(2026, 11, 20, 1, tzinfo=UTC), DateOrigin.ZONE_INFERRED
    )


@pytest.mark.parametrize(
    "text",
    ["", "soon", "11/12/2026", "11.12.2026", "01/02/03", "2026-02-30", "0000-00-00", "11月20日", "2026-11", "20 listopada 2026",
     "11/12/2026, corrected 20 Nov 2026"],
)  # fmt: skip
def test_what_could_be_two_days_or_none_is_refused(text: str) -> None:
    assert read_day(text) is None


def test_a_name_that_is_two_months_is_read_with_its_language() -> None:
    assert read_day("20 listopada 2026", language="pl") == THE_DAY
    assert read_day("20 listopada 2026", language="hr") == date(2026, 10, 20)


def test_seconds_and_milliseconds_since_1970_are_instants() -> None:
    instant = datetime(2026, 11, 20, 10, tzinfo=UTC)
    for text in ("1795168800", "1795168800000"):
        assert read_date(text, TOKYO) == Dated(instant, DateOrigin.SOURCE)


def test_an_absurd_date_is_not_used() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)

    def at(moment: datetime) -> Dated:
        return Dated(moment, DateOrigin.SOURCE)

    assert plausible(at(now + timedelta(hours=35)), now)
    assert plausible(at(now + timedelta(hours=37)), now) is None
    assert plausible(at(datetime(1989, 12, 31, tzinfo=UTC)), now) is None
    assert plausible_day(date(2040, 1, 1), now)
    assert plausible_day(date(9999, 1, 1), now) is None


def test_the_words_of_a_date_are_found_beside_other_words() -> None:
    assert find_day_text("New fees for design filings (20 November 2026) | PDF") == "20 November 2026"
    assert find_day_text("关于商标审查指南的公告 2026-11-20") == "2026-11-20"
    assert find_day_text("no date here") is None


@pytest.mark.parametrize(
    ("zone", "name", "hour"),
    [
        ("Asia/Shanghai", "CST", 2),
        ("America/New_York", "CST", 16),
        ("Asia/Kolkata", "IST", 4),
        ("Asia/Jerusalem", "IST", 8),
        ("Europe/London", "GMT", 10),
    ],
)
def test_a_zone_name_means_the_sources_own_zone_where_that_is_called_so(
    zone: str, name: str, hour: int
) -> None:
    dated = read_date(f"20 Nov 2026 10:00 {name}", ZoneInfo(zone))
    assert dated is not None
    assert (dated.at.hour, dated.origin) == (hour, DateOrigin.SOURCE)


def test_the_days_of_the_hijri_table_follow_each_other_without_a_gap() -> None:
    found = [
        day
        for year in range(1410, 1501)
        for month in range(1, 13)
        for number in (1, 29, 30)
        if (day := gregorian(year, month, number))
    ]
    assert (found[0], found[-1].year, len(found) > 2 * 91 * 12) == (date(1989, 8, 2), 2077, True)
    assert {(later - earlier).days for earlier, later in pairwise(found)} == {1, 28}


def test_known_beginnings_of_the_hijri_calendar_and_days_that_are_none() -> None:
    assert gregorian(1446, 1, 1) == date(2024, 7, 7)
    assert gregorian(1447, 9, 1) == date(2026, 2, 18), "Ramadan"
    assert gregorian(1448, 6, 31) is None and gregorian(1409, 1, 1) is None and gregorian(1501, 1, 1) is None
    assert read_day("1405/08/29") is None, "a year of Iran's calendar is no Hijri year"
