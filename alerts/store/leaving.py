"""Leaving and coming back, and what each does to what was owed."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from alerts.domain.vocabulary import ContactStatus, DeliveryState
from alerts.store.ledger import Event, record
from alerts.store.owed import UNTOLD
from alerts.store.statements import AnyRow, count_up
from alerts.store.tables import alert, contact, delivery, endpoint, watch

LEFT = "left"  # why an alert was dropped or a delivery cancelled
UNDO = timedelta(days=1)  # after it, what was stopped is old news
# In which leaving can be undone by the link of a mail; later it takes a new consent.
BACK = timedelta(days=30)
HASTY = timedelta(seconds=10)  # after the mail: a program that follows every link may have pressed the button


def leave(connection: Connection, public_id: str, now: datetime, how: str) -> bool:
    """Stop an endpoint; return False when there is none. A message under way asks before it is sent."""
    row = _find(connection, public_id)
    if row is None:
        return False
    if not row.active:
        return True
    connection.execute(update(endpoint).where(endpoint.c.id == row.id).values(active=False, left_at=now))
    _stop_owed(connection, row.id, now)
    still = select(func.count()).where(endpoint.c.contact_id == row.contact_id, endpoint.c.active)
    if not connection.execute(still).scalar_one():
        _end_contact(connection, row.contact_id, now)
    count_up(connection, "watches")
    hasty = {"hasty": True} if _was_just_told(connection, row.id, now) else {}
    record(connection, Event(now, LEFT, f"endpoint:{row.id}", {"how": how, **hasty}))
    return True


def rejoin(connection: Connection, public_id: str, now: datetime) -> bool:
    """Start an endpoint that had left; return False when it had not, or left more than ``BACK`` ago."""
    row = _find(connection, public_id)
    if row is None or row.active or (row.left_at is not None and now - row.left_at > BACK):
        return False
    connection.execute(update(endpoint).where(endpoint.c.id == row.id).values(active=True, left_at=None))
    returned = update(contact).where(
        contact.c.id == row.contact_id, contact.c.status == ContactStatus.LEFT.value
    )
    connection.execute(returned.values(status=ContactStatus.ACTIVE.value))
    ended = update(watch).where(watch.c.contact_id == row.contact_id, watch.c.ended_at == row.left_at)
    connection.execute(ended.values(ended_at=None))
    if row.left_at is not None and now - row.left_at < UNDO:
        _restore_owed(connection, row.id, now)
    count_up(connection, "watches")
    record(connection, Event(now, "rejoined", f"endpoint:{row.id}", {}))
    return True


def _was_just_told(connection: Connection, endpoint_id: int, now: datetime) -> bool:
    """Return whether a mail was taken a moment ago."""
    mine = (delivery.c.endpoint_id == endpoint_id) & (delivery.c.done_at > now - HASTY)
    told = select(delivery.c.id).where(mine, delivery.c.state == DeliveryState.SENT.value).limit(1)
    return connection.execute(told).first() is not None


def _find(connection: Connection, public_id: str) -> AnyRow | None:
    return connection.execute(
        select(endpoint).where(endpoint.c.public_id == public_id).with_for_update()
    ).first()


def _end_contact(connection: Connection, contact_id: int, now: datetime) -> None:
    status = ContactStatus.LEFT.value
    connection.execute(update(contact).where(contact.c.id == contact_id).values(status=status))
    in_force = (watch.c.contact_id == contact_id) & watch.c.ended_at.is_(None)
    connection.execute(update(watch).where(in_force).values(ended_at=now))


def _stop_owed(connection: Connection, endpoint_id: int, now: datetime) -> None:
    owed = update(alert).where(alert.c.endpoint_id == endpoint_id, UNTOLD)
    connection.execute(owed.values(dropped_reason=LEFT))
    under_way = delivery.c.state == DeliveryState.SENDING.value
    waiting = (delivery.c.endpoint_id == endpoint_id) & delivery.c.done_at.is_(None) & ~under_way
    cancelled = {
        "state": DeliveryState.CANCELLED.value,
        "done_at": now,
        "claimed_by": None,
        "last_answer": LEFT,
    }
    connection.execute(update(delivery).where(waiting).values(cancelled))


def _restore_owed(connection: Connection, endpoint_id: int, now: datetime) -> None:
    dropped = (alert.c.endpoint_id == endpoint_id) & (alert.c.dropped_reason == LEFT)
    connection.execute(update(alert).where(dropped & alert.c.digest_id.is_(None)).values(dropped_reason=None))
    cancelled = (delivery.c.endpoint_id == endpoint_id) & (delivery.c.state == DeliveryState.CANCELLED.value)
    again = {"state": DeliveryState.DUE.value, "done_at": None, "due_at": now, "last_answer": None}
    connection.execute(update(delivery).where(cancelled, delivery.c.last_answer == LEFT).values(again))
