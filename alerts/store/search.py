"""The index that finds items by their words and facets, in the form each database has for it.

SQLite: an FTS5 table, read newest first and left as soon as the page is full. PostgreSQL: two tsvectors under one GIN index,
which finds all hits, and looks at each, before it sorts them; so the newest are looked at first, and what is older only when they
do not fill the page.

The index follows the items: ``item.indexed`` is the revision that it holds, and every item where that is not the revision
that readers see is due. Nothing else has to remember to tell it of a change.

Source: performance-limits section 8; ``benchmarks/archive.py`` measures both at a million items.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy import Connection, bindparam, select, text, update

from alerts.domain.facets import asked, facets, identifier_tokens
from alerts.domain.items import ItemQuery, StoredItem
from alerts.domain.search import Phrase, sought, tokens
from alerts.store.convert import stored_columns, stored_item
from alerts.store.database import Database
from alerts.store.statements import fetch
from alerts.store.tables import item, item_revision

BATCH = 1000
DUE = item.c.indexed != item.c.shown
WALKED = 1500  # of the newest items, looked at one by one: cheaper than the index for what is common
BLOCK = 14  # bits: ids that share a token of their own, by which the index itself stays within a window
WINDOWS = (4, 16)  # blocks further back, each looked up by itself; then all that is older


class Search:
    """Keeps the index up to what readers see."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def index_due(self) -> int:
        """Return how many items were brought up to date in the index; 0 when none is due."""
        due = select(item.c.id).where(DUE).order_by(item.c.id).limit(BATCH)
        ids = list(self._db.read(partial(fetch, statement=due)))
        return self._db.write(lambda connection: _index(connection, [row.id for row in ids])) if ids else 0

    def catch_up(self) -> int:
        """Return how many items were brought up to date, all that were due."""
        done = 0
        while count := self.index_due():
            done += count
        return done


def _index(connection: Connection, ids: Sequence[int]) -> int:
    shown = item_revision.c.number == item.c.shown
    rows = connection.execute(stored_columns().where(item.c.id.in_(ids), shown))
    found = [stored_item(row) for row in rows]
    gone = sorted(set(ids) - {one.id for one in found})
    sqlite = connection.dialect.name == "sqlite"
    if gone:
        key = "rowid" if sqlite else "item_id"
        connection.execute(text(f"DELETE FROM item_words WHERE {key} = :id"), [{"id": one} for one in gone])  # noqa: S608
    if found:
        connection.execute(
            text(_PUT_SQLITE if sqlite else _PUT_POSTGRES), [_row(one, sqlite) for one in found]
        )
    marks = [{"item": one.id, "revision": one.number} for one in found]
    marks += [{"item": one, "revision": 0} for one in gone]
    mark = update(item).where(item.c.id == bindparam("item")).values(indexed=bindparam("revision"))
    connection.execute(mark, marks)
    return len(ids)


_PUT_SQLITE = "INSERT OR REPLACE INTO item_words (rowid, facets, terms) VALUES (:id, :facets, :terms)"
_PUT_POSTGRES = (
    "INSERT INTO item_words (item_id, facets, terms) VALUES (:id, CAST(:facets AS tsvector), CAST(:terms AS tsvector)) "
    "ON CONFLICT (item_id) DO UPDATE SET facets = excluded.facets, terms = excluded.terms"
)


def _row(stored: StoredItem, sqlite: bool) -> dict[str, object]:
    kept = tokens(stored.item.title, stored.item.summary)
    if sqlite:
        return {"id": stored.id, "facets": " ".join(facets(stored)), "terms": " ".join(kept)}
    held = [*facets(stored), _block(stored.id >> BLOCK)]
    return {"id": stored.id, "facets": " ".join(f"'{one}'" for one in held), "terms": _positions(kept)}


def _positions(kept: Sequence[str]) -> str:
    """Return tokens as a tsvector is written: each with its places, of which a server keeps 256 up to 16,383."""
    places: dict[str, list[str]] = {}
    for place, token in enumerate(kept, 1):
        places.setdefault(token, []).append(str(min(place, 16_383)))
    return " ".join(f"'{token}':{','.join(at[:256])}" for token, at in places.items())


def is_filtered(query: ItemQuery) -> bool:
    """Return whether the index is asked at all."""
    return bool(asked(query) or sought(query.search or "") or identifier_tokens(query.search or ""))


def found_ids(connection: Connection, query: ItemQuery, limit: int) -> list[int]:
    """Return the items that every wish of the query fits, newest first."""
    if connection.dialect.name == "sqlite":
        return _in_sqlite(connection, query, limit)
    return _in_postgres(connection, query, limit)


def _in_sqlite(connection: Connection, query: ItemQuery, limit: int) -> list[int]:
    wanted = " AND ".join([*_sqlite_facets(query), *_sqlite_words(query)])
    statement = text(
        "SELECT rowid FROM item_words WHERE item_words MATCH :wanted AND rowid < :before ORDER BY rowid DESC LIMIT :limit"
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


def _in_postgres(connection: Connection, query: ItemQuery, limit: int) -> list[int]:
    """Look at the newest one by one, then through the index in windows that reach ever further back."""
    newest = connection.execute(text("SELECT max(item_id) FROM item_words")).scalar() or 0
    high = min(query.before_id or newest + 1, newest + 1)
    found: list[int] = []
    for low, blocks, statement in _windows(high):
        condition, values = _postgres_wish(query, blocks)
        span = {"low": low, "high": high, "limit": limit - len(found)}
        found += connection.execute(text(statement.format(condition)), values | span).scalars()
        if len(found) >= limit or low == 0:
            break
        high = low
    return found


_WALK = (
    "SELECT item_id FROM (SELECT * FROM item_words WHERE item_id >= :low AND item_id < :high OFFSET 0) AS newest "
    "WHERE {} ORDER BY item_id DESC LIMIT :limit"
)
_LOOK_UP = (
    "WITH hit AS MATERIALIZED (SELECT item_id FROM item_words WHERE {} AND item_id >= :low AND item_id < :high) "
    "SELECT item_id FROM hit ORDER BY item_id DESC LIMIT :limit"
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
