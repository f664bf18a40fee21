"""The version of the tables: what the database has, what this code needs, and the way from one to the other.

Alembic is set up here and not in a file, since the only ones who run it are ``alerts db upgrade`` and the
tests. A new revision is a file in ``migrations/versions`` that follows the newest one; the contract tests
compare what the migrations make with the tables that are declared.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from alerts.domain.errors import StoreError

SCRIPTS = Path(__file__).parent / "migrations"
ADVISORY_LOCK = 7_402_317_865  # any number; the same one for every process of this service


def versions(connection: Connection) -> tuple[str | None, str]:
    """Return the version of the tables (None: there are none) and the one that this code needs."""
    current = MigrationContext.configure(connection).get_current_revision()
    head = _scripts().get_current_head()
    return current, head or ""


def upgrade(connection: Connection, target: str = "head") -> None:
    """Bring the tables to ``target``.

    Raises:
        StoreError: they are of a version that this code does not know.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
    refuse_newer(*versions(connection))
    command.upgrade(_config(connection), target)


def downgrade(connection: Connection, target: str) -> None:
    """Take the tables back to ``target``; what only newer versions hold is lost."""
    command.downgrade(_config(connection), target)


def refuse_newer(current: str | None, head: str) -> None:
    """Raise StoreError when the tables are of a version that this code does not know."""
    known = {script.revision for script in _scripts().walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(
            f"the tables are of version {current}, this program knows {head} as the newest: install the newer program"
        )


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(SCRIPTS))
