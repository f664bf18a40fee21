"""``status``: how everything stands, and what ops must look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from alerts.cli.context import clock, store
from alerts.cli.pushes import as_line
from alerts.cli.show import AtOption, Format, FormatOption, instant, listing, say
from alerts.domain.collected import FeedState
from alerts.domain.digests import DeliveryView, SourceHealth
from alerts.domain.event_words import sentence
from alerts.domain.events import FeedEvent
from alerts.domain.providers import Pace
from alerts.domain.vocabulary import Health

if TYPE_CHECKING:
    from alerts.flow.standing import Standing
    from alerts.store import Daemon


Rows = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Past:
    """What was done of late. ``judged``, by feed: items about intellectual property, and others."""

    judged: dict[str, tuple[int, int]]
    deliveries: list[DeliveryView]


def register(app: typer.Typer) -> None:
    """Add the command to the root."""
    app.command()(status)


def status(style: FormatOption = Format.TEXT, at: AtOption = None) -> int:
    """Show feeds by health, what waits, the last digests, and what ops must look at."""
    from alerts.flow.standing import JUDGED, standing, troubles

    now = clock(instant(at)).now()
    with store() as opened:
        seen = standing(opened, now)
        past = Past(opened.items.judged(now - JUDGED), opened.deliveries.list(limit=10))
    rows = [_source(line, seen.sources.states[line.feed_id]) for line in seen.sources.health]
    trouble = [one.text for one in troubles(seen, now)]
    pushed = [as_line(one, now) for one in seen.sources.pushed]
    (_as_json if style is Format.JSON else _as_text)(seen, past, (rows, pushed), trouble)
    return 1 if trouble else 0


def _as_json(standing: "Standing", past: Past, shown: tuple[Rows, Rows], trouble: list[str]) -> None:
    rows, pushed = shown
    listing(({"what": "feed", **row} for row in rows), Format.JSON)
    listing(({"what": "daemon", "daemon": one} for one in standing.daemons), Format.JSON)
    listing(({"what": "push", **line} for line in pushed), Format.JSON)
    listing(({"what": "event", **_event(event)} for event in standing.sources.events), Format.JSON)
    listing(
        (
            {"what": "judged", "feed": feed_id, "about": about, "other": other}
            for feed_id, (about, other) in sorted(past.judged.items())
        ),
        Format.JSON,
    )
    listing(({"what": "provider", **_slowed(pace)} for pace in standing.slowed), Format.JSON)
    listing([{"what": "backlog", "backlog": standing.backlog}], Format.JSON)
    listing(({"what": "delivery", "delivery": line} for line in past.deliveries), Format.JSON)
    listing(({"what": "trouble", "text": text} for text in trouble), Format.JSON)


def _slowed(pace: Pace) -> dict[str, object]:
    return {
        "provider": pace.provider,
        "until": pace.until,
        "seconds_between": round(pace.gap, 1),
        "answer": pace.answer,
    }


def _as_text(standing: "Standing", past: Past, shown: tuple[Rows, Rows], trouble: list[str]) -> None:
    rows, pushed = shown
    say(_daemons(standing.daemons))
    counted = {word: sum(line.health is word for line in standing.sources.health) for word in Health}
    say("Feeds: " + ", ".join(f"{count} {word}" for word, count in counted.items() if count))
    bad = [row for row in rows if row["health"] in (Health.FAILING, Health.DARK, Health.SILENT)]
    listing(
        bad,
        Format.TEXT,
        ("feed", "health", "last_outcome", "last_success", "failures", "next_poll", "detail"),
    )
    if pushed:
        say("Hubs:")
        listing(pushed, Format.TEXT, ("feed", "state", "text"))
    about, other = (sum(pair[side] for pair in past.judged.values()) for side in (0, 1))
    most = sorted(past.judged.items(), key=lambda one: -one[1][1])[:3]
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
            for line in past.deliveries
        ],
        Format.TEXT,
    )
    say("\n".join(f"Look at: {text}" for text in trouble) or "Nothing needs attention.")


def _daemons(daemons: "Sequence[Daemon]") -> str:
    named = "; ".join(
        f"{one.id} ({', '.join(one.roles)}) since {one.started_at:%Y-%m-%d %H:%M} UTC, last heard of at {one.heartbeat_at:%H:%M:%S}"
        for one in daemons
    )
    return f"Daemons: {named or 'none is running'}"


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
