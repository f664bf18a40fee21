"""Say when a source is asked next.

The admin's interval is what we want; the server's word is what we keep to. A floor that the server sets (freshness
of the answer, the feed's own ttl, hours and days it wants left alone, Retry-After) wins even over an interval that an
admin chose, and the reason says so. Jitter only ever adds, so no floor is broken by it. Failures double the
interval up to a day and never end the asking: hosts that answered 404 for days have come back. Only a source that
has said for a day that it is gone (410) is asked once a month.

Where nobody wrote an interval the feed's own rhythm decides: half the median gap between its arrivals, within
the bounds of its class (``alerts.domain.pace``). A source whose class nobody chose is asked once a day when its
server gives no validators or does not look at them.

Where the history of a feed is known, the window guard asks sooner: a document that shows the last ``w`` items of a
source that publishes ``r`` an hour loses items after w / r hours, so it is asked within a third of that. It wins
over interval and class, since a lost item is worse than an early question, but not over the server's floors, and
even then a source is left alone for five minutes. Where a floor lets neither the promise of the class nor
the guard be kept, the answer says so in ``shortfall``.

Units: instants aware, UTC; jitter a fraction from 0 to below 1; skip hours and days in GMT, as RSS 2.0 has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from alerts.domain.pace import JITTER, Bounds
from alerts.domain.vocabulary import GOOD_OUTCOMES, Outcome
from alerts.fetch.patience import NOTHING, RETRY_CAP, freshness

DAY = timedelta(hours=24)
LEAST = timedelta(minutes=5)
MONTH = timedelta(days=30)
UNKNOWN = timedelta(minutes=60)  # where there is no history
BLOCKED = timedelta(hours=4)  # a bot check takes questions one after the other for one more proof
_DOUBLINGS = 12  # more would only overflow; the cap is reached long before


@dataclass(frozen=True, slots=True)
class PaceInput:
    """What is known when a poll has ended.

    ``started_at`` is when it began, ``failures`` how many polls in a row failed, this one included. ``headers`` are
    those of a 200 or 304; ``ttl`` and ``skip_hours`` what the document itself says; ``retry_at`` the end of
    the server's Retry-After. ``observed_rate`` is in items per hour, ``window_size`` in items. ``bounds`` are set where
    nobody wrote an interval: then ``median_gap`` decides between them. ``unconditional``: the server gives no
    validators that work, and nobody chose a class all the same. ``urgent``: asked also in hours and on days that the feed
    leaves out. ``gone_for_good``: it has said 410 for a day.
    """

    started_at: datetime
    interval: timedelta
    outcome: Outcome
    failures: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    retry_at: datetime | None = None
    observed_rate: float | None = None
    window_size: int | None = None
    skip_days: frozenset[int] = frozenset()
    bounds: Bounds | None = None
    median_gap: timedelta | None = None
    unconditional: bool = False
    urgent: bool = False
    gone_for_good: bool = False


@dataclass(frozen=True, slots=True)
class NextPoll:
    """When to ask next; ``interval`` is the pause before jitter, ``reason`` one clause for the operator.

    ``shortfall`` says what cannot be kept at this pace, in words; empty: nothing.
    """

    at: datetime
    interval: timedelta
    reason: str
    shortfall: str = ""


def next_poll(pace: PaceInput, jitter: float) -> NextPoll:
    """Return when the source is asked next; never before a floor that the server set."""
    wanted, reason = _wanted(pace)
    pause, reason = max((wanted, reason), *_floors(pace, wanted), key=lambda choice: choice[0])
    at = pace.started_at + pause * (1 + JITTER * jitter)
    if pace.retry_at is not None and at < min(pace.retry_at, pace.started_at + RETRY_CAP):
        at = min(pace.retry_at, pace.started_at + RETRY_CAP)
        pause, reason = at - pace.started_at, "the server's Retry-After"
        at += pace.interval * (JITTER * jitter)
    return _outside(pace, NextPoll(at, pause, reason, _shortfall(pace, pause, reason)))


def _shortfall(pace: PaceInput, pause: timedelta, reason: str) -> str:
    """Return what a good source cannot be held to at this pause: the promise of its class, or its window."""
    if pace.outcome not in GOOD_OUTCOMES:
        return ""
    window = _window(pace)
    if window is not None and pause > window:
        items = f"its {pace.window_size} items may all be new within {_words(3 * window)}"
        return f"{items}, but it is asked every {_words(pause)}: {reason}"
    promised = pace.bounds.ceiling if pace.bounds else pace.interval
    return (
        f"promised every {_words(promised)}, asked every {_words(pause)}: {reason}"
        if pause > promised
        else ""
    )


def _wanted(pace: PaceInput) -> tuple[timedelta, str]:
    """Return the pause that we would take if the server had said nothing."""
    if pace.gone_for_good:
        return max(MONTH, pace.interval), "the publisher says that it is gone; it is asked once a month"
    if pace.outcome is Outcome.GONE:
        return max(DAY, pace.interval), "the source is gone; it is asked once a day"
    base, why = _learnt(pace, pace.bounds) if pace.bounds else (pace.interval, "the configured interval")
    if pace.outcome is Outcome.CHALLENGE:
        doubled = base * 2 ** min(max(pace.failures, 1), _DOUBLINGS)
        return max(BLOCKED, min(doubled, max(DAY, base))), "a bot check stands before it"
    if pace.outcome not in GOOD_OUTCOMES:
        doubled = base * 2 ** min(max(pace.failures, 1), _DOUBLINGS)
        return min(doubled, max(DAY, base)), f"failed {max(pace.failures, 1)} times in a row"
    window = _window(pace)
    if window is not None and window < base:
        return max(window, LEAST), f"its document shows only {pace.window_size} items"
    return base, why


def _learnt(pace: PaceInput, bounds: Bounds) -> tuple[timedelta, str]:
    """Return the pause that the feed's own rhythm suggests, within the bounds of its class."""
    if pace.unconditional:
        return (
            DAY,
            "its server gives nothing that works to ask 'has it changed' with, and no 'pace' is written",
        )
    if pace.median_gap is None:
        return min(UNKNOWN, bounds.ceiling), "no history yet"
    half = pace.median_gap / 2
    if half < bounds.floor:
        return (
            bounds.floor,
            f"something new comes often; {_words(bounds.floor)} is the shortest for its class",
        )
    if half > bounds.ceiling:
        return (
            bounds.ceiling,
            f"something new comes seldom; {_words(bounds.ceiling)} is the longest for its class",
        )
    return half, f"half the median gap of {_words(pace.median_gap)} between its arrivals"


def _window(pace: PaceInput) -> timedelta | None:
    """Return a third of the time in which the document's items would all be replaced."""
    if not pace.observed_rate or pace.observed_rate < 0 or not pace.window_size:
        return None
    hours = pace.window_size / (3 * pace.observed_rate)
    return timedelta(hours=min(hours, 24 * 365))


def _floors(pace: PaceInput, wanted: timedelta) -> list[tuple[timedelta, str]]:
    """Return the pauses that the server asks for, each at most a day, with their reasons."""
    fresh = min(freshness(pace.headers), DAY)
    ttl = min(pace.ttl or NOTHING, DAY)
    over = f"over the wanted {_words(wanted)}"
    return [
        (fresh, f"the answer calls itself fresh for {_words(fresh)}, {over}"),
        (ttl, f"the feed's own ttl of {_words(ttl)}, {over}"),
    ]


def _outside(pace: PaceInput, chosen: NextPoll) -> NextPoll:
    """Return ``chosen``, moved by whole hours out of those that the feed wants left alone, if it leaves any."""
    if pace.urgent:
        return chosen
    hours = frozenset(hour % 24 for hour in pace.skip_hours)  # some feeds count to 24
    days = frozenset(day % 7 for day in pace.skip_days)
    hours, days = hours if len(hours) < 24 else frozenset(), days if len(days) < 7 else frozenset()
    for count in range(24 * 7):
        at = chosen.at + timedelta(hours=count)
        if at.hour not in hours and at.weekday() not in days:
            break
    if not count:
        return chosen
    reason = "the feed's skipHours" if chosen.at.hour in hours else "the feed's skipDays"
    return replace(chosen, at=at, interval=chosen.interval + timedelta(hours=count), reason=reason)


def _words(pause: timedelta) -> str:
    minutes = int(pause.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
