"""What a company was told, item by item: the source of its calendar."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from sqlalchemy import Connection, Select, Text, bindparam, cast, or_, select, update

from alerts.domain.items import StoredItem
from alerts.domain.watches import Reason
from alerts.store.convert import reasons_value, stored_columns, stored_item
from alerts.store.database import Database
from alerts.store.leaving import LEFT
from alerts.store.ledger import Event, record
from alerts.store.statements import fetch, pieces
from alerts.store.tables import alert, contact, endpoint, item, item_revision

MOST = 2000  # items, the newest
DATED = 5000  # older items that state a date


class Calendars:
    """The items behind a company's calendar, and the links to it."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def told(self, endpoint_id: int) -> list[Sequence[StoredItem]]:
        """Return, of each item that anybody of the endpoint's company was told or is owed, the revisions that readers saw.

        The newest items, and older ones that state a date; the oldest revision first.
        """
        mine = select(contact.c.company_id).join_from(endpoint, contact).where(endpoint.c.id == endpoint_id)
        wanted = select(alert.c.item_id).distinct().join_from(alert, endpoint).join(contact)
        wanted = wanted.where(contact.c.company_id.in_(mine), alert.c.dropped_reason.is_distinct_from(LEFT))
        wanted = wanted.order_by(alert.c.item_id.desc())
        rows = list(self._db.read(partial(fetch, statement=wanted.limit(MOST))))
        if len(rows) == MOST:
            dated = wanted.where(alert.c.item_id < rows[-1].item_id, alert.c.item_id.in_(_dated()))
            rows += self._db.read(partial(fetch, statement=dated.limit(DATED)))
        found: list[StoredItem] = []
        for piece in pieces([row.item_id for row in rows]):
            seen = stored_columns().where(item.c.id.in_(piece), item_revision.c.number <= item.c.shown)
            seen = seen.where(item_revision.c.held.is_(None)).order_by(item.c.id, item_revision.c.number)
            found += [stored_item(row) for row in self._db.read(partial(fetch, statement=seen))]
        return [list(revisions) for _, revisions in groupby(found, lambda one: one.id)]

    def newest(self, endpoint_id: int, limit: int) -> list[tuple[StoredItem, tuple[Reason, ...]]]:
        """Return what the endpoint's company was told last, each item once in the revision it was told, and why; the newest telling first."""
        mine = select(contact.c.company_id).join_from(endpoint, contact).where(endpoint.c.id == endpoint_id)
        columns = (
            select(alert.c.item_id, alert.c.revision, alert.c.reasons)
            .join_from(alert, endpoint)
            .join(contact)
        )
        told = columns.where(contact.c.company_id.in_(mine), alert.c.digest_id.is_not(None))
        rows = self._db.read(partial(fetch, statement=told.order_by(alert.c.id.desc()).limit(limit * 10)))
        latest = {row.item_id: row for row in reversed(rows)}
        wanted = sorted(latest.values(), key=rows.index)[:limit]
        found: dict[tuple[int, int], StoredItem] = {}
        for piece in pieces([row.item_id for row in wanted]):
            seen = stored_columns().where(item.c.id.in_(piece), item_revision.c.held.is_(None))
            stored = [stored_item(row) for row in self._db.read(partial(fetch, statement=seen))]
            found |= {(one.id, one.number): one for one in stored}
        keys = [(row.item_id, row.revision) for row in wanted]
        return [(found[key], reasons_value(latest[key[0]].reasons)) for key in keys if key in found]

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


def _dated() -> Select[tuple[object, ...]]:
    """Return the items any of whose revisions states a date; the two databases write JSON with and without blanks."""
    said = cast(item_revision.c.conclusions, Text)
    empty = [said.contains(f'"obligations":{blank}[]', autoescape=True) for blank in ("", " ")]
    return select(item_revision.c.item_id).where(~or_(*empty))
