"""A dead mailbox never leaves a company unwarned: whoever else is told there hears of it, once."""

import structlog

from alerts.domain.returns import Consequence
from alerts.flow.notices import Notice, enqueue
from alerts.flow.service import Service
from alerts.render.posted import Reader

log = structlog.get_logger("alerts.returns")


def tell_colleagues(service: Service, followed: Consequence) -> int:
    """Return how many endpoints of the company are now told that an address of theirs takes no mail any more.

    Safe to repeat: each is told once of each address. Where there is nobody else, the log says that the company is unwarned.
    """
    if followed.done not in ("suspended", "known"):
        return 0
    told = 0
    for endpoint in service.store.subscribers.endpoints(followed.colleagues):
        reader = Reader(endpoint.language, endpoint.schedule.zone, service.links(endpoint).manage)
        message = service.renderer.posted.dead(followed.address, reader)
        told += enqueue(service, Notice(endpoint, "colleague", str(followed.endpoint_id)), message)
    if not followed.colleagues:
        log.error("company.unwarned", company=followed.company, endpoint=followed.endpoint_id)
    return told
