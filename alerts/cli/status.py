"""``status``: how everything stands, and what ops must look at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import typer

from alerts.cli.context import clock, store
from alerts.cli.pushes import as_line
from alerts.cli.show import AtOption, Format, FormatOption, instant, listing, say
from alerts.domain.collected import FeedState
from alerts.domain.digests import Backlog, DeliveryView, SourceHealth
from alerts.domain.event_words import sentence
from alerts.domain.events import MOMENTARY, EventKind, FeedEvent
from alerts.domain.providers import Pace
from alerts.domain.vocabulary import DeliveryState, Health

JUDGED = timedelta(days=7)
RECENT = timedelta(days=1)  # how long what happened at one moment is shown
STUCK = timedelta(minutes=2)  # a mail that waits longer for its relay is worth a word


@dataclass(frozen=True, slots=True)
class Standing:
    """What the store says at one moment. ``patience``: due feeds that wait because their host asked for it, until when."""

    states: dict[str, FeedState]
    health: list[SourceHealth]
    events: list[FeedEvent]
    backlog: Backlog
    deliveries: list[DeliveryView]
    stuck: list[DeliveryView]
    patience: dict[str, datetime]
    pushed: list[dict[str, object]]
    judged: dict[str, tuple[int, int]]  # by feed: about intellectual property, and not
    slowed: list[Pace]
    unwarned: list[str]


def register(app: typer.Typer) -> None:
    """Add the command to the root."""
    app.command()(status)


def status(style: FormatOption = Format.TEXT, at: AtOption = None) -> int:
    """Show feeds by health, what waits, the last digests, and what ops must look at."""
    standing = _standing(clock(instant(at)).now())
    rows = [_source(line, standing.states[line.feed_id]) for line in standing.health]
    trouble = _trouble(standing)
    (_as_json if style is Format.JSON else _as_text)(standing, rows, trouble)
    return 1 if trouble else 0


def _standing(now: datetime) -> Standing:
    with store() as opened:
        states = {state.feed_id: state for state in opened.feeds.states()}
        due = [state.feed_id for state in states.values() if state.enabled and state.next_poll_at <= now]
        waiting = {feed_id: opened.feeds.patience(feed_id, now) for feed_id in due}
        retried = opened.deliveries.list(DeliveryState.DUE, limit=1000)
        return Standing(
            states=states,
            health=[line for line in opened.feeds.health(now) if line.feed_id in states],
            events=opened.events.since(now - RECENT),
            backlog=opened.status.backlog(now),
            deliveries=opened.deliveries.list(limit=10),
            stuck=[mail for mail in retried if mail.last_answer and now - mail.created_at > STUCK],
            patience={feed_id: until for feed_id, until in waiting.items() if until},
            judged=opened.items.judged(now - JUDGED),
            pushed=[as_line(one, now) for one in opened.push.all()],
            slowed=opened.providers.slow(),
            unwarned=sorted({one.company for one in opened.dead.all() if not one.colleagues}),
        )


def _as_json(standing: Standing, rows: list[dict[str, object]], trouble: list[str]) -> None:
    listing(({"what": "feed", **row} for row in rows), Format.JSON)
    listing(({"what": "push", **line} for line in standing.pushed), Format.JSON)
    listing(({"what": "event", **_event(event)} for event in standing.events), Format.JSON)
    listing(
        (
            {"what": "judged", "feed": feed_id, "about": about, "other": other}
            for feed_id, (about, other) in sorted(standing.judged.items())
        ),
        Format.JSON,
    )
    listing(({"what": "provider", **_slowed(pace)} for pace in standing.slowed), Format.JSON)
    listing([{"what": "backlog", "backlog": standing.backlog}], Format.JSON)
    listing(({"what": "delivery", "delivery": line} for line in standing.deliveries), Format.JSON)
    listing(({"what": "trouble", "text": text} for text in trouble), Format.JSON)


def _slowed(pace: Pace) -> dict[str, object]:
    return {
        "provider": pace.provider,
        "until": pace.until,
        "seconds_between": round(pace.gap, 1),
        "answer": pace.answer,
    }


def _as_text(standing: Standing, rows: list[dict[str, object]], trouble: list[str]) -> None:
    counted = {word: sum(line.health is word for line in standing.health) for word in Health}
    say("Feeds: " + ", ".join(f"{count} {word}" for word, count in counted.items() if count))
    bad = [row for row in rows if row["health"] in (Health.FAILING, Health.DARK, Health.SILENT)]
    listing(
        bad,
        Format.TEXT,
        ("feed", "health", "last_outcome", "last_success", "failures", "next_poll", "detail"),
    )
    if standing.pushed:
        say("Hubs:")
        listing(standing.pushed, Format.TEXT, ("feed", "state", "text"))
    about, other = (sum(pair[side] for pair in standing.judged.values()) for side in (0, 1))
    most = sorted(standing.judged.items(), key=lambda one: -one[1][1])[:3]
    named = ", ".join(f"{feed_id} {pair[1]}" for feed_id, pair in most if pair[1])
    say(
        f"Judged in seven days: {about} items about intellectual property, {other} not"
        + (f" (most: {named}; `alerts items --irrelevant`)" if named else "")
    )
    backlog = standing.backlog
    say(
        f"Waiting: {backlog.feeds_due} due feeds, {backlog.unmatched} revisions to match, "
        f"{backlog.held} items held for review, {backlog.untold} alerts for the next digests"
    )
    states = ", ".join(f"{count} {state}" for state, count in sorted(backlog.deliveries.items()))
    say(f"Deliveries: {states or 'none yet'}")
    if standing.slowed:
        say("Mail providers that slowed us down:")
        listing(
            [_slowed(pace) for pace in standing.slowed],
            Format.TEXT,
            ("provider", "until", "seconds_between", "answer"),
        )
    listing(
        [
            {
                "when": line.done_at or line.created_at,
                "to": line.address,
                "state": line.state,
                "subject": line.subject,
            }
            for line in standing.deliveries
        ],
        Format.TEXT,
    )
    say("\n".join(f"Look at: {text}" for text in trouble) or "Nothing needs attention.")


def _event(event: FeedEvent) -> dict[str, object]:
    return {
        "feed": event.feed_id, "kind": event.kind, "since": event.at, "ended": event.ended_at,
        "told": event.told_at, "detail": event.detail, "text": sentence(event),
    }  # fmt: skip


def _source(line: SourceHealth, state: FeedState) -> dict[str, object]:
    return {
        "feed": line.feed_id, "jurisdiction": line.jurisdiction, "health": line.health, "last_outcome": state.last_outcome,
        "last_success": line.last_success_at, "last_new_item": line.last_item_at, "failures": state.failures,
        "next_poll": state.next_poll_at, "paced_by": state.pace_reason, "validators": state.validator_mode,
        "asked_at": state.moved.target if state.moved.original else state.url, "detail": state.last_detail,
    }  # fmt: skip


def _trouble(standing: Standing) -> list[str]:
    """Return the sentences that ops must read: what lasts, and what happened of late."""
    notable = [event for event in standing.events if event.ended_at is None or event.kind in MOMENTARY]
    return [
        *(sentence(event) for event in notable),
        *_dark(standing.health, {event.feed_id for event in notable if event.kind is EventKind.DARK}),
        *_waiting(standing),
        *(
            f"{company} is no longer reached: no address of it takes mail (`alerts suppressions list`)"
            for company in standing.unwarned
        ),
    ]


def _dark(health: Iterable[SourceHealth], named: set[str]) -> list[str]:
    return [
        f"{line.feed_id} is dark: nothing could be read for a day or longer; `alerts feeds test {line.feed_id}` shows why"
        for line in health
        if line.health is Health.DARK and line.feed_id not in named
    ]


def _held(backlog: Backlog) -> str:
    text = f"items that wait for an editor's release: {backlog.held}"
    if backlog.held_since:
        text += f", the first since {backlog.held_since:%Y-%m-%d %H:%M} UTC"
    if backlog.released_at:
        text += f"; the next goes out unreviewed at {backlog.released_at:%Y-%m-%d %H:%M} UTC"
    return f"{text} (`alerts review list`)"


def _waiting(standing: Standing) -> list[str]:
    """Return what cannot go on by itself, or not yet."""
    sentences = []
    if standing.patience:
        until = max(standing.patience.values())
        names = ", ".join(sorted(standing.patience)[:5])
        sentences.append(
            f"due feeds that wait because their server asked for patience: {len(standing.patience)} "
            f"({names}), until {until:%Y-%m-%d %H:%M} UTC at the latest"
        )
    if standing.stuck:
        answer = standing.stuck[0].last_answer
        sentences.append(
            f"messages that wait to be sent again: {len(standing.stuck)}; the last answer was: {answer}"
        )
    if failed := standing.backlog.deliveries.get("failed", 0):
        sentences.append(
            f"deliveries that failed for good: {failed}; `alerts status --format json` has the answers"
        )
    if standing.backlog.shut:
        sentences.append(
            f"webhooks and chat bots that are shut until somebody mends them: {standing.backlog.shut} "
            "(`alerts endpoints list`)"
        )
    if standing.backlog.held:
        sentences.append(_held(standing.backlog))
    return sentences
