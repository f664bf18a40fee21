"""Who helps: guidance centres, stations, desks and counsel, and which of them to name for a notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from alerts.domain.jurisdictions import expand
from alerts.domain.vocabulary import Language, Right

MOST = 3  # that are named at one place


class StationKind(StrEnum):
    """What a station is."""

    GUIDANCE_CENTRE = "guidance-centre"
    HELPDESK = "helpdesk"
    ATTACHE = "attache"
    MEDIATION = "mediation"
    COUNSEL = "counsel"


@dataclass(frozen=True, slots=True)
class Station:
    """One entry of the directory.

    ``home``: codes (or ``CN-XX`` for a province) of the companies that it helps; ``targets``: codes of the jurisdictions in which.
    ``rights`` empty: all. ``source`` is where the entry was found, ``checked`` when that was looked at.
    """

    id: str
    names: dict[Language, str]
    about: dict[Language, str]
    url: str
    home: tuple[str, ...]
    targets: tuple[str, ...]
    languages: tuple[Language, ...]
    kind: StationKind
    source: str
    checked: date
    rights: tuple[Right, ...] = ()
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """What help is looked for: against whom, for which rights, in which language; ``home`` is where the company is, if known."""

    jurisdictions: tuple[str, ...]
    language: Language
    rights: tuple[Right, ...] = ()
    home: str | None = None


def helpers(stations: Sequence[Station], need: Need, most: int = MOST) -> tuple[Station, ...]:
    """Return the stations that help, the nearest first: of one's own province, of one's own state, of everybody.

    Where the home is not known, readers of Chinese are taken for companies of China, and of the others nothing is assumed:
    stations for one state only are then left out unless they are for everybody.
    """
    found = [(rank, one) for one in stations if (rank := _rank(one, need)) is not None]
    ordered = sorted(found, key=lambda pair: (pair[0], need.language not in pair[1].languages, pair[1].id))
    return tuple(one for _, one in ordered[:most])


def _rank(station: Station, need: Need) -> int | None:
    targets = set(expand(station.targets))
    rights = not station.rights or not need.rights or set(station.rights) & set(need.rights)
    if not rights or not (targets & set(need.jurisdictions)):
        return None
    home = need.home or ("CN" if need.language is Language.CHINESE else None)
    if home is not None and home in station.home:
        return 0
    state = home.partition("-")[0] if home else None
    states = {one for one in station.home if "-" not in one}
    if state is not None and state in states:
        return 1
    if "world" in states:
        return 3
    return 2 if state is not None and state in expand(states) else None
