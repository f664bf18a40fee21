"""A slot is a local calendar date: one digest for each, whatever the clocks do."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.digest import next_slot, slot_for
from alerts.domain.errors import InputError, NaiveTimeError
from alerts.domain.people import Schedule
from alerts.domain.vocabulary import Rhythm, Weekday


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


zones = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
schedules = st.builds(
    Schedule,
    rhythm=st.sampled_from([Rhythm.DAILY, Rhythm.WEEKLY, Rhythm.WORKING_DAYS]),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    zone=zones,
    weekday=st.sampled_from(Weekday),
)
instants = st.integers(0, 70 * 365 * 24 * 60).map(
    lambda minutes: utc("1990-01-01") + timedelta(minutes=minutes)
)


@pytest.mark.parametrize(
    ("zone", "at", "after", "expected", "local_date"),
    [
        pytest.param("Europe/Berlin", time(8), "2026-03-28T12:00", "2026-03-29T06:00", "2026-03-29", id="spring"),
        pytest.param("Europe/Berlin", time(8), "2026-10-24T12:00", "2026-10-25T07:00", "2026-10-25", id="autumn"),
        pytest.param("Europe/Berlin", time(2, 30), "2026-03-28T12:00", "2026-03-29T01:30", "2026-03-29", id="skipped-hour-is-told-after-it"),
        pytest.param("Europe/Berlin", time(2, 30), "2026-10-24T12:00", "2026-10-25T00:30", "2026-10-25", id="repeated-hour-is-told-at-its-first-turn"),
        pytest.param("Europe/Berlin", time(2, 30), "2026-10-25T00:30", "2026-10-26T01:30", "2026-10-26", id="repeated-hour-is-not-told-twice"),
        pytest.param("Africa/Cairo", time(0), "2026-04-23T12:00", "2026-04-23T22:00", "2026-04-24", id="skipped-midnight-loses-no-day"),
        pytest.param("America/Santiago", time(0), "2026-09-05T12:00", "2026-09-06T04:00", "2026-09-06", id="skipped-midnight-in-the-south"),
        pytest.param("Australia/Lord_Howe", time(2, 15), "2026-10-03T12:00", "2026-10-03T15:45", "2026-10-04", id="half-hour-gap"),
        pytest.param("Pacific/Apia", time(8), "2011-12-30T00:00", "2011-12-30T18:00", "2011-12-31", id="date-that-never-was-falls-on-the-next"),
        pytest.param("Pacific/Apia", time(8), "2011-12-30T18:00", "2011-12-31T18:00", "2012-01-01", id="and-is-told-once"),
        pytest.param("Asia/Shanghai", time(8), "2026-11-22T00:00", "2026-11-23T00:00", "2026-11-23", id="strictly-later"),
        pytest.param("Pacific/Kiritimati", time(0), "2026-03-02T10:30", "2026-03-03T10:00", "2026-03-04", id="a-day-ahead-of-utc"),
    ],
)  # fmt: skip
def test_daily_slots_of_odd_days(zone: str, at: time, after: str, expected: str, local_date: str) -> None:
    slot = next_slot(Schedule(at=at, zone=zone), utc(after))

    assert slot is not None
    assert slot.at == utc(expected)
    assert slot.local_date.isoformat() == local_date


@given(schedules, instants)
def test_the_next_slot_is_later_within_the_rhythm_and_named_alike_from_both_sides(
    schedule: Schedule, after: datetime
) -> None:
    slot = next_slot(schedule, after)

    assert slot is not None
    assert after < slot.at < after + timedelta(days=9)
    assert slot_for(schedule, slot.at) == slot.local_date.isoformat()


@given(schedules, instants)
def test_slots_follow_each_other_by_rising_dates(schedule: Schedule, after: datetime) -> None:
    first = next_slot(schedule, after)
    assert first is not None
    second = next_slot(schedule, first.at)
    assert second is not None

    assert second.at > first.at
    assert second.local_date > first.local_date
    between = first.at + (second.at - first.at) / 2
    assert slot_for(schedule, between) == first.local_date.isoformat()


@given(schedules, instants)
def test_the_offset_that_an_instant_is_written_in_does_not_matter(
    schedule: Schedule, after: datetime
) -> None:
    far_west = after.astimezone(ZoneInfo("Etc/GMT+12"))

    assert next_slot(schedule, far_west) == next_slot(schedule, after)


@given(schedules, instants)
def test_no_slot_lies_between_an_instant_and_the_next(schedule: Schedule, after: datetime) -> None:
    slot = next_slot(schedule, after)

    assert slot is not None
    assert slot_for(schedule, slot.at - timedelta(microseconds=1)) == slot_for(schedule, after)


def test_a_slot_of_today_that_is_still_ahead_is_the_next() -> None:
    slot = next_slot(Schedule(at=time(8), zone="Asia/Shanghai"), utc("2026-11-21T17:00"))

    assert slot is not None
    assert (slot.local_date.isoformat(), slot.at) == ("2026-11-22", utc("2026-11-22T00:00"))


def test_a_date_that_has_begun_counts_when_the_clock_steps_back_into_the_day_before() -> None:
    # In Newfoundland clocks went from 00:01 on 7 November 2010 back to 23:01 on the 6th.
    schedule = Schedule(at=time(0), zone="America/St_Johns")

    assert slot_for(schedule, utc("2010-11-07T02:45")) == "2010-11-07"


def test_two_dates_behind_is_still_the_same_instant() -> None:
    schedule = Schedule(at=time(0), zone="Pacific/Kiritimati")  # UTC+14
    now = utc("2026-03-02T10:30")

    assert (
        slot_for(schedule, now.astimezone(ZoneInfo("Etc/GMT+12"))) == slot_for(schedule, now) == "2026-03-03"
    )


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [(Rhythm.WEEKLY, "2026-11-26"), (Rhythm.WORKING_DAYS, "2026-11-23"), (Rhythm.DAILY, "2026-11-21")],
)
def test_a_rhythm_picks_its_days(rhythm: Rhythm, expected: str) -> None:
    friday_noon = utc("2026-11-20T12:00")

    slot = next_slot(Schedule(rhythm=rhythm, weekday=Weekday.THURSDAY), friday_noon)

    assert slot is not None
    assert slot.local_date.isoformat() == expected


def test_a_weekly_digest_on_the_day_that_samoa_skipped_is_told_a_day_later() -> None:
    schedule = Schedule(Rhythm.WEEKLY, time(8), "Pacific/Apia", Weekday.FRIDAY)

    slot = next_slot(schedule, utc("2011-12-29T12:00"))

    assert slot is not None
    assert (slot.local_date.isoformat(), slot.at) == ("2011-12-30", utc("2011-12-30T18:00"))


def test_after_three_days_of_silence_there_is_one_slot_to_make_up() -> None:
    schedule = Schedule(zone="Asia/Shanghai")

    assert slot_for(schedule, utc("2026-11-22T05:00")) == "2026-11-22"
    assert slot_for(schedule, utc("2026-11-21T23:59")) == "2026-11-21"


def test_the_immediate_rhythm_waits_for_no_slot() -> None:
    schedule = Schedule(Rhythm.IMMEDIATE, zone="Asia/Shanghai")

    assert next_slot(schedule, utc("2026-11-22T17:00")) is None
    assert slot_for(schedule, utc("2026-11-22T17:00")) == "2026-11-23T01:00"


def test_working_days_follow_the_calendar_that_a_schedule_names() -> None:
    schedule = Schedule(Rhythm.WORKING_DAYS, calendar="CN")
    friday = utc("2026-02-13T12:00")

    made_up = next_slot(schedule, friday, lambda _, day: day.isoformat() >= "2026-02-14")
    assert made_up is not None and made_up.local_date.isoformat() == "2026-02-14"
    usual = next_slot(schedule, friday)
    assert usual is not None and usual.local_date.isoformat() == "2026-02-16"


@pytest.mark.parametrize("function", [next_slot, slot_for])
def test_a_time_without_offset_is_refused(function: object) -> None:
    with pytest.raises(NaiveTimeError):
        function(Schedule(), utc("2026-11-22T08:00").replace(tzinfo=None))  # type: ignore[operator]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "", "Europe"])
def test_an_unknown_zone_is_refused_by_name(zone: str) -> None:
    with pytest.raises(InputError, match="is not a time zone"):
        next_slot(Schedule(zone=zone), utc("2026-11-22T00:00"))
