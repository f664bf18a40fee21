"""The archive: items by number, by question, and the editor's desk.

Readers see the newest revision that is not held. ``held`` on a returned value says that it waits for an
editor, or that the editor refused it: such a revision is for editors' eyes only.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select

from alerts.domain.items import ItemPage, ItemQuery, StoredItem
from alerts.domain.vocabulary import Severity
from alerts.store.convert import SHOWN, stored_columns, stored_item
from alerts.store.database import Database
from alerts.store.desk import WAITS, reject
from alerts.store.lookup import found_ids, is_filtered, names_nothing
from alerts.store.statements import fetch, pieces
from alerts.store.tables import item, item_revision, seen_key

LARGEST_PAGE = 1000
# What pages ask again and again is put together once: to put a statement together takes longer than SQLite takes to answer it.
_NUMBERED = stored_columns().where(item.c.id == bindparam("item"))
_REVISION = _NUMBERED.where(item_revision.c.number == bindparam("number"))
_SHOWN = _NUMBERED.where(SHOWN)
_ALL = _NUMBERED.order_by(item_revision.c.number)
_SEEN = _ALL.where(item_revision.c.number <= item.c.shown, item_revision.c.held.is_(None))
_NEWEST_FIRST = stored_columns().order_by(item.c.id.desc(), item_revision.c.number.desc())
_NEWEST_FOUND = _NEWEST_FIRST.where(SHOWN, item.c.id.in_(bindparam("ids", expanding=True)))
_NEWEST_REVISION = select(func.max(item_revision.c.id))


class Items:
    """The archive of what the sources published."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, item_id: int, number: int | None = None) -> StoredItem | None:
        """Return the item as readers see it, or its revision ``number``; None when there is none."""
        found = self._stored(_SHOWN if number is None else _REVISION, item=item_id, number=number)
        return found[0] if found else None

    def query(self, query: ItemQuery) -> ItemPage:
        """Return one page of the items that every non-empty wish of the query fits, newest first."""
        limit = max(1, min(query.limit, LARGEST_PAGE))
        found = self._db.read(lambda connection: _page(connection, query, limit + 1))
        more = found[limit - 1].id if len(found) > limit else None
        return ItemPage(tuple(found[:limit]), more)

    def revisions(self, item_id: int) -> list[StoredItem]:
        """Return all revisions of an item, the oldest first."""
        return self._stored(_ALL, item=item_id)

    def seen(self, item_id: int) -> list[StoredItem]:
        """Return the revisions of an item that readers have seen, the oldest first."""
        return self._stored(_SEEN, item=item_id)

    def before(self, stored: Sequence[StoredItem]) -> dict[int, StoredItem]:
        """Return the revision before each of these that is not the first, by item."""
        changed = [one for one in stored if one.number > 1]
        found: dict[int, StoredItem] = {}
        for piece in pieces(changed):
            pairs = [and_(item.c.id == one.id, item_revision.c.number == one.number - 1) for one in piece]
            found |= {one.id: one for one in self._stored(stored_columns().where(or_(*pairs)))}
        return found

    def freshest(self, ids: Sequence[int]) -> datetime | None:
        """Return when readers could last see something else of these items: come, changed or released; None of none."""
        latest = select(func.max(func.coalesce(item.c.changed_at, item.c.first_seen_at)).label("at"))
        found = [
            self._db.read(partial(fetch, statement=latest.where(item.c.id.in_(piece))))
            for piece in pieces(ids)
        ]
        return max((rows[0].at for rows in found if rows[0].at is not None), default=None)

    def reject(self, item_id: int, why: str, now: datetime | None = None, by: str = "") -> bool:
        """Keep from readers what is held of an item, for good; False when nothing was held.

        ``by`` and ``now``: the editor, whom the ledger then names, and when.
        """
        return self._db.write(lambda connection: reject(connection, item_id, why, (now, by)))

    def known(self, feed_id: str, keys: Sequence[str]) -> dict[str, StoredItem]:
        """Return the newest revision of the items that the feed showed under these keys, by key."""
        found: dict[str, StoredItem] = {}
        for piece in pieces(keys):
            shown = select(seen_key.c.key, seen_key.c.item_id)
            shown = shown.where(seen_key.c.feed_id == feed_id, seen_key.c.key.in_(piece))
            ids = self._db.read(partial(fetch, statement=shown))
            newest = stored_columns().where(
                item.c.id.in_({row.item_id for row in ids}), item_revision.c.number == item.c.number
            )
            by_id = {one.id: one for one in self._stored(newest)}
            found |= {row.key: by_id[row.item_id] for row in ids if row.item_id in by_id}
        return found

    def count(self) -> int:
        """Return how many items are stored."""
        return self._db.read(
            lambda connection: connection.execute(select(func.count(item.c.id))).scalar_one()
        )

    def judged(self, since: datetime) -> dict[str, tuple[int, int]]:
        """Return how many items of each feed that came since then are about intellectual property, and how many are not."""
        # An expression, for which there is no index: SQLite would walk that of all items by feed, for the order, and not that of the days.
        feed = (item.c.feed_id + "").label("feed_id")
        counted = select(feed, item_revision.c.relevant, func.count().label("n"))
        counted = counted.join(item_revision, and_(_same_item(), item_revision.c.number == item.c.number))
        counted = counted.where(item.c.first_seen_at >= since).group_by(feed, item_revision.c.relevant)
        found: dict[str, tuple[int, int]] = {}
        for row in self._db.read(partial(fetch, statement=counted)):
            about, other = found.get(row.feed_id, (0, 0))
            found[row.feed_id] = (about + row.n, other) if row.relevant else (about, other + row.n)
        return found

    def severities(self, since: datetime) -> dict[Severity, int]:
        """Return how many relevant items readers have got since then, by severity."""
        counted = select(item_revision.c.severity, func.count().label("n")).join(item, SHOWN & _same_item())
        counted = counted.where(item_revision.c.relevant, item_revision.c.created_at >= since)
        rows = self._db.read(lambda connection: connection.execute(counted.group_by("severity")).all())
        return dict.fromkeys(Severity, 0) | {Severity(row.severity): row.n for row in rows}

    def lately(self, since: datetime) -> list[tuple[date, Severity, tuple[str, ...]]]:
        """Return day, severity and jurisdictions of each relevant item that readers have got since then."""
        columns = [
            item_revision.c[name] for name in ("created_at", "severity", "jurisdictions", "jurisdiction")
        ]
        got = select(*columns).join(item, SHOWN & _same_item()).where(
            item_revision.c.severity.in_([one.value for one in Severity]),  # so that the index of both is used
            item_revision.c.created_at >= since, item_revision.c.relevant,
        )  # fmt: skip
        rows = self._db.read(lambda connection: connection.execute(got).all())
        return [
            (row.created_at.date(), Severity(row.severity), tuple(row.jurisdictions) or (row.jurisdiction,))
            for row in rows
        ]

    def newest_revision(self) -> int:
        """Return a number that grows with every text that is stored."""
        return self._db.read(lambda connection: connection.execute(_NEWEST_REVISION).scalar()) or 0

    def _stored(self, statement: Select[tuple[object, ...]], **values: object) -> list[StoredItem]:
        return self._db.read(
            lambda connection: [stored_item(row) for row in connection.execute(statement, values).all()]
        )


def _same_item() -> ColumnElement[bool]:
    return item.c.id == item_revision.c.item_id


def _page(connection: Connection, query: ItemQuery, limit: int) -> list[StoredItem]:
    if query.held:
        rows = connection.execute(_before(_NEWEST_FIRST.where(WAITS), query).limit(limit))
    elif names_nothing(query):
        return []
    elif is_filtered(query):
        rows = connection.execute(_NEWEST_FOUND, {"ids": found_ids(connection, query, limit)})
    else:
        rows = connection.execute(_before(_NEWEST_FIRST.where(SHOWN), query).limit(limit))
    return [stored_item(row) for row in rows.all()]


def _before(statement: Select[tuple[object, ...]], query: ItemQuery) -> Select[tuple[object, ...]]:
    return statement if query.before_id is None else statement.where(item.c.id < query.before_id)
