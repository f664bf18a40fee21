"""Matters: items about one event, tied as they come, split and joined by editors.

A round of tying is one transaction under the row of a counter, so that two processes never tie twins past each other.
Candidates are found by key (:mod:`alerts.matter.traits`), never by looking through the archive. A split or join
is final: what an editor has placed has a matter of its own and is never placed again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from alerts.domain.errors import InputError
from alerts.domain.items import ItemQuery, StoredItem
from alerts.domain.matters import BY_EDITOR, Matter, MatterPage, Tie
from alerts.store.convert import SHOWN, stored_columns, stored_item
from alerts.store.database import Database
from alerts.store.ledger import Event, record
from alerts.store.lookup import MATTERS, found_ids, names_nothing
from alerts.store.members import matters_of
from alerts.store.search import mark_due
from alerts.store.statements import AnyRow, count_up, fetch, insert_new, pieces
from alerts.store.tables import item, item_revision, matter, matter_key

LARGEST_PAGE, LISTED = 100, 50  # matters of a page, and items of each that a list looks at
PER_KEY = 20  # of the items under one key the newest are looked at: a broad key says little

Keys = Callable[[StoredItem], Sequence[str]]
Choose = Callable[[StoredItem, Sequence[StoredItem]], tuple[int, Tie] | None]


@dataclass(frozen=True, slots=True)
class Rules:
    """What finds candidates, what chooses among them, and how far back they are looked for."""

    keys: Keys
    choose: Choose
    window: timedelta


@dataclass(frozen=True, slots=True)
class Wish:
    """An editor's wish: which items, who wishes it, why, and when."""

    item_ids: tuple[int, ...]
    by: str
    why: str
    at: datetime


class Matters:
    """The events that items tell of."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def tie_batch(self, rules: Rules, now: datetime, limit: int = 200) -> int:
        """Return how many new items were looked at; each is tied to the matter of another or stays by itself."""
        return self._db.write(lambda connection: _tie_batch(connection, rules, now, limit))

    def get(self, matter_id: int) -> Matter | None:
        """Return a matter with its items as readers see them, the oldest first; None when there is none."""
        found = self._db.read(lambda connection: matters_of(connection, [matter_id]))
        return found[0] if found else None

    def of_item(self, item_id: int) -> Matter | None:
        """Return the matter of an item; None when it stands by itself."""
        here = select(item.c.matter_id).where(item.c.id == item_id)
        matter_id = self._db.read(lambda connection: connection.execute(here).scalar())
        return None if matter_id is None else self.get(matter_id)

    def current(self, matter_id: int) -> Matter | None:
        """Return a matter with its items, of one that was joined to another that other; None without items to see."""

        def read(connection: Connection) -> Matter | None:
            seen: set[int] = set()
            number: int | None = matter_id
            while number is not None and number not in seen:
                seen.add(number)
                found = matters_of(connection, [number])
                if found and found[0].members:
                    return found[0]
                number = found[0].merged_into if found else None
            return None

        return self._db.read(read)

    def query(self, query: ItemQuery) -> MatterPage:
        """Return one page of the matters whose items, taken together, fit every wish, the newest matter first.

        ``before_id`` of the query is the number of a matter.
        """
        limit = max(1, min(query.limit, LARGEST_PAGE))
        if names_nothing(query):
            return MatterPage()

        def read(connection: Connection) -> MatterPage:
            ids = found_ids(connection, query, limit + 1, MATTERS)
            more = ids[limit - 1] if len(ids) > limit else None
            return MatterPage(tuple(matters_of(connection, ids[:limit], LISTED)), more)

        return self._db.read(read)

    def newest(self, limit: int = 50) -> list[Matter]:
        """Return the newest matters that have items, the newest first."""
        shown = select(item.c.matter_id).where(item.c.matter_id.is_not(None)).group_by(item.c.matter_id)
        shown = shown.order_by(item.c.matter_id.desc()).limit(limit)

        def read(connection: Connection) -> list[Matter]:
            return matters_of(connection, list(connection.execute(shown).scalars()))

        return self._db.read(read)

    def split(self, wish: Wish) -> int:
        """Return the number of the new matter into which the items were taken out of theirs.

        Raises:
            InputError: an item is not there, or none of them is tied to anything else.
        """
        return self._db.write(lambda connection: _split(connection, wish))

    def join(self, wish: Wish) -> int:
        """Return the number of the matter that the items now share with everything that was tied to them.

        Raises:
            InputError: an item is not there, there are fewer than two, or they share a matter already.
        """
        return self._db.write(lambda connection: _join(connection, wish))

    def prune(self, before: datetime) -> int:
        """Return how many keys of items older than ``before`` were let go; ties stay."""
        gone = delete(matter_key).where(matter_key.c.at < before)
        return self._db.write(lambda connection: connection.execute(gone).rowcount)


def _tie_batch(connection: Connection, rules: Rules, now: datetime, limit: int) -> int:
    count_up(connection, "matters", 0)  # the row stays locked: ties are made by one process at a time
    fresh = _fresh(connection, limit)
    if not fresh:
        return 0
    keys = {one.id: tuple(dict.fromkeys(rules.keys(one))) if one.judgement.relevant else () for one in fresh}
    known = _known(connection, sorted({key for own in keys.values() for key in own}), now - rules.window)
    others = {one.id: one for one in _texts(connection, sorted({i for ids in known.values() for i in ids}))}
    round_ = _Round(rules, known, others)
    for one in fresh:
        _place(connection, round_, one, keys[one.id], now)
    rows = [{"key": key, "item_id": one.id, "at": now} for one in fresh for key in keys[one.id]]
    insert_new(connection, matter_key, rows)
    for piece in pieces([one.id for one in fresh]):
        connection.execute(update(item).where(item.c.id.in_(piece)).values(tied_at=now))
    return len(fresh)


@dataclass(frozen=True, slots=True)
class _Round:
    """What a round of tying looks in; it grows with each item that was placed."""

    rules: Rules
    known: dict[str, list[int]]  # items by key
    texts: dict[int, StoredItem]


def _fresh(connection: Connection, limit: int) -> list[StoredItem]:
    """Return the newest text of items that were never looked at, the oldest item first."""
    waiting = stored_columns().where(
        item_revision.c.matched_at.is_(None), item_revision.c.held.is_(None), item.c.tied_at.is_(None)
    )
    rows = fetch(connection, waiting.order_by(item_revision.c.id).limit(limit))
    newest = {row.item_id: stored_item(row) for row in rows}
    return [newest[number] for number in sorted(newest)]


def _known(connection: Connection, keys: Sequence[str], since: datetime) -> dict[str, list[int]]:
    """Return the newest items under each key."""
    found: dict[str, list[int]] = {}
    place = func.row_number().over(partition_by=matter_key.c.key, order_by=matter_key.c.item_id.desc())
    for piece in pieces(keys):
        numbered = select(matter_key.c.key, matter_key.c.item_id, place.label("place"))
        under = numbered.where(matter_key.c.key.in_(piece), matter_key.c.at >= since).subquery()
        for row in fetch(connection, select(under).where(under.c.place <= PER_KEY)):
            found.setdefault(row.key, []).append(row.item_id)
    return found


def _texts(connection: Connection, item_ids: Sequence[int]) -> list[StoredItem]:
    found: list[StoredItem] = []
    for piece in pieces(item_ids):
        shown = stored_columns().where(item.c.id.in_(piece), SHOWN)
        found += [stored_item(row) for row in fetch(connection, shown)]
    return found


def _place(
    connection: Connection, round_: _Round, one: StoredItem, keys: Sequence[str], now: datetime
) -> None:
    """Tie one item to what it tells the same event as, and let the next ones find it."""
    ids = sorted({number for key in keys for number in round_.known.get(key, ())} - {one.id})
    found = round_.rules.choose(one, [round_.texts[number] for number in ids if number in round_.texts])
    if found is not None and one.matter_id is None:
        other = round_.texts[found[0]]
        matter_id = other.matter_id or _open(connection, other.item.title, now)
        if other.matter_id is None:
            _put(connection, [other.id], matter_id, None)
        _put(connection, [one.id], matter_id, found[1])
        round_.texts[other.id] = replace(other, matter_id=matter_id)
        one = replace(one, matter_id=matter_id)
    round_.texts[one.id] = one
    for key in keys:
        round_.known.setdefault(key, []).append(one.id)


def _open(connection: Connection, title: str, now: datetime) -> int:
    row = insert(matter).values(title=title, created_at=now).returning(matter.c.id)
    return int(connection.execute(row).scalar_one())


def _put(connection: Connection, item_ids: Sequence[int], matter_id: int, tie: Tie | None) -> None:
    values = {"matter_id": matter_id, "tie": f"{tie.how}: {tie.because}" if tie else None}
    for piece in pieces(item_ids):
        connection.execute(update(item).where(item.c.id.in_(piece)).values(values))
    mark_due(connection, [matter_id])


def _split(connection: Connection, wish: Wish) -> int:
    rows = _placed(connection, wish.item_ids)
    if all(row.matter_id is None for row in rows):
        raise InputError(f"{_listed(wish.item_ids)}: not tied to anything, so there is nothing to split.")
    mine = {row.id for row in rows}
    before = sorted({row.matter_id for row in rows if row.matter_id is not None})
    left = select(func.count()).where(item.c.matter_id.in_(before), item.c.id.not_in(mine))
    if len(before) == 1 and not connection.execute(left).scalar_one():
        raise InputError(f"matter {before[0]} holds nothing else, so there is nothing to split.")
    return _move(connection, wish, "matter-split", _open(connection, rows[0].title, wish.at), before)


def _join(connection: Connection, wish: Wish) -> int:
    rows = _placed(connection, wish.item_ids)
    before = sorted({row.matter_id for row in rows if row.matter_id is not None})
    if len(rows) < 2 or (len(before) == 1 and all(row.matter_id is not None for row in rows)):
        raise InputError(f"{_listed(wish.item_ids)}: name two or more items that do not share a matter yet.")
    target = before[0] if before else _open(connection, rows[0].title, wish.at)
    tied = connection.execute(select(item.c.id).where(item.c.matter_id.in_(before))).scalars()
    everything = tuple(sorted({*wish.item_ids, *tied}))
    return _move(connection, replace(wish, item_ids=everything), "matter-joined", target, before)


def _move(connection: Connection, wish: Wish, event: str, matter_id: int, before: Sequence[int]) -> int:
    """Return the matter, now of these items by the editor's word; the ledger says from where."""
    count_up(connection, "matters", 0)
    _put(
        connection,
        wish.item_ids,
        matter_id,
        Tie(BY_EDITOR, f"{wish.by}, {wish.why}" if wish.why else wish.by),
    )
    for piece in pieces(wish.item_ids):
        connection.execute(update(item).where(item.c.id.in_(piece)).values(tied_at=wish.at))
    mark_due(connection, before)
    _lead_on(connection, [number for number in before if number != matter_id], matter_id)
    detail = {"items": list(wish.item_ids), "from": list(before), "by": wish.by, "why": wish.why}
    record(connection, Event(wish.at, event, f"matter:{matter_id}", detail))
    return matter_id


def _lead_on(connection: Connection, before: Sequence[int], matter_id: int) -> None:
    """Let those that were emptied lead to the matter that has their items now."""
    filled = select(item.c.matter_id).where(item.c.matter_id.in_(before))
    left = set(before) - set(connection.execute(filled).scalars())
    connection.execute(update(matter).where(matter.c.id.in_(left)).values(merged_into=matter_id))


def _placed(connection: Connection, item_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return matter and title of each item, by number.

    Raises:
        InputError: one is not there.
    """
    statement = select(item.c.id, item.c.matter_id, item_revision.c.title).join_from(item, item_revision)
    statement = statement.where(item.c.id.in_(item_ids), item_revision.c.number == item.c.number)
    rows = fetch(connection, statement.order_by(item.c.id))
    missing = sorted(set(item_ids) - {row.id for row in rows})
    if missing:
        raise InputError(f"no item has the number {_listed(missing)}; `alerts items` lists them.")
    return rows


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
