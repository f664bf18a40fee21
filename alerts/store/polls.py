"""Storing what a poll learnt: items, validators, the next poll and the poll's own row in one transaction.

Were the validators stored before the items, a crash between the two would lose the items for ever: the
next answer would be 304. So either all of it is there or nothing.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from alerts.domain.collected import FeedClaim, Finished, PollResult, PollSaved
from alerts.domain.events import ArrivalJudge, EventKind
from alerts.domain.vocabulary import GOOD_OUTCOMES, IdentityPolicy, Outcome
from alerts.store.archive import Saved, save_items, touches
from alerts.store.claims import rest_hosts
from alerts.store.events import open_kinds
from alerts.store.hints import settle_push
from alerts.store.hosts import host_of, is_spaced
from alerts.store.ledger import Event, record
from alerts.store.noticing import notice
from alerts.store.plans import plan_items
from alerts.store.quiet import is_quiet, row_of, save_quiet, save_rows
from alerts.store.rhythm import rhythm_columns
from alerts.store.statements import AnyRow, Values, fetch, insert, pieces
from alerts.store.states import manners_columns
from alerts.store.tables import feed_state, host_gate, poll

BODIES_KEPT = 5  # documents a feed, for replay
NO_KINDS: frozenset[EventKind] = frozenset()


def save_polls(
    connection: Connection, finished: Sequence[Finished], judge: ArrivalJudge | None = None
) -> list[PollSaved]:
    """Return what was stored of each poll; nothing when another process has taken over, or when all of it was there.

    Those that only confirm what is known are written together, the others one by one, all in this transaction.
    """
    states = _locked(connection, [one.claim.feed_id for one in finished])
    saved: dict[int, PollSaved] = {}
    quiet: list[Finished] = []
    loud: dict[int, Locked] = {}
    events = open_kinds(connection, list(states))
    for number, one in enumerate(finished):
        state = states.get(one.claim.feed_id)
        if state is None or state.fence != one.claim.fence:
            saved[number] = PollSaved(fenced=True)
        elif state.polled_fence == one.claim.fence:  # a repeat: the first one had been committed
            saved[number] = PollSaved(known=_entries(one.result))
        elif is_quiet(one) and not events.get(one.claim.feed_id):
            quiet.append(one)
            saved[number] = PollSaved(known=len(one.result.known))
        else:
            loud[number] = Locked(one, state, events.get(one.claim.feed_id, NO_KINDS))
    save_quiet(connection, quiet)
    plans = [plan_items(connection, one.state, one.finished.result, judge) for one in loud.values()]
    for (number, locked), stored in zip(loud.items(), save_items(connection, plans), strict=True):
        saved[number] = _save(connection, locked, stored)
    _save_rows(connection, [_row(one.finished, saved[number]) for number, one in loud.items()])
    return [saved[number] for number in range(len(finished))]


def _locked(connection: Connection, ids: Sequence[str]) -> dict[str, AnyRow]:
    """Return states by feed, the rows locked in one order, so that two processes never wait for each other."""
    found: dict[str, AnyRow] = {}
    for piece in pieces(sorted(ids)):
        here = select(feed_state).where(feed_state.c.feed_id.in_(piece)).order_by(feed_state.c.feed_id)
        found |= {row.feed_id: row for row in fetch(connection, here.with_for_update())}
    return found


def _entries(result: PollResult) -> int:
    return len({revision.item.key for revision in result.revisions}) + len(result.known)


@dataclass(frozen=True, slots=True)
class Locked:
    """A poll whose claim holds, the feed's row as the claim found it, and the kinds of its open events."""

    finished: Finished
    state: AnyRow
    open: frozenset[EventKind]


def _save(connection: Connection, locked: Locked, stored: Saved) -> PollSaved:
    """Return what was stored of a poll whose items are in the archive."""
    claim, result, state = locked.finished.claim, locked.finished.result, locked.state
    saved = stored.poll
    here = update(feed_state).where(feed_state.c.feed_id == claim.feed_id)
    learnt = rhythm_columns(connection, state, result, saved)
    learnt |= notice(connection, locked.open, state, (result, stored))
    if (saved.known or saved.new) and touches(state.touched_at, result.finished_at):
        learnt["touched_at"] = result.finished_at
    pushed = settle_push(connection, state, result, saved)
    connection.execute(here.values(_after(state, result, saved) | learnt | pushed))
    if result.host_not_before is not None:
        gate_host(connection, state.host, result.host_not_before)
    if claim.spacing:
        rest_hosts(connection, [state.host], result.finished_at + claim.spacing)
    for told in result.notices:
        record(connection, Event(result.finished_at, told.event, claim.feed_id, told.detail))
    return saved


def save_replay(connection: Connection, claim: FeedClaim, result: PollResult) -> PollSaved:
    """Return what was stored of a kept document that was read again; how the source stands does not change by it."""
    locked = select(feed_state).where(feed_state.c.feed_id == claim.feed_id).with_for_update()
    state = connection.execute(locked).first()
    if state is None or state.fence != claim.fence:
        return PollSaved(fenced=True)
    saved = save_items(connection, [plan_items(connection, state, result)])[0].poll
    changes = {"lease_until": None, "claimed_by": None, "item_count": state.item_count + saved.new}
    connection.execute(update(feed_state).where(feed_state.c.feed_id == claim.feed_id).values(changes))
    return saved


def gate_host(connection: Connection, host: str, until: datetime) -> None:
    """Leave a host alone until the given instant; a longer patience stays."""
    statement = insert(connection, host_gate).values(host=host, not_before=until)
    longer = statement.excluded.not_before > host_gate.c.not_before
    values = {"not_before": statement.excluded.not_before}
    connection.execute(statement.on_conflict_do_update(index_elements=["host"], set_=values, where=longer))


def _after(state: AnyRow, result: PollResult, saved: PollSaved) -> dict[str, object]:
    """Return the columns of feed_state that this poll changes."""
    changes: dict[str, object] = {
        "polled_fence": state.fence,
        "lease_until": None,
        "claimed_by": None,
        "next_poll_at": result.next_poll_at,
        "policy": _further(state.policy, result.policy),
        "last_outcome": result.outcome.value,
        "last_detail": result.detail,
        "last_polled_at": result.finished_at,
    } | manners_columns(result)
    if result.moved.original is not None and state.original_url is None:
        changes["host"] = host_of(result.moved.target or state.url, private=not is_spaced(state.host))
    elif result.moved.original is None and state.original_url is not None:
        changes["host"] = host_of(state.url, private=not is_spaced(state.host))
        changes |= dict.fromkeys(("etag", "last_modified", "body_hash"))  # they were of the other address
    if saved.new:
        changes |= {"last_new_item_at": result.finished_at, "item_count": state.item_count + saved.new}
    if result.outcome in GOOD_OUTCOMES:
        return changes | _after_success(state, result)
    first_failure = state.first_failure_at or result.finished_at
    return changes | {"failures": state.failures + result.counted, "first_failure_at": first_failure}


def _after_success(state: AnyRow, result: PollResult) -> dict[str, object]:
    return {
        "failures": 0,
        "first_failure_at": None,
        "etag": result.validators.etag,
        "last_modified": result.validators.last_modified,
        "body_hash": result.body_hash or (None if result.outcome is Outcome.OK else state.body_hash),
        "last_success_at": result.finished_at,
        "watched_since": state.watched_since or result.finished_at,
        "bootstrapped": state.bootstrapped or result.outcome is Outcome.OK,
    }


def _further(old: str, new: IdentityPolicy) -> str:
    """Return the later policy of the two: a feed never moves back up the list."""
    order = list(IdentityPolicy)
    return max(IdentityPolicy(old), new, key=order.index).value


def _save_rows(connection: Connection, rows: Sequence[Values]) -> None:
    """Write polls down; of the documents that are kept for replay the newest few of each feed stay."""
    if rows:
        save_rows(connection, rows)
    if kept := [{"feed": row["feed_id"]} for row in rows if row["body"] is not None]:
        connection.execute(_OLDER_BODIES, kept)


def _row(finished: Finished, saved: PollSaved) -> Values:
    result = finished.result
    keep = result.body is not None and bool(saved.new or saved.changed)
    return row_of(finished, saved, zlib.compress(result.body or b"", 3) if keep else None)


_KEPT = (poll.c.feed_id == bindparam("feed"), poll.c.body.is_not(None))
_NEWEST = select(poll.c.id).where(*_KEPT).order_by(poll.c.id.desc()).limit(BODIES_KEPT).subquery()
_OLDER_BODIES = update(poll).where(*_KEPT, poll.c.id.not_in(select(_NEWEST.c.id))).values(body=None)
