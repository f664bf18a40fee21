"""Find a source that has gone silent, measured against its own rhythm.

A feed is silent when nothing new came for longer than four of its median gaps, at least three days, and longer than the
pauses it is known to make (the 95th percentile of its gaps, up to three times the first limit, so that one dead half-year
is not taken for a habit). Days of the week on which the source hardly ever publishes do not count, neither now nor
in the gaps: a court that rests at weekends, or an office that rests on Friday, is not silent on Monday. Nor do
the public holidays that the caller knows of.

Units: instants aware, UTC; days are those of the feed's own zone.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from statistics import median

LEAST = timedelta(days=3)
TIMES_MEDIAN = 4
TIMES_LIMIT = 3  # how far a known pause may stretch the limit
LEAST_GAPS = 4  # fewer arrivals show no rhythm
HARDLY_EVER = 0.04  # share of arrivals on a weekday that rests
WEEKDAYS_KNOWN = 14  # arrivals from which resting days are learnt; before that it is Saturday and Sunday
WEEKEND = frozenset({5, 6})
DAY = timedelta(days=1)
_FURTHEST = 800  # days looked at in one gap
Rests = Callable[[date], bool]  # whether nobody works on a day


def never(_day: date) -> bool:
    """Return that no day is known on which nobody works."""
    return False


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a source publishes: working time between arrivals, and after how much of it silence is remarkable."""

    usual_gap: timedelta
    limit: timedelta
    resting: frozenset[int]  # weekdays, Monday is 0


def overdue(arrivals: Sequence[datetime], now: datetime, zone: tzinfo, rests: Rests = never) -> Rhythm | None:
    """Return the rhythm of a source that is silent now, None when it is not, or has shown no rhythm yet."""
    rhythm = _rhythm(arrivals, zone, rests)
    if rhythm is None:
        return None
    silent = working(max(arrivals), now, zone, _off(rhythm.resting, rests))
    return rhythm if silent > rhythm.limit else None


def _rhythm(arrivals: Sequence[datetime], zone: tzinfo, rests: Rests) -> Rhythm | None:
    moments = sorted(set(arrivals))
    if len(moments) <= LEAST_GAPS:
        return None
    resting = _resting(moments, zone)
    off = _off(resting, rests)
    gaps = sorted(working(a, b, zone, off) for a, b in pairwise(moments))
    usual = timedelta(seconds=median(gap.total_seconds() for gap in gaps))
    first = max(TIMES_MEDIAN * usual, LEAST)
    known_pause = gaps[min(len(gaps) - 1, int(0.95 * len(gaps)))]
    return Rhythm(usual, min(max(first, known_pause), TIMES_LIMIT * first), resting)


def _resting(moments: Sequence[datetime], zone: tzinfo) -> frozenset[int]:
    counted = Counter(moment.astimezone(zone).weekday() for moment in moments)
    if len(moments) < WEEKDAYS_KNOWN:
        return frozenset(day for day in WEEKEND if not counted[day])
    rare = frozenset(day for day in range(7) if counted[day] <= HARDLY_EVER * len(moments))
    return rare if len(rare) <= 3 else frozenset(day for day in WEEKEND if not counted[day])


def _off(resting: frozenset[int], rests: Rests) -> Rests:
    return lambda day: day.weekday() in resting or rests(day)


def working(start: datetime, end: datetime, zone: tzinfo, off: Rests) -> timedelta:
    """Return the time from ``start`` to ``end`` without the days that are ``off`` in ``zone``."""
    total, moment, last = timedelta(0), start.astimezone(zone), end.astimezone(zone)
    for _ in range(_FURTHEST):
        if moment >= last:
            return total
        midnight = datetime.combine(moment.date() + DAY, time(), zone)
        until = min(midnight, last)
        if not off(moment.date()):
            total += until - moment
        moment = until
    return total + (last - moment)
