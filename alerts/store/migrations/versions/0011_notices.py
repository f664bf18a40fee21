"""Notices: what is told besides digests, under a rhythm of its own.

Revision: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OLD = "rhythm IN ('immediate', 'daily', 'weekly', 'working-days', 'urgent')"
NEW = "rhythm IN ('immediate', 'daily', 'weekly', 'working-days', 'urgent', 'notice')"


def upgrade() -> None:
    """Allow the rhythm."""
    _replace(OLD, NEW)


def downgrade() -> None:
    """Forbid it; what was told in it is gone."""
    connection = op.get_bind()
    for table, column in (("attempt", "delivery_id"), ("returned", "delivery_id")):
        connection.execute(sa.text(f"DELETE FROM {table} WHERE {column} IN ({_of('delivery')})"))  # noqa: S608 - names of ours
    connection.execute(sa.text(f"DELETE FROM delivery WHERE id IN ({_of('delivery')})"))  # noqa: S608
    connection.execute(sa.text("DELETE FROM digest WHERE rhythm = 'notice'"))
    _replace(NEW, OLD)


def _of(table: str) -> str:
    return f"SELECT t.id FROM {table} t JOIN digest d ON d.id = t.digest_id WHERE d.rhythm = 'notice'"  # noqa: S608


def _replace(old: str, new: str) -> None:
    """Put another condition in the place of the check.

    SQLite cannot drop the table that others point at inside a transaction. The condition changes nothing that is stored, so
    the table's own words are edited, as https://sqlite.org/lang_altertable.html section 7 describes.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_digest_rhythm"), "digest", type_="check")
        op.create_check_constraint(op.f("ck_digest_rhythm"), "digest", new)
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    words = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'digest'"
    connection.exec_driver_sql(words, (old, new))
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
