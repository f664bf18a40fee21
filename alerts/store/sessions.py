"""Sessions of admins: opened once for each proof, seen, ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, insert, select, update

from alerts.domain.admins import TOUCH, Account, Proof, Session, Visit, name_key
from alerts.domain.audit import Act, Actor, Mark
from alerts.domain.lockout import KNOWN
from alerts.store.admins import living
from alerts.store.audit import mark_down
from alerts.store.database import Database
from alerts.store.statements import AnyRow, fetch
from alerts.store.tables import admin, admin_code, admin_session
from alerts.store.tries import forgive


@dataclass(frozen=True, slots=True)
class Opening:
    """A session to be opened: for whom, by what, under which hash."""

    account: Account
    proof: Proof
    visit: Visit
    token_hash: str


class Sessions:
    """Who is logged in."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def open(self, opening: Opening, now: datetime) -> bool:
        """Return whether the session is open: the proof was not used before, the password and the admin are as they were read."""
        return self._db.write(lambda connection: _open(connection, opening, now))

    def find(self, token_hash: str, now: datetime) -> Session | None:
        """Return the open session of a token, which is seen herewith."""
        wanted = _sessions(now).where(admin_session.c.hash == token_hash)
        row = self._db.read(lambda connection: connection.execute(wanted).first())
        if row is None:
            return None
        if now - row.seen_at >= TOUCH:
            here = update(admin_session).where(admin_session.c.id == row.id, admin_session.c.seen_at < now)
            self._db.write(lambda connection: connection.execute(here.values(seen_at=now)))
        return _session(row)

    def of(self, admin_id: int, now: datetime) -> list[Session]:
        """Return the open sessions of an admin, the newest first."""
        mine = _sessions(now).where(admin_session.c.admin_id == admin_id).order_by(admin_session.c.id.desc())
        return [_session(row) for row in self._db.read(lambda connection: fetch(connection, mine))]

    def leave(self, session: Session, by: Actor, now: datetime) -> None:
        """End one's own session."""
        self._db.write(lambda connection: _end(connection, _one(session.id), Mark(now, by, Act.LOGGED_OUT)))

    def revoke(self, admin_id: int, session_id: int | None, by: Actor, now: datetime, *, but: int = 0) -> int:
        """Return how many open sessions of an admin were ended: one, or all ``but`` one."""
        which = admin_session.c.id != but if session_id is None else _one(session_id)
        subject = f"session:{session_id}" if session_id else f"sessions of admin:{admin_id}"
        mark = Mark(now, by, Act.SESSION_REVOKED, subject)
        mine = and_(admin_session.c.admin_id == admin_id, which, living(now))
        return self._db.write(lambda connection: _end(connection, mine, mark))

    def forget(self, now: datetime) -> int:
        """Return how many old sessions are gone, and with them what networks an account knows."""
        old = delete(admin_session).where(admin_session.c.created_at < now - KNOWN)
        return self._db.write(lambda connection: connection.execute(old).rowcount)


def _one(session_id: int) -> ColumnElement[bool]:
    return admin_session.c.id == session_id


def _end(connection: Connection, which: ColumnElement[bool], mark: Mark) -> int:
    ended = update(admin_session).where(which, admin_session.c.ended_at.is_(None)).values(ended_at=mark.at)
    count = connection.execute(ended).rowcount
    if count:
        mark_down(connection, mark)
    return count


def _open(connection: Connection, opening: Opening, now: datetime) -> bool:
    account, step = opening.account, opening.proof.step
    same = and_(admin.c.id == account.id, admin.c.active, admin.c.password_hash == account.keys.password_hash)
    row = connection.execute(select(admin.c.last_step).where(same).with_for_update()).first()
    if row is None or (step is not None and row.last_step is not None and step <= row.last_step):
        return False
    if step is None and not _use_code(connection, opening, now):
        return False
    values: dict[str, object] = {"last_login_at": now} | ({} if step is None else {"last_step": step})
    connection.execute(update(admin).where(admin.c.id == account.id).values(values))
    _write(connection, opening, now)
    return True


def _write(connection: Connection, opening: Opening, now: datetime) -> None:
    account, visit = opening.account, opening.visit
    row = {
        "hash": opening.token_hash, "admin_id": account.id, "network": visit.network, "agent": visit.agent,
        "created_at": now, "seen_at": now, "ended_at": None,
    }  # fmt: skip
    forgive(connection, name_key(account.name), visit.network, now)
    connection.execute(insert(admin_session), row)
    how = "recovery code" if opening.proof.step is None else "authenticator"
    mark_down(
        connection,
        Mark(now, Actor(account.name, visit.network, account.id), Act.LOGGED_IN, detail={"by": how}),
    )


def _use_code(connection: Connection, opening: Opening, now: datetime) -> bool:
    mine = and_(admin_code.c.admin_id == opening.account.id, admin_code.c.hash == opening.proof.code_hash)
    used = update(admin_code).where(mine, admin_code.c.used_at.is_(None)).values(used_at=now)
    return bool(connection.execute(used).rowcount)


def _sessions(now: datetime) -> Select[Any]:
    joined = select(admin_session, admin.c.name).join(admin, admin.c.id == admin_session.c.admin_id)
    return joined.where(admin.c.active, living(now))


def _session(row: AnyRow) -> Session:
    return Session(row.id, row.admin_id, row.name, Visit(row.network, row.agent), row.created_at, row.seen_at)
