"""Deadlines that no text states: rules of law, each with its citation, applied to what an item reports.

A clock fires when one of its words stands in title or summary, the item's jurisdictions, rights and events are those
that it names, and the day of its event is known: the day of publication, or a day that stands beside the words
("served on 5 May 2026"). The first clock of a role that fires decides, and none fires for a role that the source itself
states: what is computed never stands in for what is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from alerts.classify.days import READ, Written, written_dates
from alerts.classify.obligations import sentence_ends
from alerts.classify.periods import Calendars, Period, Unit, WeekendsOnly, ends
from alerts.classify.reading import Passage, passage
from alerts.classify.terms import Hit, Index, Sense, Term, find, index
from alerts.domain.items import Obligation
from alerts.domain.vocabulary import Event, Right, Role

BESIDE, BEHIND = 60, 12  # characters from the words to a day after them, or before them in dense scripts


@dataclass(frozen=True, slots=True)
class Clock:
    """One rule. Empty ``jurisdictions``, ``rights``, ``events`` allow all; ``first`` and ``last`` bound the event's day."""

    id: str
    role: Role
    law: str
    period: Period
    words: tuple[str, ...]
    beside: bool  # counted from a day beside the words, not from publication
    office: str  # whose holidays count
    jurisdictions: frozenset[str] = frozenset()
    rights: frozenset[Right] = frozenset()
    events: frozenset[Event] = frozenset()
    first: date | None = None
    last: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Clocks:
    """The rule base, with its words as one index."""

    rules: tuple[Clock, ...]
    index: Index
    calendars: Calendars


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of an item when the clocks are asked; ``language`` orders numeric dates."""

    published: date | None
    language: str
    jurisdictions: frozenset[str]
    rights: frozenset[Right]
    event: Event


def clocks(rules: Sequence[Clock], calendars: Calendars | None = None) -> Clocks:
    """Return the rules ready to be asked."""
    terms = (Term(words, Sense(rule.id, "clock", 1.0)) for rule in rules for words in rule.words)
    return Clocks(tuple(rules), index(terms), calendars or WeekendsOnly())


def computed(base: Clocks, texts: Sequence[Passage], case: Case) -> tuple[Obligation, ...]:
    """Return the deadlines that the rules compute for an item, one a role at most, in order of date."""
    own = [
        text if len(text.text) <= READ else passage(text.name, text.text[:READ])
        for text in texts
        if text.name != "publisher"
    ]
    hits = {text.name: find(base.index, text) for text in own}
    found: dict[Role, Obligation] = {}
    for rule in base.rules:
        if rule.role in found or not _concerns(rule, case):
            continue
        event = _event(rule, own, hits, case)
        day = ends(event, rule.period, rule.office, base.calendars) if event else None
        if event and day and day >= (case.published or day):  # who tells of it afterwards asks nothing
            found[rule.role] = Obligation(rule.role, day, stated=False, basis=_basis(rule, event))
    return tuple(sorted(found.values(), key=lambda each: (each.date, each.role)))


def _concerns(rule: Clock, case: Case) -> bool:
    return (
        (not rule.jurisdictions or bool(rule.jurisdictions & case.jurisdictions))
        and (not rule.rights or bool(rule.rights & case.rights))
        and (not rule.events or case.event in rule.events)
    )


def _event(
    rule: Clock, texts: Sequence[Passage], hits: dict[str, tuple[Hit, ...]], case: Case
) -> date | None:
    """Return the day of the event that sets the clock off, where it is known and lies in the rule's time."""
    for text in texts:
        for hit in hits[text.name]:
            if hit.sense.facet == rule.id:
                day = _beside(text, hit, case) if rule.beside else case.published
                if day and (rule.first or day) <= day <= (rule.last or day):
                    return day
    return None


def _beside(text: Passage, hit: Hit, case: Case) -> date | None:
    """Return the nearest day that stands with the words in one sentence."""
    near = [
        (distance, written.day)
        for written in written_dates(text, case.published, case.language)
        if (distance := _gap(text, hit, written)) is not None
    ]
    return min(near)[1] if near else None


def _gap(text: Passage, hit: Hit, written: Written) -> int | None:
    first, last = min(hit.end, written.end), max(hit.start, written.start)
    if any(first < end <= last for end in sentence_ends(text.text)):
        return None
    if written.start >= hit.end:
        return written.start - hit.end if written.start - hit.end <= BESIDE else None
    behind = hit.start - written.end
    return behind if text.dense and 0 <= behind <= BEHIND else None


def _basis(rule: Clock, event: date) -> str:
    unit = str(rule.period.unit).replace("-", " ")
    unit = (
        unit.removesuffix("s")
        if rule.period.number == 1 and rule.period.unit is not Unit.WORKING_DAYS
        else unit
    )
    note = f"; {rule.note}" if rule.note else ""
    return f"{rule.law}: {rule.period.number} {unit} after {event.isoformat()}{note}"
