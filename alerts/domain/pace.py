"""How often a source may and must be asked: the bounds of its class, and what that promises its readers.

An interval that somebody wrote is fixed. Without one the feed's own rhythm decides between a floor and a ceiling. Less
than an hour apart is for those only whose admin said so: publishers take one conditional request an hour for
good manners, and shut out who asks more often.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import Carries, Pace

HOUR = timedelta(hours=1)
JITTER = 0.1  # of a pause, at most; only ever added


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest pause between two questions, as far as it is up to us."""

    floor: timedelta
    ceiling: timedelta


PACES: Mapping[Pace, Bounds] = {
    Pace.URGENT: Bounds(HOUR / 12, HOUR),
    Pace.PROMPT: Bounds(HOUR / 4, 6 * HOUR),
    Pace.STEADY: Bounds(HOUR, 6 * HOUR),
    Pace.ARCHIVE: Bounds(HOUR, 24 * HOUR),
}
UNSAID: Mapping[Carries, Bounds] = {
    Carries.RISK_WARNING: Bounds(HOUR, HOUR),
    Carries.BOTH: Bounds(HOUR, HOUR),
    Carries.LEGAL_RULE: Bounds(HOUR, 6 * HOUR),
}


def bounds(feed: Feed) -> Bounds:
    """Return between which pauses ``feed`` is asked while it answers; both are its interval where one was written."""
    if not feed.adaptive:
        return Bounds(feed.interval, feed.interval)
    return PACES[feed.pace] if feed.pace else UNSAID[feed.carries]


def promise(feed: Feed) -> timedelta:
    """Return within what time a new entry is seen while the source answers and its server asks for no more patience."""
    return bounds(feed).ceiling * (1 + JITTER)


def phase(feed_id: str) -> float:
    """Return a fraction from 0 to below 1 that is always the same for a feed, so that feeds do not bunch."""
    return int.from_bytes(hashlib.sha256(feed_id.encode()).digest()[:4]) / 2**32
