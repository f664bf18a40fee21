"""Column types and constraint words that all tables share.

Instants are stored as UTC. SQLite has no time zone, so the driver hands a naive value back; the type
here gives every value its offset again and refuses those that never had one. Text that came from
outside may hold U+0000, which PostgreSQL refuses, or lone surrogates, which neither database can
encode: both are taken out on the way in, so that one odd entry cannot fail the poll that carries it.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    Text,
    text,
)
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from alerts.domain.errors import NaiveTimeError

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

# 64 bits on PostgreSQL; on SQLite only the word INTEGER makes a rowid that counts by itself.
BigId = BigInteger().with_variant(Integer, "sqlite")

# Without AUTOINCREMENT SQLite gives the number of a deleted last row to the next one.
COUNTING = {"sqlite_autoincrement": True}


class Record(SQLModel):
    """A row of ours, with constraint names that are the same on every database."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC; a value without offset raises NaiveTimeError."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveTimeError("stored time", value)
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the instant, aware, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def clean(value: str) -> str:
    """Return the text without U+0000, lone surrogates replaced by U+FFFD."""
    if "\x00" in value:
        value = value.replace("\x00", "")
    try:
        value.encode()
    except UnicodeEncodeError:
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


class CleanText(TypeDecorator[str]):
    """Text that every database can hold."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:  # noqa: ARG002 - SQLAlchemy's signature
        """Return :func:`clean`, which every text passes, without the calls that SQLAlchemy would put around it."""
        return _cleaned


def _cleaned(value: str | None) -> str | None:
    return None if value is None else clean(value)


Json = JSON(none_as_null=True)


def one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    """Return the constraint that a column holds one of a closed set of words."""
    members = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({members})", name=column)


def partial(name: str, *columns: str, where: str, sqlite_where: str | None = None) -> Index:
    """Return an index over the rows that ``where`` selects.

    The predicate holds no parameter: a plan made for any parameter could not use the index.
    SQLite wants the predicate as the query writes it, where a flag reads ``flag = 1``.
    """
    return Index(name, *columns, postgresql_where=text(where), sqlite_where=text(sqlite_where or where))
