"""Weigh the hits of an item: how much of what was said, and where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from alerts.classify.reading import LEAD
from alerts.classify.terms import NONE, Hit
from alerts.domain.items import Finding

TITLE, OPENING, REST = 3.0, 1.0, 0.3


@dataclass(frozen=True, slots=True)
class Tally:
    """What speaks for one slug. ``words`` are quoted, weightiest first."""

    score: float
    words: tuple[str, ...]
    in_title: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """All hits of an item, by facet and slug; publisher hits apart."""

    hits: tuple[Hit, ...]
    tallies: Mapping[str, Mapping[str, Tally]]
    publisher: Mapping[str, Mapping[str, Tally]]

    def of(self, facet: str) -> Mapping[str, Tally]:
        """Return the tallies of a facet in title and summary."""
        return self.tallies.get(facet, {})

    def has(self, *cues: str) -> bool:
        """Tell whether any of these cues stands in title or summary."""
        return any(cue in self.of("cue") for cue in cues)

    def score(self, facet: str, slug: str) -> float:
        """Return the score of a slug, 0 when nothing speaks for it."""
        tally = self.of(facet).get(slug)
        return tally.score if tally else 0.0

    def titled(self, facet: str, slug: str) -> bool:
        """Tell whether the title itself says so."""
        tally = self.of(facet).get(slug)
        return tally is not None and tally.in_title


def place_weight(hit: Hit) -> float:
    """Return how much the place of a hit counts: title, opening of the summary, the rest."""
    if hit.where != "summary":
        return TITLE
    return OPENING if hit.start < LEAD else REST


def weigh(hits: Sequence[Hit]) -> Evidence:
    """Return the hits with what they add up to."""
    own = [hit for hit in hits if hit.where != "publisher"]
    return Evidence(tuple(hits), _tallies(own), _tallies([hit for hit in hits if hit.where == "publisher"]))


def _tallies(hits: Iterable[Hit]) -> Mapping[str, Mapping[str, Tally]]:
    sorted_out: dict[str, dict[str, list[Hit]]] = {}
    for hit in hits:
        if hit.sense.value != NONE:
            sorted_out.setdefault(hit.sense.facet, {}).setdefault(hit.sense.value, []).append(hit)
    return {
        facet: {value: _tally(found) for value, found in values.items()}
        for facet, values in sorted_out.items()
    }


def _tally(hits: Sequence[Hit]) -> Tally:
    """Return the tally of one slug; a word that stands twice counts once, where it counts most."""
    best: dict[str, float] = {}
    shown: dict[str, str] = {}
    for hit in hits:
        key = hit.words.lower()
        best[key] = max(best.get(key, 0.0), hit.sense.weight * place_weight(hit))
        shown.setdefault(key, hit.words)
    order = sorted(best, key=lambda key: (-best[key], key))
    return Tally(
        sum(best.values()), tuple(shown[key] for key in order), any(hit.where == "title" for hit in hits)
    )


def finding(facet: str, value: str, because: Sequence[str], confidence: float) -> Finding:
    """Return a finding with its three weightiest words."""
    return Finding(facet, value, tuple(because[:3]), round(min(max(confidence, 0.0), 1.0), 2))
