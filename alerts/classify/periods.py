"""Periods of law and where they end: days, working days, weeks, months, years after an event.

The day of the event is never counted (19 CFR 201.14(a), § 187 BGB, EPC Rule 131(2), 民法典第二百零一条). A month ends on
the day with the same number, or on the month's last day where there is none (EPC Rule 131(4), § 188(3) BGB).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

LONGEST = 4_000  # days


class Unit(StrEnum):
    """What a period is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working-days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Period:
    """So many units; with ``roll`` it ends on the next working day when its last day is none."""

    number: int
    unit: Unit
    roll: bool = False


class Calendars(Protocol):
    """Who knows the public holidays of a jurisdiction (ST.3 code)."""

    def __hash__(self) -> int:
        """Return a hash, so that one can be a key."""
        ...

    def is_holiday(self, jurisdiction: str, day: date) -> bool:
        """Return whether the day is a public holiday there."""
        ...

    def calendar_of(self, jurisdiction: str) -> tuple[str, str | None] | None:
        """Return the calendar that holds there, None where none is known."""
        ...


class WeekendsOnly:
    """Calendars of someone who knows no holidays but Saturdays and Sundays."""

    def is_holiday(self, jurisdiction: str, day: date) -> bool:  # noqa: ARG002
        """Return False."""
        return False

    def calendar_of(self, jurisdiction: str) -> tuple[str, str | None] | None:
        """Return a calendar without days, whatever the jurisdiction."""
        return (jurisdiction, None)


def ends(event: date, period: Period, office: str, calendars: Calendars) -> date | None:
    """Return the last day of a period that ``event`` sets off, by the holidays of ``office``; None beyond the year 9999."""
    try:
        last = _last(event, period, office, calendars)
        while period.roll and not _works(last, office, calendars):
            last += timedelta(days=1)
    except (OverflowError, ValueError):
        return None
    return last


def _last(event: date, period: Period, office: str, calendars: Calendars) -> date:
    number = min(period.number, LONGEST)
    if period.unit is Unit.WORKING_DAYS:
        return _working(event, number, office, calendars)
    if period.unit in (Unit.DAYS, Unit.WEEKS):
        return event + timedelta(days=number * (7 if period.unit is Unit.WEEKS else 1))
    months = event.month - 1 + number * (12 if period.unit is Unit.YEARS else 1)
    year, month = event.year + months // 12, months % 12 + 1
    return date(year, month, min(event.day, monthrange(year, month)[1]))


def _working(event: date, number: int, office: str, calendars: Calendars) -> date:
    day = event
    while number:
        day += timedelta(days=1)
        number -= _works(day, office, calendars)
    return day


def _works(day: date, office: str, calendars: Calendars) -> bool:
    return day.weekday() < 5 and not calendars.is_holiday(office, day)
