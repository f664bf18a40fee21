"""Who is told: entering, leaving, coming back, pausing.

Entering the same subscription again changes nothing, entering it with other wishes changes those. Leaving
stands: a list that is imported once more brings nobody back, only :meth:`Subscribers.rejoin` does. Every
change increments the counter ``watches``, by which an index of watches in memory knows that it is stale.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, func, select, update

from alerts.domain.people import Contact, Endpoint, Subscription
from alerts.domain.vocabulary import ContactStatus
from alerts.store.database import Database
from alerts.store.enrolment import Enrolment, enrol
from alerts.store.leaving import leave, rejoin
from alerts.store.ledger import Event, record
from alerts.store.moving import move
from alerts.store.people import endpoint_value, find_contacts
from alerts.store.recall import Brought, recall
from alerts.store.statements import fetch
from alerts.store.tables import endpoint


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

    def named(self, address: str) -> list[Contact]:
        """Return the contacts with this address, one for each company, also those that left."""
        return self._db.read(lambda connection: find_contacts(connection, address))

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

    def endpoints(self, ids: Sequence[int]) -> list[Endpoint]:
        """Return the endpoints with these ids, in their order."""
        wanted = select(endpoint).where(endpoint.c.id.in_(ids)).order_by(endpoint.c.id)
        return [endpoint_value(row) for row in self._db.read(partial(fetch, statement=wanted))]

    def leave(self, public_id: str, now: datetime, how: str) -> bool:
        """Tell this endpoint nothing more; ``how`` goes into the ledger. False when there is no such endpoint."""
        return self._db.write(lambda connection: leave(connection, public_id, now, how))

    def rejoin(self, public_id: str, now: datetime) -> bool:
        """Undo leaving; what it had stopped less than a day ago is owed again. False when it had not left, or a month ago."""
        return self._db.write(lambda connection: rejoin(connection, public_id, now))

    def move(self, contact_id: int, before: str, after: str, now: datetime) -> bool:
        """Return whether a contact that was mailed at ``before`` is mailed at ``after`` from now on."""
        return self._db.write(lambda connection: move(connection, contact_id, (before, after), now))

    def recall(self, place: tuple[int, int], brought: Brought, now: datetime) -> int:
        """Return how many items from before are now owed to an endpoint, of a watch; ``place`` is both ids."""
        return self._db.write(lambda connection: recall(connection, place, brought, now))

    def pause(self, contact_id: int, until: datetime, turns: Mapping[int, datetime], now: datetime) -> None:
        """Tell a contact nothing before ``until``; each endpoint is told next at its turn. What is on its way still leaves."""

        def work(connection: Connection) -> None:
            _set_pause(connection, contact_id, until, turns)
            record(connection, Event(now, "paused", f"contact:{contact_id}", {"until": until.isoformat()}))

        self._db.write(work)

    def resume(self, contact_id: int, turns: Mapping[int, datetime], now: datetime) -> bool:
        """End a pause: it ends now, and each endpoint is told next at its turn. False when there was none."""

        def work(connection: Connection) -> bool:
            paused = select(func.count()).where(
                endpoint.c.contact_id == contact_id, endpoint.c.paused_until > now
            )
            if not connection.execute(paused).scalar_one():
                return False
            _set_pause(connection, contact_id, now, turns)
            record(connection, Event(now, "resumed", f"contact:{contact_id}", {}))
            return True

        return self._db.write(work)

    def tell_quiet_months(self, contact_id: int, now: datetime, *, on: bool) -> bool:
        """Let a contact be told of months that bring nothing, or no more. False when that was so already."""
        mine = update(endpoint).where(endpoint.c.contact_id == contact_id, endpoint.c.quiet_months != on)

        def work(connection: Connection) -> bool:
            changed = connection.execute(mine.values(quiet_months=on)).rowcount > 0
            if changed:
                record(connection, Event(now, "quiet-months", f"contact:{contact_id}", {"on": on}))
            return changed

        return self._db.write(work)


def _set_pause(
    connection: Connection, contact_id: int, until: datetime, turns: Mapping[int, datetime]
) -> None:
    for endpoint_id, turn in turns.items():
        mine = update(endpoint).where(endpoint.c.id == endpoint_id, endpoint.c.contact_id == contact_id)
        connection.execute(mine.values(paused_until=until, next_digest_at=turn))
