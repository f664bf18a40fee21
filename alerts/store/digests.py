"""What is owed, and writing it down: a digest with its delivery, and the alerts that it tells.

What is owed is every alert without a digest, never a window of times and never a cursor, so a late match
goes into the next digest and none falls between two.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, and_, select, update

from alerts.domain.digests import NOTICE, AlertLine, DigestRow, Due
from alerts.domain.people import Endpoint
from alerts.store.convert import reasons_value, stored_columns, stored_item
from alerts.store.database import Database
from alerts.store.ledger import Event, record
from alerts.store.owed import UNTOLD, reachable
from alerts.store.people import endpoint_value
from alerts.store.rows import delivery_row, digest_detail, digest_row
from alerts.store.statements import AnyRow, insert_once, pieces
from alerts.store.tables import alert, company, contact, delivery, digest, endpoint, item_revision, wording
from alerts.store.together import ChangedMeanwhileError, find_due, write_all
from alerts.store.told import with_past
from alerts.store.wordings import wording_hash, write_wordings

WITH_MATTER = "the reader was told of its matter from another source"


class _TakenMeanwhileError(Exception):
    """An alert of the digest was raised, dropped or told while it was composed."""


class Digests:
    """What endpoints are owed and what was written for them."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def untold(self, endpoint_id: int) -> list[AlertLine]:
        """Return what the endpoint is owed, in the newest text that was matched, the oldest alert first."""
        owed = _owed().where(alert.c.endpoint_id == endpoint_id).order_by(alert.c.id)
        return self._db.read(lambda connection: _lines(connection, endpoint_id, owed))

    def urgent(self, limit: int) -> list[tuple[Endpoint, AlertLine]]:
        """Return what waits for no digest: immediate endpoints, and critical items where that is wanted."""
        return self._db.read(lambda connection: _urgent(connection, limit))

    def urgent_of(self, endpoint_id: int) -> list[AlertLine]:
        """Return all that waits for no digest of one endpoint, the oldest alert first."""
        owed = _owed().where(alert.c.endpoint_id == endpoint_id, alert.c.urgent).order_by(alert.c.id)
        return self._db.read(lambda connection: _lines(connection, endpoint_id, owed))

    def calm(self, alert_ids: Sequence[int], *, told: bool) -> None:
        """Let alerts wait for the digest after all; ``told``: they count as told with the matter that the reader knows."""
        values = {"dropped_reason": WITH_MATTER} if told else {"urgent": False}

        def write(connection: Connection) -> None:
            for piece in pieces(alert_ids):
                connection.execute(update(alert).where(alert.c.id.in_(piece), UNTOLD).values(values))

        self._db.write(write)

    def due(self, now: datetime, limit: int, after: Endpoint | None = None) -> list[Due]:
        """Return the endpoints whose digest time has come, the longest due first, with what they are owed in numbers.

        Those up to ``after`` are left out.
        """
        return self._db.read(lambda connection: find_due(connection, now, limit, after))

    def write_all(self, rows: Sequence[DigestRow], following: Mapping[int, datetime | None]) -> int | None:
        """Return how many digests of a batch were written, in one transaction; each endpoint's next time is in ``following``.

        None: something of it was raised, dropped or told since it was read, or an endpoint has left; nothing is
        written then, and :meth:`write` does it one by one.
        """
        try:
            return self._db.write(lambda connection: write_all(connection, rows, following))
        except ChangedMeanwhileError:
            return None

    def write(self, row: DigestRow, next_digest_at: datetime | None) -> bool:
        """Return whether the digest and its delivery are written and its alerts count as told.

        False: the slot is written already (then only ``next_digest_at`` is taken), or an alert was
        raised, dropped or told since it was read, or the endpoint has left (then nothing is).
        An urgent row and a notice leave ``next_digest_at`` as it is.
        """
        try:
            return self._db.write(lambda connection: _write(connection, row, next_digest_at))
        except _TakenMeanwhileError:
            return False

    def advance(self, endpoint_id: int, next_digest_at: datetime | None) -> None:
        """Move an endpoint's next digest, when there was nothing to tell."""
        moved = update(endpoint).where(endpoint.c.id == endpoint_id).values(next_digest_at=next_digest_at)
        self._db.write(lambda connection: connection.execute(moved))

    def of_endpoint(self, endpoint_id: int) -> list[tuple[str, str, datetime]]:
        """Return slot, subject and building time of each digest of the endpoint, the oldest first."""
        written = select(digest.c.slot, wording.c.subject, digest.c.built_at)
        written = written.outerjoin(wording, wording.c.id == digest.c.wording_id)
        written = written.where(digest.c.endpoint_id == endpoint_id).order_by(digest.c.id)
        rows = self._db.read(lambda connection: connection.execute(written).all())
        return [(row.slot, row.subject or "", row.built_at) for row in rows]

    def company_of(self, endpoint_id: int) -> str:
        """Return the name of the company that the endpoint belongs to; empty when there is no such endpoint."""
        name = select(company.c.name).join_from(company, contact).join(endpoint)
        found = name.where(endpoint.c.id == endpoint_id)
        return self._db.read(lambda connection: connection.execute(found).scalar()) or ""


def _owed() -> Select[tuple[object, ...]]:
    here = and_(alert.c.item_id == item_revision.c.item_id, alert.c.revision == item_revision.c.number)
    mine = [alert.c.id.label("alert_id"), alert.c.endpoint_id, alert.c.correction, alert.c.reasons]
    statement = stored_columns().add_columns(*mine).join(alert, here)
    return statement.where(UNTOLD)


def _lines(connection: Connection, endpoint_id: int, owed: Select[tuple[object, ...]]) -> list[AlertLine]:
    return with_past(connection, endpoint_id, [_line(row) for row in connection.execute(owed)])


def _line(row: AnyRow) -> AlertLine:
    stored = stored_item(row)
    return AlertLine(
        row.alert_id, stored, stored.item.publisher or "", reasons_value(row.reasons), row.correction
    )


def _urgent(connection: Connection, limit: int) -> list[tuple[Endpoint, AlertLine]]:
    joined = _owed().join(endpoint, endpoint.c.id == alert.c.endpoint_id)
    waiting = reachable(joined).where(alert.c.urgent).order_by(alert.c.id).limit(limit)
    rows = connection.execute(waiting).all()
    places: dict[int, Endpoint] = {}
    for piece in pieces(sorted({row.endpoint_id for row in rows})):
        found = connection.execute(select(endpoint).where(endpoint.c.id.in_(piece)))
        places |= {row.id: endpoint_value(row) for row in found}
    return [(places[row.endpoint_id], _line(row)) for row in rows]


def _write(connection: Connection, row: DigestRow, next_digest_at: datetime | None) -> bool:
    place = row.endpoint
    here = update(endpoint).where(endpoint.c.id == place.id, endpoint.c.active)
    # What does not wait for the digest does not move it either; the row is locked all the same.
    moved = {"active": True} if row.urgent or row.rhythm == NOTICE else {"next_digest_at": next_digest_at}
    if not connection.execute(here.values(moved)).rowcount:
        raise _TakenMeanwhileError
    words = wording_hash(row.message)
    wording_id = write_wordings(connection, (row.message,))[words]
    if not insert_once(connection, digest, digest_row(row, wording_id)):
        return False
    written = select(digest.c.id).where(digest.c.public_id == row.public_id)
    digest_id = connection.execute(written).scalar_one()
    _mark_told(connection, row, digest_id)
    insert_once(connection, delivery, delivery_row(row, digest_id))
    detail = digest_detail(row, words)
    record(connection, Event(row.built_at, "digest-written", f"digest:{digest_id}", detail))
    return True


def _mark_told(connection: Connection, row: DigestRow, digest_id: int) -> None:
    owed = and_(alert.c.endpoint_id == row.endpoint.id, UNTOLD)
    for piece in pieces(row.alert_ids):
        told = update(alert).where(alert.c.id.in_(piece), owed).values(digest_id=digest_id)
        if connection.execute(told).rowcount != len(piece):
            raise _TakenMeanwhileError
