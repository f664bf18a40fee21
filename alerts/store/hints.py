"""What a push does to its feed, and what the poll behind it makes of the push.

A push only moves the next poll forward, no closer than a minute to the last one, and not for a source that fails: its
back-off stands. The time at which the feed was due anyway is kept, so that no push ever postpones the poll that would
show what the hub leaves out.
"""

from datetime import datetime

from sqlalchemy import Connection, select, update

from alerts.domain.collected import PollResult, PollSaved
from alerts.domain.push import LOOK_AGAIN, SHORTEST, Offer
from alerts.domain.vocabulary import GOOD_OUTCOMES
from alerts.store.statements import AnyRow
from alerts.store.tables import feed_push, feed_state


def hint_feed(connection: Connection, key: str, now: datetime) -> bool:
    """Return whether a push made, or found, its feed due."""
    feed_id = connection.execute(select(feed_push.c.feed_id).where(feed_push.c.key == key)).scalar()
    state = connection.execute(
        select(feed_state).where(feed_state.c.feed_id == feed_id).with_for_update()
    ).first()
    row = connection.execute(select(feed_push).where(feed_push.c.key == key).with_for_update()).first()
    if state is None or row is None or not (row.wanted and state.enabled):
        return False
    soonest = now if state.last_polled_at is None else max(now, state.last_polled_at + SHORTEST)
    moved = state.failures == 0 and soonest < state.next_poll_at
    values = {"hinted_at": now, "last_push_at": now, "looked": False}
    if moved:
        values["resume_at"] = row.resume_at or state.next_poll_at
        here = feed_state.c.feed_id == feed_id
        connection.execute(update(feed_state).where(here).values(next_poll_at=soonest))
    connection.execute(update(feed_push).where(feed_push.c.key == key).values(values))
    return True


def settle_push(
    connection: Connection, state: AnyRow, result: PollResult, saved: PollSaved
) -> dict[str, object]:
    """Return the columns of feed_state that change because the feed is pushed; the row of the subscription is kept up.

    ``state`` is the feed before the poll. A feed that is not pushed costs nothing.
    """
    if result.offer is None:
        return {}
    wanted = select(feed_push).where(feed_push.c.feed_id == state.feed_id, feed_push.c.wanted)
    row = connection.execute(wanted.with_for_update()).first()
    if row is None:
        return {}
    fresh = bool(saved.new or saved.changed)
    tally, times = _tally(row, result, fresh and state.bootstrapped)
    values = tally | _offered(row, result.offer, result.finished_at)
    if values:
        connection.execute(update(feed_push).where(feed_push.c.key == row.key).values(values))
    return {"next_poll_at": min([result.next_poll_at, *times])} if times else {}


def _tally(row: AnyRow, result: PollResult, fresh: bool) -> tuple[dict[str, object], list[datetime]]:
    """Return what the poll says of the push before it, and the instants before which the next poll must not be late."""
    good, at = result.outcome in GOOD_OUTCOMES, result.finished_at
    if row.hinted_at is None:
        serving = row.expires_at is not None and row.expires_at > result.started_at > row.verified_at
        return ({"unannounced": row.unannounced + 1} if good and fresh and serving else {}), []
    times = [row.resume_at] if row.resume_at and row.resume_at > at else []
    done = {"hinted_at": None, "looked": False, "resume_at": None}
    right = {"hits": row.hits + 1, "unannounced": 0}
    if row.hinted_at > result.started_at:  # it came while the source was being read
        return (right if fresh else {}), [*times, max(at, result.started_at + SHORTEST)]
    if not good:
        return {}, times
    if fresh:
        return done | right, times
    if not row.looked:
        return {"looked": True}, [*times, at + LOOK_AGAIN]
    return done | {"misses": row.misses + 1}, times


def _offered(row: AnyRow, offer: Offer, now: datetime) -> dict[str, object]:
    """Return what the source names now, where that is something else than before."""
    if not offer.whole and not offer.hubs:
        return {}
    hubs, topic = list(offer.hubs) or None, offer.topic if offer.hubs else None
    if (hubs, topic) == (row.offered_hubs, row.offered_topic):
        return {}
    values: dict[str, object] = {"offered_hubs": hubs, "offered_topic": topic}
    settled = hubs is not None and row.hub in hubs and topic == row.topic
    return values if settled else values | {"due_at": now}
