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
    connection: Connection, table: Table, given: Mapping[str, Sequence[object]], where: str
) -> int:
    """Return how many rows got a new value; ``given`` holds the column that is set, then those that name the row.

    ``where`` is a further condition in the table's own words, the same in both databases.
    """
    value, *keys = given
    if not given[value]:
        return 0
    if connection.dialect.name == "sqlite":
        names = " AND ".join(f"{key} = ?" for key in keys)
        statement = f"UPDATE {table.name} SET {value} = ? WHERE {names} AND {where}"  # noqa: S608 - as above
        columns = [_processed(connection, table, name, given[name]) for name in given]
        return connection.exec_driver_sql(statement, list(zip(*columns, strict=True))).rowcount
    arrays = ", ".join(f"CAST(:{name} AS {_array(table, name)})" for name in given)
    names = " AND ".join(f"{table.name}.{key} = given.new_{key}" for key in keys)
    listed = ", ".join(f"new_{name}" for name in given)
    statement = f"UPDATE {table.name} SET {value} = given.new_{value} FROM unnest({arrays}) AS given ({listed}) WHERE {names} AND {where}"  # noqa: S608 - as above
    # The rows are few beside the table's: each is looked up by its key, never found by reading the table.
    connection.execute(text("SET LOCAL enable_hashjoin = off"))
    connection.execute(text("SET LOCAL enable_mergejoin = off"))
    return connection.execute(text(statement), {name: list(given[name]) for name in given}).rowcount


def new_digest_ids(connection: Connection, number: int) -> list[int]:
    """Return ids for new rows of ``digest``; on SQLite the transaction is the only writer."""
    if connection.dialect.name == "sqlite":
        used = "SELECT max(coalesce((SELECT max(id) FROM digest), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'digest'), 0))"
        last = int(connection.exec_driver_sql(used).scalar_one())
        return list(range(last + 1, last + number + 1))
    drawn = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :number)")
    return list(connection.execute(drawn, {"name": digest.name, "number": number}).scalars())


def _processed(connection: Connection, table: Table, name: str, values: Sequence[object]) -> Sequence[object]:
    work = _processors(table, (name,), connection.dialect)
    return [work[0][1](value) for value in values] if work else values


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


def _array(table: Table, name: str) -> str:
    kind = str(table.c[name].type.compile()).upper()
    return "timestamptz[]" if kind.startswith("DATETIME") else "bigint[]"
