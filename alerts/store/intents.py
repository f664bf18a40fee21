"""A hub's question whether a request was meant, and its word that a subscription is denied (WebSub section 5.3).

It counts only for what the hub was really asked for and has not verified yet. A hub whose first try was answered in vain
may repeat the very same question for ten minutes; the repeat changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from alerts.domain.events import EventKind
from alerts.domain.push import DENIED_WAIT, PushMode, granted, renewal, spread_of
from alerts.store.events import end_events
from alerts.store.statements import AnyRow
from alerts.store.tables import feed_push

REPEATED = timedelta(minutes=10)
DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Intent:
    """What a hub asks about; ``challenge`` is a hash of its challenge, ``lease`` as it wrote it, ``reason`` of a denial."""

    mode: str
    topic: str
    challenge: str = ""
    lease: str | None = None
    reason: str | None = None


def take_intent(connection: Connection, key: str, intent: Intent, now: datetime) -> bool:
    """Return whether the question is about this subscription as it was asked for; what it tells is written down."""
    row = connection.execute(select(feed_push).where(feed_push.c.key == key).with_for_update()).first()
    if row is None or row.topic is None or row.topic != intent.topic:
        return False
    if intent.mode == DENIED:
        return _denied(connection, row, intent, now)
    if not intent.challenge:
        return False
    if intent.mode == PushMode.UNSUBSCRIBE.value:
        return _left(connection, row)
    return intent.mode == PushMode.SUBSCRIBE.value and _verified(connection, row, intent, now)


def _verified(connection: Connection, row: AnyRow, intent: Intent, now: datetime) -> bool:
    if not row.wanted or row.mode != PushMode.SUBSCRIBE.value:
        recent = row.verified_at is not None and now - row.verified_at <= REPEATED
        return bool(row.wanted and recent and row.challenge == intent.challenge)
    lease = granted(intent.lease)
    if lease is None:
        return False
    values: dict[str, object] = dict.fromkeys(("mode", "detail", "denied_at"))
    values |= {
        "verified_at": now,
        "challenge": intent.challenge,
        "expires_at": now + lease,
        "due_at": renewal(lease, now, spread_of(row.key)),
        "attempts": 0,
    }
    connection.execute(update(feed_push).where(feed_push.c.key == row.key).values(values))
    end_events(connection, row.feed_id, (EventKind.PUSH,), now)
    return True


def _left(connection: Connection, row: AnyRow) -> bool:
    if row.wanted or row.mode != PushMode.UNSUBSCRIBE.value:
        return False
    connection.execute(delete(feed_push).where(feed_push.c.key == row.key))
    return True


def _denied(connection: Connection, row: AnyRow, intent: Intent, now: datetime) -> bool:
    """Take a denial at any time, also of what was verified before."""
    here = feed_push.c.key == row.key
    if not row.wanted:
        connection.execute(delete(feed_push).where(here))
        return True
    values: dict[str, object] = {"mode": None, "denied_at": now, "expires_at": None, "detail": intent.reason}
    connection.execute(update(feed_push).where(here).values(values | {"due_at": now + DENIED_WAIT}))
    return True
