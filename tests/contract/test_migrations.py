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

HEAD = "0028"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/fresh.db"
    postgres_url()
    return make_database(f"alerts_migrations_{os.getpid()}")


WORDS = ("item_words", "matter_words")  # indexes of words


@pytest.fixture
def fresh(url: str) -> Iterator[Store]:
    """A store without tables."""
    store = Store.open(url)
    yield store
    store.close()


def declared(name: str | None, kind: str, _parents: object) -> bool:
    """Return whether a table is one that is declared; the index of words is made in each database's own form."""
    return kind != "table" or not (name or "").startswith(WORDS)


def shape(inspector: Inspector) -> dict[str, object]:
    """Return what Alembic does not compare: checks, partial predicates, what happens on delete."""
    found: dict[str, object] = {}
    for table in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        if table.startswith(WORDS):  # an index in the database's own form, with tables of its own behind it
            continue
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
        return compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True, "include_name": declared}),
            METADATA,
        )

    assert fresh._db.write(differences) == []
    migrated = fresh._db.write(lambda connection: shape(inspect(connection)))
    assert migrated == declared_shape(url)
    assert len(migrated) == 37


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


def test_the_words_of_older_digests_stay_with_their_readers(fresh: Store) -> None:
    rows = (
        "INSERT INTO company (id, name, name_norm, created_at) VALUES (1, 'A', 'a', '2026-01-01')",
        "INSERT INTO contact (id, company_id, email, email_norm, status, consent, consent_at, created_at)"
        " VALUES (1, 1, 'a@b.example', 'a@b.example', 'active', 'x', '2026-01-01', '2026-01-01')",
        "INSERT INTO endpoint (id, public_id, contact_id, channel, address, address_norm, rhythm, at, zone, weekday,"
        " critical_at_once, language, active, created_at)"
        " VALUES (1, 'p', 1, 'email', 'a@b.example', 'a@b.example', 'daily', '08:00', 'UTC', 1, true, 'en', true, '2026-01-01')",
        *(
            "INSERT INTO digest (id, public_id, endpoint_id, rhythm, slot, built_at, message_id, subject, body_text,"
            f" body_html, language, headers) VALUES ({n}, 'd{n}', 1, 'daily', '2026-01-0{n}', '2026-01-01', '<{n}@x>',"
            f" '{subject}', 'text', '<p>html</p>', 'en', '[]')"
            for n, subject in ((1, "one"), (2, "two"), (3, "one"))
        ),
    )
    fresh._db.write(lambda connection: schema.upgrade(connection, "0006"))
    fresh._db.write(lambda connection: [connection.execute(text(row)) for row in rows])

    fresh.migrate()

    assert [subject for _, subject, _ in fresh.digests.of_endpoint(1)] == ["one", "two", "one"]
    assert (
        fresh._db.read(lambda connection: connection.execute(text("SELECT count(*) FROM wording")).scalar())
        == 2
    )
    fresh._db.write(lambda connection: schema.downgrade(connection, "0006"))
    old = text("SELECT subject, body_text, body_html, language FROM digest ORDER BY id")
    found = fresh._db.read(lambda connection: [tuple(row) for row in connection.execute(old)])
    assert found == [(subject, "text", "<p>html</p>", "en") for subject in ("one", "two", "one")]


def test_notices_go_when_an_older_program_comes_back(fresh: Store) -> None:
    from tests.contract.steps import a_digest, enter, only_endpoint

    fresh.migrate()
    endpoint = only_endpoint(enter(fresh))
    assert fresh.digests.write(a_digest(endpoint, (), "notice:welcome:1", rhythm="notice"), None)
    assert fresh.digests.write(a_digest(endpoint, ()), None)
    before = fresh._db.read(lambda connection: shape(inspect(connection)))

    fresh._db.write(lambda connection: schema.downgrade(connection, "0010"))
    assert [slot for slot, _, _ in fresh.digests.of_endpoint(endpoint.id)] == ["2026-03-03"]
    with pytest.raises(StoreError):
        fresh.digests.write(a_digest(endpoint, (), "notice:welcome:1", rhythm="notice"), None)
    fresh.migrate()

    assert fresh._db.read(lambda connection: shape(inspect(connection))) == before
    assert fresh.digests.write(a_digest(endpoint, (), "notice:welcome:2", rhythm="notice"), None)
