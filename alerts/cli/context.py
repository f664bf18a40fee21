"""What most commands begin with: settings, a clock that may be set, an open store, the service."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from alerts.domain.ports import Clock
from alerts.settings import Settings, read_settings

if TYPE_CHECKING:  # heavy: `alerts --help` does without
    from alerts.flow.service import Service
    from alerts.store import Store

T = TypeVar("T")


def clock(at: datetime | None = None) -> Clock:
    """Return a clock that stands at ``at``, or the real one."""
    from alerts.wiring import FixedClock, RealClock

    return FixedClock(at) if at else RealClock()


@contextmanager
def store(settings: Settings | None = None) -> Iterator["Store"]:
    """Yield the migrated store and close it."""
    from alerts.wiring import open_store

    opened = open_store(settings or read_settings())
    try:
        opened.migrate()
        yield opened
    finally:
        opened.close()


def index(opened: "Store", now: datetime) -> None:
    """Let the archive be found as it stands, though no daemon may be running; our hub is told of it as by one."""
    opened.search.catch_up(now if read_settings().hub else None)


def with_service(
    work: Callable[["Service"], Awaitable[T]], at: datetime | None = None, *, quiet: bool = True
) -> T:
    """Return what ``work`` returns, run with a wired service."""
    settings = read_settings()
    log_to_stderr(settings, quiet=quiet)

    async def go() -> T:
        from alerts.wiring import service

        async with service(settings, clock(at)) as wired:
            return await work(wired)

    return asyncio.run(go())


def log_to_stderr(settings: Settings, *, quiet: bool) -> None:
    """Send log events to standard error: key=value for people, JSON for machines; ``quiet`` keeps errors only."""
    import structlog

    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that is still at work is no news
    people = settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer()
            if people
            else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR if quiet else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
