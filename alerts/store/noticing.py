"""Writing down, in the transaction of a poll, what it shows of its source."""

from sqlalchemy import Connection

from alerts.domain.collected import PollResult
from alerts.domain.conditions import blind, turned
from alerts.domain.events import EventKind
from alerts.store.archive import Saved
from alerts.store.events import end_events, open_event
from alerts.store.statements import AnyRow
from alerts.store.states import state_of


def notice(
    connection: Connection, lasting: frozenset[EventKind], row: AnyRow, done: tuple[PollResult, Saved]
) -> dict[str, object]:
    """Begin and end the events of a feed; return the columns that say what it calls itself.

    ``row`` is the state before the poll, ``lasting`` the kinds of its open events, ``done`` what the poll brought.
    """
    result, saved = done
    before, now = state_of(row), result.finished_at
    change = turned(before, result, saved.events, saved.poll.new)
    if change.ended & lasting:
        end_events(connection, row.feed_id, sorted(change.ended & lasting), now)
    for event in change.begun:
        open_event(connection, row.feed_id, event, now)
    scoped = any(kind is EventKind.SCOPE for kind, _ in change.begun)
    return {
        "layout_failures": blind(before, result),
        "feed_title": result.feed_title or before.feed_title,
        "feed_language": result.feed_language or before.feed_language,
        "scope_changed_at": now if scoped else before.scope_changed_at,
    }
