"""The life of one source on loopback: a scripted server, a moved clock, and every request with its instant."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from alerts.domain.collected import FeedState
from alerts.domain.events import FeedEvent
from alerts.flow.poll import poll_due
from alerts.flow.service import Service
from alerts.settings import read_settings
from alerts.wiring import service as wired
from tests.clocks import NOON, MovedClock
from tests.commands import ReaderHere
from tests.databases import migrated_file
from tests.servers import Answer, Scripted, Seen, in_turn, source_server

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
JITTER = 0.5  # the middle of what the service would draw


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, by the simulated clock."""

    at: datetime
    seen: Seen

    @property
    def conditions(self) -> tuple[str | None, str | None]:
        """Return If-None-Match and If-Modified-Since."""
        headers = self.seen.headers
        return headers.get("if-none-match"), headers.get("if-modified-since")


@dataclass(frozen=True, slots=True)
class Life:
    """What happened: all requests, how the feed stands, and the words of the ledger."""

    asked: tuple[Asked, ...]
    state: FeedState
    events: tuple[str, ...]
    happened: tuple[FeedEvent, ...] = ()

    @property
    def gaps(self) -> list[timedelta]:
        """Return the pauses between the requests."""
        times = [one.at for one in self.asked]
        return [later - earlier for earlier, later in pairwise(times)]

    @property
    def paths(self) -> list[str]:
        """Return what was asked for, in order."""
        return [one.seen.target for one in self.asked]


def document(*ids: str, head: str = "", **headers: str) -> Answer:
    """Return an RSS document of these entries; header names are written with underscores."""
    items = "".join(
        f"<item><title>Notice {one} on trademarks</title><guid isPermaLink='false'>{one}</guid>"
        f"<link>https://office.example/{one}</link></item>"
        for one in ids
    )
    body = (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Office</title>{head}{items}</channel></rss>"
    )
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(body=body.encode(), headers={"Content-Type": "application/rss+xml", **named})


@asynccontextmanager
async def open_service(
    folder: Path, clock: MovedClock, *rows: str, defaults: str = ""
) -> AsyncIterator[Service]:
    """Yield the wired service over a feeds.yaml of these rows; it reads documents in this process."""
    blocks = "".join("  - " + row.strip().replace("\n", "\n    ") + "\n" for row in rows)
    (folder / "feeds.yaml").write_text(f"version: 1\n{defaults}feeds:\n{blocks}", encoding="utf-8")
    environ = {"ALERTS_OPERATOR_CONTACT": "ops@service.example", "ALERTS_SECRET_KEY": "k" * 40}
    database = folder / "var" / "alerts.db"
    if not database.exists():
        database.parent.mkdir(exist_ok=True)
        shutil.copy(migrated_file(), database)  # quicker than to migrate
    async with wired(read_settings(environ, cwd=folder), clock) as service:
        yield replace(service, parser=ReaderHere())


def row(url: str, feed_id: str = "office", extra: str = "", private: bool = True) -> str:
    """Return a feed of feeds.yaml."""
    own = "\nallow_private_networks: true" if private else ""
    return f"id: {feed_id}\nname: {{en: {feed_id}}}\ntype: feed\nurl: {url}\njurisdiction: US{own}\n{extra}"


def live(
    folder: Path,
    answers: dict[str, Scripted] | Scripted,
    *,
    hours: float,
    extra: str = "",
    restarts: int = 0,
    feed_id: str = "office",
) -> Life:
    """Return what came of polling ``/feed`` whenever it was due for so many hours, with evenly spread restarts."""
    clock = MovedClock()
    scripts = answers if isinstance(answers, dict) else {"/feed": answers}
    log: list[Asked] = []
    with source_server() as server:
        server.answers.update({path: _logged(script, clock, log) for path, script in scripts.items()})
        line = row(server.url("/feed"), feed_id, extra)
        for part in range(1, restarts + 2):
            end = NOON + hours * HOUR * part / (restarts + 1)
            state, events, happened = asyncio.run(_live(folder, clock, end, line))
    return Life(tuple(log), state, events, happened)


async def _live(
    folder: Path, clock: MovedClock, end: datetime, line: str
) -> tuple[FeedState, tuple[str, ...], tuple[FeedEvent, ...]]:
    async with open_service(folder, clock, line) as service:
        await play(service, clock, end)
        (state,) = service.store.feeds.states()
        told = tuple(event.event for event in service.store.ledger.tail())
        return state, told, tuple(service.store.events.since(NOON))


async def play(service: Service, clock: MovedClock, end: datetime) -> None:
    """Poll whatever is due, jumping from one due time to the next, until ``end``."""
    calm = replace(service, jitter=lambda: JITTER)
    while (due := min(state.next_poll_at for state in calm.store.feeds.states())) <= end:
        clock.set(max(due, clock.now()))
        await poll_due(calm, patient=False)
    clock.set(end)


def _logged(script: Scripted, clock: MovedClock, log: list[Asked]) -> Callable[[Seen], Answer]:
    def answer(seen: Seen) -> Answer:
        log.append(Asked(clock.now(), seen))
        return script(seen) if callable(script) else script

    return answer


def conditional(answer: Answer) -> Callable[[Seen], Answer]:
    """Return a server that answers 304 when the request names the validators of ``answer``."""
    given = dict(answer.headers)

    def serve(seen: Seen) -> Answer:
        known, since = seen.headers.get("if-none-match"), seen.headers.get("if-modified-since")
        fresh = (
            known == given.get("ETag") if known else since is not None and since == given.get("Last-Modified")
        )
        return (
            Answer(304, headers={name: given[name] for name in given if name != "Content-Type"})
            if fresh
            else answer
        )

    return serve


def after(first: Answer, *then: Answer) -> Callable[[Seen], Answer]:
    """Return a server that gives these answers one after the other; the last one stays."""
    return in_turn(first, *then)
