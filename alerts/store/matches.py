"""Matching: which revisions are still to be matched, and who is owed what because of them.

One transaction reads the revisions first and the watches second: under READ COMMITTED the second look is
the later one, so every watch that was there before an item is seen. Alerts are written before the
revisions count as matched; a crash in between is a rollback, and the round is done again.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, func, select, update

from alerts.domain.items import StoredItem
from alerts.domain.vocabulary import ContactStatus
from alerts.domain.watches import Followed, Match, StoredCriteria
from alerts.store.convert import criteria_value, followed_value, reasons_body, stored_columns, stored_item
from alerts.store.database import Database
from alerts.store.fanout import Fit, owe
from alerts.store.statements import AnyRow, insert_new, pieces
from alerts.store.tables import contact, counter, criteria, endpoint, item, item_revision, match, watch
from alerts.store.views import MatchedBatch


class Index(Protocol):
    """Finds the criteria that an item may fit; see :class:`alerts.match.WatchIndex`."""

    def follow(self, version: int, load: Callable[[int], Iterable[StoredCriteria]]) -> None:
        """Take in the criteria after an id, unless the version says that there are none."""

    def candidates(self, stored: StoredItem) -> list[int]:
        """Return the ids of the criteria that the item may fit."""


Judge = Callable[[StoredItem, Sequence[StoredCriteria]], Sequence[Match]]
Material = Callable[[StoredItem, StoredItem], bool]


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of matching asks with."""

    judge: Judge
    material: Material
    now: datetime
    limit: int
    index: Index | None = None  # without one every item is judged against all criteria
    tied: bool = False  # only items whose matter was looked for


class Matches:
    """The step from items to alerts."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def match_batch(
        self, judge: Judge, now: datetime, limit: int = 200, *, material: Material, index: Index | None = None
    ) -> MatchedBatch:
        """Return what one round over at most ``limit`` unmatched revisions did; ``revisions`` 0 means none is left.

        ``judge`` says which criteria a revision fits; ``material(told, new)`` says whether a change is
        worth a correction. Whatever either raises undoes the round. ``index`` saves looking at criteria
        that an item cannot fit; it is brought up to the version that this transaction reads, after the items.
        """
        asked = Round(judge, material, now, limit, index)
        return self._db.write(lambda connection: _match(connection, asked))

    def match_tied(
        self, judge: Judge, now: datetime, limit: int = 200, *, material: Material, index: Index | None = None
    ) -> MatchedBatch:
        """Return what one round did that leaves items for later whose matter was not looked for yet (:mod:`alerts.store.matters`)."""
        asked = Round(judge, material, now, limit, index, tied=True)
        return self._db.write(lambda connection: _match(connection, asked))

    def criteria(self) -> list[StoredCriteria]:
        """Return the criteria that some watch in force asks for."""
        return self._db.read(_in_force)

    def newest_criteria(self, number: int) -> str | None:
        """Return the hash of a row of criteria, by which a saved index knows that it belongs to this database."""
        row = select(criteria.c.hash).where(criteria.c.id == number)
        return self._db.read(lambda connection: connection.execute(row).scalar())

    def criteria_after(self, after: int) -> list[StoredCriteria]:
        """Return all criteria with later ids, also those that no watch asks for any more."""
        return self._db.read(lambda connection: list(_after(connection, after)))

    def followed(self) -> Iterator[tuple[int, Followed]]:
        """Yield the id of all criteria with what they follow and what must all be met.

        For whoever reads a million of them.
        """
        wanted = "SELECT id, body FROM criteria ORDER BY id"
        with self._db.reading() as connection:
            if connection.dialect.name == "sqlite":
                # The driver's own rows: SQLAlchemy's cost as much as reading the JSON.
                driver = connection.connection.driver_connection
                assert isinstance(driver, sqlite3.Connection)
                for number, body in driver.execute(wanted):
                    yield number, followed_value(json.loads(body))
                return
            for number, body in connection.execution_options(yield_per=5000).exec_driver_sql(wanted):
                yield number, followed_value(json.loads(body) if isinstance(body, str) else body)

    def criteria_of(self, ids: Sequence[int]) -> list[StoredCriteria]:
        """Return the criteria with these ids."""
        return self._db.read(lambda connection: _by_ids(connection, ids))

    def watches_version(self) -> int:
        """Return the number that every change of a watch increments."""
        return self._db.read(_version)


def _match(connection: Connection, asked: Round) -> MatchedBatch:
    rows = _unmatched(connection, asked)
    if not rows:
        return MatchedBatch()
    newest = _newest_of_each(rows)
    wishes = _wishes(connection, newest, asked.index)
    fits = [Fit(one, _judged(asked.judge, one, wishes[one.revision_id])) for one in newest]
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


def _unmatched(connection: Connection, asked: Round) -> Sequence[AnyRow]:
    """Return the oldest revisions to be matched, locked together with their items.

    The lock on the item keeps two matchers from two revisions of it; the lock on the revision makes
    PostgreSQL look again whether it is still unmatched.
    """
    waiting = stored_columns().add_columns(item.c.shown)
    waiting = waiting.where(item_revision.c.matched_at.is_(None), item_revision.c.held.is_(None))
    waiting = waiting.where(item.c.tied_at.is_not(None)) if asked.tied else waiting
    oldest = waiting.order_by(item_revision.c.id).limit(asked.limit)
    return connection.execute(oldest.with_for_update(skip_locked=True)).all()


def _newest_of_each(rows: Sequence[AnyRow]) -> list[StoredItem]:
    """Return the newest revision of each item; one that readers no longer see is history, told to nobody."""
    newest = {row.item_id: row for row in rows if row.number >= row.shown}
    return [stored_item(row) for row in newest.values()]


def _judged(judge: Judge, stored: StoredItem, wishes: Sequence[StoredCriteria]) -> tuple[Match, ...]:
    return tuple(judge(stored, wishes)) if stored.judgement.relevant and wishes else ()


def _wishes(
    connection: Connection, items: Sequence[StoredItem], index: Index | None
) -> dict[int, list[StoredCriteria]]:
    """Return the criteria that each item is judged against, by revision."""
    if index is None:
        everything = _in_force(connection)
        return {one.revision_id: everything for one in items}
    index.follow(_version(connection), lambda after: _after(connection, after))
    candidates = {one.revision_id: index.candidates(one) if one.judgement.relevant else [] for one in items}
    wanted = sorted({number for numbers in candidates.values() for number in numbers})
    known = {one.id: one for piece in pieces(wanted) for one in _in_force(connection, piece)}
    return {each: [known[n] for n in numbers if n in known] for each, numbers in candidates.items()}


def _after(connection: Connection, after: int) -> Iterator[StoredCriteria]:
    """Yield the criteria with later ids; ids are given under the lock of the counter, so none comes in behind another."""
    rows = connection.execute(
        select(criteria).where(criteria.c.id > after).order_by(criteria.c.id),
        execution_options={"yield_per": 1000},
    )
    for row in rows:
        yield StoredCriteria(row.id, criteria_value(row.body))


def _by_ids(connection: Connection, ids: Sequence[int]) -> list[StoredCriteria]:
    rows = (
        row
        for piece in pieces(ids)
        for row in connection.execute(select(criteria).where(criteria.c.id.in_(piece)))
    )
    return [StoredCriteria(row.id, criteria_value(row.body)) for row in rows]


def _in_force(connection: Connection, ids: Sequence[int] | None = None) -> list[StoredCriteria]:
    told = select(endpoint.c.contact_id).where(endpoint.c.active)
    active = select(contact.c.id).where(
        contact.c.status == ContactStatus.ACTIVE.value, contact.c.id.in_(told)
    )
    wanted = select(watch.c.criteria_id).where(watch.c.ended_at.is_(None), watch.c.contact_id.in_(active))
    found = select(criteria).where(criteria.c.id.in_(wanted)).order_by(criteria.c.id)
    rows = connection.execute(found if ids is None else found.where(criteria.c.id.in_(ids)))
    return [StoredCriteria(row.id, criteria_value(row.body)) for row in rows]


def _version(connection: Connection) -> int:
    statement = select(func.coalesce(func.max(counter.c.value), 0)).where(counter.c.name == "watches")
    return int(connection.execute(statement).scalar_one())
