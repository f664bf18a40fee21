"""What an endpoint was told before of the items and matters that it is owed something of: asked of the ledger's rows."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, and_

from alerts.domain.digests import AlertLine, Told
from alerts.store.convert import reasons_value, stored_columns, stored_item
from alerts.store.statements import AnyRow, fetch, pieces
from alerts.store.tables import alert, digest, item, item_revision


def with_past(connection: Connection, endpoint_id: int, lines: Sequence[AlertLine]) -> list[AlertLine]:
    """Return the lines, each with what the endpoint was told of its item and of its matter."""
    again = sorted({line.stored.id for line in lines if line.correction})
    matters = sorted({one for line in lines if (one := line.stored.matter_id) is not None})
    told: dict[int, Told] = {}
    for column, numbers in ((alert.c.item_id, again), (item.c.matter_id, matters)):
        for piece in pieces(numbers):
            told |= {row.alert_id: _told(row) for row in _rows(connection, endpoint_id, column.in_(piece))}
    past = [told[number] for number in sorted(told)]
    return [replace(line, before=tuple(one for one in past if _same(one, line))) for line in lines]


def _same(one: Told, line: AlertLine) -> bool:
    matter = line.stored.matter_id
    return one.stored.id == line.stored.id or (matter is not None and one.stored.matter_id == matter)


def _rows(connection: Connection, endpoint_id: int, wanted: ColumnElement[bool]) -> Sequence[AnyRow]:
    here = and_(alert.c.item_id == item_revision.c.item_id, alert.c.revision == item_revision.c.number)
    mine = [alert.c.id.label("alert_id"), alert.c.reasons, digest.c.message_id]
    statement = stored_columns().add_columns(*mine).join(alert, here)
    statement = statement.join(digest, digest.c.id == alert.c.digest_id)
    return fetch(connection, statement.where(alert.c.endpoint_id == endpoint_id, wanted))


def _told(row: AnyRow) -> Told:
    return Told(stored_item(row), reasons_value(row.reasons), row.message_id)
