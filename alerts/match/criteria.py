"""Wishes in one canonical form, and what can be wrong with them.

Two watches that ask for the same, in whatever order and case, have one canonical text and one hash, and are evaluated
once. The text is JSON with sorted keys and members and is stored, so its form must not change without a migration.
"""

import hashlib
import json
import re
from collections.abc import Iterable

from alerts.domain.jurisdictions import is_jurisdiction, is_region, unknown
from alerts.domain.watches import Criteria, Facets
from alerts.match.identifiers import identifier_key, is_identifier
from alerts.match.names import folded, is_only_form, pattern

MAX_TERMS = 50_000  # of one watch: the marks of a large company
MAX_TERM = 200  # characters


def canonical(criteria: Criteria) -> str:
    """Return the wishes as JSON: the same text for the same wishes, whatever their order, case or repetition."""
    wishes: dict[str, object] = {
        "events": _sorted(criteria.events),
        "exclude": _sorted(folded(term) for term in criteria.exclude),
        "kinds": _sorted(criteria.kinds),
        "regions": _sorted(criteria.regions),
        "rights": _sorted(criteria.rights),
        "severity": str(criteria.min_severity),
        "terms": _sorted(folded(term) for term in criteria.terms),
    }
    wishes |= _more(criteria)
    return json.dumps(wishes, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _more(criteria: Criteria) -> dict[str, object]:
    """Return the wishes that came later, where there are any: the text of older wishes stays as it was."""
    found: dict[str, object] = {
        "publishers": _sorted(map(folded, criteria.publishers)),
        "identifiers": _sorted(identifier_key(each) or each for each in criteria.identifiers),
        "all_of": _facets(criteria.all_of),
        "none_of": _facets(criteria.none_of),
        "pinyin": criteria.pinyin,
    }
    return {name: wish for name, wish in found.items() if wish}


def _facets(facets: Facets) -> dict[str, list[str]]:
    plain = {name: _sorted(getattr(facets, name)) for name in ("regions", "kinds", "rights", "events")}
    words = {name: _sorted(map(folded, getattr(facets, name))) for name in ("publishers", "terms")}
    keys = {"identifiers": _sorted(identifier_key(each) or each for each in facets.identifiers)}
    return {name: members for name, members in {**plain, **words, **keys}.items() if members}


def _sorted(members: Iterable[str]) -> list[str]:
    return sorted({str(member) for member in members} - {""})


def criteria_hash(criteria: Criteria) -> str:
    """Return the SHA-256 of the canonical text, 64 hex digits."""
    return hashlib.sha256(canonical(criteria).encode()).hexdigest()


def check(criteria: Criteria) -> list[str]:
    """Return what is wrong with the wishes, one sentence each; an empty list when they can be used."""
    regions = (*criteria.regions, *criteria.all_of.regions, *criteria.none_of.regions)
    faults = [unknown(region) for region in regions if not (is_jurisdiction(region) or is_region(region))]
    followed = (*criteria.identifiers, *criteria.all_of.identifiers, *criteria.none_of.identifiers)
    faults += [
        f"identifier {each!r} holds no digit; follow it as a term"
        for each in followed
        if not is_identifier(each)
    ]
    faults += _impossible(criteria)
    for name, terms in (
        ("term", criteria.terms), ("exclude", criteria.exclude), ("term that must stand", criteria.all_of.terms),
        ("term that may not stand", criteria.none_of.terms),
    ):  # fmt: skip
        faults += [fault for fault in (_term_fault(name, term) for term in terms) if fault]
        if len(terms) > MAX_TERMS:
            faults.append(f"{name}: {len(terms)} are too many; at most {MAX_TERMS}")
    both = {folded(term) for term in criteria.terms} & {folded(term) for term in criteria.exclude}
    faults += [f"term {term!r} is followed and excluded at once; choose one" for term in sorted(both)]
    return faults


def _impossible(criteria: Criteria) -> list[str]:
    """Return a sentence for each wish that no item can meet."""
    must = criteria.all_of
    faults = [
        f"an item has one {name}, so it cannot be {' and '.join(sorted(set(members)))}"
        for name, members in (("kind", must.kinds), ("event", must.events))
        if len(set(members)) > 1
    ]
    for name in ("regions", "kinds", "rights", "events", "publishers", "identifiers"):
        both = set(getattr(must, name)) & set(getattr(criteria.none_of, name))
        faults += [f"{each!r} must be met and may not be met at once; choose one" for each in sorted(both)]
    return faults


# What only a regular expression holds; brackets and a point alone stand in names.
_EXPRESSION = re.compile(
    r"[.\])\w][*+](?:\W|$)|\[[^\]\s]-[^\]]*\]|\\[bBdDwWsS.(\[]|\(\?[:=!<a-zA-Z]|\{\d+,?\d*\}|^\^|\w\|\w"
)


def _term_fault(name: str, term: str) -> str | None:
    if _EXPRESSION.search(term) and "++" not in term:
        return f"{name} {term[:40]!r} looks like a regular expression; a term is plain words, one for each spelling"
    if not pattern(term):
        return f"{name} {term!r} holds no letter or digit"
    if len(term) > MAX_TERM:
        return f"{name} {term[:20]!r}… is too long; at most {MAX_TERM} characters"
    if is_only_form(term):
        return f"{name} {term!r} is only a legal form and would be found everywhere; give the name before it"
    if len(pattern(term).strip()) < 2:
        return f"{name} {term!r} is a single character and would be found everywhere"
    return None
