"""That a daemon is there: it says so every few seconds and takes its word back when it stops; for people to look at, never for correctness."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from alerts import __version__
from alerts.flow.service import Service
from alerts.store import Daemon

SILENT = timedelta(minutes=2)  # eight times between two words of a daemon
FORGOTTEN = timedelta(days=1)


def present(service: Service, roles: Iterable[str], since: datetime) -> None:
    """Write down that this process works since then; what a process of this machine left behind when it died is forgotten."""
    host, _, number = service.worker.rpartition(":")
    now = service.clock.now()
    me = Daemon(service.worker, host, int(number), tuple(sorted(roles)), __version__, since, now)
    service.store.status.beat(me, now - SILENT)


def absent(service: Service) -> None:
    """Write down that this process has stopped in order."""
    service.store.status.leave(service.worker)


def lost(daemons: Sequence[Daemon], now: datetime) -> list[Daemon]:
    """Return those that fell silent without having stopped."""
    return [one for one in daemons if one.heartbeat_at < now - SILENT]
