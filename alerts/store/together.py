"""Digests of many endpoints at once: what a batch is owed, and writing all of it in one transaction.

Thousands of readers often get the same. What they are owed is read as numbers, so that whoever is owed the same is seen
without reading a text; the words are written once (:mod:`alerts.store.wordings`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Text, cast, func, literal, select, tuple_, update

from alerts.domain.digests import DigestRow, Due, Owing
from alerts.domain.people import Endpoint
from alerts.store.bulk import insert_rows, mark_told, new_digest_ids
from alerts.store.ledger import Event, record_all
from alerts.store.owed import UNTOLD, reachable
from alerts.store.people import endpoint_value
from alerts.store.rows import delivery_row, digest_detail, digest_row
from alerts.store.statements import among, fetch, pieces
from alerts.store.tables import alert, company, delivery, digest, endpoint, item, watch
from alerts.store.tables.types import UtcDateTime
from alerts.store.wordings import wording_hash, write_wordings


class ChangedMeanwhileError(Exception):
    """Something of the batch was raised, dropped, told or left since it was read; nothing is written."""


def find_due(connection: Connection, now: datetime, limit: int, after: Endpoint | None) -> list[Due]:
    """Return at most ``limit`` endpoints whose digest time has come, the longest due first, with what they are owed.

    ``after`` is the last one of the batch before, which may still be being written.
    """
    named = select(*endpoint.c, company.c.name.label("company")).select_from(endpoint)
    wanted = reachable(named).join(company).where(endpoint.c.next_digest_at <= now)
    if after is not None:
        place = tuple_(endpoint.c.next_digest_at, endpoint.c.id)
        wanted = wanted.where(place > tuple_(literal(after.next_digest_at, UtcDateTime), after.id))
    rows = fetch(connection, wanted.order_by(endpoint.c.next_digest_at, endpoint.c.id).limit(limit))
    owed = _owed(connection, [row.id for row in rows])
    again = _told_before(connection, owed)
    asks = _criteria(connection, sorted({row.contact_id for row in rows}))
    return [
        Due(
            endpoint_value(row),
            row.company,
            tuple(asks.get(row.contact_id, ())),
            tuple(owed.get(row.id, ())),
            again=row.id in again,
        )
        for row in rows
    ]


def _owed(connection: Connection, ids: Sequence[int]) -> dict[int, list[Owing]]:
    owing = (alert.c.id, alert.c.item_id, alert.c.revision, cast(alert.c.reasons, Text), alert.c.correction)
    wanted = select(alert.c.endpoint_id, *owing).where(UNTOLD).order_by(alert.c.id)
    found: dict[int, list[Owing]] = {}
    for piece in pieces(ids):
        theirs = wanted.where(among(connection, alert.c.endpoint_id, piece))
        for endpoint_id, *one in connection.execute(theirs).all():
            found.setdefault(endpoint_id, []).append(Owing._make(one))
    return found


def _told_before(connection: Connection, owed: Mapping[int, Sequence[Owing]]) -> set[int]:
    """Return the endpoints that were told of an item, or of its matter, before."""
    again = {number for number, lines in owed.items() if any(line.correction for line in lines)}
    items = sorted({line.item_id for lines in owed.values() for line in lines})
    members = sorted(_members(connection, items))
    for piece in pieces(sorted(owed.keys() - again)):
        for part in pieces(members):
            told = select(alert.c.endpoint_id).where(alert.c.digest_id.is_not(None))
            here = among(connection, alert.c.endpoint_id, piece)
            told = told.where(here, among(connection, alert.c.item_id, part)).distinct()
            again |= set(connection.execute(told).scalars())
    return again


def _members(connection: Connection, items: Sequence[int]) -> set[int]:
    """Return all items of the matters that the items share with others; of any other only a correction is told again."""
    members: set[int] = set()
    for piece in pieces(items):
        here = among(connection, item.c.id, piece)
        matters = select(item.c.matter_id).where(here, item.c.matter_id.is_not(None))
        shared = select(item.c.matter_id).where(item.c.matter_id.in_(matters)).group_by(item.c.matter_id)
        shared = shared.having(func.count() > 1)
        members |= set(connection.execute(select(item.c.id).where(item.c.matter_id.in_(shared))).scalars())
    return members


def _criteria(connection: Connection, contacts: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    wanted = select(watch.c.contact_id, watch.c.criteria_id).where(watch.c.ended_at.is_(None))
    for piece in pieces(contacts):
        theirs = wanted.where(among(connection, watch.c.contact_id, piece)).order_by(watch.c.criteria_id)
        for contact_id, criteria_id in connection.execute(theirs).all():
            found.setdefault(contact_id, []).append(criteria_id)
    return found


def write_all(
    connection: Connection, rows: Sequence[DigestRow], following: Mapping[int, datetime | None]
) -> int:
    """Return how many digests were written with their deliveries, their alerts told; ``following`` is each endpoint's next time.

    An endpoint that has a time but no digest had nothing to hear.

    Raises:
        ChangedMeanwhileError: write them one by one; nothing was written.
    """
    _advance(connection, following)
    fresh = _unwritten(connection, rows)
    if not fresh:
        return 0
    wordings = write_wordings(connection, (row.message for row in fresh))
    keys = {row.public_id: wording_hash(row.message) for row in fresh}
    new = list(zip(new_digest_ids(connection, len(fresh)), fresh, strict=True))
    written = [{"id": number, **digest_row(row, wordings[keys[row.public_id]])} for number, row in new]
    insert_rows(connection, digest, written)
    _tell(connection, new)
    insert_rows(connection, delivery, [delivery_row(row, number) for number, row in new])
    events = [
        Event(row.built_at, "digest-written", f"digest:{number}", digest_detail(row, keys[row.public_id]))
        for number, row in new
    ]
    record_all(connection, events)
    return len(new)


def _unwritten(connection: Connection, rows: Sequence[DigestRow]) -> list[DigestRow]:
    """Return the digests whose slot is free; their endpoints are locked, so it stays free."""
    taken: set[tuple[int, str, str]] = set()
    columns = select(digest.c.endpoint_id, digest.c.rhythm, digest.c.slot)
    for piece in pieces(rows):
        here = among(connection, digest.c.endpoint_id, [row.endpoint.id for row in piece])
        slots = digest.c.slot.in_({row.slot for row in piece})
        taken |= {
            (one.endpoint_id, one.rhythm, one.slot) for one in connection.execute(columns.where(here, slots))
        }
    return [row for row in rows if (row.endpoint.id, row.rhythm, row.slot) not in taken]


def _advance(connection: Connection, following: Mapping[int, datetime | None]) -> None:
    """Set the next times; the rows stay locked, and one that has left breaks the batch."""
    alike: dict[datetime | None, list[int]] = {}
    for number in sorted(following):
        alike.setdefault(following[number], []).append(number)
    moved = 0
    for turn, numbers in alike.items():
        for piece in pieces(numbers):
            here = update(endpoint).where(among(connection, endpoint.c.id, piece), endpoint.c.active)
            moved += connection.execute(here.values(next_digest_at=turn)).rowcount
    if moved != len(following):
        raise ChangedMeanwhileError


def _tell(connection: Connection, new: Sequence[tuple[int, DigestRow]]) -> None:
    told = mark_told(connection, [(number, row.alert_ids) for number, row in new])
    if told != sum(len(row.alert_ids) for _, row in new):
        raise ChangedMeanwhileError
