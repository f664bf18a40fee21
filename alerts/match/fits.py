"""Whether an item concerns a watch, and why.

Every facet that a watch fills must be met; within a facet any member is enough. An item that names no right concerns
every right, since it is about all of them or about none in particular. EU law (``EM``) is law in each member
state, so an ``EM`` item concerns a watch on ``DE``; a European patent matter (``EP``) concerns only those who name ``EP``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from alerts.domain.items import Judgement, StoredItem
from alerts.domain.jurisdiction_names import STATES
from alerts.domain.jurisdictions import expand, is_jurisdiction, is_region
from alerts.domain.vocabulary import Severity, severity_rank
from alerts.domain.watches import Criteria, Match, Reason, StoredCriteria
from alerts.match.names import pattern, spaced, stands_in

EU_LAW, EU_REGION = "EM", "eu"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Criteria made ready: regions expanded, terms in the form in which they are searched."""

    regions: Mapping[str, str | None]  # code: the region slug it came from
    terms: tuple[tuple[str, str], ...]  # term as written, pattern
    exclude: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """An item made ready to be compared with many criteria."""

    judgement: Judgement
    codes: tuple[str, ...]
    title: str
    summary: str


def fits(criteria: Criteria, stored: StoredItem) -> tuple[Reason, ...] | None:
    """Return why the item concerns the watch, or None when it does not.

    An item that is not relevant concerns nobody. Criteria without any wish get one reason, ``all``.
    """
    return _fits(criteria, _subject(stored)) if stored.judgement.relevant else None


def judge_all(stored: StoredItem, criteria: Sequence[StoredCriteria]) -> tuple[Match, ...]:
    """Return the criteria that the item fits, in the given order, with the reasons."""
    if not stored.judgement.relevant:
        return ()
    subject = _subject(stored)
    found = ((each.id, _fits(each.criteria, subject)) for each in criteria)
    return tuple(Match(number, reasons) for number, reasons in found if reasons is not None)


def _subject(stored: StoredItem) -> Subject:
    codes = stored.judgement.jurisdictions or (stored.item.jurisdiction,)
    return Subject(stored.judgement, codes, spaced(stored.item.title), spaced(stored.item.summary))


@lru_cache(maxsize=100_000)
def prepared(criteria: Criteria) -> Prepared:
    """Return the criteria made ready; kept, since the same criteria meet every item."""
    return Prepared(
        expand(region for region in criteria.regions if is_jurisdiction(region) or is_region(region)),
        tuple((term, pattern(term)) for term in criteria.terms),
        tuple(pattern(term) for term in criteria.exclude),
    )


def _fits(criteria: Criteria, subject: Subject) -> tuple[Reason, ...] | None:
    """Return the reasons facet by facet, cheapest first; None as soon as one is not met."""
    judgement = subject.judgement
    if severity_rank(judgement.severity) < severity_rank(criteria.min_severity):
        return None
    if criteria.kinds and judgement.kind not in criteria.kinds:
        return None
    if criteria.events and judgement.event not in criteria.events:
        return None
    rights = _rights(criteria, judgement)
    ready = prepared(criteria)
    regions = _regions(criteria, ready, subject)
    if rights is None or regions is None:
        return None
    terms = _terms(ready, subject)
    if terms is None:
        return None
    reasons = (*regions, *_facets(criteria, judgement), *rights, *terms)
    return reasons or (Reason("all", "all"),)


def _rights(criteria: Criteria, judgement: Judgement) -> tuple[Reason, ...] | None:
    """Return a reason per wished right; an item that names none concerns them all (``because`` stays empty)."""
    if not criteria.rights:
        return ()
    if not judgement.rights:
        return (Reason("right", criteria.rights[0]),)
    met = [right for right in judgement.rights if right in criteria.rights]
    return tuple(Reason("right", right, _because(judgement, "right", right)) for right in met) or None


def _regions(criteria: Criteria, ready: Prepared, subject: Subject) -> tuple[Reason, ...] | None:
    if not criteria.regions:
        return ()
    found = [reason for code in subject.codes for reason in _region(ready, code)]
    return tuple(dict.fromkeys(found)) or None


def _region(ready: Prepared, code: str) -> tuple[Reason, ...]:
    """Return why a jurisdiction of the item meets the wish: it is wished for, or it is EU law in a wished state."""
    if code in ready.regions:
        return (Reason("region", code, code, ready.regions[code]),)
    if code == EU_LAW:
        return tuple(Reason("region", state, EU_LAW, EU_REGION) for state in _member_states(ready))
    return ()


def _member_states(ready: Prepared) -> tuple[str, ...]:
    """Return the wished member states of the EU: those named directly, else one that stands for its region."""
    states = [code for code in expand((EU_REGION,)) if code in ready.regions and code in STATES]
    return tuple(state for state in states if ready.regions[state] is None) or tuple(states[:1])


def _facets(criteria: Criteria, judgement: Judgement) -> tuple[Reason, ...]:
    """Return the reasons of the facets with one value."""
    reasons = []
    if criteria.kinds:
        reasons.append(Reason("kind", judgement.kind, _because(judgement, "kind", judgement.kind)))
    if criteria.events:
        reasons.append(Reason("event", judgement.event, _because(judgement, "event", judgement.event)))
    if criteria.min_severity is not Severity.LOW:
        reasons.append(Reason("severity", judgement.severity, str(criteria.min_severity)))
    return tuple(reasons)


def _because(judgement: Judgement, facet: str, value: str) -> str:
    """Return the words that led the classifier to a value, without its own rules."""
    words = (
        word
        for each in judgement.findings
        if (each.facet, each.value) == (facet, value)
        for word in each.evidence
    )
    return ", ".join(word for word in words if not word.startswith(("rule:", "feed:")))


def _terms(ready: Prepared, subject: Subject) -> tuple[Reason, ...] | None:
    """Return a reason per term that stands in the item; None when one is excluded or none of those wished stands."""
    if any(stands_in(each, subject.title) or stands_in(each, subject.summary) for each in ready.exclude):
        return None
    if not ready.terms:
        return ()
    found = []
    for term, sought in ready.terms:
        where = (
            "title"
            if stands_in(sought, subject.title)
            else "summary"
            if stands_in(sought, subject.summary)
            else None
        )
        if where:
            found.append(Reason("term", term, sought.strip(), where=where))
    return tuple(found) or None
