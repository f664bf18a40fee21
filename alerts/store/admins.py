"""Admins: entered and changed from the command line, each change with its line in the audit log."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from alerts.domain.admins import IDLE, LONGEST, Account, Admin, Keys, name_key
from alerts.domain.audit import Act, Actor, Mark
from alerts.store.audit import mark_down
from alerts.store.database import Database
from alerts.store.statements import AnyRow, fetch, insert_once
from alerts.store.tables import admin, admin_code, admin_session
from alerts.store.tries import forgive_all


class Admins:
    """Who may log in."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, name: str, keys: Keys, codes: Collection[str], by: Actor, now: datetime) -> bool:
        """Return whether an admin is entered; False when the name is taken. ``codes``: hashes of recovery codes."""

        def work(connection: Connection) -> bool:
            row = {
                "name": name, "name_key": name_key(name), "password_hash": keys.password_hash, "sealed": keys.sealed,
                "last_step": None, "active": True, "created_at": now, "changed_at": now, "last_login_at": None,
            }  # fmt: skip
            if not insert_once(connection, admin, row):
                return False
            _set_codes(connection, _id(connection, name), codes)
            mark_down(connection, Mark(now, by, Act.ADMIN_ADDED, f"admin:{name}"))
            return True

        return self._db.write(work)

    def reset(self, one: Admin, keys: Keys, codes: Collection[str], by: Actor, now: datetime) -> None:
        """Give an admin a new password, a new authenticator and new codes; every session ends and no lock is left."""

        def work(connection: Connection) -> None:
            values = {
                "password_hash": keys.password_hash,
                "sealed": keys.sealed,
                "last_step": None,
                "changed_at": now,
            }
            connection.execute(update(admin).where(admin.c.id == one.id).values(values))
            _set_codes(connection, one.id, codes)
            _freshen(connection, one, now)
            mark_down(connection, Mark(now, by, Act.ADMIN_RESET, f"admin:{one.name}"))

        self._db.write(work)

    def set_active(self, one: Admin, by: Actor, now: datetime, *, active: bool) -> bool:
        """Return whether that changed anything. Every session ends, and no lock is left."""
        act = Act.ADMIN_ENABLED if active else Act.ADMIN_DISABLED

        def work(connection: Connection) -> bool:
            here = update(admin).where(admin.c.id == one.id, admin.c.active != active)
            changed = bool(connection.execute(here.values(active=active, changed_at=now)).rowcount)
            if changed or active:  # enabling one who is active takes the locks away
                _freshen(connection, one, now)
                mark_down(connection, Mark(now, by, act, f"admin:{one.name}"))
            return changed

        return self._db.write(work)

    def rehash(self, account: Account, password_hash: str) -> None:
        """Keep the same password under a hash of other parameters, unless it has changed since."""
        same = (admin.c.id == account.id) & (admin.c.password_hash == account.keys.password_hash)
        changed = update(admin).where(same).values(password_hash=password_hash)
        self._db.write(lambda connection: connection.execute(changed))

    def account(self, key: str) -> Account | None:
        """Return what a log-in by this name is held against; ``key`` as ``name_key`` makes it."""
        wanted = select(admin).where(admin.c.name_key == key)
        row = self._db.read(lambda connection: connection.execute(wanted).first())
        return (
            None
            if row is None
            else Account(row.id, row.name, row.active, Keys(row.password_hash, row.sealed))
        )

    def all(self, now: datetime) -> list[Admin]:
        """Return all admins by name."""
        left = select(func.count()).where(admin_code.c.admin_id == admin.c.id, admin_code.c.used_at.is_(None))
        sessions = select(func.count()).where(admin_session.c.admin_id == admin.c.id, living(now))
        counts = (left.scalar_subquery().label("codes"), sessions.scalar_subquery().label("sessions"))
        wanted = select(admin, *counts).order_by(admin.c.name_key)
        return [_admin(row) for row in self._db.read(lambda connection: fetch(connection, wanted))]


def living(now: datetime) -> ColumnElement[bool]:
    """Return that a session still opens something."""
    fresh = and_(admin_session.c.seen_at > now - IDLE, admin_session.c.created_at > now - LONGEST)
    return and_(fresh, admin_session.c.ended_at.is_(None))


def _id(connection: Connection, name: str) -> int:
    return int(connection.execute(select(admin.c.id).where(admin.c.name_key == name_key(name))).scalar_one())


def _set_codes(connection: Connection, admin_id: int, codes: Collection[str]) -> None:
    connection.execute(delete(admin_code).where(admin_code.c.admin_id == admin_id))
    rows = [{"admin_id": admin_id, "hash": one, "used_at": None} for one in sorted(codes)]
    connection.execute(insert(admin_code), rows)


def _freshen(connection: Connection, one: Admin, now: datetime) -> None:
    open_ones = and_(admin_session.c.admin_id == one.id, admin_session.c.ended_at.is_(None))
    connection.execute(update(admin_session).where(open_ones).values(ended_at=now))
    forgive_all(connection, name_key(one.name))


def _admin(row: AnyRow) -> Admin:
    return Admin(
        row.id,
        row.name,
        row.active,
        row.created_at,
        row.changed_at,
        row.last_login_at,
        row.codes,
        row.sessions,
    )
