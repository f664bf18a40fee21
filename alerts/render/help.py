"""Who helps, named in warnings: the nearest stations for a jurisdiction and the rights of its entries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alerts.domain.digests import DigestGroup
from alerts.domain.stations import Need, Station, helpers
from alerts.domain.vocabulary import Kind, Language

Stations = Callable[[], Sequence[Station]]
NAMED = 2  # in one group of a mail


@dataclass(frozen=True, slots=True)
class HelpView:
    """A station in words."""

    name: str
    url: str


def help_views(group: DigestGroup, stations: Stations, language: Language) -> tuple[HelpView, ...]:
    """Return who helps where a group holds a warning; the same for every reader of a language, so that words stay shared."""
    warnings = [
        entry.stored.judgement for entry in group.entries if entry.stored.judgement.kind is Kind.RISK_WARNING
    ]
    if not warnings:
        return ()
    rights = tuple(dict.fromkeys(right for judged in warnings for right in judged.rights))
    found = helpers(stations(), Need((group.jurisdiction,), language, rights), NAMED)
    return tuple(HelpView(one.names.get(language, one.id), one.url) for one in found)
