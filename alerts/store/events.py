"""What happened to sources: written inside the transaction of a poll, read for status and alarms.

At most one event of a kind is open for a feed, by a unique index: whoever finds the condition again writes nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Select, func, or_, select, update

from alerts.domain.events import FLOOD_HELD, MOMENTARY, SETTLING, EventKind, FeedEvent
from alerts.store.database import Database
from alerts.store.statements import AnyRow, insert_new, pieces
from alerts.store.tables import feed_event, feed_state, item, item_revision

LARGEST = 500  # events of one answer
RESTLESS = timedelta(days=3)  # no feed is silent before that
SETTLES_AFTER = timedelta(days=1)
LOOKED_AT = 60  # arrivals that show a rhythm


class Events:
    """The events of the sources."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def note(self, feed_id: str, kind: EventKind, detail: str, now: datetime) -> None:
        """Write an event down, unless one of its kind is open."""
        self._db.write(lambda connection: open_event(connection, feed_id, (kind, detail), now))

    def end(self, feed_id: str, kinds: Iterable[EventKind], now: datetime) -> int:
        """Return how many open events of these kinds have ended now."""
        return self._db.write(lambda connection: end_events(connection, feed_id, kinds, now))

    def end_everywhere(self, kind: EventKind, now: datetime) -> int:
        """Return how many open events of a kind have ended now, whichever feed they stand at."""
        lasting = update(feed_event).where(feed_event.c.kind == kind.value, feed_event.c.ended_at.is_(None))
        return self._db.write(lambda connection: connection.execute(lasting.values(ended_at=now)).rowcount)

    def open(self) -> list[FeedEvent]:
        """Return the events that last, by feed."""
        lasting = select(feed_event).where(feed_event.c.ended_at.is_(None))
        return self._events(lasting.order_by(feed_event.c.feed_id, feed_event.c.id))

    def since(self, at: datetime) -> list[FeedEvent]:
        """Return the events that last or began after ``at``, by feed."""
        wanted = or_(feed_event.c.ended_at.is_(None), feed_event.c.at >= at)
        return self._events(select(feed_event).where(wanted).order_by(feed_event.c.feed_id, feed_event.c.id))

    def untold(self) -> list[FeedEvent]:
        """Return the events that the operator was not told, the oldest first."""
        new = select(feed_event).where(feed_event.c.told_at.is_(None))
        return self._events(new.order_by(feed_event.c.id))

    def told(self, ids: Sequence[int], now: datetime) -> None:
        """Write down that the operator was told these events."""
        for piece in pieces(ids):
            self._db.write(partial(_tell, piece, now))

    def last_told(self) -> datetime | None:
        """Return when the operator was last told anything."""
        newest = select(func.max(feed_event.c.told_at))
        return self._db.read(lambda connection: connection.execute(newest).scalar())

    def restless(self, now: datetime) -> list[str]:
        """Return the polled feeds that brought nothing new for days and are not yet called silent."""
        silent = select(feed_event.c.feed_id).where(
            feed_event.c.kind == EventKind.SILENT.value, feed_event.c.ended_at.is_(None)
        )
        quiet = select(feed_state.c.feed_id).where(
            feed_state.c.enabled,
            feed_state.c.failures == 0,
            feed_state.c.last_new_item_at <= now - RESTLESS,
            feed_state.c.feed_id.not_in(silent),
        )
        return self._db.read(lambda connection: list(connection.execute(quiet).scalars()))

    def arrivals(self, feed_id: str) -> list[datetime]:
        """Return when the newest items came, distinct: their own date where they were there before us."""
        first = item_revision.c.number == 1
        columns = (item.c.first_seen_at, item_revision.c.published_at, feed_state.c.watched_since)
        came = select(*columns).join(item_revision, (item_revision.c.item_id == item.c.id) & first)
        came = came.join(feed_state, feed_state.c.feed_id == item.c.feed_id).where(item.c.feed_id == feed_id)
        newest = came.order_by(item.c.id.desc()).limit(LOOKED_AT * 5)
        rows = self._db.read(lambda connection: connection.execute(newest).all())
        moments = {
            row.published_at
            if row.published_at and row.first_seen_at == row.watched_since
            else row.first_seen_at
            for row in rows
        }
        return sorted(moments)[-LOOKED_AT:]

    def release_floods(self, now: datetime, after: timedelta) -> dict[str, int]:
        """Return how many held items each flood that began ``after`` ago let go; those floods have ended."""
        return self._db.write(lambda connection: _release_floods(connection, now, now - after))

    def _events(self, statement: Select[tuple[object, ...]]) -> list[FeedEvent]:
        found = statement.limit(LARGEST)
        return self._db.read(lambda connection: [_event(row) for row in connection.execute(found)])


def open_event(connection: Connection, feed_id: str, what: tuple[EventKind, str], now: datetime) -> None:
    """Write an event down, unless one of its kind is open; a momentary one has ended when it begins."""
    kind, detail = what
    ended = now if kind in MOMENTARY else None
    row = {
        "feed_id": feed_id,
        "at": now,
        "kind": kind.value,
        "detail": detail,
        "ended_at": ended,
        "told_at": None,
        "begin_batch": None,
        "begin_told_at": None,
        "end_batch": None,
        "end_told_at": None,
    }
    insert_new(connection, feed_event, [row])


def open_kinds(connection: Connection, ids: Sequence[str]) -> dict[str, frozenset[EventKind]]:
    """Return the kinds of the open events of these feeds; those without any are left out."""
    found: dict[str, frozenset[EventKind]] = {}
    for piece in pieces(ids):
        here = feed_event.c.feed_id.in_(piece) & feed_event.c.ended_at.is_(None)
        for row in connection.execute(select(feed_event.c.feed_id, feed_event.c.kind).where(here)):
            found[row.feed_id] = found.get(row.feed_id, frozenset()) | {EventKind(row.kind)}
    return found


def end_events(connection: Connection, feed_id: str, kinds: Iterable[EventKind], now: datetime) -> int:
    """Return how many open events of these kinds have ended now."""
    settled = feed_event.c.kind.not_in([kind.value for kind in SETTLING]) | (
        feed_event.c.at <= now - SETTLES_AFTER
    )
    here = (feed_event.c.feed_id == feed_id) & feed_event.c.kind.in_([kind.value for kind in kinds]) & settled
    ended = update(feed_event).where(here, feed_event.c.ended_at.is_(None)).values(ended_at=now)
    return connection.execute(ended).rowcount


def _tell(ids: Sequence[int], now: datetime, connection: Connection) -> None:
    connection.execute(update(feed_event).where(feed_event.c.id.in_(ids)).values(told_at=now))


def _release_floods(connection: Connection, now: datetime, before: datetime) -> dict[str, int]:
    due = select(feed_event.c.feed_id).where(
        feed_event.c.kind == EventKind.FLOOD.value, feed_event.c.ended_at.is_(None), feed_event.c.at <= before
    )
    released = {}
    for feed_id in connection.execute(due).scalars().all():
        released[feed_id] = _release(connection, feed_id, now)
        end_events(connection, feed_id, (EventKind.FLOOD,), now)
    return released


def _release(connection: Connection, feed_id: str, now: datetime) -> int:
    """Return how many items of a feed readers may see now."""
    of_feed = select(item.c.id).where(item.c.feed_id == feed_id)
    waiting = (item_revision.c.held == FLOOD_HELD) & item_revision.c.rejected.is_(None)
    freed = update(item_revision).where(waiting, item_revision.c.item_id.in_(of_feed)).values(held=None)
    ids = list(connection.execute(freed.returning(item_revision.c.item_id)).scalars())
    newest = (
        select(func.max(item_revision.c.number))
        .where(item_revision.c.item_id == item.c.id, item_revision.c.held.is_(None))
        .scalar_subquery()
    )
    for piece in pieces(sorted(set(ids))):
        connection.execute(update(item).where(item.c.id.in_(piece)).values(shown=newest, changed_at=now))
    return len(set(ids))


def _event(row: AnyRow) -> FeedEvent:
    return FeedEvent(row.id, row.feed_id, row.at, EventKind(row.kind), row.detail, row.ended_at, row.told_at)
