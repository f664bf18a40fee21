"""Log-ins that were tried: charged when they begin, forgiven when one succeeds."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, exists, select, update

from alerts.domain.lockout import FORGOTTEN, KNOWN, Rule, free_at, rules
from alerts.store.database import Database
from alerts.store.statements import fetch, insert_new
from alerts.store.tables import admin, admin_session, login_try


class Tries:
    """What a log-in must wait for."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def begin(self, name_key: str, network: str, now: datetime) -> datetime | None:
        """Return None for a try that may begin and is charged, or from when on one may; that which waits costs nothing."""
        return self._db.write(
            lambda connection: _begin(connection, charged(connection, name_key, network, now), now)
        )

    def forget(self, now: datetime) -> int:
        """Return how many counters are gone, since nothing was tried for long."""
        old = delete(login_try).where(login_try.c.last_at < now - FORGOTTEN)
        return self._db.write(lambda connection: connection.execute(old).rowcount)


def charged(connection: Connection, name_key: str, network: str, now: datetime) -> Mapping[str, Rule]:
    """Return the counters of a try; an account knows the networks from which it was logged into."""
    mine = (admin_session.c.admin_id == admin.c.id) & (admin.c.name_key == name_key)
    here = exists().where(mine, admin_session.c.network == network, admin_session.c.created_at > now - KNOWN)
    return rules(name_key, network, known=bool(connection.execute(select(here)).scalar()))


def forgive(connection: Connection, name_key: str, network: str, now: datetime) -> None:
    """Forget the tries that a log-in was charged with."""
    keys = [*charged(connection, name_key, network, now)]
    connection.execute(delete(login_try).where(login_try.c.key.in_(keys)))


def forgive_all(connection: Connection, name_key: str) -> None:
    """Forget all tries at an account, from wherever they came."""
    whole = next(iter(rules(name_key, "", known=False)))
    connection.execute(delete(login_try).where(login_try.c.key.startswith(whole, autoescape=True)))


def _begin(connection: Connection, counters: Mapping[str, Rule], now: datetime) -> datetime | None:
    insert_new(connection, login_try, [{"key": key, "tries": 0, "last_at": now} for key in sorted(counters)])
    here = select(login_try).where(login_try.c.key.in_(counters)).order_by(login_try.c.key).with_for_update()
    rows = fetch(connection, here)
    tries = {row.key: 0 if row.last_at < now - FORGOTTEN else row.tries for row in rows}
    free = [free_at(counters[row.key], tries[row.key], row.last_at) for row in rows]
    if wait := [at for at in free if at > now]:
        return max(wait)
    for key, count in tries.items():
        counted = update(login_try).where(login_try.c.key == key)
        connection.execute(counted.values(tries=count + 1, last_at=now))
    return None
