"""What came out before somebody joined, owed to him on request: alerts like any other, so each is told once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, update

from alerts.domain.items import StoredItem
from alerts.domain.watches import Reason
from alerts.store.convert import reasons_body
from alerts.store.ledger import Event, record
from alerts.store.statements import insert
from alerts.store.tables import alert, endpoint

Brought = Sequence[tuple[StoredItem, tuple[Reason, ...]]]


def recall(connection: Connection, place: tuple[int, int], brought: Brought, now: datetime) -> int:
    """Return how many items are owed now to an endpoint that were not; ``place`` is endpoint and watch.

    They wait for its next digest; an endpoint of the immediate rhythm gets one digest of them now, not a flood of mails.
    """
    endpoint_id, watch_id = place
    rows = [_row(endpoint_id, watch_id, stored, reasons, now) for stored, reasons in brought]
    if not rows:
        return 0
    statement = insert(connection, alert).on_conflict_do_nothing().returning(alert.c.id)
    written = len(connection.execute(statement, rows).all())
    if written:
        no_digest = (endpoint.c.id == endpoint_id) & endpoint.c.next_digest_at.is_(None)
        connection.execute(update(endpoint).where(no_digest).values(next_digest_at=now))
        record(connection, Event(now, "recalled", f"endpoint:{endpoint_id}", {"items": written}))
    return written


def _row(
    endpoint_id: int, watch_id: int, stored: StoredItem, reasons: tuple[Reason, ...], now: datetime
) -> dict[str, object]:
    return {
        "endpoint_id": endpoint_id,
        "item_id": stored.id,
        "revision": stored.number,
        "watch_ids": [watch_id],
        "reasons": reasons_body(reasons),
        "correction": False,
        "urgent": False,
        "created_at": now,
        "digest_id": None,
        "dropped_reason": None,
    }
