"""Many rows at once, in the quickest words of each database: COPY and arrays on PostgreSQL, tuples on SQLite.

The values pass the same column types as everywhere (UTC, clean text, JSON); only the building of a statement for each row
is left out.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Table, text

from alerts.store.tables import digest

Processor = Callable[[Any], Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert the rows, which all have the same columns and whose keys are known to be new."""
    if not rows:
        return
    columns = tuple(rows[0])
    values = _tuples(connection, table, columns, rows)
    listed = ", ".join(columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({listed}) VALUES ({marks})", values)  # noqa: S608 - names of our own tables
        return
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({listed}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def update_rows(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    keys: Sequence[str],
) -> None:
    """Give rows new values; of the columns of ``rows``, ``keys`` name the row and the others are set."""
    if not rows:
        return
    changed = [name for name in rows[0] if name not in keys]
    mark = _mark(connection)
    values = ", ".join(f"{name} = {mark}" for name in changed)
    named = " AND ".join(f"{key} = {mark}" for key in keys)
    statement = f"UPDATE {table.name} SET {values} WHERE {named}"  # noqa: S608 - names of our own tables
    connection.exec_driver_sql(statement, _tuples(connection, table, (*changed, *keys), rows))


def mark_told(connection: Connection, told: Sequence[tuple[int, Sequence[int]]]) -> int:
    """Return how many untold alerts now belong to their digest; ``told`` names a digest and its alerts.

    The condition is not in the words of the index of untold alerts: PostgreSQL would read all of it for a few of them.
    """
    untold = "coalesce(digest_id, 0) = 0 AND dropped_reason IS NULL"
    if connection.dialect.name == "sqlite":
        rows = [(digest_id, one) for digest_id, ids in told for one in ids]
        one_by_one = f"UPDATE alert SET digest_id = ? WHERE id = ? AND {untold}"  # noqa: S608 - fixed words
        return connection.exec_driver_sql(one_by_one, rows).rowcount if rows else 0
    # The arrays go as their text: psycopg would look at every number for the type that fits all.
    lists = [(digest_id, f"{{{','.join(map(str, ids))}}}") for digest_id, ids in told if ids]
    together = f"UPDATE alert SET digest_id = %s WHERE id = ANY(%s::bigint[]) AND {untold}"  # noqa: S608 - fixed words
    return connection.exec_driver_sql(together, lists).rowcount if lists else 0


def new_digest_ids(connection: Connection, number: int) -> list[int]:
    """Return ids for new rows of ``digest``; on SQLite the transaction is the only writer."""
    if connection.dialect.name == "sqlite":
        used = "SELECT max(coalesce((SELECT max(id) FROM digest), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'digest'), 0))"
        last = int(connection.exec_driver_sql(used).scalar_one())
        return list(range(last + 1, last + number + 1))
    drawn = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :number)")
    return list(connection.execute(drawn, {"name": digest.name, "number": number}).scalars())


def _tuples(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Mapping[str, object]]
) -> list[tuple[object, ...]]:
    pick = itemgetter(*columns)
    work = _processors(table, columns, connection.dialect)
    found = []
    for row in rows:
        values = list(pick(row))
        for place, process in work:
            values[place] = process(values[place])
        found.append(tuple(values))
    return found


@lru_cache(maxsize=64)
def _processors(table: Table, columns: tuple[str, ...], dialect: Dialect) -> Sequence[tuple[int, Processor]]:
    """Return the places whose values the column's type changes on the way in, and how."""
    found: list[tuple[int, Processor]] = []
    for place, name in enumerate(columns):
        kind = table.c[name].type
        process = kind.dialect_impl(dialect).bind_processor(dialect)
        if process is not None:
            found.append((place, process))
    return found


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.name == "sqlite" else "%s"
