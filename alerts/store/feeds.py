"""Sources between polls: which are configured, who may poll which one now, and how each stands.

A claim is a lease with a fencing token: while ``lease_until`` lies ahead nobody else may poll the feed or
another feed of its host, and whoever stores must still hold the ``fence`` that the claim gave. ``now`` is
always the caller's clock, so that a day can be rehearsed.
"""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    false,
    or_,
    select,
    update,
)

from alerts.domain.collected import Document, Familiar, FeedClaim, FeedState, Finished, PollResult, PollSaved
from alerts.domain.digests import SourceHealth
from alerts.domain.errors import StoreError
from alerts.domain.events import ArrivalJudge, EventKind
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import Health, Outcome
from alerts.store.archive import unseen_keys
from alerts.store.claims import ClaimWish, claim_feeds, opening
from alerts.store.database import Database
from alerts.store.familiar import familiar
from alerts.store.hosts import is_spaced
from alerts.store.polls import gate_host, save_polls, save_replay
from alerts.store.statements import AnyRow
from alerts.store.states import state_of
from alerts.store.sync import sync_feeds
from alerts.store.tables import feed_event, feed_state, host_gate, poll
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
        self._db.write(lambda connection: sync_feeds(connection, feeds, now))

    def claim(
        self,
        now: datetime,
        limit: int,
        worker: str,
        *,
        ids: Sequence[str] | None = None,
        due_only: bool = True,
        spacing: timedelta = timedelta(0),
    ) -> list[FeedClaim]:
        """Return at most ``limit`` feeds that this worker may poll until the lease ends, one per host.

        Hosts that are not our own are not claimed again before ``spacing`` has passed.
        """
        wish = ClaimWish(now, limit, worker, None if ids is None else tuple(ids), due_only, LEASE, spacing)
        rows = self._db.write(lambda connection: claim_feeds(connection, wish))
        return [
            FeedClaim(state_of(row), row.fence, spacing if is_spaced(row.host) else timedelta(0), row.host)
            for row in rows
        ]

    def next_opening(
        self, now: datetime, *, ids: Sequence[str] | None = None, due_only: bool = True
    ) -> datetime | None:
        """Return when the first host that is only resting between two requests may be asked for a feed."""
        wish = ClaimWish(now, 1, "", None if ids is None else tuple(ids), due_only, LEASE)
        return self._db.read(lambda connection: opening(connection, wish))

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

    def finish(self, claim: FeedClaim, result: PollResult, judge: ArrivalJudge | None = None) -> PollSaved:
        """Store all that a poll learnt, in one transaction; a repeat changes nothing.

        ``judge`` decides what becomes of new entries of a known feed; without one all are new.
        """
        return self._db.write(lambda connection: save_polls(connection, [Finished(claim, result)], judge))[0]

    def finish_all(
        self, finished: Sequence[Finished], judge: ArrivalJudge | None = None
    ) -> list[PollSaved | StoreError]:
        """Store polls in one transaction and return what was stored of each, as :meth:`finish` does.

        Where that fails each is stored by itself, and a fault is returned in place of those that cannot be.
        """
        try:
            return [*self._db.write(lambda connection: save_polls(connection, finished, judge))]
        except StoreError as fault:
            if len(finished) == 1:
                return [fault]
        return [each for one in finished for each in self.finish_all([one], judge)]

    def familiar(self, feed_id: str, hashes: Mapping[str, str]) -> Familiar:
        """Return what is unseen and what has changed of entries, given as key → content hash; one statement."""
        return self._db.read(lambda connection: familiar(connection, feed_id, hashes))

    def finish_replay(self, claim: FeedClaim, result: PollResult) -> PollSaved:
        """Store the new and changed items of a kept document, and give the claim back."""
        return self._db.write(lambda connection: save_replay(connection, claim, result))

    def move(self, times: Mapping[str, datetime], now: datetime) -> int:
        """Return how many feeds are asked at another time now; those that are being asked keep theirs."""
        here = (feed_state.c.feed_id == bindparam("feed"), feed_state.c.next_poll_at <= now)
        free = or_(feed_state.c.lease_until.is_(None), feed_state.c.lease_until <= now)
        statement = update(feed_state).where(*here, free).values(next_poll_at=bindparam("at"))
        rows = [{"feed": feed_id, "at": at} for feed_id, at in times.items()]
        return self._db.write(lambda connection: connection.execute(statement, rows).rowcount)

    def postpone(self, host: str, until: datetime) -> None:
        """Leave a host alone until the given instant, or longer if that was asked before."""
        self._db.write(lambda connection: gate_host(connection, host.lower(), until))

    def patience(self, feed_id: str, now: datetime) -> datetime | None:
        """Return until when the feed's host asked to be left alone; None when it may be polled."""
        gate = select(host_gate.c.not_before).join(feed_state, feed_state.c.host == host_gate.c.host)
        gate = gate.where(feed_state.c.feed_id == feed_id, host_gate.c.not_before > now)
        return self._db.read(lambda connection: connection.execute(gate).scalar())

    def patient(self, now: datetime) -> dict[str, datetime]:
        """Return until when the hosts of feeds asked to be left alone, for all feeds of such hosts."""
        gates = select(feed_state.c.feed_id, host_gate.c.not_before).where(host_gate.c.not_before > now)
        gates = gates.join_from(feed_state, host_gate, feed_state.c.host == host_gate.c.host)
        return {row.feed_id: row.not_before for row in self._db.read(lambda one: one.execute(gates).all())}

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
        return None if row is None else state_of(row)

    def states(self) -> list[FeedState]:
        """Return all feeds, in order of their ids."""
        return [state_of(row) for row in self._rows(select(feed_state).order_by(feed_state.c.feed_id))]

    def health(self, now: datetime) -> list[SourceHealth]:
        """Return how every source stands."""
        here = (feed_event.c.feed_id == feed_state.c.feed_id, feed_event.c.kind == EventKind.SILENT.value)
        silent = exists().where(*here, feed_event.c.ended_at.is_(None)).label("silent")
        rows = self._rows(select(feed_state, silent).order_by(feed_state.c.feed_id))
        return [_health(row, now) for row in rows]

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

    def last_document(self, feed_id: str) -> Document | None:
        """Return the newest document that was kept for replay, as it was answered."""
        kept = select(poll, feed_state.c.url).join(feed_state, feed_state.c.feed_id == poll.c.feed_id)
        kept = kept.where(poll.c.feed_id == feed_id, poll.c.body.is_not(None)).order_by(poll.c.id.desc())
        row = self._db.read(lambda connection: connection.execute(kept.limit(1)).first())
        if row is None:
            return None
        headers = {"content-type": row.content_type} if row.content_type else {}
        body = zlib.decompress(row.body)
        return Document(row.url, row.final_url or row.url, row.status or 200, headers, body, row.started_at)

    def _rows(self, statement: Select[tuple[object, ...]]) -> Sequence[AnyRow]:
        return self._db.read(lambda connection: connection.execute(statement).all())


def _held(claim: FeedClaim) -> ColumnElement[bool]:
    here = and_(feed_state.c.feed_id == claim.feed_id, feed_state.c.fence == claim.fence)
    return and_(here, feed_state.c.lease_until.is_not(None))


def _renew(connection: Connection, claims: Sequence[FeedClaim], until: datetime) -> list[str]:
    held = or_(false(), *[_held(claim) for claim in claims])
    statement = update(feed_state).where(held).values(lease_until=until).returning(feed_state.c.feed_id)
    return list(connection.execute(statement).scalars())


def _health(row: AnyRow, now: datetime) -> SourceHealth:
    # A feed that was due all day and that nobody polled is as dark as one that fails.
    silent_since = row.first_failure_at or min(row.next_poll_at, now)
    if not row.enabled:
        health = Health.DISABLED
    elif now - silent_since >= DARK_AFTER:
        health = Health.DARK
    elif row.first_failure_at:  # also of failures that are our own network's
        health = Health.FAILING
    elif row.last_success_at is None:
        health = Health.NEW
    else:
        health = Health.SILENT if row.silent else Health.HEALTHY
    return SourceHealth(
        feed_id=row.feed_id,
        jurisdiction=row.jurisdiction,
        health=health,
        last_success_at=row.last_success_at,
        last_item_at=row.last_new_item_at,
        watched_since=row.watched_since,
        dark_since=silent_since if health is Health.DARK else None,
        enabled=row.enabled,
        usual_gap=timedelta(seconds=row.median_gap_s) if row.median_gap_s else None,
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
