"""Contacts and endpoints read from their rows, and the words that make two of them one."""

import unicodedata
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Select, select

from alerts.domain.people import Contact, Endpoint, Schedule, WatchLine
from alerts.domain.quiet import Quiet
from alerts.domain.vocabulary import ChannelKind, ContactStatus, Language, Rhythm, Weekday
from alerts.store.convert import criteria_value
from alerts.store.ledger import normal_address
from alerts.store.statements import AnyRow, pieces
from alerts.store.tables import company, contact, criteria, endpoint, watch


def company_key(name: str) -> str:
    """Return what makes two spellings one company: NFKC, single spaces, case folded."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def endpoint_value(row: AnyRow) -> Endpoint:
    """Return the value of a row that holds all columns of endpoint."""
    return Endpoint(
        id=row.id,
        public_id=row.public_id,
        contact_id=row.contact_id,
        channel=ChannelKind(row.channel),
        address=row.address,
        schedule=_schedule(row),
        language=Language(row.language),
        active=row.active,
        next_digest_at=row.next_digest_at,
        created_at=row.created_at,
        paused_until=row.paused_until,
    )


def _schedule(row: AnyRow) -> Schedule:
    return Schedule(
        rhythm=Rhythm(row.rhythm),
        at=row.at,
        zone=row.zone,
        weekday=Weekday(row.weekday),
        critical_at_once=row.critical_at_once,
        calendar=row.calendar,
        quiet=quiet_of(row),
        quiet_months=row.quiet_months,
    )


def quiet_of(row: AnyRow) -> Quiet | None:
    """Return the quiet hours of a row of endpoint."""
    return None if row.quiet_start is None else Quiet(row.quiet_start, row.quiet_end)


def find_contacts(connection: Connection, key: int | str | None = None) -> list[Contact]:
    """Return the contact with this id or this address (one per company), or all, in order of their ids."""
    statement = select(contact, company.c.name.label("company")).join_from(contact, company)
    if isinstance(key, int):
        statement = statement.where(contact.c.id == key)
    elif key is not None:
        statement = statement.where(contact.c.email_norm == normal_address(key))
    rows = connection.execute(statement.order_by(contact.c.id)).all()
    ids = [row.id for row in rows]
    endpoints = _by_contact(connection, select(endpoint).order_by(endpoint.c.id), ids)
    watches = _by_contact(connection, _watches(), ids)
    return [_contact(row, endpoints.get(row.id, []), watches.get(row.id, [])) for row in rows]


def _watches() -> Select[tuple[object, ...]]:
    in_force = select(*watch.c, criteria.c.body).join_from(watch, criteria).where(watch.c.ended_at.is_(None))
    return in_force.order_by(watch.c.id)


def _by_contact(
    connection: Connection, statement: Select[tuple[object, ...]], ids: Sequence[int]
) -> dict[int, list[AnyRow]]:
    column = statement.selected_columns["contact_id"]
    found: dict[int, list[AnyRow]] = {}
    for piece in pieces(ids):
        for row in connection.execute(statement.where(column.in_(piece))):
            found.setdefault(row.contact_id, []).append(row)
    return found


def _contact(
    row: AnyRow,
    endpoints: Iterable[AnyRow],
    watches: Iterable[AnyRow],
) -> Contact:
    lines = tuple(WatchLine(one.id, one.name, criteria_value(one.body), one.created_at) for one in watches)
    return Contact(
        id=row.id,
        company_id=row.company_id,
        company=row.company,
        email=row.email,
        name=row.name,
        status=ContactStatus(row.status),
        endpoints=tuple(endpoint_value(one) for one in endpoints),
        watches=lines,
        consent=row.consent,
        consent_at=row.consent_at,
    )
