"""How a feed's new items arrive: learnt from when their keys were first seen, never from dates that it prints.

What the first good poll found was there before us and says nothing about the rhythm.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from sqlalchemy import Connection, func, select

from alerts.domain.collected import PollResult, PollSaved
from alerts.domain.vocabulary import Outcome
from alerts.store.statements import AnyRow
from alerts.store.tables import seen_key

ARRIVALS = 30  # polls that brought something new, the newest ones
LEAST_GAPS = 3  # fewer say nothing
LEAST_SPAN = timedelta(hours=1)

Arrival = tuple[datetime, int]  # when, and how many items at once


def rhythm_columns(
    connection: Connection, state: AnyRow, result: PollResult, saved: PollSaved
) -> dict[str, object]:
    """Return the columns of feed_state that this poll's document changes; none unless it was read."""
    if result.outcome is not Outcome.OK:
        return {}
    changes: dict[str, object] = {} if result.partial else {"window_items": result.entries}
    if saved.new and state.watched_since is not None:
        arrivals = _arrivals(connection, state.feed_id, state.watched_since)
        changes |= learnt(arrivals, result.finished_at)
    return changes


def learnt(arrivals: Sequence[Arrival], now: datetime) -> dict[str, object]:
    """Return median gap (s), rate (items an hour) and usual batch of the arrivals, the newest of which comes first."""
    if not arrivals:
        return {}
    times, counts = [at for at, _ in arrivals], sorted(count for _, count in arrivals)
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(times)]
    hours = max(now - times[-1], LEAST_SPAN) / timedelta(hours=1)
    return {
        "median_gap_s": int(median(gaps)) if len(gaps) >= LEAST_GAPS else None,
        "rate_per_hour": sum(counts) / hours,
        "batch_p95": counts[min(len(counts) - 1, len(counts) * 95 // 100)],
    }


def _arrivals(connection: Connection, feed_id: str, since: datetime) -> list[Arrival]:
    times = select(seen_key.c.first_seen_at, func.count()).group_by(seen_key.c.first_seen_at)
    newest = times.where(seen_key.c.feed_id == feed_id, seen_key.c.first_seen_at > since)
    ordered = newest.order_by(seen_key.c.first_seen_at.desc()).limit(ARRIVALS)
    return [(at, count) for at, count in connection.execute(ordered)]
