"""Finds numbers in an index of words and facets (:mod:`alerts.store.search` keeps it), newest first, in the words of each database.

SQLite: FTS5 walks the lists of all tokens together from the newest number down and stops when the page is full; lists leap over what
another one rules out.

PostgreSQL: an index (GIN) finds all hits, and looks at each, before anything can be sorted; so it is never asked for all. The newest rows are looked at
one by one, which is cheapest for what is common; then block by block, the newest first: each row also holds the token of its block of numbers, and the index is
asked for one block, or a few, at a time, in one statement that stops when the page is full. A page never looks at more rows than a span of ``WIDTHS`` holds,
whatever is asked. Each wish is a condition of its own: within one, GIN would read the lists of rare alternatives from end to end. Words or a number are two
questions, not one with OR: of that the planner would take out what both share, and test the rest row by row.

Numbers are compared as ``number + 0``: a plan that walked them, or sorted by them, would test every row of the archive for what is rare.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, repeat
from typing import NamedTuple

from sqlalchemy import Connection, text

from alerts.domain.facets import IRRELEVANT, RELEVANT, asked, identifier_tokens
from alerts.domain.items import ItemQuery
from alerts.domain.search import Phrase, sought

BLOCK = 14  # bits of a number within its block
WALKED = 400  # of the newest rows, looked at one by one
WIDTHS = (1, 1, 2, 4)  # blocks that are looked up together, further back; the last again and again


class Index(NamedTuple):
    """A table of words and facets: what it is called, and what its numbers are called in PostgreSQL."""

    table: str
    key: str


ITEMS = Index("item_words", "item_id")
MATTERS = Index("matter_words", "matter_id")  # of each matter what its items hold together


def is_filtered(query: ItemQuery) -> bool:
    """Return whether the index is asked at all."""
    return bool(asked(query) or sought(query.search or "") or identifier_tokens(query.search or ""))


def names_nothing(query: ItemQuery) -> bool:
    """Return whether something is searched for of which nothing can be looked up: signs alone name nothing."""
    return bool(query.search) and not is_filtered(replace(query, relevant_only=False))


def found_ids(connection: Connection, query: ItemQuery, limit: int, index: Index = ITEMS) -> list[int]:
    """Return the numbers in an index that every wish of the query fits, newest first."""
    if connection.dialect.name == "sqlite":
        return _in_sqlite(connection, query, limit, index)
    return _in_postgres(connection, query, limit, index)


def block_token(number: int) -> str:
    """Return what the rows of a block of numbers have in common."""
    return f"b={number >> BLOCK:x}"


def _in_sqlite(connection: Connection, query: ItemQuery, limit: int, index: Index) -> list[int]:
    wanted = _sqlite_wish(query, index)
    statement = text(
        f"SELECT rowid FROM {index.table} WHERE {index.table} MATCH :wanted AND rowid < :before ORDER BY rowid DESC LIMIT :limit"  # noqa: S608
    )
    values = {"wanted": wanted, "before": query.before_id or 2**62, "limit": limit}
    return list(connection.execute(statement, values).scalars())


def _sqlite_wish(query: ItemQuery, index: Index) -> str:
    """Return what a row must meet. Almost all items are about the subject: to leave the others out takes half the time of looking for these.

    A matter may hold items of both kinds.
    """
    wishes = [*_sqlite_facets(query), *_sqlite_words(query)]
    about, other = f"({_sqlite_facet(RELEVANT)})", _sqlite_facet(IRRELEVANT)
    rest = [wish for wish in wishes if wish != about]
    if index is ITEMS and rest and about in wishes:
        return f"({' AND '.join(rest)}) NOT {other}"
    return " AND ".join(wishes)


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


_WALK = (
    "SELECT {key} FROM (SELECT * FROM {table} WHERE {key} >= :low AND {key} < :high OFFSET 0) AS newest "
    "WHERE {wish} ORDER BY {key} DESC LIMIT :limit"
)
_BY_BLOCKS = (
    "SELECT {key} FROM unnest(CAST(:blocks AS text[])) AS within (block), "
    "LATERAL (SELECT {key} FROM ({hits}) AS every ORDER BY {key} + 0 DESC OFFSET 0) AS hit LIMIT :limit"
)
_HITS = (
    "SELECT {key} FROM {table} WHERE facets @@ CAST(within.block AS tsquery) AND {wish} AND {key} + 0 < :high"
)


def _in_postgres(connection: Connection, query: ItemQuery, limit: int, index: Index) -> list[int]:
    newest = connection.execute(text(f"SELECT max({index.key}) FROM {index.table}")).scalar() or 0  # noqa: S608
    high = min(query.before_id or newest + 1, newest + 1)
    low = max(0, high - WALKED)
    conditions, values = _postgres_wish(query)
    names = index._asdict()
    walk = text(_WALK.format(wish=_either_of(conditions), **names))
    found = list(connection.execute(walk, values | {"low": low, "high": high, "limit": limit}).scalars())
    if len(found) < limit and low > 0:
        hits = " UNION ".join(_HITS.format(wish=" AND ".join(one), **names) for one in conditions)
        further = {"blocks": _blocks((low - 1) >> BLOCK), "high": low, "limit": limit - len(found)}
        found += connection.execute(text(_BY_BLOCKS.format(hits=hits, **names)), values | further).scalars()
    return found


def _blocks(last: int) -> list[str]:
    """Return the tsqueries that together cover the blocks up to ``last``, the newest first."""
    spans = []
    for width in chain(WIDTHS, repeat(WIDTHS[-1])):
        first = max(0, last - width + 1)
        spans.append(_either([f"b={number:x}" for number in range(first, last + 1)]))
        if first == 0:
            return spans
        last = first - 1
    raise AssertionError("the widths never end")


def _postgres_wish(query: ItemQuery) -> tuple[list[list[str]], dict[str, object]]:
    """Return what a row must meet, all of one list or all of another, and the tsqueries that are named there."""
    search = query.search or ""
    filters = {f"f{n}": _either(alternatives) for n, alternatives in enumerate(asked(query))}
    words = {f"w{n}": _postgres_phrase(phrase) for n, phrase in enumerate(sought(search))}
    found = identifier_tokens(search)
    numbers = {"n": _either(found)} if found else {}
    held = [_holds("facets", name) for name in filters]
    wishes = [[_holds("terms", name) for name in words], [_holds("facets", name) for name in numbers]]
    either = [[*held, *wish] for wish in wishes if wish]
    return either or [held], {**filters, **words, **numbers}


def _holds(column: str, name: str) -> str:
    return f"{column} @@ CAST(:{name} AS tsquery)"


def _either_of(conditions: Sequence[Sequence[str]]) -> str:
    return " OR ".join(f"({' AND '.join(one)})" for one in conditions)


def _either(alternatives: Sequence[str]) -> str:
    return " | ".join(f"'{token}'" for token in alternatives)


def _postgres_phrase(phrase: Phrase) -> str:
    return " <-> ".join(f"'{token}'" for token in phrase.tokens)
