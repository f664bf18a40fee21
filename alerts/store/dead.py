"""Addresses that take no mail any more: who has to hear of them, and how one is let in again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, delete, select, update

from alerts.domain.vocabulary import ChannelKind, ContactStatus
from alerts.store.database import Database
from alerts.store.ledger import Event, address_hash, normal_address, record
from alerts.store.statements import AnyRow, fetch
from alerts.store.tables import company, contact, delivery, endpoint, returned, suppression, watch

MAIL = ChannelKind.EMAIL.value


@dataclass(frozen=True, slots=True)
class Dead:
    """An endpoint whose address is suppressed: its company, what it watched by, and the endpoints of those that can be told."""

    endpoint_id: int
    address: str
    company: str
    reason: str
    since: datetime
    criteria: tuple[int, ...]
    colleagues: tuple[int, ...]


class DeadAddresses:
    """Suppressed mail addresses of readers."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def untold(self) -> list[Dead]:
        """Return those of which nobody was told yet."""
        return self._db.read(lambda connection: _dead(connection, untold=True))

    def all(self) -> list[Dead]:
        """Return all of them, the newest first."""
        return self._db.read(lambda connection: _dead(connection, untold=False))

    def told(self, address: str, now: datetime) -> None:
        """Write down that whoever had to hear of an address has heard."""
        here = (suppression.c.address_hash == address_hash(address)) & (suppression.c.scope == MAIL)
        mark = update(suppression).where(here).values(told_at=now)
        self._db.write(lambda connection: connection.execute(mark))

    def lift(self, address: str, why: str, now: datetime) -> bool:
        """Let mails to an address go out again; False when it was not suppressed. Reports of before count no more."""
        return self._db.write(lambda connection: lift(connection, address, why, now))


def lift(connection: Connection, address: str, why: str, now: datetime) -> bool:
    """Return whether an address was suppressed for mail; it is not any more."""
    key = address_hash(address)
    gone = delete(suppression).where(suppression.c.address_hash == key, suppression.c.scope == MAIL)
    if not connection.execute(gone).rowcount:
        return False
    connection.execute(delete(returned).where(returned.c.address_hash == key))
    record(connection, Event(now, "suppression-lifted", f"address:{key}", {"why": why[:200]}))
    return True


def _dead(connection: Connection, *, untold: bool) -> list[Dead]:
    wanted = select(suppression).where(suppression.c.scope == MAIL).order_by(suppression.c.since.desc())
    rows = fetch(connection, wanted.where(suppression.c.told_at.is_(None)) if untold else wanted)
    found = [_of(connection, row, place) for row in rows for place in _places(connection, row.address_hash)]
    return list({one.endpoint_id: one for one in found}.values())


def _places(connection: Connection, key: str) -> Sequence[AnyRow]:
    """Return the endpoints with the address: its deliveries tell it, since only its hash is kept here."""
    mine = select(endpoint.c.address_norm).join(delivery, delivery.c.endpoint_id == endpoint.c.id)
    address = connection.execute(mine.where(delivery.c.address_hash == key).limit(1)).scalar()
    if address is None:
        return []
    return fetch(
        connection, _endpoints().where(endpoint.c.address_norm == address, endpoint.c.channel == MAIL)
    )


def _endpoints() -> Select[tuple[object, ...]]:
    columns = [endpoint.c[name] for name in ("id", "address", "address_norm", "contact_id", "channel")]
    joined = endpoint.join(contact, contact.c.id == endpoint.c.contact_id)
    joined = joined.join(company, company.c.id == contact.c.company_id)
    named = select(*columns, contact.c.company_id, company.c.name.label("company")).select_from(joined)
    return named.where(endpoint.c.active, contact.c.status == ContactStatus.ACTIVE.value)


def _of(connection: Connection, row: AnyRow, place: AnyRow) -> Dead:
    mine = select(watch.c.criteria_id).where(
        watch.c.contact_id == place.contact_id, watch.c.ended_at.is_(None)
    )
    criteria = tuple(connection.execute(mine.order_by(watch.c.id)).scalars())
    return Dead(
        place.id, place.address, place.company, row.reason, row.since, criteria,
        colleagues(connection, place.company_id, place.address),
    )  # fmt: skip


def colleagues(connection: Connection, company_id: int, address: str) -> tuple[int, ...]:
    """Return the endpoints of the company that can be told: none at this address, none at another dead one."""
    others = _endpoints().where(
        contact.c.company_id == company_id, endpoint.c.address_norm != normal_address(address)
    )
    rows = fetch(connection, others.order_by(endpoint.c.id))
    keys = {row.id: address_hash(row.address) for row in rows if row.channel == MAIL}
    dead = select(suppression.c.address_hash).where(suppression.c.address_hash.in_(set(keys.values())))
    gone = set(connection.execute(dead).scalars())
    return tuple(row.id for row in rows if keys.get(row.id) not in gone)
