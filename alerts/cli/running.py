"""``run``, ``demo``, ``poll``, ``send``: the commands that do the work."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli import choices
from alerts.cli.context import log_to_stderr, with_service
from alerts.cli.progress import watched
from alerts.cli.show import AtOption, Format, FormatOption, instant, listing, say, warn
from alerts.domain.errors import InputError
from alerts.settings import ROLES, read_settings

if TYPE_CHECKING:
    from alerts.flow.poll import PollLine
    from alerts.flow.round import Round
    from alerts.flow.service import Service

COLUMNS = ("feed", "outcome", "new", "changed", "known", "ms", "next", "detail")


def register(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(run)
    app.command()(demo)
    app.command()(poll)
    app.command()(send)


def run(
    once: Annotated[bool, typer.Option("--once", help="One round of everything due, then exit.")] = False,
    at: AtOption = None,
    roles: Annotated[
        str, typer.Option(help="Comma-separated part of the work: poll,match,build,send.")
    ] = ",".join(ROLES),
    no_web: Annotated[bool, typer.Option("--no-web", help="Do not serve the web site.")] = False,
    style: FormatOption = Format.TEXT,
) -> int:
    """Poll, match, build and send until stopped; serve the web site."""
    chosen = _roles(roles)
    when = instant(at)
    if when and not once:
        raise InputError("--at goes with --once: only a single round can stand at a chosen instant.")
    if once:
        from alerts.flow.round import one_round

        async def round_(service: "Service") -> "Round":
            with watched(service, service.store.status.backlog(service.clock.now()).feeds_due) as seen:
                return await one_round(seen, chosen)

        return _report(with_service(round_, when), style)
    from alerts.cli.service import serve

    settings = read_settings()
    log_to_stderr(settings, quiet=False)
    return asyncio.run(serve(settings, chosen, web=not no_web))


def demo(
    exit_after: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Stop after this many seconds.")
    ] = None,
    every: Annotated[float, typer.Option(help="Seconds between two newly published items.")] = 6.0,
) -> int:
    """Show the whole service on loopback: bundled feeds, sample companies, a mail catcher; no network, no set-up."""
    from alerts.cli.demo.show import show

    return asyncio.run(show(exit_after=exit_after, every=every))


def poll(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Feeds to poll; all that are due if none is named."),
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Only those that are due, also of the named ones.")
    ] = False,
    at: AtOption = None,
    style: FormatOption = Format.TEXT,
) -> int:
    """Poll now: conditional and polite; refuses, with the time left, where a server asked for patience."""
    from alerts.flow.poll import poll_due

    when = instant(at)

    async def work(service: "Service") -> int:
        wanted = [choices.feed(feed_id, service.feeds) for feed_id in ids or []]
        total = len(wanted) or service.store.status.backlog(service.clock.now()).feeds_due
        with watched(service, total) as seen:
            lines = await poll_due(seen, ids=wanted or None, due_only=due or not wanted)
        listing(map(_row, lines), style, COLUMNS)
        if not lines and not wanted:
            warn(_nothing_due(service))
        for sentence in _refused(service, wanted, lines, due):
            warn(sentence)
        missed = len(wanted) - len({line.feed_id for line in lines}) if wanted and not due else 0
        return 1 if missed or any(not line.good for line in lines) else 0

    return with_service(work, when)


def send(style: FormatOption = Format.TEXT, at: AtOption = None) -> int:
    """Transmit what is due in the outbox."""
    from alerts.flow.round import send_all

    sent = with_service(send_all, instant(at))
    listing([{"state": state, "deliveries": count} for state, count in sorted(sent.states.items())], style)
    if not sent.states and style is Format.TEXT:
        say("Nothing is due.")
    return 1 if set(sent.states) - {"sent", "cancelled"} else 0


def _roles(text: str) -> frozenset[str]:
    roles = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not roles or roles - set(ROLES):
        raise InputError(f"--roles: {text!r} names something else than {', '.join(ROLES)}.")
    return roles


def _row(line: "PollLine") -> dict[str, object]:
    return {
        "feed": line.feed_id, "outcome": line.outcome, "new": line.saved.new, "changed": line.saved.changed,
        "known": line.saved.known, "entries": line.entries, "filtered": line.filtered, "status": line.status,
        "ms": line.ms, "next": line.next_poll_at, "detail": line.detail,
    }  # fmt: skip


def _refused(service: "Service", wanted: list[str], lines: list["PollLine"], due: bool) -> list[str]:
    """Return a sentence for each named feed that was not polled."""
    now = service.clock.now()
    done = {line.feed_id for line in lines}
    sentences = []
    for feed_id in wanted:
        if feed_id in done:
            continue
        state, patience = service.store.feeds.state(feed_id), service.store.feeds.patience(feed_id, now)
        if state and not state.enabled:
            sentences.append(
                f"{feed_id}: disabled in feeds.yaml; `alerts feeds test {feed_id}` looks at it without storing."
            )
        elif patience:
            minutes = max(1, round((patience - now).total_seconds() / 60))
            sentences.append(
                f"{feed_id}: its server asked for patience until {patience:%Y-%m-%d %H:%M} UTC, {minutes} min from now."
            )
        elif due:
            sentences.append(
                f"{feed_id}: not due before {state.next_poll_at:%Y-%m-%d %H:%M} UTC."
                if state
                else f"{feed_id}: not due."
            )
        else:
            sentences.append(f"{feed_id}: another process is polling it at this moment.")
    return sentences


def _nothing_due(service: "Service") -> str:
    states = [state for state in service.store.feeds.states() if state.enabled]
    if not states:
        return "No feed is enabled in feeds.yaml."
    first = min(state.next_poll_at for state in states)
    return f"Nothing is due before {first:%Y-%m-%d %H:%M} UTC; `alerts poll ID` asks one source now."


def _report(done: "Round", style: Format) -> int:
    """Print what one round did; failed sources are in the table and do not make the round fail."""
    summary: dict[str, object] = {
        "polled": len(done.polls), "failed": sum(not line.good for line in done.polls),
        "new": sum(line.saved.new for line in done.polls), "changed": sum(line.saved.changed for line in done.polls),
        "matched": done.assigned.revisions, "alerts": done.assigned.alerts, "digests": done.built.digests,
        "urgent": done.built.urgent, "alarms": done.alarms, **{f"deliveries_{state}": count for state, count in done.sent.states.items()},
    }  # fmt: skip
    if style is Format.JSON:
        listing([{"step": "poll", **_row(line)} for line in done.polls], style)
        listing([{"step": "round", **summary}], style)
        return 0
    listing(map(_row, done.polls), style, COLUMNS)
    say(" · ".join(f"{name.replace('_', ' ')} {value}" for name, value in summary.items()))
    return 0
