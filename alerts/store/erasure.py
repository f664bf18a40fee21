"""Deleting what is known of somebody, and giving it out.

What proves that nothing was lost stays as numbers: alerts, digests and deliveries keep their rows, without address, name and words
of their own. The hash of the address stays where mails to it are forbidden.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from alerts.domain.requests import NewRequest
from alerts.domain.vocabulary import ContactStatus
from alerts.store.asking import request_key, write_request
from alerts.store.database import Database
from alerts.store.leaving import leave
from alerts.store.ledger import Event, address_hash, normal_address, record
from alerts.store.statements import fetch
from alerts.store.tables import (
    account_request,
    attempt,
    company,
    contact,
    delivery,
    digest,
    endpoint,
    post,
    returned,
    watch,
    wording,
)

GONE = "deleted"


class Erasure:
    """Everything about one address."""

    def __init__(self, database: Database, new_key: Callable[[], str]) -> None:
        self._db = database
        self._new_key = new_key

    def delete(self, receipt: NewRequest, now: datetime) -> int:
        """Return how many contacts with an address are deleted; the ``receipt`` is mailed to it last."""
        key = request_key(self._new_key)
        return self._db.write(lambda connection: _delete(connection, receipt, key, now))

    def forget_request(self, request_id: int) -> None:
        """Take the address out of a request that has done its work."""
        here = update(account_request).where(account_request.c.id == request_id)
        self._db.write(
            lambda connection: connection.execute(here.values(address=GONE, address_hash=GONE, body=None))
        )

    def told(self, address: str) -> Sequence[Mapping[str, object]]:
        """Return what was sent to an address: slot, subject, state and times, the newest first."""
        columns = select(
            digest.c.slot, wording.c.subject, delivery.c.state, delivery.c.created_at, delivery.c.done_at
        )
        mine = columns.join_from(delivery, digest).outerjoin(wording, wording.c.id == digest.c.wording_id)
        mine = mine.where(delivery.c.address_hash == address_hash(address)).order_by(delivery.c.id.desc())
        rows = self._db.read(lambda connection: connection.execute(mine).mappings().all())
        return [dict(row) for row in rows]


def _delete(connection: Connection, receipt: NewRequest, key: str, now: datetime) -> int:
    norm = normal_address(receipt.address)
    people = fetch(connection, select(contact.c.id, contact.c.company_id).where(contact.c.email_norm == norm))
    for person in people:
        _erase(connection, person.id, now)
        others = select(func.count()).where(contact.c.company_id == person.company_id, contact.c.name != GONE)
        if not connection.execute(others).scalar():
            name = {"name": GONE, "name_norm": f"{GONE} {person.company_id}"}
            connection.execute(update(company).where(company.c.id == person.company_id).values(name))
    connection.execute(
        delete(account_request).where(account_request.c.address_hash == address_hash(receipt.address))
    )
    if people:
        write_request(connection, receipt, key, now)
    return len(people)


def _erase(connection: Connection, contact_id: int, now: datetime) -> None:
    places = fetch(
        connection, select(endpoint.c.id, endpoint.c.public_id).where(endpoint.c.contact_id == contact_id)
    )
    for place in places:
        leave(connection, place.public_id, now, GONE)
    ids = [place.id for place in places]
    person = {
        "email": GONE, "email_norm": f"{GONE} {contact_id}", "name": GONE, "status": ContactStatus.LEFT.value, "consent": GONE,
    }  # fmt: skip
    connection.execute(update(contact).where(contact.c.id == contact_id).values(person))
    for place in places:
        values = {"address": GONE, "address_norm": f"{GONE} {place.id}", "active": False}
        connection.execute(update(endpoint).where(endpoint.c.id == place.id).values(values))
    connection.execute(
        update(watch).where(watch.c.contact_id == contact_id, watch.c.ended_at.is_(None)).values(ended_at=now)
    )
    connection.execute(delete(post).where(post.c.endpoint_id.in_(ids)))
    mine = select(delivery.c.id).where(delivery.c.endpoint_id.in_(ids))
    connection.execute(update(attempt).where(attempt.c.delivery_id.in_(mine)).values(answer=""))
    connection.execute(update(returned).where(returned.c.delivery_id.in_(mine)).values(words=""))
    digests = update(digest).where(digest.c.endpoint_id.in_(ids))
    connection.execute(digests.values(words={}, headers=[]))
    done = update(delivery).where(delivery.c.endpoint_id.in_(ids))
    connection.execute(done.values(address=GONE, address_hash=GONE, last_answer=None))
    record(connection, Event(now, GONE, f"contact:{contact_id}", {}))
