"""What companies want to be told, and why an item fits."""

from dataclasses import dataclass
from typing import NamedTuple

from alerts.domain.vocabulary import Event, Kind, Right, Severity

BEFORE = "before"  # the facet of a reason: the item came out before its reader joined


@dataclass(frozen=True, slots=True)
class Facets:
    """Members that are all asked for, or all refused; see :class:`Criteria`."""

    regions: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    rights: tuple[Right, ...] = ()
    events: tuple[Event, ...] = ()
    publishers: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()


NO_FACETS = Facets()


@dataclass(frozen=True, slots=True)
class Criteria:
    """A watch's wishes. Every non-empty facet must be met; within a facet any member is enough.

    ``regions`` are jurisdiction codes or region slugs, ``publishers`` names or feed ids. ``terms`` (company names,
    marks, key words) and ``identifiers`` (a docket, a law, a registration) are one facet: what is followed; any of
    either must stand in title or summary, or among the identifiers found. ``exclude``: no such term may stand there.
    Of ``all_of`` every member must be met, of ``none_of`` none may. ``pinyin``: Chinese terms are looked for in
    Latin letters, too. Equal criteria are evaluated once (:func:`alerts.match.canonical`).
    """

    regions: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    rights: tuple[Right, ...] = ()
    events: tuple[Event, ...] = ()
    min_severity: Severity = Severity.LOW
    terms: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    all_of: Facets = NO_FACETS
    none_of: Facets = NO_FACETS
    pinyin: bool = False


class Followed(NamedTuple):
    """What criteria follow, for whoever reads a million of them: a tuple is made in a third of the time."""

    terms: tuple[str, ...]
    identifiers: tuple[str, ...]
    all_of: Facets
    pinyin: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One facet of why an item fits: ``facet`` region, kind, right, event, severity, publisher, identifier, term…

    ``value`` is the slug or term that met the wish, ``because`` what in the item met it (the matched
    words, the jurisdiction code), ``via`` the region slug that was expanded, if any.
    """

    facet: str
    value: str
    because: str = ""
    via: str | None = None
    where: str | None = None  # title | summary, for terms


@dataclass(frozen=True, slots=True)
class StoredCriteria:
    """Criteria with their row id; shared by every watch that asks for the same."""

    id: int
    criteria: Criteria


@dataclass(frozen=True, slots=True)
class Match:
    """Criteria that a revision fits, with the reasons."""

    criteria_id: int
    reasons: tuple[Reason, ...]
