"""After an outage of our own: ask what was missed over one interval, the urgent and the longest waiting first.

A daemon that starts after three hours finds everything due at once. Asked at once, that is a burst at every shared host
and a pile that falls due together for ever after. So feeds that missed a whole interval are put in a row
and given times from now to one interval ahead. That is arithmetic on their rows: done twice, or by two
processes, it does the same; and a second outage begins where the first one ended.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from alerts.domain.collected import FeedState
from alerts.domain.feeds import Feed
from alerts.domain.pace import bounds
from alerts.domain.vocabulary import Pace
from alerts.flow.service import Service

log = structlog.get_logger("alerts.poll")

FEW = 24  # feeds that are asked beside each other anyway
ASLEEP = timedelta(minutes=10)  # without a look at what is due


def catch_up(service: Service) -> int:
    """Return how many feeds were given a later time, because an outage left them due together."""
    now = service.clock.now()
    times = spread(service.store.feeds.states(), service.feeds, now)
    moved = service.store.feeds.move(times, now) if times else 0
    if moved:
        log.info("poll.spread", feeds=moved, until=max(times.values()).isoformat())
    return moved


def spread(states: Sequence[FeedState], feeds: Mapping[str, Feed], now: datetime) -> dict[str, datetime]:
    """Return new times of those that missed a whole interval; none where they are few."""
    late = [
        (state, feeds[state.feed_id])
        for state in states
        if state.enabled and state.last_polled_at and state.feed_id in feeds and _missed(state, now)
    ]
    if len(late) <= FEW:
        return {}
    late.sort(key=lambda pair: (pair[1].pace is not Pace.URGENT, pair[0].next_poll_at, pair[0].feed_id))
    return {
        state.feed_id: now + _interval(state, feed) * place / len(late)
        for place, (state, feed) in enumerate(late)
    }


def _missed(state: FeedState, now: datetime) -> bool:
    return now - state.next_poll_at >= state.interval


def _interval(state: FeedState, feed: Feed) -> timedelta:
    return min(state.interval, bounds(feed).ceiling)
