"""Which entries of a poll are new, which changed, which are known; nothing is written here.

A key that the feed has shown before is known for ever, also after its item is gone. Where a feed's
identifiers turned out to name something larger and its entries got keys of another kind, an entry
whose text is stored under the old key becomes an alias of that item, so that nobody is told twice.
A text that the source goes back to is a revision like any other: readers must hear that a withdrawal was withdrawn.

New entries of a known feed are first shown to a judge (:mod:`alerts.vigil`), who may find that they are old items under
new identifiers, or too many at once. An item that changed 24 times is taken as it is from then on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import ColumnElement, Connection, select

from alerts.domain.collected import PollResult
from alerts.domain.events import FLOOD_HELD, ArrivalJudge, EventKind, Ruling
from alerts.domain.items import Revision
from alerts.domain.review import Hold
from alerts.store.arrivals import arrivals_of
from alerts.store.statements import AnyRow, pieces
from alerts.store.tables import item_revision, seen_key

MOST_REVISIONS = 24  # of one item: whatever changes oftener is no news


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
class Planned:
    """What one poll brings into the archive; ``state`` is the feed's row before it."""

    state: AnyRow
    result: PollResult
    revisions: tuple[Revision, ...]  # the first of each key
    known: Known
    plan: Plan
    events: tuple[tuple[EventKind, str], ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        """Return the texts that known keys stand for now: of what changed, and of what was looked at and was the same."""
        fresh = {one.item.key for one in self.plan.new} | set(self.plan.aliases)
        braked = set(self.plan.braked)
        kept = (one for one in self.revisions if one.item.key not in fresh)
        return {
            one.item.key: one.content_hash for one in kept if self.known.keys.get(one.item.key) not in braked
        }


def plan_items(
    connection: Connection, state: AnyRow, result: PollResult, judge: ArrivalJudge | None = None
) -> Planned:
    """Return what is new, changed and known among the entries of one poll."""
    revisions = _first_of_each_key(result.revisions)
    known = NOTHING if _all_new(result, revisions) else _look_up(connection, state.feed_id, revisions)
    plan = _plan(revisions, known)
    ruling = Ruling()
    if judge is not None and state.bootstrapped and state.item_count and plan.new:
        ruling = judge(arrivals_of(connection, state, result, plan.new, known.keys))
        plan = _ruled(plan, ruling)
    return Planned(state, result, tuple(revisions), known, plan, ruling.events + _braked(plan))


def _all_new(result: PollResult, revisions: Sequence[Revision]) -> bool:
    """Return whether the store has said under this claim that it never saw any of these, under no key that they may have had."""
    plain = all(one.item.guid_key in (None, one.item.key) for one in revisions)
    return plain and 0 < len(revisions) == result.unseen


def _ruled(plan: Plan, ruling: Ruling) -> Plan:
    """Return the plan as the judge of arrivals changed it: old items in new clothes, and what is held."""
    new = [
        replace(one, hold=one.hold or Hold(FLOOD_HELD)) if one.item.key in ruling.held else one
        for one in plan.new
        if one.item.key not in ruling.aliases
    ]
    return replace(plan, new=new, aliases=plan.aliases | ruling.aliases)


def _braked(plan: Plan) -> tuple[tuple[EventKind, str], ...]:
    if not plan.braked:
        return ()
    items = ", ".join(str(item_id) for item_id in plan.braked[:5])
    return ((EventKind.BRAKE, f"item {items}: {MOST_REVISIONS} revisions"),)


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
