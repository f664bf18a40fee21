"""Putting what polls saw into the archive: items, revisions and keys, as :mod:`alerts.store.plans` planned them.

Polls that end together are written together: a thousand entries of fifty feeds cost a handful of statements. Keys that
the caller knows to be known (:mod:`alerts.store.familiar`) cost nothing but one statement a day that says when they were seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, insert, select, update

from alerts.domain.collected import PollSaved
from alerts.domain.events import EventKind
from alerts.domain.items import Revision
from alerts.domain.review import SEVERE, Hold
from alerts.store.convert import revision_columns
from alerts.store.familiar import touch
from alerts.store.plans import NO_TEXTS, RETURNED, Known, Planned, Texts
from alerts.store.statements import Values, insert_new, pieces
from alerts.store.tables import item, item_revision, seen_key

Ids: TypeAlias = Mapping[tuple[str, str], int]  # of new items, by feed and key
TOUCH_EVERY = timedelta(days=1)  # keys are pruned by the year, so the day is exact enough


@dataclass(frozen=True, slots=True)
class Saved:
    """What was stored, and what the admin must know of it."""

    poll: PollSaved = field(default_factory=PollSaved)
    events: tuple[tuple[EventKind, str], ...] = ()


def save_items(connection: Connection, planned: Sequence[Planned]) -> list[Saved]:
    """Return what was new, changed and known among the entries of each poll, now stored."""
    ids = _insert_items(connection, planned)
    _insert_revisions(connection, planned, ids)
    for one in planned:
        _insert_changes(connection, one.plan.changed, one.known, one.result.finished_at)
    _remember_keys(connection, planned, ids)
    _learn_texts(connection, planned)
    for one in planned:
        if touches(one.state.touched_at, one.result.finished_at):
            seen = [each.item.key for each in one.revisions if each.item.key in one.known.keys]
            touch(connection, one.state.feed_id, [*seen, *one.result.known], one.result.finished_at)
    return [_saved(one, ids) for one in planned]


def _saved(planned: Planned, ids: Ids) -> Saved:
    plan, entries = planned.plan, len(planned.revisions) + len(planned.result.known)
    numbers = tuple(sorted(ids[planned.state.feed_id, one.item.key] for one in plan.new))
    same = entries - len(plan.new) - len(plan.changed)
    return Saved(PollSaved(len(plan.new), len(plan.changed), same, new_item_ids=numbers), planned.events)


def touches(touched_at: datetime | None, now: datetime) -> bool:
    """Return whether it is time to write down when the keys of a document were last seen."""
    return touched_at is None or now - touched_at >= TOUCH_EVERY


def unseen_keys(connection: Connection, feed_id: str, keys: Sequence[str]) -> list[str]:
    """Return those keys that the feed has never shown, in their order."""
    known: set[str] = set()
    for piece in pieces(keys):
        here = (seen_key.c.feed_id == feed_id) & seen_key.c.key.in_(piece)
        known |= set(connection.execute(select(seen_key.c.key).where(here)).scalars())
    return [key for key in keys if key not in known]


def _insert_items(connection: Connection, planned: Sequence[Planned]) -> Ids:
    """Return the ids of the new items by feed and key."""
    rows = [
        {
            "feed_id": poll.state.feed_id, "key": one.item.key, "number": 1, "shown": 0 if _hold(one, poll) else 1,
            "first_seen_at": poll.result.finished_at, "changed_at": None, "matter_id": None, "tie": None, "tied_at": None,
            "baseline": _is_baseline(one, poll),
        }
        for poll in planned for one in poll.plan.new
    ]  # fmt: skip
    if not rows:
        return {}
    inserted = connection.execute(insert(item).returning(item.c.id, item.c.feed_id, item.c.key), rows)
    return {(row.feed_id, row.key): row.id for row in inserted}


def _is_baseline(revision: Revision, planned: Planned) -> bool:
    """Return whether this is what the feed already held before anybody watched it, so nobody is told."""
    published, result = revision.item.published, planned.result
    recent = published is not None and published.at >= result.started_at - result.look_back
    return not planned.state.bootstrapped and not recent


def _hold(revision: Revision, planned: Planned) -> Hold | None:
    """Return how a first revision waits: not for its severity alone where nobody is told of it anyway."""
    hold = revision.hold
    return None if hold and hold.why == SEVERE and _is_baseline(revision, planned) else hold


def _timer(revision: Revision, now: datetime) -> dict[str, object]:
    after = revision.hold.release_after if revision.hold else None
    return {"release_at": None if after is None else now + after}


def _insert_revisions(connection: Connection, planned: Sequence[Planned], ids: Ids) -> None:
    rows = [
        _first(one, poll, ids[poll.state.feed_id, one.item.key]) for poll in planned for one in poll.plan.new
    ]
    if rows:
        connection.execute(insert(item_revision), rows)


def _first(revision: Revision, planned: Planned, item_id: int) -> Values:
    """Return the row of an item's first revision; what nobody is to be told counts as matched."""
    now = planned.result.finished_at
    settled = _is_baseline(revision, planned) or not revision.judgement.relevant
    row = {"item_id": item_id, "number": 1, "created_at": now, "matched_at": now if settled else None}
    told = replace(revision, hold=_hold(revision, planned))
    return revision_columns(told) | row | _timer(told, now)


def _insert_changes(
    connection: Connection, changed: Mapping[int, Revision], known: Known, now: datetime
) -> None:
    if not changed:
        return
    number = (
        update(item).where(item.c.id == bindparam("item")).values(number=item.c.number + 1, changed_at=now)
    )
    connection.execute(number, [{"item": item_id} for item_id in changed])
    numbers: dict[int, int] = {}
    for ids in pieces(sorted(changed)):
        found = connection.execute(select(item.c.id, item.c.number).where(item.c.id.in_(ids)))
        numbers |= {row.id: row.number for row in found}
    rows = [
        revision_columns(one)
        | {"item_id": item_id, "number": numbers[item_id], "created_at": now}
        | _timer(one, now)
        | {"content_hash": _stored_hash(one, known.texts.get(item_id, NO_TEXTS), numbers[item_id])}
        # Whoever was told an item must hear when it turns out to be nothing; nobody else cares.
        | {"matched_at": None if one.judgement.relevant or item_id in known.told_of else now}
        for item_id, one in changed.items()
    ]
    connection.execute(insert(item_revision), rows)
    shown = update(item).where(item.c.id == bindparam("item")).values(shown=item.c.number)
    if visible := [{"item": item_id} for item_id, one in changed.items() if not one.hold]:
        connection.execute(shown, visible)


def _stored_hash(revision: Revision, texts: Texts, number: int) -> str:
    """Return a hash that is unique within the item, also for a text that the source has gone back to."""
    plain = revision.content_hash
    return f"{plain}{RETURNED}{number}" if plain in texts.hashes else plain


def _remember_keys(connection: Connection, planned: Sequence[Planned], ids: Ids) -> None:
    """Write new keys down with their items and texts."""
    rows: list[Values] = []
    for poll in planned:
        feed_id, now = poll.state.feed_id, poll.result.finished_at
        hashes = {one.item.key: one.content_hash for one in poll.revisions}
        fresh = {one.item.key: ids[feed_id, one.item.key] for one in poll.plan.new} | poll.plan.aliases
        row = {"feed_id": feed_id, "first_seen_at": now, "last_seen_at": now}
        rows += [
            row | {"key": key, "item_id": item_id, "text_hash": hashes.get(key)}
            for key, item_id in fresh.items()
        ]
    insert_new(connection, seen_key, rows)


def _learn_texts(connection: Connection, planned: Sequence[Planned]) -> None:
    here = (seen_key.c.feed_id == bindparam("feed")) & (seen_key.c.key == bindparam("shown"))
    rows = [
        {"feed": poll.state.feed_id, "shown": key, "text": text}
        for poll in planned for key, text in poll.texts.items()
    ]  # fmt: skip
    if rows:
        connection.execute(update(seen_key).where(here).values(text_hash=bindparam("text")), rows)
