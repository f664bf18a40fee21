"""Find the instants at which an endpoint is told.

A slot is a local calendar date. Its instant is that date at the reader's own hour in the reader's own zone, so
a digest leaves once for each date, whatever clocks do meanwhile, and a missed slot is found by comparing
dates instead of counting hours. The date also keys the digest's row: a second digest for it cannot be written.

Units: instants are aware datetimes in UTC; ``Schedule.at`` is local wall time in whole minutes.
Source: PEP 495 for hours that a clock skips or repeats. ``fold=0`` keeps the offset in force before the change, so
a skipped 02:30 is told at 03:30, and a repeated 02:30 at its first turn.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.domain.errors import InputError, NaiveTimeError
from alerts.domain.people import Schedule
from alerts.domain.vocabulary import Rhythm

WORKING_DAYS = frozenset({1, 2, 3, 4, 5})

Works = Callable[[str, date], bool]  # whether people work on a day, by the calendar of a jurisdiction


@dataclass(frozen=True, slots=True)
class Slot:
    """One turn of a schedule: the local date that names it, and its instant (UTC)."""

    local_date: date
    at: datetime


def next_slot(schedule: Schedule, after: datetime, works: Works | None = None) -> Slot | None:
    """Return the first slot strictly later than ``after``; None for the immediate rhythm, which waits for nothing.

    ``works`` knows the calendar that a rhythm of working days may name; without it Monday to Friday count.

    Raises:
        NaiveTimeError: ``after`` has no offset, so it names no instant.
        InputError: the schedule's zone is unknown.
    """
    if schedule.rhythm is Rhythm.IMMEDIATE:
        return None
    today = _local_date(schedule, after, "after")
    slots = _slots((schedule, works), today - timedelta(days=1), timedelta(days=1))
    found = next(slot for slot in slots if slot.at > after)
    # Samoa skipped 30 December 2011: two dates fell on one instant, and the later one names it.
    following = next(slots)
    return following if following.at == found.at else found


def slot_for(schedule: Schedule, now: datetime, works: Works | None = None) -> str:
    """Return the date (ISO) of the newest slot at or before ``now``; for the immediate rhythm the local minute.

    After days of silence this names the one digest that makes up for all of them.

    Raises:
        NaiveTimeError: ``now`` has no offset, so it names no instant.
        InputError: the schedule's zone is unknown.
    """
    today = _local_date(schedule, now, "now")
    if schedule.rhythm is Rhythm.IMMEDIATE:
        return f"{now.astimezone(zone_of(schedule)):%Y-%m-%dT%H:%M}"
    slots = _slots((schedule, works), today + timedelta(days=1), timedelta(days=-1))
    return next(slot for slot in slots if slot.at <= now).local_date.isoformat()


def zone_of(schedule: Schedule) -> ZoneInfo:
    """Return the schedule's zone.

    Raises:
        InputError: it is not an IANA name that this machine knows.
    """
    try:
        return ZoneInfo(schedule.zone)
    except (KeyError, ValueError, OSError) as error:
        raise InputError(
            f"{schedule.zone!r} is not a time zone; use an IANA name such as Asia/Shanghai."
        ) from error


def _local_date(schedule: Schedule, instant: datetime, name: str) -> date:
    if instant.tzinfo is None:
        raise NaiveTimeError(name, instant)
    return instant.astimezone(zone_of(schedule)).date()


def _slots(plan: tuple[Schedule, Works | None], start: date, step: timedelta) -> Iterator[Slot]:
    """Yield slots from ``start`` on, day by day in the direction of ``step``."""
    schedule, works = plan
    zone, day = zone_of(schedule), start
    while True:
        if is_told(schedule, works, day):
            wall = datetime.combine(day, schedule.at.replace(tzinfo=None, fold=0), zone)
            yield Slot(day, wall.astimezone(UTC))
        day += step


def is_told(schedule: Schedule, works: Works | None, day: date) -> bool:
    """Return whether a local day is one of a schedule's own."""
    if schedule.rhythm is Rhythm.WEEKLY:
        return day.isoweekday() == int(schedule.weekday)
    if schedule.rhythm is not Rhythm.WORKING_DAYS:
        return True
    if schedule.calendar is not None and works is not None:
        return works(schedule.calendar, day)
    return day.isoweekday() in WORKING_DAYS
