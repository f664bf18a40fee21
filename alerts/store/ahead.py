"""What was planned by a clock that ran ahead and has been set back since."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, select, update

from alerts.domain.people import Endpoint
from alerts.domain.vocabulary import Rhythm
from alerts.store.database import Database
from alerts.store.owed import awake
from alerts.store.people import endpoint_value
from alerts.store.statements import fetch
from alerts.store.tables import delivery, endpoint, feed_state

SLIP = timedelta(minutes=10)  # by which clocks of machines may differ, or be set back without a word
DAY = timedelta(days=1)


class Ahead:
    """Plans of a clock that ran ahead. Without them nothing would be asked or told until their time comes by again."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def is_found(self, now: datetime) -> bool:
        """Return whether a source was asked later than now, which only a clock can do that was set back."""
        return bool(
            self._db.read(lambda connection: connection.execute(select(exists().where(_later(now)))).scalar())
        )

    def take_back(self, now: datetime) -> list[Endpoint]:
        """Let those sources and deliveries be due now; return the endpoints whose digest is planned for after a day from now.

        Who is paused is not among them.
        """
        return self._db.write(lambda connection: _take_back(connection, now))


def _later(now: datetime) -> ColumnElement[bool]:
    return and_(feed_state.c.enabled, feed_state.c.last_polled_at > now + SLIP)


def _take_back(connection: Connection, now: datetime) -> list[Endpoint]:
    connection.execute(update(feed_state).where(_later(now)).values(next_poll_at=now, last_polled_at=now))
    waits = and_(delivery.c.done_at.is_(None), delivery.c.claimed_by.is_(None), delivery.c.due_at > now)
    connection.execute(update(delivery).where(waits, delivery.c.created_at > now + SLIP).values(due_at=now))
    planned = select(endpoint).where(endpoint.c.active, endpoint.c.next_digest_at > now + DAY, awake(now))
    waiting = planned.where(endpoint.c.rhythm != Rhythm.IMMEDIATE.value)
    return [endpoint_value(row) for row in fetch(connection, waiting)]
