"""Sources that went dark and came back, as far as readers are told of them.

What is told together is marked with one batch before anybody is told: whoever goes on after a crash tells the same set under
the same name, so that nobody hears it twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select, update

from alerts.domain.events import EventKind
from alerts.store.database import Database
from alerts.store.statements import AnyRow
from alerts.store.tables import feed_event

DARK = feed_event.c.kind == EventKind.DARK.value


@dataclass(frozen=True, slots=True)
class Batch:
    """Outages that are told together: they began, or with ``over`` they are over.

    ``began`` names the notices that told of the beginning of those that are over.
    """

    name: str
    over: bool
    feeds: tuple[str, ...]
    began: tuple[str, ...] = ()


class Outages:
    """Which outages the readers have to be told of."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def open(self, now: datetime) -> list[Batch]:
        """Return what is to be told, the oldest first; an outage that was over before anybody was told of it is left out."""
        return self._db.write(lambda connection: _open(connection, now))

    def done(self, batch: Batch, now: datetime) -> None:
        """Write down that all who depend on these sources were told."""
        name, told = _columns(over=batch.over)
        mark = update(feed_event).where(name == batch.name).values({told.key: now})
        self._db.write(lambda connection: connection.execute(mark))


def _columns(*, over: bool) -> tuple[ColumnElement[str | None], ColumnElement[datetime | None]]:
    side = "end" if over else "begin"
    return feed_event.c[f"{side}_batch"], feed_event.c[f"{side}_told_at"]


def _open(connection: Connection, now: datetime) -> list[Batch]:
    columns = feed_event.c
    unsaid = and_(DARK, columns.begin_batch.is_(None), columns.begin_told_at.is_(None))
    missed = update(feed_event).where(unsaid, columns.ended_at.is_not(None))
    connection.execute(missed.values(begin_told_at=now, end_told_at=now))
    name = f"{now:%Y%m%dT%H%M%S}"
    connection.execute(update(feed_event).where(unsaid).values(begin_batch=name))
    back = and_(
        DARK, columns.end_batch.is_(None), columns.end_told_at.is_(None), columns.ended_at.is_not(None)
    )
    connection.execute(
        update(feed_event).where(back, columns.begin_told_at.is_not(None)).values(end_batch=name)
    )
    return [*_batches(connection, over=False), *_batches(connection, over=True)]


def _batches(connection: Connection, *, over: bool) -> list[Batch]:
    name, told = _columns(over=over)
    waiting = select(feed_event).where(DARK, name.is_not(None), told.is_(None)).order_by(feed_event.c.id)
    found: dict[str, list[AnyRow]] = {}
    for row in connection.execute(waiting):
        found.setdefault(getattr(row, name.key or ""), []).append(row)
    return [_batch(key, rows, over=over) for key, rows in sorted(found.items())]


def _batch(name: str, rows: Sequence[AnyRow], *, over: bool) -> Batch:
    feeds = tuple(sorted({row.feed_id for row in rows}))
    began = tuple(sorted({row.begin_batch for row in rows})) if over else ()
    return Batch(name, over, feeds, began)
