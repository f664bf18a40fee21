"""The editors' desk: what waits, who agreed, what was let go and what was refused.

Every decision locks the item first, so that two editors at the same moment are counted one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from alerts.domain.items import StoredItem
from alerts.domain.review import Decision, editor_key
from alerts.store.convert import stored_columns, stored_item
from alerts.store.database import Database
from alerts.store.ledger import Event, record, record_all
from alerts.store.statements import AnyRow, fetch, insert_new
from alerts.store.tables import approval, item, item_revision

WAITS = and_(item_revision.c.held.is_not(None), item_revision.c.rejected.is_(None))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A revision that waits: since when, who agreed so far, how many must, and when it goes out without them."""

    stored: StoredItem
    since: datetime
    agreed: tuple[str, ...]
    needed: int
    release_at: datetime | None


class Desk:
    """What waits for an editor, and what editors say."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def waiting(self, limit: int = 50) -> list[Waiting]:
        """Return what waits, the one that waits longest first."""
        oldest = stored_columns().where(WAITS).order_by(item_revision.c.created_at, item_revision.c.id)
        return self._db.read(lambda connection: _waiting(connection, fetch(connection, oldest.limit(limit))))

    def of(self, item_id: int) -> list[Waiting]:
        """Return the revisions of one item that wait, the oldest first."""
        mine = stored_columns().where(waits(item_id)).order_by(item_revision.c.number)
        return self._db.read(lambda connection: _waiting(connection, fetch(connection, mine)))

    def approve(self, item_id: int, now: datetime, by: str, note: str = "") -> Decision | None:
        """Return what an editor's yes to the newest revision that waits did; None when nothing of the item waits.

        The same editor counts once. When enough agree, all that waits of the item is let go.
        """
        return self._db.write(lambda connection: approve(connection, item_id, now, (by, note)))

    def release_overdue(self, now: datetime) -> list[int]:
        """Return the items that went out because their time was up, marked as not reviewed."""
        return self._db.write(lambda connection: _release_overdue(connection, now))


def waits(item_id: int) -> ColumnElement[bool]:
    """Return that a revision of the item waits."""
    return and_(item_revision.c.item_id == item_id, WAITS)


def _lock(connection: Connection, item_id: int) -> None:
    connection.execute(select(item.c.id).where(item.c.id == item_id).with_for_update())


def approve(connection: Connection, item_id: int, now: datetime, word: tuple[str, str]) -> Decision | None:
    """Return what an editor's yes did; ``word``: by whom, with which note."""
    _lock(connection, item_id)
    newest = select(item_revision.c.id, item_revision.c.needed, item_revision.c.number).where(waits(item_id))
    row = connection.execute(newest.order_by(item_revision.c.number.desc()).limit(1)).first()
    if row is None:
        return None
    by, note = word
    mine = {"revision_id": row.id, "editor": editor_key(by), "at": now, "note": note}
    insert_new(connection, approval, [mine])
    counted = select(func.count()).where(approval.c.revision_id == row.id)
    agreed, needed = int(connection.execute(counted).scalar_one()), row.needed or 1
    released = agreed >= needed and _let_go(connection, item_id, now)
    event = "item-released" if released else "item-approved"
    detail = {"by": by, "note": note, "revision": row.number, "agreed": agreed, "needed": needed}
    record(connection, Event(now, event, str(item_id), detail))
    return Decision(released, agreed, needed)


def reject(connection: Connection, item_id: int, why: str, word: tuple[datetime | None, str]) -> bool:
    """Return whether something was held of an item, which is now kept from readers for good; ``word``: when, by whom."""
    refused = update(item_revision).where(waits(item_id)).values(rejected=why)
    done = connection.execute(refused).rowcount > 0
    at, by = word
    if done and by and at:
        record(connection, Event(at, "item-rejected", str(item_id), {"by": by, "note": why}))
    return done


def _release_overdue(connection: Connection, now: datetime) -> list[int]:
    # Without DISTINCT: SQLite would walk the whole archive in the order of items to leave doubles out.
    overdue = select(item_revision.c.item_id).where(WAITS, item_revision.c.release_at <= now)
    ids = sorted(set(connection.execute(overdue).scalars()))
    freed = []
    for item_id in ids:
        _lock(connection, item_id)
        if _let_go(connection, item_id, now, unreviewed=True):
            freed.append(item_id)
    record_all(connection, [Event(now, "item-released-unreviewed", str(item_id), {}) for item_id in freed])
    return freed


def _let_go(connection: Connection, item_id: int, now: datetime, *, unreviewed: bool = False) -> bool:
    """Let readers see what waits of an item and match it; False when nothing does."""
    values = {"held": None} | ({"unreviewed": True} if unreviewed else {})
    freed = update(item_revision).where(waits(item_id)).values(values)
    if not connection.execute(freed).rowcount:
        return False
    visible = select(func.max(item_revision.c.number))
    visible = visible.where(item_revision.c.item_id == item_id, item_revision.c.held.is_(None))
    newest = visible.scalar_subquery()
    connection.execute(update(item).where(item.c.id == item_id).values(shown=newest, changed_at=now))
    return True


def _waiting(connection: Connection, rows: Sequence[AnyRow]) -> list[Waiting]:
    said = select(approval.c.revision_id, approval.c.editor).order_by(approval.c.at, approval.c.editor)
    agreed: dict[int, list[str]] = {}
    for row in connection.execute(said.where(approval.c.revision_id.in_([row.id for row in rows]))):
        agreed.setdefault(row.revision_id, []).append(row.editor)
    return [
        Waiting(
            stored_item(row), row.created_at, tuple(agreed.get(row.id, ())), row.needed or 1, row.release_at
        )
        for row in rows
    ]
