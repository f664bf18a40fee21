"""Deliveries: rows on their way, taken by lease, fenced by the number of the attempt.

``due_at`` is the time of the next attempt and, while claimed, the end of the lease: one partial index
serves first tries, retries and recovery. A lease that ends in ``sending`` is uncertain: the other side may
have taken the message, so it goes again under the same key. Whoever acts on a claim does so after the
claim's transaction has ended, never inside it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, false, or_, update

from alerts.domain.digests import DeliveryClaim, DeliveryView, Receipt
from alerts.domain.vocabulary import MAY_GO_AGAIN, DeliveryState
from alerts.store.database import Database
from alerts.store.ledger import Event, record
from alerts.store.outbox import Wish, begin, find_attempts, find_deliveries, take, wanted
from alerts.store.outcomes import settle_all
from alerts.store.statements import insert_new
from alerts.store.tables import attempt, delivery
from alerts.store.views import AttemptView
from alerts.store.wordings import Wordings

LEASE = timedelta(seconds=60)
Views = list[DeliveryView]  # ``list`` is a method below
Ids = list[int]


class Deliveries:
    """The outbox."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._wordings = Wordings()

    def claim(
        self,
        now: datetime,
        limit: int,
        worker: str,
        *,
        lease: timedelta = LEASE,
        urgent_only: bool = False,
    ) -> list[DeliveryClaim]:
        """Return at most ``limit`` due deliveries, urgent ones first, that this worker holds until the lease ends.

        What is due to an endpoint that has left or an address that is suppressed is cancelled instead.
        """
        wish = Wish(now, worker, now + lease, urgent_only)
        return self._db.write(lambda connection: take(connection, wish, limit, self._wordings))

    def begin(
        self,
        now: datetime,
        limit: int,
        worker: str,
        *,
        urgent_only: bool = False,
        held: Mapping[str, int] | None = None,
    ) -> list[DeliveryClaim]:
        """Return claims like :meth:`claim`, with the attempt of each on record in the same transaction.

        ``held``: how many mails the worker holds already, by provider; of a mailbox provider no more are taken than have room.
        """
        wish = Wish(now, worker, now + LEASE, urgent_only, held or {})

        def work(connection: Connection) -> list[DeliveryClaim]:
            claims = take(connection, wish, limit, self._wordings)
            begin(connection, claims, wish)
            return claims

        return self._db.write(work)

    def started(self, claim: DeliveryClaim, now: datetime) -> bool:
        """Write down that the attempt begins; False when the claim is no longer ours."""
        return self._db.write(lambda connection: _start(connection, claim, now))

    def may_send(self, claim: DeliveryClaim, now: datetime) -> bool:
        """Return whether the lease still runs and the endpoint still wants the message."""
        return claim.id in self.wanted([claim], now)

    def wanted(self, claims: Sequence[DeliveryClaim], now: datetime) -> set[int]:
        """Return the ids of those claims whose lease still runs and whose endpoint still wants the message."""
        return self._db.read(lambda connection: wanted(connection, claims, now))

    def renew(self, claims: Sequence[DeliveryClaim], now: datetime, lease: timedelta = LEASE) -> Ids:
        """Return the ids of the deliveries whose lease now runs on; the others have another holder."""
        ours = or_(false(), *[_held(claim) for claim in claims])
        held = update(delivery).where(ours).values(due_at=now + lease)
        renewed = held.returning(delivery.c.id)
        return self._db.write(lambda connection: [*connection.execute(renewed).scalars()])

    def finish(self, claim: DeliveryClaim, receipt: Receipt, now: datetime) -> bool:
        """Write down how the attempt ended; False, and nothing written, when another has taken over."""
        return self.finish_all([(claim, receipt)], now)[0]

    def finish_all(self, ended: Sequence[tuple[DeliveryClaim, Receipt]], now: datetime) -> list[bool]:
        """Write down how attempts ended, in one transaction; False for those that another has taken over."""
        return self._db.write(lambda connection: settle_all(connection, ended, now))

    def release(self, claim: DeliveryClaim) -> None:
        """Give a claim back unused; no attempt is counted."""
        self._db.write(lambda connection: _release(connection, _held(claim), DeliveryState.DUE))

    def release_all(self) -> int:
        """Return how many live claims were freed; only for whoever holds the exclusive lock of the database."""
        return self._db.write(_release_all)

    def attempts(self, delivery_id: int) -> list[AttemptView]:
        """Return the attempts of a delivery, the oldest first."""
        return self._db.read(lambda connection: find_attempts(connection, delivery_id))

    def requeue(self, delivery_id: int, now: datetime, *, also_sent: bool = False) -> bool:
        """Send a failed, cancelled or uncertain delivery again, now, under its own key and in its own bytes.

        False when it is under way, or sent and not ``also_sent`` (a relay lost what it had taken).
        """
        return self._db.write(lambda connection: requeue(connection, delivery_id, now, also_sent=also_sent))

    def list(self, state: DeliveryState | None = None, limit: int = 50) -> Views:
        """Return the newest deliveries, newest first, of one state or of all."""
        return self._db.read(lambda connection: find_deliveries(connection, state, limit))


def requeue(connection: Connection, delivery_id: int, now: datetime, *, also_sent: bool) -> bool:
    """Return whether a delivery that had ended goes out again."""
    states = [state.value for state in MAY_GO_AGAIN if also_sent or state is not DeliveryState.SENT]
    idle = (delivery.c.id == delivery_id) & delivery.c.state.in_(states) & delivery.c.claimed_by.is_(None)
    again = {"state": DeliveryState.DUE.value, "due_at": now, "done_at": None, "failures": 0}
    if not connection.execute(update(delivery).where(idle).values(again)).rowcount:
        return False
    record(connection, Event(now, "delivery-requeued", f"delivery:{delivery_id}", {"sent": also_sent}))
    return True


def _held(claim: DeliveryClaim) -> ColumnElement[bool]:
    """Return that nobody has taken or ended the delivery since the claim."""
    ours = and_(delivery.c.id == claim.id, delivery.c.attempt == claim.attempt)
    return and_(ours, delivery.c.done_at.is_(None), delivery.c.claimed_by.is_not(None))


def _start(connection: Connection, claim: DeliveryClaim, now: datetime) -> bool:
    first = claim.first_attempt_at or now
    values = {"state": DeliveryState.SENDING.value, "first_attempt_at": first}
    begun = update(delivery).where(_held(claim)).values(values).returning(delivery.c.claimed_by)
    worker = connection.execute(begun).scalar()
    if worker is None:
        return False
    columns = ("finished_at", "outcome", "stage", "code", "answer", "counted")
    key = {"delivery_id": claim.id, "n": claim.attempt, "worker": worker, "started_at": now}
    insert_new(connection, attempt, [dict.fromkeys(columns) | key])
    return True


def _release(connection: Connection, held: ColumnElement[bool], state: DeliveryState) -> int:
    """Free the claims; the attempt's number is kept, since a number used twice would fence nobody."""
    freed = update(delivery).where(held)
    values = {"state": state.value, "claimed_by": None, "due_at": delivery.c.created_at}
    rows = connection.execute(freed.values(values).returning(delivery.c.id, delivery.c.attempt)).all()
    outcome = "released" if state is DeliveryState.DUE else state.value
    for row in rows:
        mine = and_(attempt.c.delivery_id == row.id, attempt.c.n == row.attempt, attempt.c.outcome.is_(None))
        connection.execute(update(attempt).where(mine).values(outcome=outcome, counted=False))
    return len(rows)


def _release_all(connection: Connection) -> int:
    live = and_(delivery.c.claimed_by.is_not(None), delivery.c.done_at.is_(None))
    sending = delivery.c.state == DeliveryState.SENDING.value
    uncertain = _release(connection, live & sending, DeliveryState.UNCERTAIN)
    return uncertain + _release(connection, live, DeliveryState.DUE)
