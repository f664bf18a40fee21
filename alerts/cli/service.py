"""Start the daemon with its web site and inner listener, and stop in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from alerts.daemon import Daemon, Ticks
from alerts.domain.listens import Listen
from alerts.settings import Settings

if TYPE_CHECKING:
    from alerts.domain.feeds import Feed
    from alerts.store import Store
    from alerts.web import Makers, Site

log = structlog.get_logger("alerts.serve")


async def serve(settings: Settings, roles: frozenset[str], *, web: bool, ticks: Ticks | None = None) -> int:
    """Return 0 after an orderly stop.

    Raises:
        StoreError: the database cannot be used, or on SQLite another daemon holds it.
    """
    async with started(settings, roles, web=web, ticks=ticks) as daemon:
        await daemon.run()
    return 0


@asynccontextmanager
async def started(
    settings: Settings, roles: frozenset[str], *, web: bool, ticks: Ticks | None = None
) -> AsyncIterator[Daemon]:
    """Yield a daemon that is ready to run, with its listeners up."""
    from alerts import wiring

    async with wiring.service(settings) as service, contextlib.AsyncExitStack() as stack:
        stack.enter_context(service.store.hold_lock())
        if service.store.is_sqlite:  # the lock says that nobody else holds a claim
            await asyncio.to_thread(service.store.deliveries.release_all)
            await asyncio.to_thread(service.store.feeds.release_all)
        daemon = Daemon(service, roles=roles, watched=wiring.watched(settings), ticks=ticks)
        if settings.returns:
            await stack.enter_async_context(_returns(settings, settings.returns, daemon))
        if web:
            await stack.enter_async_context(_listeners(settings, daemon))
        yield daemon


@asynccontextmanager
async def _returns(settings: Settings, place: Listen, daemon: Daemon) -> AsyncIterator[None]:
    from alerts import wiring
    from alerts.flow.returns import take_back
    from alerts.intake import receiving

    path, service = wiring.return_path(settings), daemon.service

    def taken(raw: bytes, to: Sequence[str]) -> None:
        take_back(service.store, path, raw, to, service.clock.now())

    async with receiving(place.host, place.port, taken) as port:
        log.info("returns.listening", place=f"lmtp://{place.host}:{port}")
        yield


@asynccontextmanager
async def _listeners(settings: Settings, daemon: Daemon) -> AsyncIterator[None]:
    from alerts import wiring
    from alerts.flow.endpoints import means_of
    from alerts.flow.trying import Tried, try_feed
    from alerts.web import Office, create_app, create_machine_app, listening

    async def look(feed: "Feed") -> Tried:
        async with wiring.collecting(settings) as tools:
            return await try_feed(tools, daemon.service.lexicons, feed)

    site = replace(
        a_site(settings, daemon.service.store, lambda: daemon.service.feeds),
        office=Office(wiring.make_gate(settings, daemon.service.store), look),
        catalogue_good=lambda: daemon.catalogue_good,
        means=lambda: means_of(daemon.service),
    )
    async with contextlib.AsyncExitStack() as stack:
        makers = await stack.enter_async_context(_makers(settings, site))
        app = create_app(site, makers)
        await stack.enter_async_context(listening(app, settings.listen.host, settings.listen.port))
        if settings.metrics_listen:
            inner: Listen = settings.metrics_listen
            await stack.enter_async_context(listening(create_machine_app(site), inner.host, inner.port))
        log.info("web.listening", site=f"http://{settings.listen}", public=site.public_url)
        yield


def a_site(settings: Settings, store: "Store", feeds: "Callable[[], Mapping[str, Feed]]") -> "Site":
    """Return what pages stand on that only read."""
    from alerts import directory, wiring
    from alerts.web import MOMENT, Site

    return Site(
        store=store,
        feeds=feeds,
        hub=settings.hub,
        proxies=settings.proxies,
        hourly=settings.sign_ups,
        stations=directory.watched(settings.stations),
        tokens=wiring.tokens(settings),
        clock=wiring.RealClock(),
        public_url=wiring.public_url(settings),
        operator_contact=settings.operator_contact,
        templates=settings.templates,
        moment=MOMENT,
    )


@asynccontextmanager
async def _makers(settings: Settings, site: "Site") -> "AsyncIterator[Makers | None]":
    """Yield what has pages made in processes of their own; None where that is switched off, or nobody else can read the database."""
    from alerts.cli import making
    from alerts.web import Makers

    if not settings.page_makers or not site.store.is_shared:
        yield None
        return
    makers = Makers(making.COMMAND, making.told(settings), site.feeds, settings.page_makers)
    try:
        yield makers
    finally:
        await makers.close()
