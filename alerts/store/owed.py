"""Which alerts are owed, and who may be told: the conditions that every statement about them shares."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_

from alerts.domain.vocabulary import ContactStatus
from alerts.store.tables import alert, contact, endpoint

UNTOLD = and_(alert.c.digest_id.is_(None), alert.c.dropped_reason.is_(None))


def awake(now: datetime) -> ColumnElement[bool]:
    """Return that an endpoint is not paused."""
    return or_(endpoint.c.paused_until.is_(None), endpoint.c.paused_until <= now)


def reachable(statement: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
    """Return the select joined from endpoint to contact, for those that may be told."""
    told = contact.c.status == ContactStatus.ACTIVE.value
    return statement.join(contact, contact.c.id == endpoint.c.contact_id).where(endpoint.c.active, told)
