"""The migrations make exactly the tables that are declared, there and back, on both databases."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Inspector, create_engine, inspect, text

from alerts.domain.errors import StoreError
from alerts.store import Store, schema
from alerts.store.tables import METADATA
from tests.databases import make_database, postgres_url

HEAD = "0006"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/fresh.db"
    postgres_url()
    return make_database(f"alerts_migrations_{os.getpid()}")


@pytest.fixture
def fresh(url: str) -> Iterator[Store]:
    """A store without tables."""
    store = Store.open(url)
    yield store
    store.close()


def shape(inspector: Inspector) -> dict[str, object]:
    """Return what Alembic does not compare: checks, partial predicates, what happens on delete."""
    found: dict[str, object] = {}
    for table in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        checks = sorted((one["name"], one["sqltext"]) for one in inspector.get_check_constraints(table))
        uniques = sorted(
            (str(one["name"]), one["column_names"]) for one in inspector.get_unique_constraints(table)
        )
        keys = sorted((str(one["name"]), str(one["options"])) for one in inspector.get_foreign_keys(table))
        indexes = sorted(
            (
                str(one["name"]),
                one["column_names"],
                str(sorted((k, str(v)) for k, v in one.get("dialect_options", {}).items())),
            )
            for one in inspector.get_indexes(table)
        )
        columns = [(one["name"], str(one["type"]), one["nullable"]) for one in inspector.get_columns(table)]
        found[table] = (checks, uniques, keys, indexes, columns)
    return found


def declared_shape(url: str) -> dict[str, object]:
    """Return the shape of the tables made from their declarations, in a database of the same kind."""
    engine = create_engine(url)
    with engine.begin() as connection:
        METADATA.drop_all(connection)
        METADATA.create_all(connection)
        made = shape(inspect(connection))
    engine.dispose()
    return made


def test_the_migrations_make_the_declared_tables(fresh: Store, url: str) -> None:
    fresh.migrate()

    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA)

    assert fresh._db.write(differences) == []
    migrated = fresh._db.write(lambda connection: shape(inspect(connection)))
    assert migrated == declared_shape(url)
    assert len(migrated) == 25


def test_migrating_again_changes_nothing(fresh: Store) -> None:
    assert fresh.schema() == (None, HEAD)
    fresh.migrate()
    fresh.migrate()

    assert fresh.schema() == (HEAD, HEAD)
    fresh.check_schema()


def test_there_and_back_and_there_again(fresh: Store) -> None:
    fresh.migrate()
    fresh._db.write(lambda connection: schema.downgrade(connection, "base"))
    names = fresh._db.read(lambda connection: inspect(connection).get_table_names())
    assert set(names) <= {"alembic_version"}

    fresh.migrate()

    assert fresh.feeds.states() == []


def test_tables_of_a_newer_program_are_left_alone(fresh: Store) -> None:
    fresh.migrate()
    fresh._db.write(
        lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    )

    for call in (fresh.migrate, fresh.check_schema):
        with pytest.raises(StoreError, match="newer program"):
            call()

    assert fresh.schema() == ("9999", HEAD)
    assert fresh.feeds.states() == []


def test_a_migration_that_fails_leaves_nothing(fresh: Store) -> None:
    fresh._db.write(lambda connection: connection.execute(text("CREATE TABLE watch (x INTEGER)")))

    with pytest.raises(StoreError):
        fresh.migrate()

    names = fresh._db.read(lambda connection: inspect(connection).get_table_names())
    assert names == ["watch"]
