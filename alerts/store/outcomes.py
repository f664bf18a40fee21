"""Writing down how an attempt ended: the attempt's own row, the delivery's state, a line in the ledger."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, update

from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.vocabulary import DeliveryState
from alerts.store.ledger import Event, record
from alerts.store.tables import attempt, delivery

ENDS = frozenset({DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.CANCELLED})
UNPLANNED_RETRY = timedelta(minutes=5)  # for a receipt that names no time


def settle(connection: Connection, claim: DeliveryClaim, receipt: Receipt, now: datetime) -> bool:
    """Return whether the outcome was written; a claim that another has taken over changes nothing."""
    ours = and_(delivery.c.id == claim.id, delivery.c.attempt == claim.attempt)
    held = and_(ours, delivery.c.done_at.is_(None), delivery.c.claimed_by.is_not(None))
    over = receipt.state in ENDS
    values = {
        "state": receipt.state.value,
        "done_at": now if over else None,
        "claimed_by": None,
        "last_answer": _answer(receipt),
        "failures": delivery.c.failures
        + (1 if receipt.counted and receipt.state is not DeliveryState.SENT else 0),
    }
    if not over:
        values["due_at"] = receipt.retry_at or now + UNPLANNED_RETRY
    if not connection.execute(update(delivery).where(held).values(values)).rowcount:
        return False
    _close_attempt(connection, claim, receipt, now)
    if over:
        detail = {"attempt": claim.attempt, "code": receipt.code, "message_id": claim.message_id}
        record(connection, Event(now, f"delivery-{receipt.state}", f"delivery:{claim.id}", detail))
    return True


def _answer(receipt: Receipt) -> str:
    return f"{receipt.code} {receipt.answer}".strip() if receipt.code is not None else receipt.answer


def _close_attempt(connection: Connection, claim: DeliveryClaim, receipt: Receipt, now: datetime) -> None:
    mine = and_(attempt.c.delivery_id == claim.id, attempt.c.n == claim.attempt)
    ended = {
        "finished_at": now,
        "outcome": receipt.state.value,
        "stage": receipt.stage,
        "code": receipt.code,
        "answer": receipt.answer,
        "counted": receipt.counted,
    }
    connection.execute(update(attempt).where(mine).values(ended))
