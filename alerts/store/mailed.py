"""Deliveries as an admin looks for them: by state, page by page, by whom they go to, one with all that is known."""

from dataclasses import dataclass

from sqlalchemy import select

from alerts.domain.digests import DeliveryView
from alerts.domain.vocabulary import DeliveryState
from alerts.store.database import Database
from alerts.store.ledger import normal_address
from alerts.store.outbox import delivery_view, newest_deliveries
from alerts.store.statements import fetch
from alerts.store.tables import delivery, digest, endpoint

ADDRESSES = 50  # that a part of an address may stand for


@dataclass(frozen=True, slots=True)
class MailedQuery:
    """Which deliveries, the newest first. ``to`` is an address or a part of one, ``before`` the cursor."""

    state: DeliveryState | None = None
    to: str = ""
    before: int | None = None
    limit: int = 50


class Mailed:
    """What went out, and what did not."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def page(self, query: MailedQuery) -> tuple[list[DeliveryView], int | None]:
        """Return deliveries that fit, and the cursor of the next page if there is one."""
        wanted = newest_deliveries(query.limit + 1, query.state)
        if query.before is not None:
            wanted = wanted.where(delivery.c.id < query.before)
        if query.to:
            like = endpoint.c.address_norm.contains(normal_address(query.to), autoescape=True)
            meant = select(endpoint.c.id).where(like).order_by(endpoint.c.id.desc()).limit(ADDRESSES)
            wanted = wanted.where(digest.c.endpoint_id.in_(meant))
            # By an expression: in the order of the key itself a database may walk through all that ever went out.
            wanted = wanted.order_by(None).order_by((delivery.c.id + 0).desc())
        rows = self._db.read(lambda connection: fetch(connection, wanted))
        found = [delivery_view(row) for row in rows[: query.limit]]
        return found, found[-1].id if len(rows) > query.limit else None

    def one(self, delivery_id: int) -> DeliveryView | None:
        """Return one delivery."""
        wanted = newest_deliveries(1).where(delivery.c.id == delivery_id)
        row = self._db.read(lambda connection: connection.execute(wanted).first())
        return None if row is None else delivery_view(row)
