"""Which criteria an item may fit, found without looking at each: the inverted index of watches.

Criteria that follow names, marks or identifiers are found by those; the others by the jurisdictions of the item. What comes out
are candidates: every criteria that fits is among them (a law in the tests), and the rules of :mod:`alerts.match.fits` decide.
Equal criteria are one row, so nothing here grows with the number of subscribers who share them.

The index holds what was ever asked for; whether a watch is still in force the database knows. It is brought up to date inside the
transaction that matches (:meth:`WatchIndex.follow`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from alerts.domain.items import StoredItem
from alerts.domain.jurisdictions import UNIONS
from alerts.domain.watches import Criteria, Followed, StoredCriteria
from alerts.match.fits import regions_of, subject_of
from alerts.match.identifiers import endings
from alerts.match.names import patterns, spaced
from alerts.match.terms import BETWEEN, BuiltTerms, PlainTerms

Load = Callable[[int], Iterable[StoredCriteria]]


@dataclass(frozen=True, slots=True)
class Hooks:
    """By what an item shows that it may fit: terms in the form in which they are searched, and keys of identifiers."""

    terms: tuple[str, ...]
    identifiers: tuple[str, ...]


class WatchIndex:
    """All criteria, by what an item must have to fit them. ``last_id`` is the newest that it knows."""

    def __init__(self, built: BuiltTerms | None = None, last_id: int = 0) -> None:
        self._built = built
        self._plain = PlainTerms()
        self._identifiers: dict[str, set[int]] = {}
        self._by_code: dict[str, list[int]] = {}
        self._anywhere: list[int] = []
        self._version: int | None = None
        self.last_id = last_id

    @property
    def terms(self) -> int:
        """Return how many terms are looked for."""
        return len(self._plain) + (len(self._built) if self._built else 0)

    @property
    def unbuilt(self) -> int:
        """Return how many of them are not in the automaton."""
        return len(self._plain)

    def follow(self, version: int, load: Load) -> None:
        """Take in what was asked for since ``last_id``, unless ``version`` says that nothing was."""
        if version != self._version:
            self.take(load(self.last_id))
            self._version = version

    def take(self, criteria: Iterable[StoredCriteria], *, facets_only: bool = False) -> None:
        """Take in criteria; with ``facets_only`` their terms are in the automaton already."""
        for one in criteria:
            self.last_id = max(self.last_id, one.id)
            hooks = hooks_of(one.criteria)
            if hooks is None:
                self._place(one)
                continue
            for key in hooks.identifiers:
                self._identifiers.setdefault(key, set()).add(one.id)
            for term in () if facets_only else hooks.terms:
                self._plain.add(term, one.id)

    def candidates(self, stored: StoredItem) -> list[int]:
        """Return the ids of the criteria that the item may fit, in order."""
        subject = subject_of(stored)
        text = f"{subject.title}{BETWEEN}{subject.summary}"
        found = self._plain.owners(text) if len(self._plain) else set()
        if self._built is not None:
            found |= self._built.owners(text)
        for identifier in subject.judgement.identifiers if self._identifiers else ():
            for key in endings(identifier):
                found |= self._identifiers.get(key, set())
        for code in subject.codes:
            found.update(self._by_code.get(code, ()))
        found.update(self._anywhere)
        return sorted(found)

    def _place(self, one: StoredCriteria) -> None:
        regions = one.criteria.regions or one.criteria.all_of.regions[:1]
        if not regions:
            self._anywhere.append(one.id)
            return
        wanted = set(regions_of(regions))
        unions = {code for code, union in UNIONS.items() if wanted & set(union.states)}
        for code in wanted | unions:
            self._by_code.setdefault(code, []).append(one.id)


def hooks_of(criteria: Criteria | Followed) -> Hooks | None:
    """Return what an item must hold at least one of to fit; None where it need hold none."""
    must = criteria.all_of
    if must.terms or must.identifiers:
        terms, identifiers = must.terms[:1], () if must.terms else must.identifiers[:1]
    else:
        terms, identifiers = criteria.terms, criteria.identifiers
    if not (terms or identifiers):
        return None
    if len(terms) == 1 and not identifiers:  # most of a million are of this kind
        return Hooks(patterns(terms[0], criteria.pinyin), ())
    sought = [form for term in terms for form in patterns(term, criteria.pinyin)]
    sought += [spaced(each) for each in identifiers if each.strip()]
    keys = [key for each in identifiers for key in endings(each)]
    return Hooks(tuple(dict.fromkeys(sought)), tuple(dict.fromkeys(keys)))
