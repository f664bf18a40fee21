"""Dates that bind, the soonest first: looked up month by month, since the newest notices are seldom those that are due next."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from alerts.domain.items import ItemQuery, Obligation, StoredItem
from alerts.store import Store


@dataclass(frozen=True, slots=True)
class Coming:
    """A dated consequence, and the notice that has it."""

    obligation: Obligation
    stored: StoredItem


@dataclass(frozen=True, slots=True)
class Agenda:
    """The dates of a span. Not ``complete``: more notices have one than were looked at; months before that of the last are whole."""

    dues: tuple[Coming, ...]
    complete: bool


def agenda(store: Store, wish: ItemQuery, span: tuple[date, date], enough: int | None = None) -> Agenda:
    """Return the dates of ``span`` of the notices that fit; ``wish.limit`` notices are looked at in all.

    With ``enough`` dates no later month is looked at.
    """
    found: list[Coming] = []
    left = wish.limit
    for first, last in _months(*span):
        page = store.items.query(replace(wish, obliged=(first, last), limit=left))
        found += [
            Coming(due, one)
            for one in page.items
            for due in one.judgement.obligations
            if first <= due.date <= last
        ]
        left -= len(page.items)
        if page.next_before_id is not None or (left < 1 and last < span[1]):
            return Agenda(_ordered(found), complete=False)
        if enough is not None and len(found) >= enough:
            break
    return Agenda(_ordered(found), complete=True)


def _ordered(found: list[Coming]) -> tuple[Coming, ...]:
    return tuple(sorted(found, key=lambda one: (one.obligation.date, one.stored.id, one.obligation.role)))


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the parts of a span that lie in one month each."""
    while first <= last:
        following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        yield first, min(last, following - timedelta(days=1))
        first = following
