"""Find the instants at which an endpoint is told.

A slot is a local calendar date. Its instant is that date at the reader's own hour in the reader's own zone, so
a digest leaves once for each date, whatever clocks do meanwhile, and a missed slot is found by comparing
dates instead of counting hours. The date also keys the digest's row: a second digest for it cannot be written.

Units: instants are aware datetimes in UTC; ``Schedule.at`` is local wall time in whole minutes.
Source: PEP 495 for hours that a clock skips or repeats. ``fold=0`` keeps the offset in force before the change, so
a skipped 02:30 is told at 03:30, and a repeated 02:30 at its first turn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.domain.errors import InputError, NaiveTimeError
from alerts.domain.people import Schedule
from alerts.domain.vocabulary import Rhythm

WORKING_DAYS = frozenset({1, 2, 3, 4, 5})
EVERY_DAY = WORKING_DAYS | {6, 7}


@dataclass(frozen=True, slots=True)
class Slot:
    """One turn of a schedule: the local date that names it, and its instant (UTC)."""

    local_date: date
    at: datetime


def next_slot(schedule: Schedule, after: datetime) -> Slot | None:
    """Return the first slot strictly later than ``after``; None for the immediate rhythm, which waits for nothing.

    Raises:
        NaiveTimeError: ``after`` has no offset, so it names no instant.
        InputError: the schedule's zone is unknown.
    """
    if schedule.rhythm is Rhythm.IMMEDIATE:
        return None
    today = _local_date(schedule, after, "after")
    slots = _slots(schedule, today - timedelta(days=1), timedelta(days=1))
    found = next(slot for slot in slots if slot.at > after)
    # Samoa skipped 30 December 2011: two dates fell on one instant, and the later one names it.
    following = next(slots)
    return following if following.at == found.at else found


def slot_for(schedule: Schedule, now: datetime) -> str:
    """Return the date (ISO) of the newest slot at or before ``now``; for the immediate rhythm today's local date.

    After days of silence this names the one digest that makes up for all of them.

    Raises:
        NaiveTimeError: ``now`` has no offset, so it names no instant.
        InputError: the schedule's zone is unknown.
    """
    today = _local_date(schedule, now, "now")
    if schedule.rhythm is Rhythm.IMMEDIATE:
        return today.isoformat()
    slots = _slots(schedule, today + timedelta(days=1), timedelta(days=-1))
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


def _slots(schedule: Schedule, start: date, step: timedelta) -> Iterator[Slot]:
    """Yield slots from ``start`` on, day by day in the direction of ``step``."""
    zone, weekdays, day = zone_of(schedule), _weekdays(schedule), start
    while True:
        if day.isoweekday() in weekdays:
            wall = datetime.combine(day, schedule.at.replace(tzinfo=None, fold=0), zone)
            yield Slot(day, wall.astimezone(UTC))
        day += step


def _weekdays(schedule: Schedule) -> frozenset[int]:
    if schedule.rhythm is Rhythm.WEEKLY:
        return frozenset({int(schedule.weekday)})
    return WORKING_DAYS if schedule.rhythm is Rhythm.WORKING_DAYS else EVERY_DAY
