"""How everything stands at one moment, and what ops must look at: for ``alerts status`` and the admins' first page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.domain.collected import FeedState
from alerts.domain.digests import Backlog, DeliveryView, SourceHealth
from alerts.domain.event_words import sentence
from alerts.domain.events import MOMENTARY, EventKind, FeedEvent
from alerts.domain.providers import Pace
from alerts.domain.push import Pushed
from alerts.domain.trouble_words import trouble
from alerts.domain.vocabulary import DeliveryState, Health, Language
from alerts.flow.presence import lost
from alerts.store import Daemon, Store

JUDGED = timedelta(days=7)  # for which it is told how many items are about intellectual property
RECENT = timedelta(days=1)  # how long what happened at one moment is shown
STUCK = timedelta(minutes=2)  # a mail that waits longer for its relay is worth a word


@dataclass(frozen=True, slots=True)
class Sources:
    """How the sources stand at one moment."""

    states: dict[str, FeedState]
    health: list[SourceHealth]
    events: list[FeedEvent]
    pushed: list[Pushed]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the store says at one moment. ``patience``: due feeds that wait because their host asked for it, until when."""

    sources: Sources
    backlog: Backlog
    stuck: list[DeliveryView]
    patience: dict[str, datetime]
    slowed: list[Pace]
    unwarned: list[str]
    daemons: list[Daemon]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One sentence that ops must read, and where more of it is: a feed, or a room of the desk."""

    text: str
    feed_id: str = ""
    room: str = ""


def sources(store: Store, now: datetime) -> Sources:
    """Return how the sources stand."""
    states = {state.feed_id: state for state in store.feeds.states()}
    return Sources(
        states=states,
        health=[line for line in store.feeds.health(now) if line.feed_id in states],
        events=store.events.since(now - RECENT),
        pushed=store.push.all(),
    )


def standing(store: Store, now: datetime) -> Standing:
    """Return how everything stands."""
    seen = sources(store, now)
    due = {state.feed_id for state in seen.states.values() if state.enabled and state.next_poll_at <= now}
    waiting = store.feeds.patient(now)
    retried = store.deliveries.list(DeliveryState.DUE, limit=1000)
    return Standing(
        sources=seen,
        backlog=store.status.backlog(now),
        stuck=[mail for mail in retried if mail.last_answer and now - mail.created_at > STUCK],
        patience={feed_id: until for feed_id, until in waiting.items() if feed_id in due},
        slowed=store.providers.slow(),
        unwarned=sorted({one.company for one in store.dead.all() if not one.colleagues}),
        daemons=store.status.daemons(),
    )


def source_troubles(seen: Sources, language: Language = Language.ENGLISH) -> list[Trouble]:
    """Return what ops must read of the sources: what lasts, and what happened of late."""
    notable = [event for event in seen.events if event.ended_at is None or event.kind in MOMENTARY]
    named = {event.feed_id for event in notable if event.kind is EventKind.DARK}
    dark = [line.feed_id for line in seen.health if line.health is Health.DARK and line.feed_id not in named]
    return [
        *(Trouble(sentence(event, language), event.feed_id) for event in notable),
        *(Trouble(trouble("dark", language, feed=feed_id), feed_id) for feed_id in dark),
    ]


def troubles(seen: Standing, now: datetime, language: Language = Language.ENGLISH) -> list[Trouble]:
    """Return what ops must read of everything."""
    return [
        *(
            Trouble(trouble("lost", language, daemon=one.id, last=f"{one.heartbeat_at:%Y-%m-%d %H:%M}"))
            for one in lost(seen.daemons, now)
        ),
        *source_troubles(seen.sources, language),
        *_waiting(seen, language),
        *(
            Trouble(trouble("unreached", language, company=company), room="suppressions")
            for company in seen.unwarned
        ),
    ]


def _waiting(seen: Standing, language: Language) -> Iterator[Trouble]:
    """Yield what cannot go on by itself, or not yet."""
    backlog = seen.backlog
    if seen.patience:
        until = f"{max(seen.patience.values()):%Y-%m-%d %H:%M}"
        named = ", ".join(sorted(seen.patience)[:5])
        values = {"count": len(seen.patience), "feeds": named, "until": until}
        yield Trouble(trouble("patience", language, **values), room="feeds")
    if seen.stuck:
        values = {"count": len(seen.stuck), "answer": seen.stuck[0].last_answer or ""}
        yield Trouble(trouble("stuck", language, **values), room="deliveries")
    if failed := backlog.deliveries.get("failed", 0):
        yield Trouble(trouble("failed", language, count=failed), room="deliveries")
    if backlog.shut:
        yield Trouble(trouble("shut", language, count=backlog.shut))
    if backlog.held:
        yield Trouble(_held(backlog, language), room="review")


def _held(backlog: Backlog, language: Language) -> str:
    text = trouble("held", language, count=backlog.held)
    if backlog.held_since:
        text += trouble("since", language, since=f"{backlog.held_since:%Y-%m-%d %H:%M}")
    if backlog.released_at:
        text += trouble("goes", language, goes=f"{backlog.released_at:%Y-%m-%d %H:%M}")
    return text + trouble("look", language)
