"""Keep house: once an hour by one process, under a slot row."""

from datetime import timedelta

import structlog

from alerts.domain.posts import FORGOTTEN
from alerts.flow.letters import tell_readers
from alerts.flow.presence import FORGOTTEN as FORGOTTEN_DAEMON
from alerts.flow.service import Service
from alerts.flow.vigil import look_after

log = structlog.get_logger("alerts.upkeep")

KEEP_POLLS = timedelta(days=30)
KEEP_KEYS = timedelta(days=45)  # of matters: longer than ties reach back


def upkeep(service: Service) -> bool:
    """Return whether this process did the hour's work.

    Sources are looked after, readers are told of outages and quiet months, poll history older than 30 days goes, the ledger chain is checked; once a day the index is merged.
    """
    now = service.clock.now()
    if not service.store.status.job_slot("upkeep", now.strftime("%Y-%m-%dT%H")):
        return False
    look_after(service)
    tell_readers(service)
    removed = service.store.feeds.prune(now - KEEP_POLLS)
    service.store.requests.forget(now)
    service.store.tries.forget(now)
    service.store.sessions.forget(now)
    service.store.matters.prune(now - KEEP_KEYS)
    service.store.hub_news.prune(now)
    service.store.status.forget_daemons(now - FORGOTTEN_DAEMON)
    service.store.posts.end_forgotten(now - FORGOTTEN, now)
    if service.store.status.job_slot("merge", now.strftime("%Y-%m-%d")):
        service.store.search.merge()
    sound = service.store.ledger.verify()
    log.info("upkeep.done", polls_removed=removed, ledger_sound=sound)
    if not sound:
        log.error(
            "ledger.broken", hint="rows of the ledger were changed outside the service; compare with a backup"
        )
    return True
