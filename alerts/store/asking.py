"""Whether a request is taken on: every post is counted and leaves one row, whatever is known of its address.

So neither the answer, nor the time it takes, nor what is left of a network's turns tells whether somebody asked for that address
before. ``created_at`` is when the mail may leave: a second one waits until the address may have it.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select, text, true

from alerts.domain.requests import (
    ADDRESS_LIMITS,
    AGAIN,
    ALL_SPAN,
    KEEP,
    LIFE,
    NETWORK_LIMITS,
    QUICK_LIMIT,
    Answered,
    Limit,
    NewRequest,
    Purpose,
)
from alerts.store.convert import criteria_body
from alerts.store.ledger import address_hash
from alerts.store.statements import insert_new
from alerts.store.tables import account_request

LOCK = 5_902_114  # of the database: one post is counted at a time, also where several machines take them
_OF = account_request.c
ASKED = _OF.purpose != Purpose.GOODBYE.value  # a receipt for a deletion is asked for by nobody
MAILED = ASKED & (_OF.mails == true())


def ask(connection: Connection, wish: NewRequest, key: str, when: tuple[datetime, int]) -> Answered:
    """Return how a request is answered; ``when`` is now, and how many mails may leave within an hour."""
    if connection.dialect.name == "postgresql":  # SQLite lets one write at a time
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    (now, hourly), here = when, ASKED & (_OF.network == wish.network)
    if any(reached(connection, here, limit, now) for limit in NETWORK_LIMITS):
        return Answered.NETWORK
    if wish.quick and reached(connection, here & (_OF.quick == true()), QUICK_LIMIT, now):
        return Answered.QUICK
    if reached(connection, MAILED, Limit(ALL_SPAN, hourly), now):
        return Answered.BUSY
    turn = _turn(connection, wish, now)
    write_request(connection, wish, key, turn or now, mails=turn is not None)
    return Answered.TAKEN if turn else Answered.ENOUGH


def reached(connection: Connection, which: ColumnElement[bool], limit: Limit, now: datetime) -> bool:
    """Return whether as many requests were made as a limit allows."""
    recent = select(_OF.id).where(which, _OF.created_at > now - limit.span).limit(limit.most).subquery()
    return int(connection.execute(select(func.count()).select_from(recent)).scalar_one()) >= limit.most


def request_key(new_key: Callable[[], str]) -> str:
    """Return the public id of a new request: 132 bits."""
    return new_key()[:22]


def write_request(
    connection: Connection, wish: NewRequest, key: str, now: datetime, *, mails: bool = True
) -> None:
    """Write a request down; its mail is due, or it is only counted and opens nothing."""
    row = {
        "public_id": key,
        "purpose": wish.purpose.value,
        "address": wish.address,
        "address_hash": address_hash(wish.address),
        "network": wish.network,
        "language": wish.language.value,
        "body": _body(wish),
        "created_at": now,
        "expires_at": now + (KEEP if wish.undoes else LIFE[wish.purpose]),
        "due_at": now if mails else None,
        "tries": 0,
        "used_at": None,
        "ended_at": None if mails else now,
        "mails": mails,
        "quick": wish.quick,
    }
    insert_new(connection, account_request, [row])


def _turn(connection: Connection, wish: NewRequest, now: datetime) -> datetime | None:
    """Return when the address may have its next mail of this kind; None where it has had its own, or has one under way.

    The shortest limit is waited for by whoever asks again after a minute; the longer ones are not.
    """
    mine = (_OF.address_hash == address_hash(wish.address)) & (_OF.purpose == wish.purpose.value) & MAILED
    short, *longer = ADDRESS_LIMITS
    full = [reached(connection, mine, limit, now) for limit in longer]
    last = connection.execute(select(func.max(_OF.created_at)).where(mine)).scalar_one()
    if any(full) or (last is not None and last > now - AGAIN):
        return None
    return now if last is None or last <= now - short.span else last + short.span


def _body(wish: NewRequest) -> dict[str, object] | None:
    one = wish.subscription
    if one is None:
        return {"undoes": wish.undoes} if wish.undoes else None
    plan = one.schedule
    return {
        "moves": wish.moves,
        "company": one.company,
        "name": one.name,
        "watch": one.watch_name,
        "criteria": criteria_body(one.criteria),
        "rhythm": plan.rhythm.value,
        "at": plan.at.isoformat("minutes"),
        "zone": plan.zone,
        "weekday": int(plan.weekday),
        "critical": plan.critical_at_once,
        "calendar": plan.calendar,
        "quiet_months": plan.quiet_months,
        "language": one.language.value,
        "consent": one.consent,
        "recent": wish.recent,
    }
