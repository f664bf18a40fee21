"""The index that finds items by their words and facets, in the form each database has for it.

SQLite: an FTS5 table, read newest first and left as soon as the page is full. PostgreSQL: two tsvectors under one GIN index,
which finds all hits, and looks at each, before it sorts them; so the newest are looked at first, and what is older only when they
do not fill the page.

The index follows the items: ``item.indexed`` is the revision that it holds, and every item where that is not the revision
that readers see is due. Nothing else has to remember to tell it of a change.

Source: performance-limits section 8; ``benchmarks/archive.py`` measures both at a million items.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection, Select, bindparam, select, text, update

from alerts.domain.facets import asked, facets, identifier_tokens
from alerts.domain.items import ItemQuery, StoredItem
from alerts.domain.search import Phrase, sought, tokens
from alerts.store.convert import stored_columns, stored_item
from alerts.store.database import Database
from alerts.store.members import members_of
from alerts.store.statements import fetch, pieces
from alerts.store.tables import item, item_revision, matter

BATCH = 1000
DUE = item.c.indexed != item.c.shown
WALKED = 1500  # of the newest items, looked at one by one: cheaper than the index for what is common
BLOCK = 14  # bits: ids that share a token of their own, by which the index itself stays within a window
WINDOWS = (4, 16)  # blocks further back, each looked up by itself; then all that is older

Doc: TypeAlias = tuple[Sequence[str], Sequence[str]]  # facets and words, as tokens


class Index(NamedTuple):
    """A table of words and facets: what it is called, and what its numbers are called in PostgreSQL."""

    table: str
    key: str


ITEMS = Index("item_words", "item_id")
MATTERS = Index("matter_words", "matter_id")  # of each matter what its items hold together


class Search:
    """Keeps the index up to what readers see."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def index_due(self) -> int:
        """Return how many items and matters were brought up to date in the index; 0 when none is due."""
        due = select(item.c.id).where(DUE).order_by(item.c.id).limit(BATCH)
        return self._done(due, _index) + self._done(
            select(matter.c.id).where(matter.c.due.is_not(None)).limit(BATCH), _index_matters
        )

    def catch_up(self) -> int:
        """Return how many items were brought up to date, all that were due."""
        done = 0
        while count := self.index_due():
            done += count
        return done

    def _done(self, due: Select[tuple[int]], index: Callable[[Connection, Sequence[int]], int]) -> int:
        ids = [row.id for row in self._db.read(partial(fetch, statement=due))]
        return self._db.write(lambda connection: index(connection, ids)) if ids else 0


def _index(connection: Connection, ids: Sequence[int]) -> int:
    shown = item_revision.c.number == item.c.shown
    rows = connection.execute(stored_columns().where(item.c.id.in_(ids), shown))
    found = [stored_item(row) for row in rows]
    gone = sorted(set(ids) - {one.id for one in found})
    kept = {one.id: (facets(one), tokens(one.item.title, one.item.summary)) for one in found}
    _keep(connection, ITEMS, kept, gone)
    mark_due(connection, sorted({one.matter_id for one in found if one.matter_id is not None}))
    marks = [{"item": one.id, "revision": one.number} for one in found]
    marks += [{"item": one, "revision": 0} for one in gone]
    mark = update(item).where(item.c.id == bindparam("item")).values(indexed=bindparam("revision"))
    connection.execute(mark, marks)
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
    held = [*held, _block(number >> BLOCK)]
    return {"id": number, "facets": " ".join(f"'{one}'" for one in held), "terms": _positions(kept)}


def _positions(kept: Sequence[str]) -> str:
    """Return tokens as a tsvector is written: each with its places, of which a server keeps 256 up to 16,383."""
    places: dict[str, list[str]] = {}
    for place, token in enumerate(kept, 1):
        places.setdefault(token, []).append(str(min(place, 16_383)))
    return " ".join(f"'{token}':{','.join(at[:256])}" for token, at in places.items())


def is_filtered(query: ItemQuery) -> bool:
    """Return whether the index is asked at all."""
    return bool(asked(query) or sought(query.search or "") or identifier_tokens(query.search or ""))


def found_ids(connection: Connection, query: ItemQuery, limit: int, index: Index = ITEMS) -> list[int]:
    """Return the numbers in an index that every wish of the query fits, newest first."""
    if connection.dialect.name == "sqlite":
        return _in_sqlite(connection, query, limit, index)
    return _in_postgres(connection, query, limit, index)


def _in_sqlite(connection: Connection, query: ItemQuery, limit: int, index: Index) -> list[int]:
    wanted = " AND ".join([*_sqlite_facets(query), *_sqlite_words(query)])
    statement = text(
        f"SELECT rowid FROM {index.table} WHERE {index.table} MATCH :wanted AND rowid < :before ORDER BY rowid DESC LIMIT :limit"  # noqa: S608
    )
    values = {"wanted": wanted, "before": query.before_id or 2**62, "limit": limit}
    return list(connection.execute(statement, values).scalars())


def _sqlite_facets(query: ItemQuery) -> Iterator[str]:
    for alternatives in asked(query):
        yield f"({' OR '.join(_sqlite_facet(token) for token in alternatives)})"


def _sqlite_facet(token: str) -> str:
    return f'facets:"{token}"'


def _sqlite_words(query: ItemQuery) -> Iterator[str]:
    search = query.search or ""
    words = " AND ".join(f'terms:"{" ".join(phrase.tokens)}"' for phrase in sought(search))
    numbers = [_sqlite_facet(token) for token in identifier_tokens(search)]
    if words or numbers:
        yield f"({' OR '.join([*([f'({words})'] if words else []), *numbers])})"


def _in_postgres(connection: Connection, query: ItemQuery, limit: int, index: Index) -> list[int]:
    """Look at the newest one by one, then through the index in windows that reach ever further back."""
    newest = connection.execute(text(f"SELECT max({index.key}) FROM {index.table}")).scalar() or 0  # noqa: S608
    high = min(query.before_id or newest + 1, newest + 1)
    found: list[int] = []
    for low, blocks, statement in _windows(high):
        condition, values = _postgres_wish(query, blocks)
        span = {"low": low, "high": high, "limit": limit - len(found)}
        found += connection.execute(
            text(statement.format(condition, **index._asdict())), values | span
        ).scalars()
        if len(found) >= limit or low == 0:
            break
        high = low
    return found


_WALK = (
    "SELECT {key} FROM (SELECT * FROM {table} WHERE {key} >= :low AND {key} < :high OFFSET 0) AS newest "
    "WHERE {} ORDER BY {key} DESC LIMIT :limit"
)
_LOOK_UP = (
    "WITH hit AS MATERIALIZED (SELECT {key} FROM {table} WHERE {} AND {key} >= :low AND {key} < :high) "
    "SELECT {key} FROM hit ORDER BY {key} DESC LIMIT :limit"
)


def _windows(high: int) -> Iterator[tuple[int, list[str], str]]:
    """Yield the least id of each window, its blocks where they are few, and how it is searched; the last reaches to 0."""
    low = max(0, high - WALKED)
    yield low, [], _WALK
    for width in WINDOWS:
        last = (low - 1) >> BLOCK
        first = max(0, last - width + 1)
        low = first << BLOCK
        yield low, [_block(number) for number in range(first, last + 1)], _LOOK_UP
    yield 0, [], _LOOK_UP


def _block(number: int) -> str:
    return f"b={number:x}"


def _postgres_wish(query: ItemQuery, blocks: Sequence[str]) -> tuple[str, dict[str, object]]:
    """Return the condition and the tsqueries that it names."""
    search = query.search or ""
    wishes = [*asked(query), *([blocks] if blocks else [])]
    facet = " & ".join(f"({_either(alternatives)})" for alternatives in wishes)
    words = " & ".join(_postgres_phrase(phrase) for phrase in sought(search))
    numbers = _either(identifier_tokens(search))
    texts = {"facet": facet, "words": words, "numbers": numbers}
    column = {"facet": "facets", "words": "terms", "numbers": "facets"}
    holds = {name: f"{column[name]} @@ CAST(:{name} AS tsquery)" for name, wish in texts.items() if wish}
    either = [holds[name] for name in ("words", "numbers") if name in holds]
    conditions = [*([holds["facet"]] if facet else []), *([f"({' OR '.join(either)})"] if either else [])]
    return " AND ".join(conditions), {name: texts[name] for name in holds}


def _either(alternatives: Sequence[str]) -> str:
    return " | ".join(f"'{token}'" for token in alternatives)


def _postgres_phrase(phrase: Phrase) -> str:
    followed = " <-> ".join(f"'{token}'" for token in phrase.tokens)
    return f"({followed})"
