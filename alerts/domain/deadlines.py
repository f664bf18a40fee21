"""Deadlines of a company's calendar, each with one identity through all revisions of its item.

A date that an item states under one role is one deadline. When a revision moves it, it is the same deadline with a new date and
the next sequence number; when a revision takes it out, or the notice is withdrawn, it is cancelled; so a calendar program
follows instead of showing both.

Source: RFC 5545 section 3.8.7.4 (SEQUENCE) and 3.8.1.11 (STATUS).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from alerts.domain.changes import stays_withdrawn
from alerts.domain.items import Obligation, StoredItem
from alerts.domain.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Deadline:
    """A dated consequence of an item. ``key`` never changes; ``sequence`` counts moves, cancelling and coming back."""

    key: str
    stored: StoredItem  # the newest revision
    obligation: Obligation
    sequence: int
    changed_at: datetime
    cancelled: bool = False


def deadlines(revisions: Sequence[StoredItem]) -> list[Deadline]:
    """Return the deadlines of one item from its revisions, the oldest first."""
    known: list[Deadline] = []
    for stored in revisions:
        for role in Role:
            _follow(known, stored, role)
    states = [stays_withdrawn(revisions[: number + 1]) for number in range(len(revisions))]
    turns = [
        revisions[number] for number in range(1, len(states)) if states[number] is not states[number - 1]
    ]
    if turns:
        known = [_in_force(one, turns, withdrawn=states[-1]) for one in known]
    return [replace(one, stored=revisions[-1]) for one in known]


def _in_force(one: Deadline, turns: Sequence[StoredItem], *, withdrawn: bool) -> Deadline:
    """Return a deadline as cancelled while the source says in words that its notice is withdrawn, whatever dates still stand there.

    Each of the ``turns`` with which this began or ended counts in the sequence, so that it never falls.
    """
    last = turns[-1]
    return replace(
        one,
        cancelled=one.cancelled or withdrawn,
        sequence=one.sequence + len(turns),
        changed_at=max(one.changed_at, last.changed_at or last.first_seen_at),
    )


def of_company(items: Iterable[Sequence[StoredItem]], since: date) -> list[Deadline]:
    """Return the deadlines of several items from ``since`` on, by date; of one matter the same date under one role once."""
    told: set[tuple[int, Role, date]] = set()
    found = []
    for revisions in items:
        for one in deadlines(revisions):
            matter = one.stored.matter_id
            here = (matter or -one.stored.id, one.obligation.role, one.obligation.date)
            if one.obligation.date < since or (here in told and not one.cancelled):
                continue
            found.append(one)
            told |= set() if one.cancelled else {here}
    return sorted(found, key=lambda one: (one.obligation.date, one.key))


def _follow(known: list[Deadline], stored: StoredItem, role: Role) -> None:
    """Bring the deadlines of one role up to a revision: what is still there, what moved, what is gone, what is new."""
    stated = {one.date: one for one in stored.judgement.obligations if one.role is role}
    mine = [(place, one) for place, one in enumerate(known) if one.obligation.role is role]
    gone = [(place, one) for place, one in mine if one.obligation.date not in stated and not one.cancelled]
    held = {one.obligation.date for _, one in mine}
    fresh = [stated[day] for day in sorted(stated.keys() - held)]
    at = stored.changed_at or stored.first_seen_at
    for place, one in mine:
        if one.cancelled and one.obligation.date in stated:  # the source has gone back to it
            known[place] = replace(one, cancelled=False, sequence=one.sequence + 1, changed_at=at)
    for place, one in gone:
        moved = fresh.pop(0) if fresh else None
        known[place] = replace(
            one, obligation=moved or one.obligation, cancelled=moved is None, sequence=one.sequence + 1, changed_at=at
        )  # fmt: skip
    for number, obligation in enumerate(fresh, len(mine)):
        known.append(Deadline(f"{stored.id}-{role}-{number}", stored, obligation, 0, at))
