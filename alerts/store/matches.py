"""Matching: which revisions are still to be matched, and who is owed what because of them.

One transaction reads the revisions first and the watches second: under READ COMMITTED the second look is
the later one, so every watch that was there before an item is seen. Alerts are written before the
revisions count as matched; a crash in between is a rollback, and the round is done again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from alerts.domain.items import StoredItem
from alerts.domain.vocabulary import ContactStatus
from alerts.domain.watches import Match, StoredCriteria
from alerts.store.convert import criteria_value, reasons_body, stored_columns, stored_item
from alerts.store.database import Database
from alerts.store.fanout import Fit, owe
from alerts.store.statements import AnyRow, insert_new, pieces
from alerts.store.tables import contact, counter, criteria, endpoint, item, item_revision, match, watch
from alerts.store.views import MatchedBatch

Judge = Callable[[StoredItem, Sequence[StoredCriteria]], Sequence[Match]]
Material = Callable[[StoredItem, StoredItem], bool]


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of matching asks with."""

    judge: Judge
    material: Material
    now: datetime
    limit: int


class Matches:
    """The step from items to alerts."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def match_batch(
        self, judge: Judge, now: datetime, limit: int = 200, *, material: Material
    ) -> MatchedBatch:
        """Return what one round over at most ``limit`` unmatched revisions did; ``revisions`` 0 means none is left.

        ``judge`` says which criteria a revision fits; ``material(told, new)`` says whether a change is
        worth a correction. Whatever either raises undoes the round.
        """
        asked = Round(judge, material, now, limit)
        return self._db.write(lambda connection: _match(connection, asked))

    def criteria(self) -> list[StoredCriteria]:
        """Return the criteria that some watch in force asks for."""
        return self._db.read(_in_force)

    def watches_version(self) -> int:
        """Return the number that every change of a watch increments."""
        return self._db.read(_version)


def _match(connection: Connection, asked: Round) -> MatchedBatch:
    rows = _unmatched(connection, asked.limit)
    if not rows:
        return MatchedBatch()
    newest = _newest_of_each(rows)
    wishes = _in_force(connection)
    fits = [Fit(one, _judged(asked.judge, one, wishes)) for one in newest]
    found = [
        {
            "criteria_id": one.criteria_id, "revision_id": fit.stored.revision_id,
            "reasons": reasons_body(one.reasons), "created_at": asked.now,
        }
        for fit in fits for one in fit.matches
    ]  # fmt: skip
    insert_new(connection, match, found)
    alerts, urgent = owe(connection, fits, asked.material, asked.now)
    ids = [row.id for row in rows]
    for piece in pieces(ids):
        done = update(item_revision).where(item_revision.c.id.in_(piece))
        connection.execute(done.values(matched_at=asked.now))
    return MatchedBatch(len(ids), alerts, urgent)


def _unmatched(connection: Connection, limit: int) -> Sequence[AnyRow]:
    """Return the oldest revisions to be matched, locked together with their items.

    The lock on the item keeps two matchers from two revisions of it; the lock on the revision makes
    PostgreSQL look again whether it is still unmatched.
    """
    waiting = stored_columns().add_columns(item.c.shown)
    waiting = waiting.where(item_revision.c.matched_at.is_(None), item_revision.c.held.is_(None))
    oldest = waiting.order_by(item_revision.c.id).limit(limit)
    return connection.execute(oldest.with_for_update(skip_locked=True)).all()


def _newest_of_each(rows: Sequence[AnyRow]) -> list[StoredItem]:
    """Return the newest revision of each item; one that readers no longer see is history, told to nobody."""
    newest = {row.item_id: row for row in rows if row.number >= row.shown}
    return [stored_item(row) for row in newest.values()]


def _judged(judge: Judge, stored: StoredItem, wishes: Sequence[StoredCriteria]) -> tuple[Match, ...]:
    return tuple(judge(stored, wishes)) if stored.judgement.relevant and wishes else ()


def _in_force(connection: Connection) -> list[StoredCriteria]:
    told = select(endpoint.c.contact_id).where(endpoint.c.active)
    active = select(contact.c.id).where(
        contact.c.status == ContactStatus.ACTIVE.value, contact.c.id.in_(told)
    )
    wanted = select(watch.c.criteria_id).where(watch.c.ended_at.is_(None), watch.c.contact_id.in_(active))
    rows = connection.execute(select(criteria).where(criteria.c.id.in_(wanted)).order_by(criteria.c.id))
    return [StoredCriteria(row.id, criteria_value(row.body)) for row in rows]


def _version(connection: Connection) -> int:
    statement = select(func.coalesce(func.max(counter.c.value), 0)).where(counter.c.name == "watches")
    return int(connection.execute(statement).scalar_one())
