"""The audit log: lines are written beside what they tell of, in its transaction, and read. There is no way to change one."""

from sqlalchemy import Connection, insert, select

from alerts.domain.admins import name_key
from alerts.domain.audit import Act, AuditLine, AuditPage, AuditQuery, Mark
from alerts.store.database import Database
from alerts.store.statements import AnyRow, fetch
from alerts.store.tables import audit


class Audit:
    """What admins did."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def write(self, mark: Mark) -> None:
        """Write a line that stands alone."""
        self._db.write(lambda connection: mark_down(connection, mark))

    def page(self, query: AuditQuery) -> AuditPage:
        """Return the newest lines that fit."""
        wanted = select(audit).order_by(audit.c.id.desc()).limit(query.limit + 1)
        if query.act is not None:
            wanted = wanted.where(audit.c.act == query.act.value)
        if query.who:
            wanted = wanted.where(audit.c.who_key == name_key(query.who))
        if query.before is not None:
            wanted = wanted.where(audit.c.id < query.before)
        rows = self._db.read(lambda connection: fetch(connection, wanted))
        lines = tuple(_line(row) for row in rows[: query.limit])
        return AuditPage(lines, lines[-1].id if len(rows) > query.limit else None)


def mark_down(connection: Connection, mark: Mark) -> None:
    """Write a line inside the caller's transaction."""
    row = {
        "at": mark.at,
        "admin_id": mark.by.admin_id,
        "who": mark.by.name,
        "who_key": name_key(mark.by.name),
        "act": mark.act.value,
        "subject": mark.subject,
        "detail": dict(mark.detail),
        "network": mark.by.network,
    }
    connection.execute(insert(audit), row)


def _line(row: AnyRow) -> AuditLine:
    return AuditLine(row.id, row.at, row.who, Act(row.act), row.subject, row.detail, row.network)
