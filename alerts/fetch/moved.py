"""Follow where a source's address leads, and believe a move only after the same evidence for days.

A redirect is followed at every poll. Its target is asked in place of the configured address once five polls in a row,
over at least 48 hours, met permanent redirects only (301, 308) to the same place, none of them from https down
to http. A temporary redirect (302, 303, 307) is never adopted; after seven days of the same one people are told.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from alerts.domain.collected import Document, Hop, Moved, Unchanged

PERMANENT = frozenset({301, 308})
SIGHTINGS = 5
OVER = timedelta(hours=48)
STEADY = timedelta(days=7)


def sighted(old: Moved, answer: Document | Unchanged, asked: str, at: datetime) -> Moved:
    """Return what is known of a move after one more answer; what was adopted stays."""
    if old.original is not None:
        return old
    if not answer.hops:
        return Moved()
    permanent = _is_permanent(asked, answer.hops)
    if (old.target, old.count > 0) != (answer.final_url, permanent):
        return Moved(answer.final_url, at, int(permanent))
    return replace(old, count=old.count + int(permanent))


def is_proven(moved: Moved, at: datetime) -> bool:
    """Return whether the sightings suffice to ask the target in place of the configured address."""
    waited = moved.since is not None and at - moved.since >= OVER
    return moved.original is None and moved.count >= SIGHTINGS and waited


def is_steady(moved: Moved, at: datetime) -> bool:
    """Return whether a temporary redirect has led to the same place for a week."""
    return (
        moved.original is None and moved.count == 0 and moved.since is not None and at - moved.since >= STEADY
    )


def _is_permanent(asked: str, hops: tuple[Hop, ...]) -> bool:
    places = [asked, *(hop.target for hop in hops)]
    falls = any(
        before.startswith("https:") and after.startswith("http:") for before, after in pairwise(places)
    )
    return not falls and all(hop.status in PERMANENT for hop in hops)
