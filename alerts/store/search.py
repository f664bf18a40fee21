"""Keeps the index that finds items and matters by their words and facets, in the form each database has for it.

SQLite: an FTS5 table. PostgreSQL: two tsvectors under one GIN index. How they are asked: :mod:`alerts.store.lookup`.

The index follows the items: ``item.indexed`` is the revision that it holds, and every item where that is not the revision
that readers see is due. Nothing else has to remember to tell it of a change.

Source: performance-limits section 8; ``benchmarks/archive.py`` measures both at a million items.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import TypeAlias

from sqlalchemy import Connection, Select, bindparam, select, text, update

from alerts.domain.facets import facets
from alerts.domain.items import StoredItem
from alerts.domain.search import tokens
from alerts.store.convert import SHOWN, stored_columns, stored_item
from alerts.store.database import Database
from alerts.store.hub_news import remember
from alerts.store.lookup import ITEMS, MATTERS, Index, block_token
from alerts.store.members import members_of
from alerts.store.merging import merge
from alerts.store.statements import fetch, pieces
from alerts.store.tables import item, matter

BATCH = 1000
DUE = item.c.indexed != item.c.shown

Doc: TypeAlias = tuple[Sequence[str], Sequence[str]]  # facets and words, as tokens


class Search:
    """Keeps the index up to what readers see."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def index_due(self, news: datetime | None = None) -> int:
        """Return how many items and matters were brought up to date in the index; 0 when none is due.

        With ``news``, the present instant, our hub is to be told of the items.
        """
        due = select(item.c.id).where(DUE).order_by(item.c.id).limit(BATCH)
        return self._done(due, partial(_index, news=news)) + self._done(
            select(matter.c.id).where(matter.c.due.is_not(None)).limit(BATCH), _index_matters
        )

    def catch_up(self, news: datetime | None = None) -> int:
        """Return how many items were brought up to date, all that were due."""
        done = 0
        while count := self.index_due(news):
            done += count
        return done

    def merge(self) -> int:
        """Return how many steps it took to put the index into one part; 0 where that is not needed."""
        return merge(self._db)

    def _done(self, due: Select[tuple[int]], index: Callable[[Connection, Sequence[int]], int]) -> int:
        ids = [row.id for row in self._db.read(partial(fetch, statement=due))]
        return self._db.write(lambda connection: index(connection, ids)) if ids else 0


def _index(connection: Connection, ids: Sequence[int], news: datetime | None) -> int:
    rows = connection.execute(stored_columns().where(item.c.id.in_(ids), SHOWN))
    found = [stored_item(row) for row in rows]
    gone = sorted(set(ids) - {one.id for one in found})
    kept = {one.id: (facets(one), tokens(one.item.title, one.item.summary)) for one in found}
    _keep(connection, ITEMS, kept, gone)
    mark_due(connection, sorted({one.matter_id for one in found if one.matter_id is not None}))
    marks = [{"item": one.id, "revision": one.number} for one in found]
    marks += [{"item": one, "revision": 0} for one in gone]
    mark = update(item).where(item.c.id == bindparam("item")).values(indexed=bindparam("revision"))
    connection.execute(mark, marks)
    if news is not None:
        remember(connection, [one.id for one in found if one.judgement.relevant], news)
    return len(ids)


def mark_due(connection: Connection, matter_ids: Sequence[int]) -> None:
    """Let matters be found by what they are now."""
    for piece in pieces(matter_ids):
        connection.execute(update(matter).where(matter.c.id.in_(piece)).values(due=1))


def _index_matters(connection: Connection, ids: Sequence[int]) -> int:
    """Index what the items of each matter hold together; one that has none is not found."""
    # First unmarked, which locks the rows: whoever ties an item meanwhile marks them again.
    for piece in pieces(ids):
        connection.execute(update(matter).where(matter.c.id.in_(piece)).values(due=None))
    found = {
        number: list(map(attrgetter("stored"), each))
        for piece in pieces(ids)
        for number, each in members_of(connection, piece).items()
    }
    kept = {number: _together(each) for number, each in found.items()}
    _keep(connection, MATTERS, kept, sorted(set(ids) - kept.keys()))
    return len(ids)


def _together(items: Sequence[StoredItem]) -> Doc:
    """Return every facet that one of the items has, and all their words."""
    texts = [text for one in items for text in (one.item.title, one.item.summary)]
    return list(dict.fromkeys(token for one in items for token in facets(one))), tokens(*texts)


def _keep(connection: Connection, index: Index, kept: Mapping[int, Doc], gone: Sequence[int]) -> None:
    """Write facets and words of each number into an index, and take out what is gone."""
    sqlite = connection.dialect.name == "sqlite"
    if gone:
        key = "rowid" if sqlite else index.key
        statement = text(f"DELETE FROM {index.table} WHERE {key} = :id")  # noqa: S608
        connection.execute(statement, [{"id": one} for one in gone])
    if kept:
        statement = text((_PUT_SQLITE if sqlite else _PUT_POSTGRES).format(**index._asdict()))
        connection.execute(statement, [_row(number, *doc, sqlite=sqlite) for number, doc in kept.items()])


_PUT_SQLITE = "INSERT OR REPLACE INTO {table} (rowid, facets, terms) VALUES (:id, :facets, :terms)"
_PUT_POSTGRES = (
    "INSERT INTO {table} ({key}, facets, terms) VALUES (:id, CAST(:facets AS tsvector), CAST(:terms AS tsvector)) "
    "ON CONFLICT ({key}) DO UPDATE SET facets = excluded.facets, terms = excluded.terms"
)


def _row(number: int, held: Sequence[str], kept: Sequence[str], *, sqlite: bool) -> dict[str, object]:
    if sqlite:
        return {"id": number, "facets": " ".join(held), "terms": " ".join(kept)}
    held = [*held, block_token(number)]
    return {"id": number, "facets": " ".join(f"'{one}'" for one in held), "terms": _positions(kept)}


def _positions(kept: Sequence[str]) -> str:
    """Return tokens as a tsvector is written: each with its places, of which a server keeps 256 up to 16,383."""
    places: dict[str, list[str]] = {}
    for place, token in enumerate(kept, 1):
        places.setdefault(token, []).append(str(min(place, 16_383)))
    return " ".join(f"'{token}':{','.join(at[:256])}" for token, at in places.items())
