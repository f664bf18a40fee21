"""Quiet hours end once, at the reader's own wall time, also over midnight and through a change of clocks."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.errors import InputError
from alerts.domain.quiet import Quiet, read_quiet

MINUTES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
INSTANTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES = st.sampled_from(["UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])


@given(MINUTES, MINUTES, ZONES, INSTANTS)
def test_quiet_hours_are_over_when_they_say_and_within_a_day(
    start: time, end: time, zone: str, now: datetime
) -> None:
    quiet = Quiet(start, end)
    over = quiet.over(zone, now)

    if over is not None:
        assert now <= over <= now + timedelta(hours=25)
        assert quiet.over(zone, over) is None or over - now < timedelta(hours=2)


@pytest.mark.parametrize(
    ("hours", "now", "over"),
    [
        ("22:00-07:00", "2026-03-02T23:30", "2026-03-03T07:00"),
        ("22:00-07:00", "2026-03-03T06:59", "2026-03-03T07:00"),
        ("22:00-07:00", "2026-03-03T07:00", None),
        ("12:00-13:30", "2026-03-03T12:00", "2026-03-03T13:30"),
        ("12:00-13:30", "2026-03-03T11:59", None),
    ],
)
def test_quiet_hours_of_a_reader(hours: str, now: str, over: str | None) -> None:
    ends = read_quiet(hours).over("UTC", datetime.fromisoformat(now).replace(tzinfo=UTC))

    assert ends == (datetime.fromisoformat(over).replace(tzinfo=UTC) if over else None)


@pytest.mark.parametrize("text", ["", "22:00", "25:00-07:00", "22:00-22:00", "22-7", "22:00-07:00-08:00"])
def test_what_is_no_span_of_hours_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="22:00-07:00"):
        read_quiet(text)
