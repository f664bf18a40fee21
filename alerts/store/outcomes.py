"""Writing down how an attempt ended: the attempt's own row, the delivery's state, a line in the ledger."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.vocabulary import DeliveryState
from alerts.store.bulk import update_rows
from alerts.store.ledger import Event, record_all
from alerts.store.posted import settle_posts
from alerts.store.providers import is_slowed, settle_paces
from alerts.store.tables import attempt, delivery

ENDS = frozenset({DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.CANCELLED})
UNPLANNED_RETRY = timedelta(minutes=5)  # for a receipt that names no time


def settle_all(
    connection: Connection, ended: Sequence[tuple[DeliveryClaim, Receipt]], now: datetime
) -> list[bool]:
    """Return of each whether its outcome was written; a claim that another has taken over changes nothing."""
    held = _held(connection, ended)
    ours = [(claim, receipt) for claim, receipt in ended if (claim.id, claim.attempt) in held]
    if ours:
        update_rows(connection, delivery, [_delivery(*one, now) for one in ours], ("id",))
        update_rows(connection, attempt, [_attempt(*one, now) for one in ours], ("delivery_id", "n"))
        shut = settle_posts(connection, ours, now)
        settle_paces(connection, ours, now)
        record_all(connection, [*(_event(*one, now) for one in ours if one[1].state in ENDS), *shut])
    return [(claim.id, claim.attempt) in held for claim, _ in ended]


def _held(connection: Connection, ended: Sequence[tuple[DeliveryClaim, Receipt]]) -> set[tuple[int, int]]:
    """Return which claims are still held, by id and attempt; their rows are locked."""
    present = select(delivery.c.id, delivery.c.attempt).where(
        delivery.c.id.in_([claim.id for claim, _ in ended]),
        delivery.c.done_at.is_(None),
        delivery.c.claimed_by.is_not(None),
    )
    rows = connection.execute(present.order_by(delivery.c.id).with_for_update())
    return {(row.id, row.attempt) for row in rows}


def _delivery(claim: DeliveryClaim, receipt: Receipt, now: datetime) -> dict[str, object]:
    over = receipt.state in ENDS
    slowed = is_slowed(claim, receipt)
    failed = receipt.counted and receipt.state is not DeliveryState.SENT and not slowed
    return {
        "id": claim.id,
        "state": receipt.state.value,
        "done_at": now if over else None,
        "claimed_by": None,
        "last_answer": _answer(receipt),
        "failures": claim.failures + int(failed),
        "due_at": now if over else receipt.retry_at or now + UNPLANNED_RETRY,
        "paced": False,
    }


def _attempt(claim: DeliveryClaim, receipt: Receipt, now: datetime) -> dict[str, object]:
    return {
        "delivery_id": claim.id,
        "n": claim.attempt,
        "finished_at": now,
        "outcome": receipt.state.value,
        "stage": receipt.stage,
        "code": receipt.code,
        "answer": receipt.answer,
        "counted": receipt.counted,
    }


def _event(claim: DeliveryClaim, receipt: Receipt, now: datetime) -> Event:
    detail = {"attempt": claim.attempt, "code": receipt.code, "message_id": claim.message_id}
    return Event(now, f"delivery-{receipt.state}", f"delivery:{claim.id}", detail)


def _answer(receipt: Receipt) -> str:
    return f"{receipt.code} {receipt.answer}".strip() if receipt.code is not None else receipt.answer
