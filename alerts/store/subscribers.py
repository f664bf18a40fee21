"""Who is told: entering, leaving, coming back, pausing.

Entering the same subscription again changes nothing, entering it with other wishes changes those. Leaving
stands: a list that is imported once more brings nobody back, only :meth:`Subscribers.rejoin` does. Every
change increments the counter ``watches``, by which an index of watches in memory knows that it is stale.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, select, update

from alerts.domain.people import Contact, Endpoint, Subscription
from alerts.domain.vocabulary import ContactStatus
from alerts.store.database import Database
from alerts.store.enrolment import Enrolment, enrol
from alerts.store.leaving import leave, rejoin
from alerts.store.ledger import Event, record
from alerts.store.people import endpoint_value, find_contacts
from alerts.store.statements import count_up
from alerts.store.tables import contact, endpoint


class Subscribers:
    """Companies, contacts, endpoints and watches."""

    def __init__(self, database: Database, new_id: Callable[[], str]) -> None:
        self._db = database
        self._new_id = new_id

    def subscribe(
        self, subscription: Subscription, now: datetime, next_digest_at: datetime | None, criteria_hash: str
    ) -> Contact:
        """Return the contact with this subscription in force, unless its status says that it has left.

        ``next_digest_at`` (UTC) is taken for a new endpoint and for a changed schedule; a digest that is
        due already stays due. ``criteria_hash`` is of the canonical form of the criteria.
        """
        wish = Enrolment(subscription, now, next_digest_at, criteria_hash, self._new_id())
        return self._db.write(lambda connection: find_contacts(connection, enrol(connection, wish))[0])

    def contact(self, key: int | str) -> Contact | None:
        """Return the contact with this id, or the first with this address that has not left."""
        found = self._db.read(lambda connection: find_contacts(connection, key))
        present = [one for one in found if one.status is not ContactStatus.LEFT]
        return next(iter(present or found), None)

    def contacts(self) -> list[Contact]:
        """Return all contacts, also those that left."""
        return self._db.read(find_contacts)

    def export(self) -> list[Contact]:
        """Return the contacts whose subscription is in force or paused."""
        return [one for one in self.contacts() if one.status is not ContactStatus.LEFT]

    def endpoint(self, public_id: str) -> Endpoint | None:
        """Return the endpoint that a link names."""
        statement = select(endpoint).where(endpoint.c.public_id == public_id)
        row = self._db.read(lambda connection: connection.execute(statement).first())
        return None if row is None else endpoint_value(row)

    def leave(self, public_id: str, now: datetime, how: str) -> bool:
        """Tell this endpoint nothing more; ``how`` goes into the ledger. False when there is no such endpoint."""
        return self._db.write(lambda connection: leave(connection, public_id, now, how))

    def rejoin(self, public_id: str, now: datetime) -> bool:
        """Undo leaving; what it had stopped less than a day ago is owed again. False when it had not left."""
        return self._db.write(lambda connection: rejoin(connection, public_id, now))

    def pause(self, contact_id: int, now: datetime) -> bool:
        """Match and write nothing for a contact until it resumes; digests already written still leave."""
        return self._turn(contact_id, ContactStatus.ACTIVE, ContactStatus.PAUSED, now)

    def resume(self, contact_id: int, now: datetime) -> bool:
        """End a pause; False when there was none."""
        return self._turn(contact_id, ContactStatus.PAUSED, ContactStatus.ACTIVE, now)

    def _turn(self, contact_id: int, old: ContactStatus, new: ContactStatus, now: datetime) -> bool:
        def work(connection: Connection) -> bool:
            here = update(contact).where(contact.c.id == contact_id, contact.c.status == old.value)
            if not connection.execute(here.values(status=new.value)).rowcount:
                return False
            count_up(connection, "watches")
            record(connection, Event(now, new.value, f"contact:{contact_id}", {"was": old.value}))
            return True

        return self._db.write(work)
