"""Hours in which a reader wants to hear of nothing but what is critical."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.domain.errors import InputError

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–—]\s*([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From ``start`` up to ``end``, local wall time in whole minutes; over midnight where ``end`` is the earlier one."""

    start: time
    end: time

    def holds(self, at: time) -> bool:
        """Return whether a wall time lies within."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def over(self, zone: str, now: datetime) -> datetime | None:
        """Return when the quiet that holds at ``now`` is over (UTC); None when none holds.

        An end that a clock skips or repeats is taken at the offset before the change (PEP 495, ``fold=0``), like a slot.
        """
        place = ZoneInfo(zone)
        local = now.astimezone(place)
        if not self.holds(local.time()):
            return None
        day = local.date() + timedelta(days=1 if local.time() >= self.end else 0)
        return max(datetime.combine(day, self.end, place).astimezone(UTC), now)

    def __str__(self) -> str:
        """Return the hours as they are written: ``22:00-07:00``."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def read_quiet(text: str) -> Quiet:
    """Return the hours that somebody wrote, such as ``22:00-07:00``.

    Raises:
        InputError: they are none, or begin and end at the same time.
    """
    found = _HOURS.fullmatch(text.strip())
    if found is None or found.group(1, 2) == found.group(3, 4):
        raise InputError(f"{text!r} are no quiet hours; write them such as 22:00-07:00.")
    hours = [int(part) for part in found.groups()]
    return Quiet(time(hours[0], hours[1]), time(hours[2], hours[3]))
