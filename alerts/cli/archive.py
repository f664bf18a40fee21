"""``items`` and ``status``: what is stored, and how everything stands."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated

import typer

from alerts.cli import choices
from alerts.cli.context import clock, store
from alerts.cli.show import AtOption, Format, FormatOption, instant, listing, say, since
from alerts.domain.collected import FeedState
from alerts.domain.digests import Backlog, SourceHealth
from alerts.domain.event_words import sentence
from alerts.domain.events import MOMENTARY, EventKind, FeedEvent
from alerts.domain.items import ItemQuery, StoredItem
from alerts.domain.vocabulary import Event, Health, Kind, Right, Severity

Words = list[str] | None

RECENT = timedelta(days=1)  # how long what happened at one moment is shown
SILENT = "silent"


def register(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(items)
    app.command()(status)


def items(
    jurisdiction: Annotated[Words, typer.Option(help="WIPO ST.3 code or region; may be repeated.")] = None,
    kind: Annotated[Words, typer.Option(help="legal-rule, risk-warning, information.")] = None,
    right: Annotated[Words, typer.Option(help="patent, trademark, …")] = None,
    event: Annotated[Words, typer.Option(help="exclusion, rule, consultation, …")] = None,
    severity: Annotated[Words, typer.Option(help="critical, high, moderate, low.")] = None,
    since_: Annotated[str | None, typer.Option("--since", help="A date, or a span back such as 7d.")] = None,
    search: Annotated[str | None, typer.Option(help="Words in title or summary.")] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Also items that have nothing to do with intellectual property.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000)] = 50,
    style: FormatOption = Format.TEXT,
) -> int:
    """Show the archive, newest first."""
    from alerts.domain.jurisdictions import expand

    now = clock().now()
    query = ItemQuery(
        jurisdictions=tuple(expand(choices.regions(jurisdiction, "--jurisdiction"))) if jurisdiction else (),
        kinds=choices.pick("--kind", kind, Kind),
        rights=choices.pick("--right", right, Right),
        events=choices.pick("--event", event, Event),
        severities=choices.pick("--severity", severity, Severity),
        since=since(since_, now),
        search=search,
        relevant_only=not all_,
        limit=min(limit, 1000),
    )
    with store() as opened:
        from dataclasses import replace

        found: list[StoredItem] = []
        page = opened.items.query(query)
        found += page.items
        while page.next_before_id and len(found) < limit:
            page = opened.items.query(replace(query, before_id=page.next_before_id))
            found += page.items
    listing(
        map(_row, found[:limit]), style, ("id", "first_seen", "jurisdictions", "kind", "severity", "title")
    )
    return 0


def _row(stored: StoredItem) -> dict[str, object]:
    item, judgement = stored.item, stored.judgement
    return {
        "id": stored.id, "feed": stored.feed_id, "revision": stored.number, "first_seen": stored.first_seen_at,
        "published": item.published.at if item.published else None, "title": item.title, "summary": item.summary,
        "url": item.url, "lang": item.language, "publisher": item.publisher, "relevant": judgement.relevant,
        "kind": judgement.kind, "event": judgement.event, "severity": judgement.severity, "rights": judgement.rights,
        "jurisdictions": judgement.jurisdictions or (item.jurisdiction,), "identifiers": judgement.identifiers,
        "obligations": judgement.obligations, "baseline": stored.baseline, "held": stored.held, "key": item.key,
    }  # fmt: skip


def status(style: FormatOption = Format.TEXT, at: AtOption = None) -> int:
    """Show feeds by health, what waits, the last digests, and what ops must look at."""
    now = clock(instant(at)).now()
    with store() as opened:
        states = {state.feed_id: state for state in opened.feeds.states()}
        health = opened.feeds.health(now)
        events = opened.events.since(now - RECENT)
        backlog = opened.status.backlog(now)
        deliveries = opened.deliveries.list(limit=10)
    silent = {event.feed_id for event in events if event.kind is EventKind.SILENT and not event.ended_at}
    rows = [_source(line, states[line.feed_id], silent) for line in health if line.feed_id in states]
    trouble = _trouble(health, backlog, events)
    if style is Format.JSON:
        listing(({"what": "feed", **row} for row in rows), style)
        listing(({"what": "event", **_event(event)} for event in events), style)
        listing([{"what": "backlog", "backlog": backlog}], style)
        listing(({"what": "delivery", "delivery": line} for line in deliveries), style)
        listing(({"what": "trouble", "text": text} for text in trouble), style)
        return 1 if trouble else 0
    counted = {word: sum(line.health is word for line in health) for word in Health}
    say("Feeds: " + ", ".join(f"{count} {word}" for word, count in counted.items() if count))
    listing((row for row in rows if row["health"] in (Health.FAILING, Health.DARK, SILENT)), style)
    say(
        f"Waiting: {backlog.feeds_due} feeds due, {backlog.unmatched} revisions to match, {backlog.held} held for review, {backlog.untold} alerts for the next digests"
    )
    say(
        "Deliveries: "
        + (", ".join(f"{count} {state}" for state, count in sorted(backlog.deliveries.items())) or "none yet")
    )
    listing(
        (
            {"when": d.done_at or d.created_at, "to": d.address, "state": d.state, "subject": d.subject}
            for d in deliveries
        ),
        style,
    )
    say("\n".join(f"Look at: {text}" for text in trouble) or "Nothing needs attention.")
    return 1 if trouble else 0


def _event(event: FeedEvent) -> dict[str, object]:
    return {
        "feed": event.feed_id, "kind": event.kind, "since": event.at, "ended": event.ended_at,
        "told": event.told_at, "detail": event.detail, "text": sentence(event),
    }  # fmt: skip


def _source(line: SourceHealth, state: FeedState, silent: set[str]) -> dict[str, object]:
    health = SILENT if line.health is Health.HEALTHY and line.feed_id in silent else str(line.health)
    return {
        "feed": line.feed_id, "jurisdiction": line.jurisdiction, "health": health, "last_outcome": state.last_outcome,
        "last_success": line.last_success_at, "last_new_item": line.last_item_at, "failures": state.failures,
        "next_poll": state.next_poll_at, "paced_by": state.pace_reason, "validators": state.validator_mode,
        "asked_at": state.moved.target if state.moved.original else state.url, "detail": state.last_detail,
    }  # fmt: skip


def _trouble(health: Iterable[SourceHealth], backlog: Backlog, events: Iterable[FeedEvent]) -> list[str]:
    """Return the sentences that ops must read: what lasts, and what happened of late."""
    notable = [event for event in events if event.ended_at is None or event.kind in MOMENTARY]
    named = {event.feed_id for event in notable if event.kind is EventKind.DARK}
    dark = [line.feed_id for line in health if line.health is Health.DARK and line.feed_id not in named]
    sentences = [sentence(event) for event in notable] + [
        f"{feed_id} is dark: nothing could be read for a day or longer; `alerts feeds test {feed_id}` shows why"
        for feed_id in dark
    ]
    if failed := backlog.deliveries.get("failed", 0):
        sentences.append(
            f"{failed} deliveries failed for good; see the answers with `alerts status --format json`"
        )
    if backlog.held:
        sentences.append(f"{backlog.held} items wait for an editor's release")
    return sentences
