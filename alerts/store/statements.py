"""Words that the statements of this package share: inserts that may meet a row, and long lists in pieces."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, Executable, Row, Table, any_, literal, update
from sqlalchemy.dialects import postgresql, sqlite

from alerts.store.tables import counter

Values = Mapping[str, object]
Piece = TypeVar("Piece")

AnyRow: TypeAlias = Row[tuple[object, ...]]  # its columns are known to whoever wrote the select

PIECE = 500  # members of one IN list


def fetch(connection: Connection, statement: Executable, **values: object) -> Sequence[AnyRow]:
    """Return all rows of a statement; ``values`` are those of its parameters."""
    return cast(Sequence[AnyRow], connection.execute(statement, values).all())


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that knows ON CONFLICT, in the words of this connection's database."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def insert_new(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert the rows whose keys are not there yet; the others stay as they are."""
    if rows:
        connection.execute(insert(connection, table).on_conflict_do_nothing(), [dict(row) for row in rows])


def insert_once(connection: Connection, table: Table, row: Values) -> bool:
    """Return whether the row was written; False when its key was there already."""
    statement = insert(connection, table).values(dict(row)).on_conflict_do_nothing()
    first = next(iter(table.primary_key.columns))
    return connection.execute(statement.returning(first)).first() is not None


def upsert(connection: Connection, table: Table, row: Values, keys: Sequence[str]) -> None:
    """Write the row; where one with the same ``keys`` is there already, its other columns are replaced."""
    statement = insert(connection, table).values(dict(row))
    others = {name: statement.excluded[name] for name in row if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=others))


def pieces(members: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    """Yield the members in lists that a database takes as parameters of one statement."""
    for start in range(0, len(members), PIECE):
        yield members[start : start + PIECE]


def among(connection: Connection, column: ColumnElement[int], numbers: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of the numbers; PostgreSQL reads them as one array, much quicker than a list."""
    if connection.dialect.name == "sqlite":
        return column.in_(numbers)
    return column == any_(literal(list(numbers), postgresql.ARRAY(column.type)))


def count_up(connection: Connection, name: str, by: int = 1) -> int:
    """Return the counter's new value; its row stays locked until the transaction ends."""
    insert_new(connection, counter, [{"name": name, "value": 0}])
    statement = update(counter).where(counter.c.name == name).values(value=counter.c.value + by)
    return int(connection.execute(statement.returning(counter.c.value)).scalar_one())
