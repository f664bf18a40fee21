"""Run the demonstration: publisher, catcher, sample companies and the real daemon on free loopback ports."""

import asyncio
import contextlib
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.cli.context import log_to_stderr
from alerts.cli.demo.catcher import Catcher
from alerts.cli.demo.companies import COMPANIES
from alerts.cli.demo.publisher import Publisher
from alerts.cli.service import started
from alerts.cli.show import say
from alerts.daemon import Daemon, Ticks
from alerts.domain.people import Subscription
from alerts.domain.vocabulary import Rhythm
from alerts.flow.round import one_round
from alerts.flow.subscribe import enter
from alerts.settings import ROLES, Settings, read_settings
from alerts.wiring import RealClock, public_url

PATIENCE = 15.0  # seconds until the first digest must be there
HASTE = timedelta(seconds=5)  # between two polls: a show, not manners
TICKS = Ticks(poll=1, match=1, build=1, send=1)


async def show(*, exit_after: float | None, every: float) -> int:
    """Return 0 after the show, 1 when no mail arrived in time."""
    now = RealClock().now()
    with _stage(now, every) as (settings, catcher, folder):
        log_to_stderr(settings, quiet=True)
        async with started(settings, frozenset(ROLES), web=True, ticks=TICKS) as daemon:
            _hurry(daemon)
            for company in COMPANIES:
                enter(daemon.service.store, _due_now(company, now), now - timedelta(days=1))
            await one_round(daemon.service, frozenset({"poll", "match"}))
            running = asyncio.create_task(daemon.run())
            seconds = await _first_mail(catcher)
            _tell(settings, catcher, folder, seconds)
            if exit_after is not None:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(running), exit_after)
                daemon.stop()
            await running
        say(f"{len(catcher.mails)} mails were caught.")
    return 0 if seconds is not None else 1


@contextmanager
def _stage(now: datetime, every: float) -> Iterator[tuple[Settings, Catcher, Path]]:
    """Yield the settings of a deployment in a temporary folder, with publisher and catcher up."""
    with (
        tempfile.TemporaryDirectory(prefix="alerts-demo-") as name,
        Publisher(now, every) as publisher,
        Catcher() as catcher,
    ):
        folder = Path(name)
        (folder / "feeds.yaml").write_text(publisher.feeds_yaml(), encoding="utf-8")
        environ = {
            "ALERTS_MAIL": f"smtp://127.0.0.1:{catcher.smtp_port}",
            "ALERTS_MAIL_FROM": "alerts@ip-risk-alerts.example",
            "ALERTS_OPERATOR_CONTACT": "ops@ip-risk-alerts.example",
            "ALERTS_LISTEN": f"127.0.0.1:{_free_port()}",
            "ALERTS_METRICS_LISTEN": f"127.0.0.1:{_free_port()}",
            "ALERTS_LOG_FORMAT": "console",
        }
        say(f"Sources     {publisher.url}   (a new item every {every:g} s)")
        yield read_settings(environ, cwd=folder), catcher, folder


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _hurry(daemon: Daemon) -> None:
    """Poll every few seconds, so that a new item is seen while somebody watches."""
    feeds = {feed_id: replace(feed, interval=HASTE) for feed_id, feed in daemon.service.feeds.items()}
    daemon.service = replace(daemon.service, feeds=feeds)
    daemon.service.store.feeds.sync(tuple(feeds.values()), daemon.service.clock.now())


def _due_now(company: Subscription, now: datetime) -> Subscription:
    """Return the subscription with its hour set to the present minute, so that its first digest is due."""
    if company.schedule.rhythm is Rhythm.IMMEDIATE:
        return company
    local = now.astimezone(ZoneInfo(company.schedule.zone)).time().replace(second=0, microsecond=0)
    return replace(company, schedule=replace(company.schedule, at=local))


async def _first_mail(catcher: Catcher) -> float | None:
    """Return after how many seconds the first mail was there, None when it did not come."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while loop.time() - began < PATIENCE:
        if catcher.mails:
            return loop.time() - began
        await asyncio.sleep(0.05)
    return None


def _tell(settings: Settings, catcher: Catcher, folder: Path, seconds: float | None) -> None:
    say(f"Mails       {catcher.url}")
    say(f"Web site    {public_url(settings)}")
    say(f"Health      http://{settings.metrics_listen}/readyz")
    say(f"Database    {folder}/var/alerts.db")
    for company in COMPANIES:
        regions = ", ".join(company.criteria.regions)
        say(f"Subscribed  {company.email} ({company.company}): {regions}, {company.schedule.rhythm}")
    say(
        "No mail arrived within 15 s: see the messages above."
        if seconds is None
        else "The first mail is there. Ctrl-C stops everything; nothing is left behind."
    )
