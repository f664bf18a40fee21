"""Taking what is due to endpoints that are posted to, and what their answers change about them.

Each endpoint has one message under way at a time and its own next turn, so one that is slow, full or dead holds up nobody, and
its messages arrive in order. A shut endpoint is passed over; what is due to it stays due.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.posts import Shut, must_shut, step
from alerts.domain.vocabulary import ChannelKind, DeliveryState
from alerts.store.ledger import Event
from alerts.store.statements import AnyRow, fetch
from alerts.store.tables import delivery, endpoint, post

LONGEST_GAP = timedelta(minutes=1)
# In the words of the index: a parameter would keep it from being used.
POSTED = and_(delivery.c.channel != literal_column("'email'"), delivery.c.done_at.is_(None))
MINE = and_(POSTED, delivery.c.endpoint_id == post.c.endpoint_id)


def take_turns(
    connection: Connection, now: datetime, limit: int, gaps: Mapping[ChannelKind, timedelta]
) -> list[int]:
    """Return the first due delivery of each endpoint whose turn it is, locked; their next turns are a gap away.

    What another process is writing down at this moment is passed over: it waits for the endpoint, which is locked here.
    """
    rows = fetch(connection, _whose_turn(now).limit(limit).with_for_update(skip_locked=True, of=post))
    for row in rows:
        gap = gaps.get(ChannelKind(row.channel), timedelta(0))
        here = update(post).where(post.c.endpoint_id == row.endpoint_id)
        connection.execute(here.values(free_at=now + gap))
    first = func.row_number().over(
        partition_by=delivery.c.endpoint_id,
        order_by=(delivery.c.urgent.desc(), delivery.c.due_at, delivery.c.id),
    )
    due = and_(
        POSTED, delivery.c.due_at <= now, delivery.c.endpoint_id.in_([row.endpoint_id for row in rows])
    )
    ranked = select(delivery.c.id, first.label("place")).where(due).subquery()
    first_ids = select(ranked.c.id).where(ranked.c.place == 1)
    locked = select(delivery.c.id).where(delivery.c.id.in_(first_ids)).with_for_update(skip_locked=True)
    return list(connection.execute(locked).scalars())


def next_turn(connection: Connection, now: datetime) -> datetime | None:
    """Return when the first endpoint for which something is due has its turn; None when nothing is."""
    open_ones = and_(post.c.shut_at.is_(None), exists().where(MINE, delivery.c.due_at <= now))
    found: datetime | None = connection.execute(select(func.min(post.c.free_at)).where(open_ones)).scalar()
    return found


def settle_posts(
    connection: Connection, ended: Sequence[tuple[DeliveryClaim, Receipt]], now: datetime
) -> list[Event]:
    """Change how endpoints stand by how attempts ended, and return what the ledger says of those that are shut now.

    What was mailed changes nothing here.
    """
    shut = []
    for claim, receipt in ended:
        if claim.channel is ChannelKind.EMAIL:
            continue
        here = select(post).where(post.c.endpoint_id == claim.endpoint_id).with_for_update()
        row = connection.execute(here).first()
        if row is not None and (changes := _changes(row, claim, receipt, now)):
            mine = update(post).where(post.c.endpoint_id == claim.endpoint_id)
            connection.execute(mine.values(changes))
            if "shut" in changes:
                detail = {"why": changes["shut"], "failures": changes["failures"]}
                shut.append(Event(now, "endpoint-shut", f"endpoint:{claim.endpoint_id}", detail))
    return shut


def _whose_turn(now: datetime) -> Select[tuple[int, str]]:
    under_way = exists().where(MINE, delivery.c.claimed_by.is_not(None), delivery.c.due_at > now)
    waits = exists().where(MINE, delivery.c.due_at <= now)
    joined = select(post.c.endpoint_id, endpoint.c.channel).join(
        endpoint, endpoint.c.id == post.c.endpoint_id
    )
    turn = joined.where(_free(now), post.c.shut_at.is_(None), waits, ~under_way)
    return turn.order_by(post.c.free_at, post.c.endpoint_id)


def _free(now: datetime) -> ColumnElement[bool]:
    """Return that an endpoint may be posted to; a turn far ahead of one that never failed was set by a clock that was wrong."""
    mistaken = and_(post.c.failures == 0, post.c.free_at > now + LONGEST_GAP)
    return or_(post.c.free_at <= now, mistaken)


def _changes(row: AnyRow, claim: DeliveryClaim, receipt: Receipt, now: datetime) -> dict[str, object]:
    if receipt.state is DeliveryState.SENT:
        return {"failing_since": None, "failures": 0, "answer": None} if row.failures or row.answer else {}
    answer = f"{receipt.code or ''} {receipt.answer}".strip()
    if receipt.state is DeliveryState.FAILED:  # the message's fault: the endpoint did answer
        return {"answer": answer}
    if not receipt.counted:
        return {}
    since, failures = row.failing_since or now, row.failures + 1
    until = receipt.until or now + step(row.failures, f"{claim.endpoint_public_id}{claim.attempt}")
    shut = receipt.shut or (Shut.FAILING if must_shut(failures, since, now) else None)
    changes: dict[str, object] = {
        "failing_since": since, "failures": failures, "answer": answer, "free_at": max(row.free_at, until),
    }  # fmt: skip
    return changes | _shut(shut, now)


def _shut(shut: Shut | None, now: datetime) -> dict[str, object]:
    return {"shut": shut.value, "shut_at": now, "told_at": None} if shut else {}


def held_up() -> ColumnElement[bool]:
    """Return that a delivery waits for an endpoint that somebody has to mend."""
    return exists().where(post.c.endpoint_id == delivery.c.endpoint_id, post.c.shut_at.is_not(None))
