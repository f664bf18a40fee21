"""Sources between polls: which are configured, who may poll which one now, and how each stands.

A claim is a lease with a fencing token: while ``lease_until`` lies ahead nobody else may poll the feed or
another feed of its host, and whoever stores must still hold the ``fence`` that the claim gave. ``now`` is
always the caller's clock, so that a day can be rehearsed.
"""

import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, false, or_, select, update

from alerts.domain.collected import FeedClaim, FeedState, PollResult, PollSaved, Validators
from alerts.domain.digests import SourceHealth
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import Health, IdentityPolicy, Outcome
from alerts.store.archive import unseen_keys
from alerts.store.claims import ClaimWish, claim_feeds
from alerts.store.database import Database
from alerts.store.polls import gate_host, save_poll
from alerts.store.statements import AnyRow, insert_new
from alerts.store.tables import feed_state, host_gate, poll
from alerts.store.views import PollView

LEASE = timedelta(seconds=120)
DARK_AFTER = timedelta(hours=24)


class Feeds:
    """The sources and their polls."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def sync(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Bring the rows in line with what is configured.

        A new feed is due now. A changed address forgets what its server said, not what it had shown, and a
        poll under way of the old address will not be stored. A feed that is no longer configured is disabled.
        """
        self._db.write(lambda connection: _sync(connection, feeds, now))

    def claim(
        self,
        now: datetime,
        limit: int,
        worker: str,
        *,
        ids: Sequence[str] | None = None,
        due_only: bool = True,
        lease: timedelta = LEASE,
    ) -> list[FeedClaim]:
        """Return at most ``limit`` feeds that this worker may poll until the lease ends, one per host."""
        wish = ClaimWish(now, limit, worker, None if ids is None else tuple(ids), due_only, lease)
        rows = self._db.write(lambda connection: claim_feeds(connection, wish))
        return [FeedClaim(_state(row), row.fence) for row in rows]

    def renew(self, claims: Sequence[FeedClaim], now: datetime, lease: timedelta = LEASE) -> list[str]:
        """Return the ids of the feeds whose lease now runs on; the others have another holder."""
        return self._db.write(lambda connection: _renew(connection, claims, now + lease))

    def release(self, claim: FeedClaim) -> None:
        """Give a claim back unused."""
        statement = update(feed_state).where(_held(claim)).values(lease_until=None, claimed_by=None)
        self._db.write(lambda connection: connection.execute(statement))

    def release_all(self) -> None:
        """Free every lease; only for whoever holds the exclusive lock of the database."""
        held = update(feed_state).where(feed_state.c.lease_until.is_not(None))
        self._db.write(lambda connection: connection.execute(held.values(lease_until=None, claimed_by=None)))

    def finish(self, claim: FeedClaim, result: PollResult) -> PollSaved:
        """Store all that a poll learnt, in one transaction; a repeat changes nothing."""
        return self._db.write(lambda connection: save_poll(connection, claim, result))

    def postpone(self, host: str, until: datetime) -> None:
        """Leave a host alone until the given instant, or longer if that was asked before."""
        self._db.write(lambda connection: gate_host(connection, host.lower(), until))

    def patience(self, feed_id: str, now: datetime) -> datetime | None:
        """Return until when the feed's host asked to be left alone; None when it may be polled."""
        gate = select(host_gate.c.not_before).join(feed_state, feed_state.c.host == host_gate.c.host)
        gate = gate.where(feed_state.c.feed_id == feed_id, host_gate.c.not_before > now)
        return self._db.read(lambda connection: connection.execute(gate).scalar())

    def unseen(self, feed_id: str, keys: Sequence[str]) -> list[str]:
        """Return those keys that the feed has never shown."""
        return self._db.read(lambda connection: unseen_keys(connection, feed_id, keys))

    def prune(self, before: datetime) -> int:
        """Return how many older poll rows were removed; those with a document for replay stay."""
        old = delete(poll).where(poll.c.started_at < before, poll.c.body.is_(None))
        return self._db.write(lambda connection: connection.execute(old).rowcount)

    def state(self, feed_id: str) -> FeedState | None:
        """Return what is remembered of a feed, or None when it was never configured."""
        statement = select(feed_state).where(feed_state.c.feed_id == feed_id)
        row = self._db.read(lambda connection: connection.execute(statement).first())
        return None if row is None else _state(row)

    def states(self) -> list[FeedState]:
        """Return all feeds, in order of their ids."""
        return [_state(row) for row in self._rows(select(feed_state).order_by(feed_state.c.feed_id))]

    def health(self, now: datetime) -> list[SourceHealth]:
        """Return how every source stands."""
        return [_health(row, now) for row in self._rows(select(feed_state).order_by(feed_state.c.feed_id))]

    def polls(self, feed_id: str, limit: int = 20) -> list[PollView]:
        """Return the newest polls of a feed, newest first."""
        columns = [column for column in poll.c if column.name != "body"]
        newest = select(*columns, poll.c.body.is_not(None).label("kept")).where(poll.c.feed_id == feed_id)
        return [_poll(row) for row in self._rows(newest.order_by(poll.c.started_at.desc()).limit(limit))]

    def last_body(self, feed_id: str) -> bytes | None:
        """Return the newest document that was kept for replay."""
        kept = select(poll.c.body).where(poll.c.feed_id == feed_id, poll.c.body.is_not(None))
        newest = kept.order_by(poll.c.id.desc()).limit(1)
        packed = self._db.read(lambda connection: connection.execute(newest).scalar())
        return None if packed is None else zlib.decompress(packed)

    def _rows(self, statement: Select[tuple[object, ...]]) -> Sequence[AnyRow]:
        return self._db.read(lambda connection: connection.execute(statement).all())


def host_of(url: str) -> str:
    """Return the host that politeness counts by, lower case; empty for an address without one."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _sync(connection: Connection, feeds: Sequence[Feed], now: datetime) -> None:
    known = {row.feed_id: row for row in connection.execute(select(feed_state).with_for_update())}
    insert_new(connection, feed_state, [_new_row(feed, now) for feed in feeds if feed.id not in known])
    for feed in feeds:
        if feed.id in known and (changes := _changes(known[feed.id], feed, now)):
            connection.execute(update(feed_state).where(feed_state.c.feed_id == feed.id).values(changes))
    gone = [
        feed_id for feed_id in known if feed_id not in {feed.id for feed in feeds} and known[feed_id].enabled
    ]
    if gone:
        connection.execute(update(feed_state).where(feed_state.c.feed_id.in_(gone)).values(enabled=False))


def _new_row(feed: Feed, now: datetime) -> dict[str, object]:
    empty = dict.fromkeys(column.name for column in feed_state.c)
    return empty | {
        "feed_id": feed.id,
        "url": feed.url,
        "host": host_of(feed.url),
        "jurisdiction": feed.jurisdiction,
        "enabled": feed.enabled,
        "interval_s": int(feed.interval.total_seconds()),
        "next_poll_at": now,
        "fence": 0,
        "policy": IdentityPolicy.GUID.value,
        "failures": 0,
        "bootstrapped": False,
        "item_count": 0,
    }


def _changes(row: AnyRow, feed: Feed, now: datetime) -> dict[str, object]:
    wanted: dict[str, object] = {
        "jurisdiction": feed.jurisdiction,
        "enabled": feed.enabled,
        "interval_s": int(feed.interval.total_seconds()),
        "next_poll_at": row.next_poll_at,
    }
    if feed.interval.total_seconds() < row.interval_s or (feed.enabled and not row.enabled):
        wanted["next_poll_at"] = min(row.next_poll_at, now + feed.interval)
    if feed.url != row.url:
        wanted |= {"url": feed.url, "host": host_of(feed.url), "next_poll_at": now, "fence": row.fence + 1}
        wanted |= dict.fromkeys(("etag", "last_modified", "body_hash", "lease_until", "claimed_by"))
    return {name: value for name, value in wanted.items() if value != getattr(row, name)}


def _held(claim: FeedClaim) -> ColumnElement[bool]:
    here = and_(feed_state.c.feed_id == claim.feed_id, feed_state.c.fence == claim.fence)
    return and_(here, feed_state.c.lease_until.is_not(None))


def _renew(connection: Connection, claims: Sequence[FeedClaim], until: datetime) -> list[str]:
    held = or_(false(), *[_held(claim) for claim in claims])
    statement = update(feed_state).where(held).values(lease_until=until).returning(feed_state.c.feed_id)
    return list(connection.execute(statement).scalars())


def _state(row: AnyRow) -> FeedState:
    return FeedState(
        feed_id=row.feed_id,
        validators=Validators(row.etag, row.last_modified),
        body_hash=row.body_hash,
        next_poll_at=row.next_poll_at,
        interval=timedelta(seconds=row.interval_s),
        failures=row.failures,
        policy=IdentityPolicy(row.policy),
        bootstrapped=row.bootstrapped,
        last_outcome=Outcome(row.last_outcome) if row.last_outcome else None,
        last_detail=row.last_detail,
        last_polled_at=row.last_polled_at,
        last_success_at=row.last_success_at,
        last_new_item_at=row.last_new_item_at,
        items=row.item_count,
        enabled=row.enabled,
        first_failure_at=row.first_failure_at,
        url=row.url,
    )


def _health(row: AnyRow, now: datetime) -> SourceHealth:
    # A feed that was due all day and that nobody polled is as dark as one that fails.
    silent_since = row.first_failure_at or min(row.next_poll_at, now)
    if not row.enabled:
        health = Health.DISABLED
    elif now - silent_since >= DARK_AFTER:
        health = Health.DARK
    elif row.last_success_at is None:
        health = Health.NEW
    else:
        health = Health.FAILING if row.failures else Health.HEALTHY
    return SourceHealth(
        feed_id=row.feed_id,
        jurisdiction=row.jurisdiction,
        health=health,
        last_success_at=row.last_success_at,
        last_item_at=row.last_new_item_at,
        watched_since=row.watched_since,
        dark_since=silent_since if health is Health.DARK else None,
        enabled=row.enabled,
    )


def _poll(row: AnyRow) -> PollView:
    return PollView(
        feed_id=row.feed_id,
        started_at=row.started_at,
        finished_at=row.finished_at,
        outcome=Outcome(row.outcome),
        detail=row.detail,
        status=row.status,
        size=row.size,
        entries=row.entries,
        filtered=row.filtered,
        new=row.new,
        changed=row.changed,
        malformed=row.malformed,
        final_url=row.final_url,
        kept=row.kept,
    )
