"""What the items of a matter say together: how grave, where, about what, and what is still to come."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from alerts.domain.facets import shown_day
from alerts.domain.items import Obligation, StoredItem
from alerts.domain.matters import Matter
from alerts.domain.vocabulary import Event, Kind, Language, Right, Severity, severity_rank

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Due:
    """A dated consequence, and the item that states it."""

    obligation: Obligation
    item_id: int


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """The items of a matter taken together. ``latest`` is the newest that came: what the event has come to."""

    severity: Severity
    kinds: tuple[Kind, ...]
    events: tuple[Event, ...]  # in the order in which they were told
    rights: tuple[Right, ...]
    jurisdictions: tuple[str, ...]
    identifiers: tuple[str, ...]
    feeds: tuple[str, ...]
    dues: tuple[Due, ...]  # each day and role once, the soonest first
    first_day: date
    last_day: date
    latest: StoredItem

    def next_due(self, today: date) -> Due | None:
        """Return the next dated consequence that can still be met."""
        return next((due for due in self.dues if due.obligation.date >= today), None)


def facts_of(matter: Matter) -> MatterFacts:
    """Return what a matter's items say together; a matter has one at least.

    Items that turned out not to be about intellectual property count only where there is nothing else.
    """
    every = [one.stored for one in matter.members]
    items = [one for one in every if one.judgement.relevant] or every
    days = [shown_day(one) for one in items]
    return MatterFacts(
        severity=max((one.judgement.severity for one in items), key=severity_rank),
        kinds=_once(items, lambda one: [one.judgement.kind]),
        events=_once(items, lambda one: [one.judgement.event]),
        rights=_once(items, lambda one: one.judgement.rights),
        jurisdictions=_once(items, lambda one: one.jurisdictions),
        identifiers=_once(items, lambda one: one.judgement.identifiers),
        feeds=_once(items, lambda one: [one.feed_id]),
        dues=_dues(items),
        first_day=min(days),
        last_day=max(days),
        latest=max(items, key=lambda one: (shown_day(one), one.id)),
    )


def headline(matter: Matter, language: Language | None = None) -> StoredItem:
    """Return the item whose title names a matter: the first in the reader's language, else the first of all."""
    items = [one.stored for one in matter.members]
    tongue = language.value.partition("-")[0] if language else None
    mine = (one for one in items if tongue and (one.item.language or "").partition("-")[0] == tongue)
    return next(mine, items[0])


def _once(items: Iterable[StoredItem], what: Callable[[StoredItem], Iterable[T]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(each for one in items for each in what(one)))


def _dues(items: Iterable[StoredItem]) -> tuple[Due, ...]:
    """Return each day and role once, as the newest item that states it has it."""
    found = {
        (due.date, due.role): Due(due, one.id)
        for one in sorted(items, key=lambda one: one.id)
        for due in one.judgement.obligations
    }
    return tuple(found[key] for key in sorted(found))
