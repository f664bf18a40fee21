"""What waits and who is at work: for ``alerts status``, the metrics, and jobs that run once."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, delete, func, select

from alerts.domain.digests import Backlog
from alerts.domain.vocabulary import Outcome
from alerts.store.database import Database
from alerts.store.desk import WAITS
from alerts.store.owed import UNTOLD
from alerts.store.posted import held_up
from alerts.store.statements import insert_once, upsert
from alerts.store.tables import daemon, delivery, feed_state, item_revision, job_slot, poll, post
from alerts.store.views import Daemon, Lately

LATELY, LOOKED_AT = timedelta(hours=1), 10_000  # polls


class Status:
    """The service's own state."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def backlog(self, now: datetime) -> Backlog:
        """Return what waits."""
        return self._db.read(lambda connection: _backlog(connection, now))

    def lately(self, now: datetime) -> Lately:
        """Return how the polls of the last hour went, at most the newest ten thousand of them."""
        newest = select(poll.c.outcome, poll.c.started_at, poll.c.due_at).order_by(poll.c.id.desc())
        rows = self._db.read(lambda connection: connection.execute(newest.limit(LOOKED_AT)).all())
        rows = [row for row in rows if now - LATELY <= row.started_at <= now]
        lags = ((row.started_at - row.due_at).total_seconds() for row in rows if row.due_at)
        return Lately(Counter(Outcome(row.outcome) for row in rows), tuple(sorted(lags)))

    def job_slot(self, job: str, slot: str) -> bool:
        """Return whether this caller, and nobody else, is to run the job for this slot."""
        return self._db.write(
            lambda connection: insert_once(connection, job_slot, {"job": job, "slot": slot})
        )

    def beat(self, who: Daemon, lost: datetime) -> None:
        """Write down that a daemon is alive; others of its machine that have been silent since ``lost`` are forgotten."""
        row = {name: getattr(who, name) for name in Daemon.__slots__} | {"roles": list(who.roles)}
        dead = delete(daemon).where(
            daemon.c.host == who.host, daemon.c.id != who.id, daemon.c.heartbeat_at < lost
        )

        def write(connection: Connection) -> None:
            connection.execute(dead)
            upsert(connection, daemon, row, ("id",))

        self._db.write(write)

    def leave(self, daemon_id: str) -> None:
        """Write down that a daemon has stopped."""
        self._db.write(lambda connection: connection.execute(delete(daemon).where(daemon.c.id == daemon_id)))

    def forget_daemons(self, before: datetime) -> None:
        """Forget the daemons that have been silent since then."""
        self._db.write(
            lambda connection: connection.execute(delete(daemon).where(daemon.c.heartbeat_at < before))
        )

    def daemons(self) -> list[Daemon]:
        """Return the daemons that have not stopped, the latest heartbeat first."""
        newest = select(daemon).order_by(daemon.c.heartbeat_at.desc())
        rows = self._db.read(lambda connection: connection.execute(newest).mappings().all())
        return [Daemon(**{**row, "roles": tuple(row["roles"])}) for row in rows]


def _backlog(connection: Connection, now: datetime) -> Backlog:
    due = select(func.min(delivery.c.due_at)).where(delivery.c.done_at.is_(None), delivery.c.due_at <= now)
    due = due.where(~held_up())
    unmatched, held = item_revision.c.matched_at.is_(None), item_revision.c.held.is_not(None)
    by_state = select(delivery.c.state, func.count().label("n")).group_by(delivery.c.state)
    created, release = item_revision.c.created_at, item_revision.c.release_at
    waiting = select(
        func.count().label("n"), func.min(created).label("since"), func.min(release).label("until")
    )
    waits = connection.execute(waiting.where(WAITS)).one()
    return Backlog(
        feeds_due=_count(
            connection, select(func.count()).where(feed_state.c.enabled, feed_state.c.next_poll_at <= now)
        ),
        unmatched=_count(connection, select(func.count()).where(unmatched, ~held)),
        held=waits.n,
        held_since=waits.since,
        released_at=waits.until,
        untold=_count(connection, select(func.count()).where(UNTOLD)),
        deliveries={row.state: row.n for row in connection.execute(by_state)},
        oldest_due_at=connection.execute(due).scalar(),
        shut=_count(connection, select(func.count()).where(post.c.shut_at.is_not(None))),
    )


def _count(connection: Connection, statement: Select[int]) -> int:
    return int(connection.execute(statement).scalar_one())
