"""What a company was told, item by item: the source of its calendar."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from sqlalchemy import Connection, bindparam, select, update

from alerts.domain.items import StoredItem
from alerts.store.convert import stored_columns, stored_item
from alerts.store.database import Database
from alerts.store.leaving import LEFT
from alerts.store.ledger import Event, record
from alerts.store.statements import fetch, pieces
from alerts.store.tables import alert, contact, endpoint, item, item_revision

MOST = 2000  # items, the newest


class Calendars:
    """The items behind a company's calendar, and the links to it."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def told(self, endpoint_id: int) -> list[Sequence[StoredItem]]:
        """Return, of each item that anybody of the endpoint's company was told or is owed, the revisions that readers saw.

        The newest items, the oldest revision first.
        """
        mine = select(contact.c.company_id).join_from(endpoint, contact).where(endpoint.c.id == endpoint_id)
        wanted = select(alert.c.item_id).distinct().join_from(alert, endpoint).join(contact)
        wanted = wanted.where(contact.c.company_id.in_(mine), alert.c.dropped_reason.is_distinct_from(LEFT))
        rows = self._db.read(partial(fetch, statement=wanted.order_by(alert.c.item_id.desc()).limit(MOST)))
        found: list[StoredItem] = []
        for piece in pieces([row.item_id for row in rows]):
            seen = stored_columns().where(item.c.id.in_(piece), item_revision.c.number <= item.c.shown)
            seen = seen.where(item_revision.c.held.is_(None)).order_by(item.c.id, item_revision.c.number)
            found += [stored_item(row) for row in self._db.read(partial(fetch, statement=seen))]
        return [list(revisions) for _, revisions in groupby(found, lambda one: one.id)]

    def serial(self, endpoint_id: int) -> int:
        """Return which link to its calendar is the endpoint's present one."""
        number = select(endpoint.c.calendar_serial).where(endpoint.c.id == endpoint_id)
        return self._db.read(lambda connection: connection.execute(number).scalar()) or 0

    def revoke(self, endpoint_id: int, event: Event) -> None:
        """Let every link to the calendar that was given to the endpoint lead nowhere; a new one can be given."""
        here = update(endpoint).where(endpoint.c.id == bindparam("here"))
        following = here.values(calendar_serial=endpoint.c.calendar_serial + 1)

        def write(connection: Connection) -> None:
            connection.execute(following, {"here": endpoint_id})
            record(connection, event)

        self._db.write(write)
