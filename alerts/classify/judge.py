"""Read an item and say what it is: every conclusion with the words or the rule that led to it.

A pure function of item, source and lexicons; it reads no clock and no network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from alerts.classify.clocks import Case, computed
from alerts.classify.context import SourceContext
from alerts.classify.events import judge_event
from alerts.classify.evidence import Evidence, finding, weigh
from alerts.classify.fields import reconciled
from alerts.classify.identifiers import read_identifiers
from alerts.classify.kinds import judge_kind
from alerts.classify.lexicon import Lexicons
from alerts.classify.negation import settled
from alerts.classify.obligations import read_counted, read_obligations
from alerts.classify.places import judge_places
from alerts.classify.reading import Passage, languages, passages
from alerts.classify.relevance import judge_relevance
from alerts.classify.severity import Facts, judge_severity
from alerts.classify.terms import find
from alerts.domain.identifiers import identifier_key, normalise
from alerts.domain.items import Finding, Item, Judgement, Obligation
from alerts.domain.vocabulary import Event, Kind, Right, Severity

RIGHT_FLOOR = 0.9  # score below which a right is named only in passing


@dataclass(frozen=True, slots=True)
class _Read:
    """An item after reading."""

    texts: tuple[Passage, ...]
    evidence: Evidence


def judge(item: Item, context: SourceContext, lexicons: Lexicons) -> Judgement:
    """Return what the item is. One that is not relevant is ``information``/``other``/``low`` and carries nothing else."""
    read = _read(item, context, lexicons)
    relevant = judge_relevance(read.evidence, context)
    if relevant.value == "no":
        return _irrelevant(relevant)
    return _judged(item, context, lexicons, read, relevant)


def _irrelevant(why: Finding) -> Judgement:
    return Judgement(
        relevant=False, kind=Kind.INFORMATION, event=Event.OTHER, severity=Severity.LOW, findings=(why,)
    )


def _read(item: Item, context: SourceContext, lexicons: Lexicons) -> _Read:
    index = lexicons.index_for(languages(item, lexicons.common))
    texts = passages(item, item.publisher or context.publisher)
    return _Read(texts, weigh(settled([hit for text in texts for hit in find(index, text)], texts)))


def _judged(
    item: Item, context: SourceContext, lexicons: Lexicons, read: _Read, relevant: Finding
) -> Judgement:
    evidence = read.evidence
    published = item.published.day if item.published else None
    obligations = _obligations(item, read, published)
    event = judge_event(evidence)
    kind = judge_kind(evidence, Event(event.value), context.carries)
    severity = judge_severity(evidence, Facts(Event(event.value), Kind(kind.value), obligations, published))
    language = (item.language or "").split("-")[0]
    places = judge_places(evidence, context, lexicons.homes.get(language, ()))
    rights = _rights(evidence, context)
    return Judgement(
        relevant=True,
        kind=Kind(kind.value),
        event=Event(event.value),
        severity=Severity(severity.value),
        rights=tuple(Right(each.value) for each in rights),
        jurisdictions=tuple(each.value for each in places),
        obligations=_with_computed(
            obligations, read, context, _case(item, context, event, (places, rights)), lexicons
        ),
        identifiers=_identifiers(item, read),
        findings=(relevant, kind, event, severity, *rights, *places),
    )


def _obligations(item: Item, read: _Read, published: date | None) -> tuple[Obligation, ...]:
    """Return the source's own dates and those that the text states; what a field says of a role holds against the words."""
    language = (item.language or "").split("-")[0].lower()
    read_there = read_obligations(read.texts, read.evidence.hits, published, language)
    return reconciled(item.stated_dates, read_there)


def _case(
    item: Item, context: SourceContext, event: Finding, found: tuple[Sequence[Finding], Sequence[Finding]]
) -> Case:
    """Return what the clocks may know; where the text names no jurisdiction the publisher's holds."""
    places, rights = found
    home = [context.jurisdiction] if context.jurisdiction else []
    return Case(
        item.published.day if item.published else None,
        (item.language or "").split("-")[0].lower(),
        frozenset([each.value for each in places] or home),
        frozenset(Right(each.value) for each in rights),
        Event(event.value),
    )


def _with_computed(
    stated: tuple[Obligation, ...], read: _Read, context: SourceContext, case: Case, lexicons: Lexicons
) -> tuple[Obligation, ...]:
    """Return the stated dates, and those that must be computed for roles that the source names no day for."""
    base, office = lexicons.clocks, context.jurisdiction or ""
    told = {each.role for each in stated}
    counted = read_counted(read.texts, read.evidence.hits, case.published, (office, base.calendars))
    found = {each.role: each for each in (*computed(base, read.texts, case), *counted)}
    more = tuple(each for role, each in found.items() if role not in told)
    return tuple(sorted((*stated, *more), key=lambda each: (each.date, each.role)))


def _identifiers(item: Item, read: _Read) -> tuple[str, ...]:
    """Return the source's own number of the item, and what its texts tell; each once, however it is written."""
    own = (normalise(item.document_number),) if item.document_number else ()
    found: dict[str, str] = {}
    for each in (*own, *read_identifiers(read.texts)):
        found.setdefault(identifier_key(each), each)
    return tuple(found.values())


def _rights(evidence: Evidence, context: SourceContext) -> tuple[Finding, ...]:
    """Return the rights that the text names; those of a feed that carries one right alone when it names none."""
    tallies = evidence.of("right")
    floor = min(RIGHT_FLOOR, max((tally.score for tally in tallies.values()), default=0.0))
    named = [(Right(slug), tally) for slug, tally in tallies.items() if tally.score >= floor]
    if named:
        named.sort(key=lambda each: list(Right).index(each[0]))
        return tuple(finding("right", right, tally.words, 0.5 + tally.score / 12) for right, tally in named)
    if len(context.rights) == 1:
        return (finding("right", context.rights[0], ("feed:rights",), 0.4),)
    return ()
