"""Items that our own hub is still to be told of: written with the index that the feeds are read from, so never too early.

A row stays until the hub has taken the news, and is put off longer each time that it does not.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from alerts.domain.items import StoredItem
from alerts.store.convert import SHOWN, stored_columns, stored_item
from alerts.store.database import Database
from alerts.store.statements import fetch, insert, pieces
from alerts.store.tables import hub_news, item

BATCH = 200  # items that are told together
SOONEST, LATEST = timedelta(seconds=30), timedelta(hours=1)  # pauses after a failure
GIVEN_UP = timedelta(days=1)


def remember(connection: Connection, item_ids: Sequence[int], now: datetime) -> None:
    """Write down that the hub is to be told of these items, also where it is to be told of them already."""
    rows = [{"item_id": one, "since": now, "due_at": now} for one in item_ids]
    statement = insert(connection, hub_news)
    again = {"since": statement.excluded.since, "due_at": statement.excluded.due_at}
    if rows:
        connection.execute(statement.on_conflict_do_update(index_elements=["item_id"], set_=again), rows)


class HubNews:
    """What the hub is to be told."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def due(self, now: datetime) -> list[StoredItem]:
        """Return the items that the hub is to be told of now, those that wait longest first, a batch at most."""
        waiting = select(hub_news.c.item_id).where(hub_news.c.due_at <= now)
        waiting = waiting.order_by(hub_news.c.due_at, hub_news.c.item_id).limit(BATCH)
        shown = stored_columns().where(item.c.id.in_(waiting), SHOWN)
        return self._db.read(lambda connection: [stored_item(row) for row in fetch(connection, shown)])

    def taken(self, item_ids: Sequence[int], asked_at: datetime) -> None:
        """Forget the items; those that changed since the hub was asked stay."""

        def write(connection: Connection) -> None:
            for piece in pieces(item_ids):
                mine = hub_news.c.item_id.in_(piece) & (hub_news.c.since <= asked_at)
                connection.execute(delete(hub_news).where(mine))

        self._db.write(write)

    def prune(self, now: datetime) -> int:
        """Return how many items were let go that the hub did not take for a day, or that are not shown any more."""
        gone = delete(hub_news).where(hub_news.c.since < now - GIVEN_UP)
        return self._db.write(lambda connection: connection.execute(gone).rowcount)

    def put_off(self, item_ids: Sequence[int], now: datetime, least: datetime | None = None) -> None:
        """Let the items wait as long as they have waited, 30 seconds to an hour, and until ``least``."""
        since = select(hub_news.c.item_id, hub_news.c.since)

        def write(connection: Connection) -> None:
            for piece in pieces(item_ids):
                for row in fetch(connection, since.where(hub_news.c.item_id.in_(piece))):
                    later = max(now + min(max(now - row.since, SOONEST), LATEST), least or now)
                    mine = update(hub_news).where(hub_news.c.item_id == row.item_id)
                    connection.execute(mine.values(due_at=later))

        self._db.write(write)
