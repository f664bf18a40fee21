"""Say in words why an item reached a reader, facet by facet."""

from collections.abc import Sequence
from enum import StrEnum

from alerts.domain.text import one_line
from alerts.domain.vocabulary import Event, Kind, Right, Severity
from alerts.domain.watches import BEFORE, Reason
from alerts.render.words import Words

_FACETS: dict[str, type[StrEnum]] = {"kind": Kind, "right": Right, "event": Event, "severity": Severity}
_ORDER = ("region", "kind", "right", "event", "severity", "publisher", "identifier", "term")


def reason_line(reasons: Sequence[Reason], words: Words) -> str:
    """Return one line, such as ``United States · patent · names your watched term “Anker” in the title``."""
    ordered = sorted((one for one in reasons if one.facet != BEFORE), key=_rank)
    parts = dict.fromkeys(_part(reason, words) for reason in ordered)
    return " · ".join(parts) or words.gettext("your watch takes everything")


def _rank(reason: Reason) -> int:
    return _ORDER.index(reason.facet) if reason.facet in _ORDER else len(_ORDER)


def _part(reason: Reason, words: Words) -> str:
    if reason.facet == "region":
        return _region(reason, words)
    if reason.facet == "term":
        return _term(reason, words)
    return _phrase(reason, words) or _named(reason, words)


def _phrase(reason: Reason, words: Words) -> str | None:
    """Return what is said of a reason whose value needs a sentence around it."""
    if reason.facet == "all":
        return words.gettext("your watch takes everything")
    if reason.facet == "correction":
        return words.gettext("you were told an earlier version")
    if reason.facet == "identifier":
        return words.gettext(
            "concerns %(identifier)s, which you follow", identifier=one_line(reason.value, 80)
        )
    if reason.facet == "publisher":
        return words.gettext("published by %(publisher)s", publisher=one_line(reason.because, 80))
    if reason.facet == "right" and not reason.because:  # an item about rights at large concerns them all
        return words.gettext("about no right in particular")
    return None


def _named(reason: Reason, words: Words) -> str:
    members = _FACETS.get(reason.facet)
    if members is not None and reason.value in list(members):
        return words.name(members(reason.value))
    return one_line(reason.value, 120)


def _region(reason: Reason, words: Words) -> str:
    """Return the jurisdiction, and the region or law through which it concerns the reader."""
    place = words.place(reason.value)
    if reason.via:
        return words.gettext(
            "%(place)s (through your region %(region)s)", place=place, region=words.place(reason.via)
        )
    other = words.place(reason.because)
    if reason.because and other != place:
        return words.gettext("%(place)s (through %(other)s)", place=place, other=other)
    return place


def _term(reason: Reason, words: Words) -> str:
    term, found = one_line(reason.value, 80), one_line(reason.because, 80)
    if found and found.casefold() != term.casefold():
        if reason.where == "title":
            return words.gettext(
                "“%(found)s” in the title fits your watched term “%(term)s”", found=found, term=term
            )
        return words.gettext(
            "“%(found)s” in the text fits your watched term “%(term)s”", found=found, term=term
        )
    if reason.where == "title":
        return words.gettext("names your watched term “%(term)s” in the title", term=term)
    return words.gettext("names your watched term “%(term)s” in the text", term=term)
