"""The items of matters, as readers see them: never more of one matter than a page holds, the newest of them."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from alerts.domain.matters import Matter, Member, Tie
from alerts.store.convert import SHOWN, stored_columns, stored_item
from alerts.store.statements import fetch, pieces
from alerts.store.tables import item, matter

MOST = 200  # items of one matter that are read at once


def matters_of(connection: Connection, matter_ids: Sequence[int], most: int = MOST) -> list[Matter]:
    """Return the matters, the newest first, each with the newest of its items, the oldest first."""
    rows = fetch(connection, select(matter).where(matter.c.id.in_(matter_ids)).order_by(matter.c.id.desc()))
    members = members_of(connection, matter_ids, most)
    return [
        Matter(row.id, row.title, row.created_at, tuple(members.get(row.id, ())), row.merged_into)
        for row in rows
    ]


def members_of(
    connection: Connection, matter_ids: Sequence[int], most: int = MOST
) -> dict[int, list[Member]]:
    """Return the newest items of each matter that readers see, the oldest of them first."""
    members: dict[int, list[Member]] = {}
    for piece in pieces(_newest(connection, matter_ids, most)):
        shown = stored_columns().add_columns(item.c.tie)
        shown = shown.where(item.c.id.in_(piece), SHOWN)
        for row in fetch(connection, shown.order_by(item.c.id)):
            members.setdefault(row.matter_id, []).append(Member(stored_item(row), _tie(row.tie)))
    return members


def _newest(connection: Connection, matter_ids: Sequence[int], most: int) -> list[int]:
    """Return the numbers of items, in their order."""
    place = func.row_number().over(partition_by=item.c.matter_id, order_by=item.c.id.desc())
    mine = select(item.c.id, place.label("place")).where(item.c.matter_id.in_(matter_ids), item.c.shown > 0)
    numbered = mine.subquery()
    wanted = select(numbered.c.id).where(numbered.c.place <= most).order_by(numbered.c.id)
    return list(connection.execute(wanted).scalars())


def _tie(text: str | None) -> Tie | None:
    if text is None:
        return None
    how, _, because = text.partition(": ")
    return Tie(how, because)
