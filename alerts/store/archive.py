"""Putting what a poll saw into the archive: which entries are new, which changed, which are known.

A key that the feed has shown before is known for ever, also after its item is gone. Where a feed's
identifiers turned out to name something larger and its entries got keys of another kind, an entry
whose text is stored under the old key becomes an alias of that item, so that nobody is told twice.
A text that the source goes back to is a revision like any other: readers must hear that a withdrawal was withdrawn.

New entries of a known feed are first shown to a judge (:mod:`alerts.vigil`), who may find that they are old items under
new identifiers, or too many at once. An item that changed 24 times is taken as it is from then on.

A thousand entries cost a handful of statements: keys and texts are asked for in pieces, rows written in batches. Keys that
the caller knows to be known (:mod:`alerts.store.familiar`) cost nothing but one statement a day that says when they were seen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select, update

from alerts.domain.collected import PollResult, PollSaved
from alerts.domain.events import FLOOD_HELD, ArrivalJudge, EventKind, Ruling
from alerts.domain.items import Revision
from alerts.store.arrivals import arrivals_of
from alerts.store.convert import revision_columns
from alerts.store.familiar import touch
from alerts.store.statements import AnyRow, insert_new, pieces
from alerts.store.tables import item, item_revision, seen_key

MOST_REVISIONS = 24  # of one item: whatever changes oftener is no news
TOUCH_EVERY = timedelta(days=1)  # keys are pruned by the year, so the day is exact enough


@dataclass(frozen=True, slots=True)
class Texts:
    """The revisions of one item: hashes of all of them, the newest's, and how many there are."""

    hashes: frozenset[str]
    newest: str
    count: int


RETURNED = "~"  # parts a hash from the revision number under which its text came back
NO_TEXTS = Texts(frozenset(), "", 0)


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive holds of the entries at hand; a key without item outlived it."""

    keys: Mapping[str, int | None]
    texts: Mapping[int, Texts]  # by item id
    told_of: frozenset[int]  # items of which some revision was relevant


NOTHING = Known({}, {}, frozenset())


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written; :func:`_plan` fills the lists."""

    new: list[Revision] = field(default_factory=list)
    changed: dict[int, Revision] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
    braked: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Saved:
    """What was stored, and what the admin must know of it."""

    poll: PollSaved = field(default_factory=PollSaved)
    events: tuple[tuple[EventKind, str], ...] = ()


def save_items(
    connection: Connection, state: AnyRow, result: PollResult, judge: ArrivalJudge | None = None
) -> Saved:
    """Return what was new, changed and known among the entries of one poll, now stored."""
    revisions = _first_of_each_key(result.revisions)
    if not revisions and not result.known:
        return Saved()
    known = NOTHING if _all_new(state, result, revisions) else _look_up(connection, state.feed_id, revisions)
    plan = _plan(revisions, known)
    ruling = Ruling()
    if judge is not None and state.bootstrapped and state.item_count and plan.new:
        ruling = judge(arrivals_of(connection, state, result, plan.new, known.keys))
        plan = _ruled(plan, ruling)
    now = result.finished_at
    ids = _insert_items(connection, state, result, plan.new)
    _insert_revisions(connection, state, result, [(ids[one.item.key], one) for one in plan.new])
    _insert_changes(connection, plan.changed, known, now)
    hashes = {one.item.key: one.content_hash for one in revisions}
    _remember_keys(connection, state.feed_id, ids | plan.aliases, (hashes, now))
    _learn_texts(connection, state.feed_id, _reread(plan, revisions, known))
    if touches(state.touched_at, now):
        seen = [one.item.key for one in revisions if one.item.key in known.keys]
        touch(connection, state.feed_id, [*seen, *result.known], now)
    same = len(revisions) + len(result.known) - len(plan.new) - len(plan.changed)
    saved = PollSaved(len(plan.new), len(plan.changed), same, new_item_ids=tuple(sorted(ids.values())))
    return Saved(saved, ruling.events + _braked(plan))


def _all_new(state: AnyRow, result: PollResult, revisions: Sequence[Revision]) -> bool:
    """Return whether the store has said under this claim that it never saw any of these; a key of another kind may be an alias."""
    return not state.item_count and 0 < len(revisions) == result.unseen


def touches(touched_at: datetime | None, now: datetime) -> bool:
    """Return whether it is time to write down when the keys of a document were last seen."""
    return touched_at is None or now - touched_at >= TOUCH_EVERY


def _ruled(plan: Plan, ruling: Ruling) -> Plan:
    """Return the plan as the judge of arrivals changed it: old items in new clothes, and what is held."""
    new = [
        replace(one, held=one.held or FLOOD_HELD) if one.item.key in ruling.held else one
        for one in plan.new
        if one.item.key not in ruling.aliases
    ]
    return replace(plan, new=new, aliases=plan.aliases | ruling.aliases)


def _braked(plan: Plan) -> tuple[tuple[EventKind, str], ...]:
    if not plan.braked:
        return ()
    items = ", ".join(str(item_id) for item_id in plan.braked[:5])
    return ((EventKind.BRAKE, f"item {items}: {MOST_REVISIONS} revisions"),)


def unseen_keys(connection: Connection, feed_id: str, keys: Sequence[str]) -> list[str]:
    """Return those keys that the feed has never shown, in their order."""
    known: set[str] = set()
    for piece in pieces(keys):
        here = (seen_key.c.feed_id == feed_id) & seen_key.c.key.in_(piece)
        known |= set(connection.execute(select(seen_key.c.key).where(here)).scalars())
    return [key for key in keys if key not in known]


def _first_of_each_key(revisions: Iterable[Revision]) -> list[Revision]:
    first: dict[str, Revision] = {}
    for revision in revisions:
        first.setdefault(revision.item.key, revision)
    return list(first.values())


def _look_up(connection: Connection, feed_id: str, revisions: Sequence[Revision]) -> Known:
    wanted = {key for one in revisions for key in (one.item.key, one.item.guid_key) if key is not None}
    keys: dict[str, int | None] = {}
    for piece in pieces(sorted(wanted)):
        here = (seen_key.c.feed_id == feed_id) & seen_key.c.key.in_(piece)
        keys |= {row.key: row.item_id for row in connection.execute(select(seen_key).where(here))}
    ids = sorted({one for one in keys.values() if one is not None})
    rows: list[AnyRow] = []
    for some in pieces(ids):
        rows += connection.execute(_REVISIONS.where(_of(some)))
    told_of = frozenset(row.item_id for row in rows if row.relevant)
    return Known(keys, _texts(rows), told_of)


_REVISIONS = select(
    item_revision.c.item_id, item_revision.c.content_hash, item_revision.c.relevant, item_revision.c.number
)


def _of(ids: Sequence[int]) -> ColumnElement[bool]:
    return item_revision.c.item_id.in_(ids)


def _texts(rows: Sequence[AnyRow]) -> dict[int, Texts]:
    """Return the texts by item; a text that came back has the hash it had before."""
    by_item: dict[int, dict[int, str]] = {}
    for row in rows:
        by_item.setdefault(row.item_id, {})[row.number] = row.content_hash.partition(RETURNED)[0]
    return {
        item_id: Texts(frozenset(numbered.values()), numbered[max(numbered)], len(numbered))
        for item_id, numbered in by_item.items()
    }


def _plan(revisions: Sequence[Revision], known: Known) -> Plan:
    plan = Plan()
    for revision in revisions:
        key = revision.item.key
        original = known.keys.get(revision.item.guid_key or "")
        if (
            key not in known.keys
            and original
            and revision.content_hash in known.texts.get(original, NO_TEXTS).hashes
        ):
            plan.aliases[key] = original
        elif key not in known.keys:
            plan.new.append(revision)
        elif _is_change(revision, known, plan):
            _change(int(known.keys[key] or 0), revision, known, plan)
    return plan


def _change(item_id: int, revision: Revision, known: Known, plan: Plan) -> None:
    """Plan a change, unless the item has had too many."""
    if known.texts.get(item_id, NO_TEXTS).count < MOST_REVISIONS:
        plan.changed[item_id] = revision
    else:
        plan.braked.append(item_id)


def _is_change(revision: Revision, known: Known, plan: Plan) -> bool:
    item_id = known.keys[revision.item.key]
    if item_id is None or item_id in plan.changed:  # one change an item and poll; aliases share an item
        return False
    return revision.content_hash != known.texts.get(item_id, NO_TEXTS).newest


def _insert_items(
    connection: Connection, state: AnyRow, result: PollResult, new: Sequence[Revision]
) -> dict[str, int]:
    """Return the ids of the new items by their keys."""
    if not new:
        return {}
    rows = [
        {
            "feed_id": state.feed_id, "key": one.item.key, "number": 1, "shown": 0 if one.held else 1,
            "first_seen_at": result.finished_at, "changed_at": None, "matter_id": None,
            "baseline": _is_baseline(one, state, result),
        }
        for one in new
    ]  # fmt: skip
    inserted = connection.execute(insert(item).returning(item.c.id, item.c.key), rows)
    return {row.key: row.id for row in inserted}


def _is_baseline(revision: Revision, state: AnyRow, result: PollResult) -> bool:
    """Return whether this is what the feed already held before anybody watched it, so nobody is told."""
    published = revision.item.published
    recent = published is not None and published.at >= result.started_at - result.look_back
    return not state.bootstrapped and not recent


def _insert_revisions(
    connection: Connection, state: AnyRow, result: PollResult, new: Sequence[tuple[int, Revision]]
) -> None:
    now = result.finished_at
    rows = [
        revision_columns(one)
        | {"item_id": item_id, "number": 1, "created_at": now}
        | {"matched_at": now if _is_baseline(one, state, result) or not one.judgement.relevant else None}
        for item_id, one in new
    ]
    if rows:
        connection.execute(insert(item_revision), rows)


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
        | {"content_hash": _stored_hash(one, known.texts.get(item_id, NO_TEXTS), numbers[item_id])}
        # Whoever was told an item must hear when it turns out to be nothing; nobody else cares.
        | {"matched_at": None if one.judgement.relevant or item_id in known.told_of else now}
        for item_id, one in changed.items()
    ]
    connection.execute(insert(item_revision), rows)
    shown = update(item).where(item.c.id == bindparam("item")).values(shown=item.c.number)
    if visible := [{"item": item_id} for item_id, one in changed.items() if not one.held]:
        connection.execute(shown, visible)


def _stored_hash(revision: Revision, texts: Texts, number: int) -> str:
    """Return a hash that is unique within the item, also for a text that the source has gone back to."""
    plain = revision.content_hash
    return f"{plain}{RETURNED}{number}" if plain in texts.hashes else plain


def _remember_keys(
    connection: Connection, feed_id: str, ids: Mapping[str, int], seen: tuple[Mapping[str, str], datetime]
) -> None:
    """Write down keys with their items and texts; ``seen`` are the hashes of the document, and when it was read."""
    hashes, now = seen
    row = {"feed_id": feed_id, "first_seen_at": now, "last_seen_at": now}
    fresh = ids.items()
    rows = [row | {"key": key, "item_id": item_id, "text_hash": hashes.get(key)} for key, item_id in fresh]
    insert_new(connection, seen_key, rows)


def _reread(plan: Plan, revisions: Sequence[Revision], known: Known) -> dict[str, str]:
    """Return the texts that known keys stand for now: of what changed, and of what was looked at and was the same."""
    fresh = {one.item.key for one in plan.new} | set(plan.aliases)
    braked = set(plan.braked)
    kept = (
        one for one in revisions if one.item.key not in fresh and known.keys.get(one.item.key) not in braked
    )
    return {one.item.key: one.content_hash for one in kept}


def _learn_texts(connection: Connection, feed_id: str, texts: Mapping[str, str]) -> None:
    here = (seen_key.c.feed_id == feed_id) & (seen_key.c.key == bindparam("shown"))
    if rows := [{"shown": key, "text": text} for key, text in texts.items()]:
        connection.execute(update(seen_key).where(here).values(text_hash=bindparam("text")), rows)
