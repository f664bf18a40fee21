"""The items of matters, as readers see them: never more of one matter than a page holds, the newest of them."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, select

from alerts.domain.matters import Matter, Member, Tie
from alerts.store.convert import SHOWN, stored_columns, stored_item
from alerts.store.statements import fetch, pieces
from alerts.store.tables import item, matter

MOST = 200  # items of one matter that are read at once
# Put together once: every page of a notice asks these.
_MATTERS = (
    select(matter).where(matter.c.id.in_(bindparam("ids", expanding=True))).order_by(matter.c.id.desc())
)
_SHOWN = stored_columns().add_columns(item.c.tie)
_SHOWN = _SHOWN.where(item.c.id.in_(bindparam("ids", expanding=True)), SHOWN).order_by(item.c.id)
_PLACE = func.row_number().over(partition_by=item.c.matter_id, order_by=item.c.id.desc())
_NUMBERED = (
    select(item.c.id, _PLACE.label("place"))
    .where(item.c.matter_id.in_(bindparam("ids", expanding=True)), item.c.shown > 0)
    .subquery()
)
_NEWEST = select(_NUMBERED.c.id).where(_NUMBERED.c.place <= bindparam("most")).order_by(_NUMBERED.c.id)


def matters_of(connection: Connection, matter_ids: Sequence[int], most: int = MOST) -> list[Matter]:
    """Return the matters, the newest first, each with the newest of its items, the oldest first."""
    rows = fetch(connection, _MATTERS, ids=list(matter_ids))
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
    newest = fetch(connection, _NEWEST, ids=list(matter_ids), most=most)  # in the order of their numbers
    for piece in pieces([row.id for row in newest]):
        for row in fetch(connection, _SHOWN, ids=piece):
            members.setdefault(row.matter_id, []).append(Member(stored_item(row), _tie(row.tie)))
    return members


def _tie(text: str | None) -> Tie | None:
    if text is None:
        return None
    how, _, because = text.partition(": ")
    return Tie(how, because)
