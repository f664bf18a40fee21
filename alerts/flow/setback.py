"""After the clock was set back: what was planned by the time that it showed before is planned anew.

Nothing is told twice meanwhile, since the keys of alerts and digests know no clock. But sources would be asked, and readers
told, only when the time of their plans has come by again: a day later, or ten years.
"""

import structlog

from alerts.flow.hours import following
from alerts.flow.service import Service

log = structlog.get_logger("alerts.clock")


def plan_anew(service: Service) -> int:
    """Return how many endpoints were given an earlier time; none, and nothing is written, while the clock goes on."""
    now, store = service.clock.now(), service.store
    if not store.ahead.is_found(now):
        return 0
    moved = 0
    for endpoint in store.ahead.take_back(now):
        turn = following(endpoint.schedule, now)
        if turn != endpoint.next_digest_at:
            store.digests.advance(endpoint.id, turn)
            moved += 1
    log.warning("clock.set-back", now=now.isoformat(), endpoints=moved)
    return moved
