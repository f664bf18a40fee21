"""The life of the service: ticks that look for due rows, signals, reload, drain.

APScheduler is the metronome, not the memory: a firing that finds nothing costs one indexed query, a missed one is made
up by the next. Its ``shutdown(wait=True)`` cancels running coroutines (3.11.3), so the daemon stops the ticks, awaits
its own tasks to a deadline, and only then shuts down.
"""

import asyncio
import gc
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from alerts.domain.errors import CatalogueError, StoreError
from alerts.flow.announce import announce
from alerts.flow.assign import assign_all
from alerts.flow.catchup import ASLEEP, catch_up
from alerts.flow.colleagues import warn_of_dead
from alerts.flow.joining import mail_requests
from alerts.flow.operator import tell_of_templates
from alerts.flow.poll import poll_due
from alerts.flow.posting import post_due
from alerts.flow.presence import absent, present
from alerts.flow.push import ask_hubs
from alerts.flow.report import build_due, build_urgent
from alerts.flow.send import send_due
from alerts.flow.service import Service, WatchedCatalogue
from alerts.flow.setback import plan_anew
from alerts.flow.upkeep import upkeep
from alerts.flow.vigil import look_around, tell_operator
from alerts.normalise.memory import Memory

log = structlog.get_logger("alerts.daemon")

POLL_GRACE = 5.0  # seconds that running polls get at a stop
SEND_GRACE = 30.0  # seconds that the SMTP transaction in flight gets


@dataclass(frozen=True, slots=True)
class Ticks:
    """Seconds between looks for due rows; tests make them short."""

    poll: float = 1.0
    match: float = 2.0
    build: float = 10.0
    send: float = 2.0
    post: float = 2.0
    watch: float = 2.0
    upkeep: float = 3600.0
    alarm: float = 60.0
    warn: float = 10.0
    answer: float = 2.0
    push: float = 5.0
    announce: float = 5.0
    beat: float = 15.0


def leave_in_peace() -> None:
    """Let the collector of cycles look at what is new only: lexicons, catalogue and libraries stay to the end.

    A thread that computes gives way to the loop after a millisecond, not after five: the loop answers readers, and is wanted
    several times for each page.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(0.001)


class Daemon:
    """One process of the service. ``run`` returns when it was asked to stop and has drained."""

    def __init__(
        self,
        service: Service,
        *,
        roles: frozenset[str],
        watched: WatchedCatalogue | None = None,
        ticks: Ticks | None = None,
    ) -> None:
        self.service = service
        self._roles = roles
        self._watched = watched
        self._seen = self._before = watched.look() if watched else None
        self._reloading = asyncio.Lock()
        self._ticks = ticks or Ticks()
        self._stop = asyncio.Event()
        self._now = asyncio.Event()
        self._work: dict[str, asyncio.Future[None]] = {}
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._looked_at: datetime | None = None  # for what is due
        self._since = service.clock.now()
        self.catalogue_good = True

    async def run(self) -> None:
        """Run until a signal or :meth:`stop`; then drain."""
        self._signals()
        leave_in_peace()
        self._schedule()
        self._scheduler.start()
        log.info(
            "daemon.started",
            roles=sorted(self._roles),
            feeds=len(self.service.feeds),
            worker=self.service.worker,
        )
        await self._stop.wait()
        await self._drain()
        await asyncio.to_thread(absent, self.service)
        log.info("daemon.stopped")

    def stop(self) -> None:
        """Ask for an orderly stop; a second call stops at once."""
        if self._stop.is_set():
            self._now.set()
        self._stop.set()

    def reload(self) -> bool:
        """Read feeds.yaml again; return whether it was good. A broken one never replaces a good running one."""
        if self._watched is None:
            return True
        seen = self._watched.look()
        try:
            catalogue = self._watched.read()
            if not any(feed.enabled for feed in catalogue.feeds):
                raise CatalogueError(["no feed is enabled; stop the daemon to poll nothing"])
            self.service.store.feeds.sync(catalogue.feeds, self.service.clock.now())
            self.service.store.push.sync(catalogue.feeds, self.service.clock.now())
        except CatalogueError as error:
            self._seen = seen
            return self._refuse(error.lines)
        except StoreError as error:  # looked at again with the next tick
            return self._refuse([f"the database does not take it over yet: {error}"])
        self._seen = seen
        feeds = {feed.id: feed for feed in catalogue.feeds}
        self.service = replace(
            self.service, feeds=feeds, renderer=self._watched.renderer(feeds), memory=Memory()
        )
        self.catalogue_good = True
        log.info("catalogue.loaded", feeds=len(catalogue.feeds))
        return True

    def _refuse(self, lines: Sequence[str]) -> bool:
        self.catalogue_good = False
        for line in lines:
            log.error("catalogue.refused", fault=line)
        return False

    async def _take_over(self) -> None:
        """Reload, one at a time, without holding up what else goes on."""
        async with self._reloading:
            await asyncio.to_thread(self.reload)

    def _signals(self) -> None:
        """Take the process's signals, where this runs on its main thread."""
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        turns = count()  # one that comes while another is served is served after it: the file may be newer
        loop.add_signal_handler(
            signal.SIGHUP,
            lambda: asyncio.ensure_future(self._guarded(f"reload {next(turns)}", self._take_over)()),
        )

    def _schedule(self) -> None:
        due: list[tuple[str, float, Callable[[], Awaitable[None]], str]] = [
            ("poll", self._ticks.poll, self._poll, "poll"),
            ("match", self._ticks.match, self._match, "match"),
            ("build", self._ticks.build, self._build, "build"),
            ("send", self._ticks.send, self._send, "send"),
            ("post", self._ticks.post, self._post, "send"),
            ("watch", self._ticks.watch, self._watch, "poll"),
            ("upkeep", self._ticks.upkeep, self._upkeep, "build"),
            ("alarm", self._ticks.alarm, self._alarm, "send"),
            ("answer", self._ticks.answer, self._answer, "send"),
            ("warn", self._ticks.warn, self._warn, "send"),
            ("push", self._ticks.push, self._push, "poll"),
            ("announce", self._ticks.announce, self._announce, "send"),
            ("beat", self._ticks.beat, self._beat, min(self._roles)),
        ]
        for name, seconds, job, role in due:
            if role in self._roles:
                self._scheduler.add_job(
                    self._guarded(name, job), IntervalTrigger(seconds=seconds, timezone="UTC"), id=name, coalesce=True,
                    max_instances=1, misfire_grace_time=None, next_run_time=self.service.clock.now(),
                )  # fmt: skip

    def _guarded(
        self, name: str, job: Callable[[], Awaitable[None]]
    ) -> Callable[[], Coroutine[Any, Any, None]]:
        """Return the job as a task of ours: one at a time, its fault logged, awaited by the drain."""

        async def tick() -> None:
            if name in self._work or self._stop.is_set():
                return
            task = self._work[name] = asyncio.ensure_future(job())
            try:
                await asyncio.shield(task)
            except Exception:
                log.exception("tick.fault", tick=name)
            finally:
                self._work.pop(name, None)

        return tick

    async def _poll(self) -> None:
        now, before = self.service.clock.now(), self._looked_at
        if before is None or now < before:
            await asyncio.to_thread(plan_anew, self.service)
        if before is None or now - before > ASLEEP:
            await asyncio.to_thread(catch_up, self.service)
        await poll_due(self.service, stop=self._stop, patient=False)
        await asyncio.to_thread(look_around, self.service)
        self._looked_at = self.service.clock.now()

    async def _match(self) -> None:
        assigned = await assign_all(self.service)
        await asyncio.to_thread(self.service.store.search.index_due, self.service.news_at())
        if self.service.watching is not None:
            await self.service.watching.grow()
        if assigned.urgent and await build_urgent(self.service) and "send" in self._roles:
            await send_due(self.service, self._stop, urgent_only=True)

    async def _build(self) -> None:
        await build_due(self.service)

    async def _send(self) -> None:
        await send_due(self.service, self._stop)

    async def _post(self) -> None:
        await post_due(self.service, self._stop)

    async def _watch(self) -> None:
        """Take a changed feeds.yaml over once two looks agree: a file may be half written at the first.

        Looking costs one stat for each file.
        """
        if self._watched is None:
            return
        now = await asyncio.to_thread(self._watched.look)
        settled, self._before = now == self._before, now
        if settled and now != self._seen:
            await self._take_over()

    async def _upkeep(self) -> None:
        await asyncio.to_thread(upkeep, self.service)

    async def _alarm(self) -> None:
        await tell_operator(self.service)
        await tell_of_templates(self.service)

    async def _answer(self) -> None:
        await mail_requests(self.service)

    async def _warn(self) -> None:
        await warn_of_dead(self.service)

    async def _push(self) -> None:
        await ask_hubs(self.service)

    async def _announce(self) -> None:
        await announce(self.service)

    async def _beat(self) -> None:
        await asyncio.to_thread(present, self.service, self._roles, self._since)

    async def _drain(self) -> None:
        """No new work; running polls get 5 s, the mail in flight ends, the rest stays due."""
        log.info("daemon.draining", work=sorted(self._work))
        self._scheduler.pause()
        polls = {task for name, task in self._work.items() if name == "poll"}
        await self._settle(polls, POLL_GRACE)
        await self._settle(set(self._work.values()) - polls, SEND_GRACE)
        self._scheduler.shutdown(wait=False)

    async def _settle(self, tasks: set[asyncio.Future[None]], grace: float) -> None:
        """Wait for ``tasks`` up to ``grace`` seconds or a second signal, then cancel what is left."""
        if not tasks:
            return
        impatient: asyncio.Future[Any] = asyncio.ensure_future(self._now.wait())
        ended: asyncio.Future[Any] = asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.wait({impatient, ended}, timeout=grace, return_when=asyncio.FIRST_COMPLETED)
        impatient.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
