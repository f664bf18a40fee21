"""What the judge of arrivals is shown: the new entries, the stored items they may be, and how many are usual.

All of it is asked for only when a poll brought entries that the feed never showed, and the stored items only when these
are enough to be a re-keyed feed.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from alerts.domain.collected import PollResult
from alerts.domain.events import Arrivals, Seen, seen
from alerts.domain.items import Revision
from alerts.store.statements import AnyRow, pieces
from alerts.store.tables import item, item_revision, seen_key

MANY = 5  # new entries from which stored items are compared
COMPARED = 1000  # newest stored items


def arrivals_of(
    connection: Connection,
    state: AnyRow,
    result: PollResult,
    new: Sequence[Revision],
    keys: Mapping[str, int | None],
) -> Arrivals:
    """Return what one document brought; ``keys`` are those of its entries that the feed had shown before."""
    entries = {revision.item.key for revision in result.revisions}
    return Arrivals(
        fresh=tuple(seen(revision) for revision in new),
        absent=_absent(connection, state.feed_id, _shown(connection, state, result, keys))
        if len(new) >= MANY
        else (),
        known=len(entries) + len(result.known) - len(new),
        usual_batch=state.batch_p95 or 0,
        continuous=result.continuous,
        documents=result.documents,
    )


def _shown(
    connection: Connection, state: AnyRow, result: PollResult, keys: Mapping[str, int | None]
) -> frozenset[int]:
    """Return the stored items that the document shows."""
    shown = {one for one in keys.values() if one}
    for piece in pieces(result.known):
        here = (seen_key.c.feed_id == state.feed_id) & seen_key.c.key.in_(piece)
        shown |= {one for one in connection.execute(select(seen_key.c.item_id).where(here)).scalars() if one}
    return frozenset(shown)


def _absent(connection: Connection, feed_id: str, shown: frozenset[int]) -> tuple[Seen, ...]:
    texts = [
        item_revision.c.title,
        item_revision.c.summary,
        item_revision.c.url,
        item_revision.c.published_at,
    ]
    newest = select(item.c.id, item.c.key, *texts).join(
        item_revision, (item_revision.c.item_id == item.c.id) & (item_revision.c.number == item.c.number)
    )
    newest = newest.where(item.c.feed_id == feed_id).order_by(item.c.id.desc()).limit(COMPARED)
    return tuple(_seen(row) for row in connection.execute(newest) if row.id not in shown)


def _seen(row: AnyRow) -> Seen:
    return Seen(row.key, row.title, row.summary, row.url, row.published_at, row.id)
