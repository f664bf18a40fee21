"""Polls that only confirm what is known (304, the bytes of last time, known entries alone): most of them, so they are written together.

Such a poll changes when the feed is asked next and what its server said, nothing else. A hundred of them are two
statements with a hundred rows each, every row still under the fence of its own claim.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, update
from sqlalchemy.dialects import postgresql, sqlite

from alerts.domain.collected import FeedClaim, FeedState, Finished, PollResult, PollSaved
from alerts.domain.vocabulary import Outcome
from alerts.store.archive import touches
from alerts.store.claims import rest_hosts
from alerts.store.statements import Values
from alerts.store.tables import feed_state, poll

CONFIRMED = frozenset({Outcome.NOT_MODIFIED, Outcome.UNCHANGED})


def is_quiet(finished: Finished) -> bool:
    """Return whether a poll leaves everything as its claim found it, but for when it was and when the next one is."""
    state, result = finished.claim.state, finished.result
    troubled = state.failures or state.first_failure_at or state.layout_failures or state.gone_count
    calm = not (troubled or result.notices or result.shortfall)
    same = (result.moved, result.policy, result.ttl) == (state.moved, state.policy, state.ttl)
    polite = (result.host_not_before, result.offer) == (None, None)
    return calm and same and polite and (result.outcome in CONFIRMED or _is_reprint(state, result))


def _is_reprint(state: FeedState, result: PollResult) -> bool:
    """Return whether a document was read that holds known entries only, and says nothing new of itself."""
    return (
        result.outcome is Outcome.OK
        and state.bootstrapped
        and bool(result.known)
        and not result.revisions
        and not touches(state.touched_at, result.finished_at)
        and (result.feed_title or state.feed_title, result.feed_language or state.feed_language)
        == (state.feed_title, state.feed_language)
        and (result.skip_hours, result.skip_days) == (state.skip_hours, state.skip_days)
    )


def due_at(claim: FeedClaim, result: PollResult) -> datetime | None:
    """Return when the poll should have begun; None for one that somebody asked for before its time."""
    return claim.state.next_poll_at if claim.state.next_poll_at <= result.started_at else None


def save_quiet(connection: Connection, finished: Sequence[Finished]) -> None:
    """Write the polls down; their rows are locked and their fences were compared."""
    if not finished:
        return
    connection.execute(_STATE, [_state(one) for one in finished])
    save_rows(connection, [row_of(one) for one in finished])
    hosts = {one.claim.host: one for one in finished if one.claim.spacing}
    for host, one in sorted(hosts.items()):
        rest_hosts(connection, [host], one.result.finished_at + one.claim.spacing)


def save_rows(connection: Connection, rows: Sequence[Values]) -> None:
    """Write rows of polls; of two at one instant, on a clock that stands still, the later is the better record."""
    connection.execute(_POLL[connection.dialect.name], [dict(row) for row in rows])


def _upsert(written: "sqlite.Insert | postgresql.Insert") -> "sqlite.Insert | postgresql.Insert":
    columns = [column.name for column in poll.c if column.name not in ("id", "feed_id", "started_at")]
    replaced = {name: written.excluded[name] for name in columns}
    return written.on_conflict_do_update(index_elements=["feed_id", "started_at"], set_=replaced)


_POLL = {"sqlite": _upsert(sqlite.insert(poll)), "postgresql": _upsert(postgresql.insert(poll))}
_STATE = (
    update(feed_state)
    .where(feed_state.c.feed_id == bindparam("feed"), feed_state.c.fence == bindparam("claimed"))
    .values(
        polled_fence=bindparam("claimed"),
        lease_until=None,
        claimed_by=None,
        next_poll_at=bindparam("next"),
        last_outcome=bindparam("outcome"),
        last_detail=bindparam("detail"),
        last_polled_at=bindparam("at"),
        last_success_at=bindparam("at"),
        watched_since=func.coalesce(feed_state.c.watched_since, bindparam("at")),
        etag=bindparam("tag"),
        last_modified=bindparam("modified"),
        pace_reason=bindparam("reason"),
        validator_mode=bindparam("mode"),
        validators_ignored=bindparam("ignored"),
        body_hash=bindparam("body"),
        window_items=bindparam("window"),
    )
)


def _state(finished: Finished) -> dict[str, object]:
    result = finished.result
    return {
        "feed": finished.claim.feed_id,
        "claimed": finished.claim.fence,
        "next": result.next_poll_at,
        "outcome": result.outcome.value,
        "detail": result.detail,
        "at": result.finished_at,
        "tag": result.validators.etag,
        "modified": result.validators.last_modified,
        "reason": result.pace_reason,
        "mode": result.validator_mode.value,
        "ignored": result.validators_ignored,
        "body": result.body_hash,
        "window": result.entries if result.outcome is Outcome.OK else finished.claim.state.window_items,
    }


def row_of(finished: Finished, saved: PollSaved | None = None, body: bytes | None = None) -> Values:
    """Return the row of a poll, of one without news unless ``saved`` says what it brought; ``body``: the document as it is kept for replay."""
    result = finished.result
    return {
        "feed_id": finished.claim.feed_id,
        "started_at": result.started_at,
        "finished_at": result.finished_at,
        "outcome": result.outcome.value,
        "detail": result.detail,
        "status": result.status,
        "size": result.size,
        "entries": result.entries,
        "filtered": result.filtered,
        "malformed": result.malformed,
        "new": saved.new if saved else 0,
        "changed": saved.changed if saved else 0,
        "final_url": result.final_url,
        "body": body,
        "content_type": result.content_type,
        "due_at": due_at(finished.claim, result),
    }
