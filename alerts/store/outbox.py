"""Taking due deliveries, and showing them.

The rows are locked in a CTE, which runs once and keeps its LIMIT; a locking subquery may be run per row
and then takes many times what was asked. Urgent ones are asked for first by a statement of their own, so
that each statement reads one stretch of the partial index and stops.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    update,
)

from alerts.domain.digests import DeliveryClaim, DeliveryView, Message
from alerts.domain.vocabulary import ChannelKind, ContactStatus, DeliveryState
from alerts.store.bulk import insert_rows
from alerts.store.crowd import Crowd
from alerts.store.ledger import ALL, Event, record_all
from alerts.store.providers import in_turn
from alerts.store.statements import AnyRow, fetch
from alerts.store.tables import attempt, contact, delivery, digest, endpoint, post, suppression, wording
from alerts.store.tables.types import UtcDateTime
from alerts.store.views import AttemptView
from alerts.store.wordings import Wordings

SENDING = DeliveryState.SENDING.value
MAILED = delivery.c.channel == ChannelKind.EMAIL.value
EMPTY = Message("", "", "", "en")
CUT_OFF = "the lease ended before the outcome was known"


@dataclass(frozen=True, slots=True)
class Wish:
    """Who takes deliveries, and until when."""

    now: datetime
    worker: str
    until: datetime
    urgent_only: bool
    held: Mapping[str, int] | None = (
        None  # mails that the worker holds already, by provider; None: it takes any number
    )


def take(connection: Connection, wish: Wish, limit: int, wordings: Wordings) -> list[DeliveryClaim]:
    """Return the mails that the worker now holds; what nobody may be sent any more is cancelled on the way."""
    taken: list[DeliveryClaim] = []
    crowd = Crowd(wish.held, urgent_only=wish.urgent_only)
    for urgent in [True] if wish.urgent_only else [True, False]:
        lane = delivery.c.urgent == (true() if urgent else false())
        while len(taken) < limit:
            rows = _lock(connection, wish, limit - len(taken), and_(lane, crowd.elsewhere()))
            if not rows:
                break
            ids = crowd.fitting(connection, rows, wish.now)
            taken += _wanted_claims(connection, ids, wish.now, wordings)
    return taken


def take_named(
    connection: Connection, wish: Wish, named: Sequence[int], wordings: Wordings
) -> list[DeliveryClaim]:
    """Return those of the named deliveries that the worker now holds."""
    held = _hold(connection, wish, delivery.c.id.in_(named))
    return _wanted_claims(connection, [row.id for row in held], wish.now, wordings)


def _wanted_claims(
    connection: Connection, ids: Sequence[int], now: datetime, wordings: Wordings
) -> list[DeliveryClaim]:
    refused = _cancel_unwanted(connection, ids, now)
    _mark_cut_off(connection, ids, now)
    left = [one for one in ids if one not in refused]
    return _claims(connection, in_turn(connection, left, now), wordings)


def begin(connection: Connection, claims: Sequence[DeliveryClaim], wish: Wish) -> None:
    """Write down that the attempt of each claim begins."""
    if not claims:
        return
    first = func.coalesce(delivery.c.first_attempt_at, literal(wish.now, UtcDateTime))
    begun = update(delivery).where(delivery.c.id.in_([claim.id for claim in claims]))
    connection.execute(begun.values(state=SENDING, first_attempt_at=first))
    unset = ("finished_at", "outcome", "stage", "code", "answer", "counted")
    row = dict.fromkeys(unset) | {"worker": wish.worker, "started_at": wish.now}
    insert_rows(connection, attempt, [row | {"delivery_id": one.id, "n": one.attempt} for one in claims])


def wanted(connection: Connection, claims: Sequence[DeliveryClaim], now: datetime) -> set[int]:
    """Return the ids of those claims whose lease runs and whose endpoint still wants the message."""
    tokens = {claim.id: claim.attempt for claim in claims}
    held = and_(delivery.c.done_at.is_(None), delivery.c.claimed_by.is_not(None), delivery.c.due_at > now)
    present = select(delivery.c.id, delivery.c.attempt).where(delivery.c.id.in_(tokens), held)
    rows = fetch(connection, present.where(~_left(), ~_suppressed()))
    return {row.id for row in rows if tokens[row.id] == row.attempt}


def _left() -> ColumnElement[bool]:
    return ~exists().where(
        endpoint.c.id == delivery.c.endpoint_id,
        endpoint.c.contact_id == contact.c.id,
        endpoint.c.active,
        contact.c.status != ContactStatus.LEFT.value,
    )


def _suppressed() -> ColumnElement[bool]:
    return exists().where(
        suppression.c.address_hash == delivery.c.address_hash,
        or_(suppression.c.scope == ALL, suppression.c.scope == delivery.c.channel),
    )


def _lock(connection: Connection, wish: Wish, limit: int, lane: ColumnElement[bool]) -> Sequence[AnyRow]:
    """Return id and address of due rows, now leased to the worker under a new attempt number."""
    due = and_(delivery.c.done_at.is_(None), lane, delivery.c.due_at <= wish.now, MAILED)
    chosen = select(delivery.c.id).where(due).order_by(delivery.c.due_at).limit(limit)
    locked = chosen.with_for_update(skip_locked=True).cte("locked")
    return _hold(connection, wish, delivery.c.id == locked.c.id)


def _hold(connection: Connection, wish: Wish, which: ColumnElement[bool]) -> Sequence[AnyRow]:
    """Return id and address of these rows, now leased to the worker under a new attempt number."""
    uncertain = case((delivery.c.state == SENDING, DeliveryState.UNCERTAIN.value), else_=delivery.c.state)
    statement = (
        update(delivery)
        .where(which)
        .values(due_at=wish.until, attempt=delivery.c.attempt + 1, claimed_by=wish.worker, state=uncertain)
        .returning(delivery.c.id, delivery.c.address)
    )
    return fetch(connection, statement)


def _cancel_unwanted(connection: Connection, ids: Sequence[int], now: datetime) -> set[int]:
    """Return the ids of those that were cancelled: the endpoint has left, or the address is suppressed."""
    left, suppressed = _left(), _suppressed()
    values = {
        "state": DeliveryState.CANCELLED.value,
        "done_at": now,
        "claimed_by": None,
        "last_answer": case((left, "left"), else_="suppressed"),
    }
    unwanted = update(delivery).where(delivery.c.id.in_(ids), or_(left, suppressed)).values(values)
    gone = connection.execute(unwanted.returning(delivery.c.id, delivery.c.last_answer)).all()
    record_all(
        connection,
        [
            Event(now, "delivery-cancelled", f"delivery:{row.id}", {"why": row.last_answer})
            for row in sorted(gone)
        ],
    )
    return {row.id for row in gone}


def _mark_cut_off(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Close the attempts that a crashed holder left open."""
    open_ones = and_(attempt.c.delivery_id.in_(ids), attempt.c.outcome.is_(None))
    outcome = {
        "outcome": DeliveryState.UNCERTAIN.value,
        "finished_at": now,
        "answer": CUT_OFF,
        "counted": False,
    }
    connection.execute(update(attempt).where(open_ones).values(outcome))


def _claims(connection: Connection, ids: Sequence[int], wordings: Wordings) -> list[DeliveryClaim]:
    own = [digest.c[name] for name in ("rhythm", "message_id", "headers", "wording_id", "words")]
    joined = select(*delivery.c, *own, endpoint.c.public_id, post.c.sealed).join_from(delivery, digest)
    joined = joined.join(endpoint, endpoint.c.id == delivery.c.endpoint_id)
    joined = joined.outerjoin(post, post.c.endpoint_id == delivery.c.endpoint_id)
    rows = fetch(connection, joined.where(delivery.c.id.in_(ids)).order_by(delivery.c.id))
    said = wordings.of(connection, (row.wording_id for row in rows))
    return [_claim(row, said.get(row.wording_id, EMPTY)) for row in rows]


def _claim(row: AnyRow, said: Message) -> DeliveryClaim:
    headers = tuple((name, value) for name, value in row.headers)
    return DeliveryClaim(
        id=row.id,
        attempt=row.attempt,
        idempotency_key=row.idempotency_key,
        message_id=row.message_id,
        channel=ChannelKind(row.channel),
        address=row.address,
        message=replace(said, headers=headers, words=tuple((row.words or {}).items())),
        endpoint_id=row.endpoint_id,
        endpoint_public_id=row.public_id,
        first_attempt_at=row.first_attempt_at,
        created_at=row.created_at,
        urgent=row.urgent,
        failures=row.failures,
        rhythm=row.rhythm,
        sealed=row.sealed,
    )


def find_deliveries(connection: Connection, state: DeliveryState | None, limit: int) -> list[DeliveryView]:
    """Return the newest deliveries of one state, or of all."""
    return [delivery_view(row) for row in fetch(connection, newest_deliveries(limit, state))]


def newest_deliveries(limit: int, state: DeliveryState | None = None) -> Select[Any]:
    """Return the question for the newest deliveries of one state, or of all, as :func:`delivery_view` reads them."""
    tries = select(func.count().label("tries")).where(attempt.c.delivery_id == delivery.c.id)
    words = [digest.c.slot, digest.c.message_id, wording.c.subject]
    statement = select(*delivery.c, *words, tries.scalar_subquery().label("tries"))
    statement = statement.join_from(delivery, digest).order_by(delivery.c.id.desc()).limit(limit)
    statement = statement if state is None else statement.where(delivery.c.state == state.value)
    return statement.outerjoin(wording, wording.c.id == digest.c.wording_id)


def delivery_view(row: AnyRow) -> DeliveryView:
    """Return a delivery as an operator sees it."""
    return DeliveryView(
        id=row.id,
        slot=row.slot,
        address=row.address,
        state=DeliveryState(row.state),
        created_at=row.created_at,
        done_at=row.done_at,
        attempts=row.tries,
        message_id=row.message_id,
        last_answer=row.last_answer,
        due_at=None if row.done_at else row.due_at,
        subject=row.subject or "",
    )


def find_attempts(connection: Connection, delivery_id: int) -> list[AttemptView]:
    """Return the attempts of a delivery, the oldest first."""
    columns = [attempt.c[name] for name in AttemptView.__slots__]
    mine = select(*columns).where(attempt.c.delivery_id == delivery_id).order_by(attempt.c.n)
    return [AttemptView(**row) for row in connection.execute(mine).mappings()]
