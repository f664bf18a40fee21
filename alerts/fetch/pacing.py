"""Say when a source is asked next.

The admin's interval is what we want; the server's word is what we keep to. A floor that the server sets (freshness
of the answer, the feed's own ttl, hours it wants left alone, Retry-After) wins even over an interval that an admin
chose, and the reason says so. Jitter only ever adds, so no floor is broken by it. Failures double the interval up
to a day and never end the asking: hosts that answered 404 for days have come back.

Where the history of a feed is known, the window guard asks sooner: a document that shows the last ``w`` items of a
source that publishes ``r`` an hour loses items after w / r hours, so it is asked within a third of that. Even
then a source is left alone for five minutes.

Units: instants aware, UTC; jitter a fraction from 0 to below 1; skip hours in GMT, as RSS 2.0 has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.domain.vocabulary import GOOD_OUTCOMES, Outcome
from alerts.fetch.patience import NOTHING, RETRY_CAP, freshness

DAY = timedelta(hours=24)
LEAST = timedelta(minutes=5)
JITTER = 0.1  # of the interval, at most
_DOUBLINGS = 12  # more would only overflow; the cap is reached long before


@dataclass(frozen=True, slots=True)
class PaceInput:
    """What is known when a poll has ended.

    ``started_at`` is when it began, ``failures`` how many polls in a row failed, this one included. ``headers`` are
    those of a 200 or 304; ``ttl`` and ``skip_hours`` what the document itself says; ``retry_at`` the end of
    the server's Retry-After. ``observed_rate`` is in items per hour, ``window_size`` in items.
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


@dataclass(frozen=True, slots=True)
class NextPoll:
    """When to ask next; ``interval`` is the pause before jitter, ``reason`` one clause for the operator."""

    at: datetime
    interval: timedelta
    reason: str


def next_poll(pace: PaceInput, jitter: float) -> NextPoll:
    """Return when the source is asked next; never before a floor that the server set."""
    wanted, reason = _wanted(pace)
    pause, reason = max((wanted, reason), *_floors(pace, wanted), key=lambda choice: choice[0])
    at = pace.started_at + pause * (1 + JITTER * jitter)
    if pace.retry_at is not None and at < min(pace.retry_at, pace.started_at + RETRY_CAP):
        at = min(pace.retry_at, pace.started_at + RETRY_CAP)
        pause, reason = at - pace.started_at, "the server's Retry-After"
        at += pace.interval * (JITTER * jitter)
    return _outside(pace, NextPoll(at, pause, reason))


def _wanted(pace: PaceInput) -> tuple[timedelta, str]:
    """Return the pause that we would take if the server had said nothing."""
    if pace.outcome is Outcome.GONE:
        return max(DAY, pace.interval), "the source is gone; it is asked once a day"
    if pace.outcome not in GOOD_OUTCOMES:
        doubled = pace.interval * 2 ** min(max(pace.failures, 1), _DOUBLINGS)
        return min(doubled, max(DAY, pace.interval)), f"failed {max(pace.failures, 1)} times in a row"
    guarded = _window(pace)
    if guarded is not None and guarded < pace.interval:
        return guarded, f"its document shows only {pace.window_size} items"
    return pace.interval, "the configured interval"


def _window(pace: PaceInput) -> timedelta | None:
    """Return a third of the time in which the document's items would all be replaced."""
    if not pace.observed_rate or pace.observed_rate < 0 or not pace.window_size:
        return None
    hours = pace.window_size / (3 * pace.observed_rate)
    return max(timedelta(hours=min(hours, 24 * 365)), LEAST)


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
    """Return ``chosen``, moved by whole hours out of those the feed wants left alone, if it leaves any."""
    hours = frozenset(hour % 24 for hour in pace.skip_hours)  # some feeds count to 24
    if chosen.at.hour not in hours or len(hours) >= 24:
        return chosen
    later = next(count for count in range(1, 24) if (chosen.at.hour + count) % 24 not in hours)
    shift = timedelta(hours=later)
    return NextPoll(chosen.at + shift, chosen.interval + shift, "the feed's skipHours")


def _words(pause: timedelta) -> str:
    minutes = int(pause.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
