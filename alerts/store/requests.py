"""Requests of people who are not known yet: counted, mailed once each, used once, forgotten after a month."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import Connection, and_, delete, func, select, update

from alerts.domain.people import Schedule, Subscription
from alerts.domain.requests import ALL_SPAN, HOURLY, KEPT, Answered, Limit, NewRequest, Purpose, Request
from alerts.domain.vocabulary import Language, Rhythm, Weekday
from alerts.store.asking import MAILED, ask, reached, request_key, write_request
from alerts.store.convert import criteria_value
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

    def ask(self, wish: NewRequest, now: datetime, hourly: int = HOURLY) -> Answered:
        """Return whether a request is taken on; the work is the same whether the address is known, pending or forbidden.

        ``hourly``: how many such mails may leave within an hour, to all addresses together.
        """
        key = request_key(self._new_key)
        return self._db.write(lambda connection: ask(connection, wish, key, (now, hourly)))

    def ask_to_move(self, wish: NewRequest, notice: NewRequest, now: datetime, hourly: int) -> Answered:
        """Return whether a move to another address is taken on; the one before is then told of it, whatever its own limits say."""
        keys = request_key(self._new_key), request_key(self._new_key)

        def work(connection: Connection) -> Answered:
            answered = ask(connection, wish, keys[0], (now, hourly))
            if answered is Answered.TAKEN:
                write_request(connection, replace(notice, undoes=keys[0]), keys[1], now)
            return answered

        return self._db.write(work)

    def spent(self, now: datetime, hourly: int) -> bool:
        """Return whether all such mails of this hour are used up, so that nobody can sign up."""
        limit = Limit(ALL_SPAN, hourly)
        return self._db.read(lambda connection: reached(connection, MAILED, limit, now))

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

        def work(connection: Connection) -> bool:
            if not connection.execute(used).rowcount:
                return False
            _need_no_more(connection, request, now)
            return True

        return self._db.write(work)

    def end(self, request: Request, now: datetime) -> None:
        """Let a request open nothing any more."""
        here = update(account_request).where(account_request.c.id == request.id)
        self._db.write(lambda connection: connection.execute(here.values(ended_at=now, due_at=None)))

    def end_all(self, address: str, now: datetime) -> None:
        """Let nothing that was asked for with an address open anything any more."""
        mine = update(account_request).where(account_request.c.address_hash == address_hash(address))
        ended = mine.where(account_request.c.ended_at.is_(None)).values(ended_at=now, due_at=None)
        self._db.write(lambda connection: connection.execute(ended))

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


def _need_no_more(connection: Connection, request: Request, now: datetime) -> None:
    """Cancel what was asked for once more and has not left yet: the first mail has arrived."""
    columns = account_request.c
    same = (columns.address_hash == address_hash(request.address)) & (
        columns.purpose == request.purpose.value
    )
    waiting = update(account_request).where(same, columns.created_at > now, columns.due_at > now)
    connection.execute(waiting.values(ended_at=now, due_at=None))


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


def _request(row: AnyRow) -> Request:
    body = row.body
    return Request(
        id=row.id,
        public_id=row.public_id,
        purpose=Purpose(row.purpose),
        address=row.address,
        language=Language(row.language),
        subscription=_subscription(row.address, body) if body and "company" in body else None,
        recent=int(body.get("recent", 0)) if body else 0,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        ended_at=row.ended_at,
        moves=body.get("moves") if body else None,
        undoes=body.get("undoes") if body else None,
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
        quiet_months=bool(body.get("quiet_months", True)),  # requests of before the switch have none
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
