"""When an endpoint is told: the slot rule with the working days of the reader's own calendar."""

from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.digest import is_told, next_slot, slot_for
from alerts.domain.errors import InputError
from alerts.domain.people import Schedule
from alerts.domain.vocabulary import Rhythm
from alerts.workdays import calendar_of, works


def following(schedule: Schedule, now: datetime) -> datetime | None:
    """Return when the next digest of a schedule is due (UTC); None for the immediate rhythm."""
    slot = next_slot(schedule, now, works)
    return slot.at if slot else None


def slot_name(schedule: Schedule, now: datetime) -> str:
    """Return the name of the slot that a digest made at ``now`` fills."""
    return slot_for(schedule, now, works)


def check_schedule(schedule: Schedule) -> None:
    """Refuse a schedule that cannot be kept.

    Raises:
        InputError: its calendar is not known, or its hour lies within its quiet hours; one sentence.
    """
    if schedule.calendar is not None and calendar_of(schedule.calendar) is None:
        raise InputError(
            f"calendar: no public holidays are known for {schedule.calendar!r}; use the code of a state such as CN."
        )
    waits = schedule.rhythm is not Rhythm.IMMEDIATE
    if schedule.quiet is not None and waits and schedule.quiet.holds(schedule.at):
        raise InputError(
            f"quiet: the digest's hour {schedule.at:%H:%M} lies within the quiet hours {schedule.quiet}; move one of them."
        )


def is_away(schedule: Schedule, now: datetime) -> bool:
    """Return whether a reader who is told on working days has none at this moment."""
    today = now.astimezone(ZoneInfo(schedule.zone)).date()
    return schedule.rhythm is Rhythm.WORKING_DAYS and not is_told(schedule, works, today)
