"""Whether an item concerns a watch, and why.

Every facet that a watch fills must be met; within a facet any member is enough. Terms and identifiers are one facet: what is
followed. Of ``all_of`` each member must be met, of ``none_of`` none. An item that names no right concerns every right, since it is
about all of them or about none in particular. Law of a union is law in its member states: an ``EM`` item concerns a
watch on ``DE``, ``BX`` one on ``NL``, ``OA`` one on ``CM``; a European patent matter (``EP``) concerns only those who name ``EP``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from alerts.domain.items import Judgement, StoredItem
from alerts.domain.jurisdictions import UNIONS, expand, is_jurisdiction, is_region
from alerts.domain.vocabulary import Severity, severity_rank
from alerts.domain.watches import Criteria, Match, Reason, StoredCriteria
from alerts.match.identifiers import same_identifier
from alerts.match.names import patterns, spaced, stands_in
from alerts.match.terms import BETWEEN, PlainTerms


@dataclass(frozen=True, slots=True)
class Subject:
    """An item made ready to be compared with many criteria."""

    judgement: Judgement
    codes: tuple[str, ...]
    title: str
    summary: str
    publisher: str
    feed_id: str


def fits(criteria: Criteria, stored: StoredItem) -> tuple[Reason, ...] | None:
    """Return why the item concerns the watch, or None when it does not.

    An item that is not relevant concerns nobody. Criteria without any wish get one reason, ``all``.
    """
    return _fits(criteria, subject_of(stored)) if stored.judgement.relevant else None


def judge_all(stored: StoredItem, criteria: Sequence[StoredCriteria]) -> tuple[Match, ...]:
    """Return the criteria that the item fits, in the given order, with the reasons."""
    if not stored.judgement.relevant:
        return ()
    subject = subject_of(stored)
    found = ((each.id, _fits(each.criteria, subject)) for each in criteria)
    return tuple(Match(number, reasons) for number, reasons in found if reasons is not None)


def subject_of(stored: StoredItem) -> Subject:
    """Return the item made ready."""
    item = stored.item
    texts = (spaced(item.title), spaced(item.summary), spaced(item.publisher or ""))
    return Subject(stored.judgement, stored.jurisdictions, *texts, stored.feed_id)


LONG_LIST = 200  # terms from which a table of them is worth making


@lru_cache(maxsize=10_000)
def regions_of(regions: tuple[str, ...]) -> Mapping[str, str | None]:
    """Return the codes that regions stand for, each with the region slug it came by; words that are neither stand for nothing."""
    return expand(region for region in regions if is_jurisdiction(region) or is_region(region))


def _fits(criteria: Criteria, subject: Subject) -> tuple[Reason, ...] | None:
    """Return the reasons facet by facet, cheapest first; None as soon as one is not met."""
    judgement = subject.judgement
    if severity_rank(judgement.severity) < severity_rank(criteria.min_severity):
        return None
    if criteria.kinds and judgement.kind not in criteria.kinds:
        return None
    if criteria.events and judgement.event not in criteria.events:
        return None
    found: list[Reason] = []
    for part in _parts(criteria, subject):
        if part is None:
            return None
        found += part
    return tuple(dict.fromkeys(found)) or (Reason("all", "all"),)


def _parts(criteria: Criteria, subject: Subject) -> Iterator[Sequence[Reason] | None]:
    """Yield the reasons of each facet, None for one that is not met."""
    yield _regions(criteria.regions, subject) if criteria.regions else ()
    yield _facets(criteria, subject.judgement)
    yield _rights(criteria, subject.judgement)
    yield _publishers(criteria.publishers, subject) if criteria.publishers else ()
    yield _followed(criteria, subject)
    yield _all_of(criteria, subject)
    yield None if _refused(criteria, subject) else ()


def _rights(criteria: Criteria, judgement: Judgement) -> tuple[Reason, ...] | None:
    """Return a reason per wished right; an item that names none concerns them all (``because`` stays empty)."""
    if not criteria.rights:
        return ()
    if not judgement.rights:
        return (Reason("right", criteria.rights[0]),)
    met = [right for right in judgement.rights if right in criteria.rights]
    return tuple(Reason("right", right, _because(judgement, "right", right)) for right in met) or None


def _regions(regions: tuple[str, ...], subject: Subject) -> tuple[Reason, ...] | None:
    wanted = regions_of(regions)
    found = [reason for code in subject.codes for reason in _region(wanted, code)]
    return tuple(dict.fromkeys(found)) or None


def _region(wanted: Mapping[str, str | None], code: str) -> tuple[Reason, ...]:
    """Return why a jurisdiction of the item meets the wish: it is wished for, or it is a union's law in a wished state."""
    if code in wanted:
        return (Reason("region", code, code, wanted[code]),)
    if code in UNIONS:
        return tuple(Reason("region", state, code, UNIONS[code].region) for state in _members(wanted, code))
    return ()


def _members(wanted: Mapping[str, str | None], code: str) -> tuple[str, ...]:
    """Return the wished member states of a union: those named directly, else one that stands for its region."""
    states = [state for state in UNIONS[code].states if state in wanted]
    return tuple(state for state in states if wanted[state] is None) or tuple(states[:1])


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


def may_publish(criteria: Criteria, feed_id: str, names: Sequence[str]) -> bool:
    """Return whether a source of this id and these names may bring what the criteria take, as far as publishers go."""
    wanted = criteria.publishers
    return not wanted or any(
        one == feed_id or any(_stands(one, spaced(name)) for name in names) for one in wanted
    )


def _publishers(wanted: Sequence[str], subject: Subject) -> tuple[Reason, ...] | None:
    """Return a reason per wished publisher, named by words of its name or by the feed's id."""
    met = [name for name in wanted if name == subject.feed_id or _stands(name, subject.publisher)]
    return tuple(Reason("publisher", name, subject.publisher.strip()) for name in met) or None


def _stands(name: str, text: str) -> bool:
    return any(stands_in(sought, text) for sought in patterns(name))


def _followed(criteria: Criteria, subject: Subject) -> tuple[Reason, ...] | None:
    """Return a reason per followed term or identifier that stands in the item; None when none does."""
    if not (criteria.terms or criteria.identifiers):
        return ()
    found = [
        _term(term, criteria.pinyin, subject) for term in _near(criteria.terms, criteria.pinyin, subject)
    ]
    found += [_identifier(each, subject) for each in criteria.identifiers]
    return tuple(reason for reason in found if reason) or None


def _near(terms: tuple[str, ...], pinyin: bool, subject: Subject) -> Iterable[str]:
    """Return the terms that may stand in the item, in their order: of a long list those that a table of it finds."""
    if len(terms) <= LONG_LIST:
        return terms
    found = _table(terms, pinyin).owners(f"{subject.title}{BETWEEN}{subject.summary}")
    return [terms[place] for place in sorted(found)]


@lru_cache(maxsize=32)
def _table(terms: tuple[str, ...], pinyin: bool) -> PlainTerms:
    table = PlainTerms()
    for place, term in enumerate(terms):
        for sought in patterns(term, pinyin):
            table.add(sought, place)
    return table


def _term(term: str, pinyin: bool, subject: Subject) -> Reason | None:
    for where, text in (("title", subject.title), ("summary", subject.summary)):
        for sought in patterns(term, pinyin):
            if stands_in(sought, text):
                return Reason("term", term, sought.strip(), where=where)
    return None


def _identifier(wanted: str, subject: Subject) -> Reason | None:
    """Return a reason where the classifier found the identifier, or the text holds it as it is written."""
    for found in subject.judgement.identifiers:
        if same_identifier(wanted, found):
            return Reason("identifier", wanted, found)
    for where, text in (("title", subject.title), ("summary", subject.summary)):
        if stands_in(spaced(wanted) if wanted.strip() else "", text):
            return Reason("identifier", wanted, wanted, where=where)
    return None


def _all_of(criteria: Criteria, subject: Subject) -> tuple[Reason, ...] | None:
    """Return the reasons of what must all be met; None as soon as one is not."""
    wanted, judgement = criteria.all_of, subject.judgement
    found: list[Reason | None] = []
    for region in wanted.regions:
        met = _regions((region,), subject)
        found += met or (None,)
    rights = (Reason("right", right, _because(judgement, "right", right)) for right in wanted.rights)
    found += (reason if reason.value in judgement.rights else None for reason in rights)
    found += (Reason("kind", kind) if kind == judgement.kind else None for kind in wanted.kinds)
    found += (Reason("event", event) if event == judgement.event else None for event in wanted.events)
    for name in wanted.publishers:
        found += _publishers((name,), subject) or (None,)
    found += (_term(term, criteria.pinyin, subject) for term in wanted.terms)
    found += (_identifier(each, subject) for each in wanted.identifiers)
    return None if None in found else tuple(reason for reason in found if reason)


def _refused(criteria: Criteria, subject: Subject) -> bool:
    """Return whether the item holds anything that the watch excludes. Law of a union is not refused with one of its states."""
    refused, judgement = criteria.none_of, subject.judgement
    if judgement.kind in refused.kinds or judgement.event in refused.events:
        return True
    if any(right in refused.rights for right in judgement.rights):
        return True
    if refused.regions and any(code in regions_of(refused.regions) for code in subject.codes):
        return True
    if refused.publishers and _publishers(refused.publishers, subject):
        return True
    terms = (*criteria.exclude, *refused.terms)
    near = _near(terms, criteria.pinyin, subject)
    return any(_term(term, criteria.pinyin, subject) for term in near) or any(
        _identifier(each, subject) for each in refused.identifiers
    )
