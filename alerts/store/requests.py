"""Requests of people who are not known yet: counted, mailed once each, used once, forgotten after a month."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from sqlalchemy import Connection, and_, delete, func, select, update

from alerts.domain.people import Schedule, Subscription
from alerts.domain.requests import (
    ADDRESS_LIMITS,
    ALL_LIMIT,
    KEPT,
    LIFE,
    NETWORK_LIMITS,
    Answered,
    Limit,
    NewRequest,
    Purpose,
    Request,
)
from alerts.domain.vocabulary import Language, Rhythm, Weekday
from alerts.store.convert import criteria_body, criteria_value
from alerts.store.database import Database
from alerts.store.ledger import Event, address_hash, record
from alerts.store.statements import AnyRow, fetch, insert_new
from alerts.store.tables import account_request, suppression

FORBIDDEN = "requests"  # scope of a suppression: nobody may ask for this address again
RETRY = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=4))
LEASE = timedelta(minutes=2)


class Requests:
    """Sign-ups that wait for their confirmation, and links to settings."""

    def __init__(self, database: Database, new_key: Callable[[], str]) -> None:
        self._db = database
        self._new_key = new_key

    def ask(self, wish: NewRequest, now: datetime) -> Answered:
        """Return whether a request is taken on; the work is the same whether the address is known, pending or forbidden."""
        key = self._new_key()[:22]  # 132 bits
        return self._db.write(lambda connection: _ask(connection, wish, key, now))

    def find(self, public_id: str) -> Request | None:
        """Return the request that a link names."""
        wanted = select(account_request).where(account_request.c.public_id == public_id)
        row = self._db.read(lambda connection: connection.execute(wanted).first())
        return None if row is None else _request(row)

    def claim(self, now: datetime, limit: int) -> list[Request]:
        """Return requests whose mail is due, now tried by this process alone for a while."""
        return self._db.write(lambda connection: _claim(connection, now, limit))

    def done(self, request_id: int) -> None:
        """Write down that nothing is owed for a request at present."""
        here = update(account_request).where(account_request.c.id == request_id)
        self._db.write(lambda connection: connection.execute(here.values(due_at=None)))

    def use(self, request: Request, now: datetime, *, owes: bool) -> bool:
        """Return whether the link does its work now: once, and in time. ``owes``: a mail follows."""
        fresh = and_(
            account_request.c.id == request.id,
            account_request.c.used_at.is_(None),
            account_request.c.ended_at.is_(None),
            account_request.c.expires_at > now,
        )
        values = {"used_at": now, "due_at": now if owes else None, "tries": 0}
        used = update(account_request).where(fresh).values(values)
        return self._db.write(lambda connection: bool(connection.execute(used).rowcount))

    def end(self, request: Request, now: datetime) -> None:
        """Let a request open nothing any more."""
        here = update(account_request).where(account_request.c.id == request.id)
        self._db.write(lambda connection: connection.execute(here.values(ended_at=now, due_at=None)))

    def forbid(self, request: Request, now: datetime) -> None:
        """Take no further request for this address: its owner said that it was not theirs."""
        self._db.write(lambda connection: _forbid(connection, request, now))

    def is_forbidden(self, address: str) -> bool:
        """Return whether the owner of an address wants no such mail."""
        here = (suppression.c.address_hash == address_hash(address)) & (suppression.c.scope == FORBIDDEN)
        found = select(func.count()).select_from(suppression).where(here)
        return bool(self._db.read(lambda connection: connection.execute(found).scalar()))

    def forget(self, now: datetime) -> int:
        """Return how many old requests are gone with their addresses."""
        old = delete(account_request).where(account_request.c.created_at < now - KEPT)
        return self._db.write(lambda connection: connection.execute(old).rowcount)


def write_request(connection: Connection, wish: NewRequest, key: str, now: datetime) -> None:
    """Write a request down; its mail is due."""
    row = {
        "public_id": key,
        "purpose": wish.purpose.value,
        "address": wish.address,
        "address_hash": address_hash(wish.address),
        "network": wish.network,
        "language": wish.language.value,
        "body": _body(wish),
        "created_at": now,
        "expires_at": now + LIFE[wish.purpose],
        "due_at": now,
        "tries": 0,
        "used_at": None,
        "ended_at": None,
    }
    insert_new(connection, account_request, [row])


def _ask(connection: Connection, wish: NewRequest, key: str, now: datetime) -> Answered:
    columns = account_request.c
    mine, network = columns.address_hash == address_hash(wish.address), columns.network == wish.network
    asked = columns.purpose != Purpose.GOODBYE.value
    if any(_reached(connection, network & asked, limit, now) for limit in NETWORK_LIMITS):
        return Answered.NETWORK
    if _reached(connection, asked, ALL_LIMIT, now):
        return Answered.BUSY
    same = mine & (columns.purpose == wish.purpose.value)
    if any(_reached(connection, same, limit, now) for limit in ADDRESS_LIMITS):
        return Answered.ENOUGH
    write_request(connection, wish, key, now)
    return Answered.TAKEN


def _reached(connection: Connection, which: object, limit: Limit, now: datetime) -> bool:
    recent = select(account_request.c.id).where(which, account_request.c.created_at > now - limit.span)  # type: ignore[arg-type]
    return len(connection.execute(recent.limit(limit.most)).all()) >= limit.most


def _claim(connection: Connection, now: datetime, limit: int) -> list[Request]:
    due = select(account_request).where(account_request.c.due_at <= now).order_by(account_request.c.due_at)
    rows = fetch(connection, due.limit(limit).with_for_update(skip_locked=True))
    for row in rows:
        again = now + (RETRY[min(row.tries, len(RETRY) - 1)] if row.tries else LEASE)
        values = {"due_at": again if again < row.expires_at or row.used_at else None, "tries": row.tries + 1}
        connection.execute(update(account_request).where(account_request.c.id == row.id).values(values))
    return [_request(row) for row in rows]


def _forbid(connection: Connection, request: Request, now: datetime) -> None:
    key = address_hash(request.address)
    row = {"address_hash": key, "scope": FORBIDDEN, "reason": "owner", "since": now, "told_at": now}
    insert_new(connection, suppression, [row])
    mine = update(account_request).where(
        account_request.c.address_hash == key, account_request.c.used_at.is_(None)
    )
    connection.execute(mine.values(ended_at=now, due_at=None))
    record(connection, Event(now, "requests-forbidden", f"address:{key}", {}))


def _body(wish: NewRequest) -> dict[str, object] | None:
    one = wish.subscription
    if one is None:
        return None
    plan = one.schedule
    return {
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
        "language": one.language.value,
        "consent": one.consent,
        "recent": wish.recent,
    }


def _request(row: AnyRow) -> Request:
    body = row.body
    return Request(
        id=row.id,
        public_id=row.public_id,
        purpose=Purpose(row.purpose),
        address=row.address,
        language=Language(row.language),
        subscription=_subscription(row.address, body) if body else None,
        recent=int(body["recent"]) if body else 0,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        ended_at=row.ended_at,
    )


def _subscription(address: str, body: dict[str, object]) -> Subscription:
    hour, minute = map(int, str(body["at"]).split(":"))
    schedule = Schedule(
        rhythm=Rhythm(str(body["rhythm"])),
        at=time(hour, minute),
        zone=str(body["zone"]),
        weekday=Weekday(int(str(body["weekday"]))),
        critical_at_once=bool(body["critical"]),
        calendar=str(body["calendar"]) if body["calendar"] else None,
    )
    return Subscription(
        company=str(body["company"]),
        email=address,
        criteria=criteria_value(body["criteria"]),  # type: ignore[arg-type]
        schedule=schedule,
        language=Language(str(body["language"])),
        name=str(body["name"]) if body["name"] else None,
        watch_name=str(body["watch"]),
        consent=str(body["consent"]),
    )
