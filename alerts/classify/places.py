"""Where the legal effect of an item lies.

Offices, courts and laws say it wherever they stand; names of countries say it in the title, and in the
summary only when nothing else does, since there they mostly tell where a party comes from. A
country's adjective before "manufacturer" or "company" is a party's home. When the text names nothing,
an official publisher speaks for its own jurisdiction, and a press text for the one whose language it is in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerts.classify.context import SourceContext
from alerts.classify.evidence import Evidence, finding
from alerts.classify.reading import LEAD
from alerts.classify.terms import NONE, Hit
from alerts.domain.items import Finding
from alerts.domain.vocabulary import Event

SPAN = 3  # characters between a country and the word that makes it a party's home
SPAN_OF_ADJECTIVE = 12
ADJECTIVES = ("ese", "ish", "ean", "rman", "ench", "utch", "wiss", "ican", "ndian", "lian")
FALLBACK = ("feed:jurisdiction",)


@dataclass(frozen=True, slots=True)
class Mention:
    """A jurisdiction that the text names."""

    code: str
    hit: Hit


def judge_places(evidence: Evidence, context: SourceContext, homes: Sequence[str]) -> tuple[Finding, ...]:
    """Return a finding for each jurisdiction; ``homes`` are those whose press writes in the item's language."""
    named = _mentions(evidence)
    title = [each for each in named if each.hit.where == "title"]
    offices = [each for each in named if each.hit.where == "summary" and each.hit.sense.facet == "office"]
    near = [each for each in offices if each.hit.start < LEAD]
    publisher = tuple(evidence.publisher.get("office", {}))
    rest = [each for each in named if each.hit.where == "summary" and each.hit.start < LEAD]
    # Who is on a list is named below it.
    many = evidence.has("round-up") or evidence.titled("event", Event.WATCH_LIST)
    chosen = title + (rest if many else near) or offices
    if chosen:
        own = publisher if all(each.hit.sense.facet == "place" for each in chosen) else ()
        return _findings(chosen, 0.9, own)
    if is_official(evidence, context):
        codes = publisher or ((context.jurisdiction,) if context.jurisdiction else ())
        return tuple(finding("jurisdiction", code, FALLBACK, 0.7) for code in codes)
    if rest:
        return _findings(rest, 0.6)
    if context.jurisdiction and context.jurisdiction in homes:
        return (finding("jurisdiction", context.jurisdiction, FALLBACK, 0.4),)
    return ()


def is_official(evidence: Evidence, context: SourceContext) -> bool:
    """Tell whether an authority publishes the source: as the admin says, else as its name says."""
    if context.official is not None:
        return context.official
    return bool(evidence.publisher.get("office") or evidence.publisher.get("publisher", {}).get("official"))


def _mentions(evidence: Evidence) -> list[Mention]:
    hits = [hit for hit in evidence.hits if hit.where != "publisher" and hit.sense.value != NONE]
    parties = [hit for hit in hits if hit.sense.facet == "party"]
    places = [hit for hit in hits if hit.sense.facet in ("place", "office")]
    offices = [hit for hit in places if hit.sense.facet == "office"]
    return [
        Mention(hit.sense.value, hit)
        for hit in places
        if hit.sense.facet == "office" or not (_of_party(hit, parties) or _inside(hit, offices))
    ]


def _of_party(hit: Hit, parties: Sequence[Hit]) -> bool:
    """Tell whether a word beside the country makes it the home of a party."""
    return any(
        party.where == hit.where
        and (
            (party.sense.value == "after" and 0 <= party.start - hit.end <= _reach(hit))
            or (party.sense.value == "before" and 0 <= hit.start - party.end <= SPAN)
        )
        for party in parties
    )


def _reach(hit: Hit) -> int:
    """Return how far the home of a party may stand before it: an adjective lets a word between, as in "Chinese drone maker"."""
    return SPAN_OF_ADJECTIVE if hit.words.lower().endswith(ADJECTIVES) else SPAN


def _inside(hit: Hit, offices: Sequence[Hit]) -> bool:
    """Tell whether the country only stands in the name of an office, perhaps another one's."""
    return any(
        office.where == hit.where
        and office.start <= hit.start
        and hit.end <= office.end
        and office.end - office.start > hit.end - hit.start
        for office in offices
    )


def _findings(
    mentions: Sequence[Mention], confidence: float, publisher: Sequence[str] = ()
) -> tuple[Finding, ...]:
    words: dict[str, list[str]] = {}
    for each in mentions:
        words.setdefault(each.code, []).append(each.hit.words)
    for code in publisher:
        words.setdefault(code, [*FALLBACK])
    unique: Mapping[str, list[str]] = {code: list(dict.fromkeys(found)) for code, found in words.items()}
    return tuple(finding("jurisdiction", code, found, confidence) for code, found in unique.items())
