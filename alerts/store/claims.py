"""Taking feeds: one statement that decides, so that two processes never take the same one.

The candidates are chosen first (one per host, which no row lock can express), then locked and looked at
again in a CTE: a CTE with a row lock runs once and keeps its LIMIT, where a subquery may be run per row
and then takes far more rows than asked. PostgreSQL skips what others are locking; SQLite has one writer
and ignores the words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select, update

from alerts.store.hosts import is_spaced
from alerts.store.statements import AnyRow, insert
from alerts.store.tables import feed_state, host_gate

LONGEST_REST = timedelta(minutes=10)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ClaimWish:
    """Which feeds a worker would take; ``ids`` None means any."""

    now: datetime
    limit: int
    worker: str
    ids: tuple[str, ...] | None
    due_only: bool
    lease: timedelta
    spacing: timedelta = timedelta(0)


def claim_feeds(connection: Connection, wish: ClaimWish) -> Sequence[AnyRow]:
    """Return the rows that the worker now holds, the longest due first."""
    free = _free(wish)
    chosen = select(_one_per_host(wish).subquery().c.feed_id)
    locked = (
        select(feed_state.c.feed_id)
        .where(feed_state.c.feed_id.in_(chosen), free)
        .limit(wish.limit)
        .with_for_update(skip_locked=True)
        .cte("locked")
    )
    statement = (
        update(feed_state)
        .where(feed_state.c.feed_id == locked.c.feed_id)
        .values(fence=feed_state.c.fence + 1, lease_until=wish.now + wish.lease, claimed_by=wish.worker)
        .returning(*feed_state.c)
    )
    rows = connection.execute(statement).all()
    if wish.spacing:
        rest_hosts(connection, [row.host for row in rows], wish.now + wish.spacing)
    return sorted(rows, key=lambda row: (row.next_poll_at, row.feed_id))


def _one_per_host(wish: ClaimWish) -> Select[tuple[object, ...]]:
    """Return the select of the longest due free feed of each quiet host."""
    order = (feed_state.c.next_poll_at, feed_state.c.feed_id)
    place = func.row_number().over(partition_by=feed_state.c.host, order_by=order).label("place")
    free = select(feed_state.c.feed_id, feed_state.c.next_poll_at, place)
    ranked = free.where(_free(wish), _quiet_host(wish.now)).subquery("ranked")
    first = select(ranked.c.feed_id).where(ranked.c.place == 1)
    return first.order_by(ranked.c.next_poll_at, ranked.c.feed_id).limit(wish.limit)


def _free(wish: ClaimWish) -> ColumnElement[bool]:
    lease_over = or_(feed_state.c.lease_until.is_(None), feed_state.c.lease_until <= wish.now)
    conditions = [feed_state.c.enabled, lease_over]
    if wish.due_only:
        conditions.append(feed_state.c.next_poll_at <= wish.now)
    if wish.ids is not None:
        conditions.append(feed_state.c.feed_id.in_(wish.ids))
    return and_(*conditions)


def _quiet_host(now: datetime) -> ColumnElement[bool]:
    """Return that nobody polls the host now and that it has not asked for patience."""
    other = feed_state.alias("other")
    busy = exists().where(other.c.host == feed_state.c.host, other.c.lease_until > now)
    gate = host_gate.c.host == feed_state.c.host
    gated = exists().where(gate, or_(host_gate.c.not_before > now, _resting(now)))
    return and_(~busy, ~gated)


def _resting(now: datetime) -> ColumnElement[bool]:
    """Return that the host was asked a moment ago; a rest that a clock set far ahead is none."""
    return and_(host_gate.c.next_free_at > now, host_gate.c.next_free_at <= now + LONGEST_REST)


def opening(connection: Connection, wish: ClaimWish) -> datetime | None:
    """Return when the first host ends its rest that has a feed to poll and did not ask for patience."""
    hosts = select(feed_state.c.host).where(_free(wish))
    first = select(func.min(host_gate.c.next_free_at)).where(
        host_gate.c.host.in_(hosts), host_gate.c.not_before <= wish.now, _resting(wish.now)
    )
    return connection.execute(first).scalar()


def rest_hosts(connection: Connection, hosts: Sequence[str], until: datetime) -> None:
    """Leave the hosts that are not our own alone until then; a longer rest stays."""
    for host in filter(is_spaced, hosts):
        row = {"host": host, "not_before": NEVER, "next_free_at": until}
        statement = insert(connection, host_gate).values(row)
        later = or_(host_gate.c.next_free_at.is_(None), host_gate.c.next_free_at < until)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["host"], set_={"next_free_at": until}, where=later
            )
        )
