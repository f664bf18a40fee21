"""The version of the tables: what the database has, what this code needs, and the way from one to the other.

Alembic is set up here and not in a file, since the only ones who run it are ``alerts db upgrade`` and the
tests. A new revision is a file in ``migrations/versions`` that follows the newest one; the contract tests
compare what the migrations make with the tables that are declared.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from alerts.domain.errors import StoreError

if TYPE_CHECKING:  # every command opens the store, hardly any has something to migrate
    from alembic.config import Config
    from alembic.script import ScriptDirectory

SCRIPTS = Path(__file__).parent / "migrations"
ADVISORY_LOCK = 7_402_317_865  # any number; the same one for every process of this service


def versions(connection: Connection) -> tuple[str | None, str]:
    """Return the version of the tables (None: there are none) and the one that this code needs."""
    from alembic.runtime.migration import MigrationContext

    current = MigrationContext.configure(connection).get_current_revision()
    head = _scripts().get_current_head()
    return current, head or ""


def upgrade(connection: Connection, target: str = "head") -> None:
    """Bring the tables to ``target``.

    Raises:
        StoreError: they are of a version that this code does not know.
    """
    if target == "head" and _is_newest(connection):
        return
    from alembic import command

    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
    refuse_newer(*versions(connection))
    command.upgrade(_config(connection), target)


def downgrade(connection: Connection, target: str) -> None:
    """Take the tables back to ``target``; what only newer versions hold is lost."""
    from alembic import command

    command.downgrade(_config(connection), target)


def refuse_newer(current: str | None, head: str) -> None:
    """Raise StoreError when the tables are of a version that this code does not know."""
    known = {script.revision for script in _scripts().walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(
            f"the tables are of version {current}, this program knows {head} as the newest: install the newer program"
        )


def _is_newest(connection: Connection) -> bool:
    """Return whether the tables are of the newest file's version; a file is named for its revision."""
    newest = max(path.stem.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [newest]


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(SCRIPTS))
