"""The answers of a visitor, carried in the address from page to page: nothing is kept before the last button.

So the way back, a second window and the other language keep them, and nobody needs an account or a cookie.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from starlette.datastructures import ImmutableMultiDict

from alerts.domain.jurisdictions import is_jurisdiction, is_region
from alerts.domain.people import Schedule
from alerts.domain.text import one_line
from alerts.domain.vocabulary import Event, Kind, Language, Rhythm, Right, Severity, Weekday
from alerts.domain.watches import Criteria
from alerts.web.signup.places import members

M = TypeVar("M", bound=StrEnum)
Given = ImmutableMultiDict[str, object]

TERMS, TERM = 50, 100  # lines, characters
RECENT = 7  # days
ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Tokyo", "Asia/Seoul", "Asia/Singapore", "Asia/Bangkok", "Asia/Jakarta",
    "Asia/Ho_Chi_Minh", "Asia/Manila", "Asia/Kolkata", "Asia/Dubai", "Asia/Riyadh", "Asia/Almaty", "Australia/Sydney", "Pacific/Auckland",
    "UTC", "Europe/London", "Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Europe/Warsaw", "Europe/Istanbul", "Europe/Moscow",
    "Africa/Cairo", "Africa/Lagos", "Africa/Johannesburg", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "America/Toronto", "America/Mexico_City", "America/Bogota", "America/Sao_Paulo",
)  # fmt: skip
HOURS = tuple(f"{hour:02}:00" for hour in range(24))
TOPICS: Mapping[str, Sequence[StrEnum]] = {  # what the questions on topics offer
    "kinds": tuple(Kind),
    "rights": tuple(Right),
    "events": tuple(Event),
    "severities": tuple(Severity),
}
TIMES: Mapping[str, Sequence[Rhythm | Weekday]] = {  # and those on delivery
    "rhythms": (Rhythm.DAILY, Rhythm.WORKING_DAYS, Rhythm.WEEKLY, Rhythm.IMMEDIATE),
    "weekdays": tuple(Weekday),
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered so far. ``bad`` names what was asked for that does not exist."""

    regions: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    rights: tuple[Right, ...] = ()
    events: tuple[Event, ...] = ()
    severity: Severity = Severity.LOW
    terms: tuple[str, ...] = ()
    pinyin: bool = False  # Chinese words are looked for in Latin letters, too
    rhythm: Rhythm = Rhythm.DAILY
    at: str = "08:00"
    weekday: Weekday = Weekday.MONDAY
    zone: str = "UTC"
    critical: bool = True
    recent: bool = False
    tongue: Language = Language.ENGLISH
    since: str = ""  # a signed word: when the first question was shown

    @property
    def criteria(self) -> Criteria:
        """Return what is watched."""
        regions = self.regions or ("world",)
        return Criteria(
            regions,
            self.kinds,
            self.rights,
            self.events,
            min_severity=self.severity,
            terms=self.terms,
            pinyin=self.pinyin,
        )

    @property
    def schedule(self) -> Schedule:
        """Return when it is told."""
        at = time.fromisoformat(self.at)
        return Schedule(self.rhythm, at, self.zone, self.weekday, self.critical)

    @property
    def zones(self) -> tuple[str, ...]:
        """Return the time zones to choose from, the one that is chosen among them."""
        return ZONES if self.zone in ZONES else (self.zone, *ZONES)

    @property
    def hours(self) -> tuple[str, ...]:
        """Return the hours to choose from, the one that is chosen among them."""
        return HOURS if self.at in HOURS else (self.at, *HOURS)

    def pairs(self) -> list[tuple[str, str]]:
        """Return the answers as form fields, those of the usual left out but for what a tick box says."""
        usual = Answers(zone=self.zone, tongue=self.tongue)
        found = [("region", one) for one in self.regions]
        found += [("kind", one.value) for one in self.kinds]
        found += [("right", one.value) for one in self.rights]
        found += [("event", one.value) for one in self.events]
        found += [("terms", "\n".join(self.terms))] if self.terms else []
        found += [("pinyin", "yes")] if self.pinyin else []
        found += [("severity", self.severity.value)] if self.severity is not usual.severity else []
        found += [("rhythm", self.rhythm.value)] if self.rhythm is not usual.rhythm else []
        found += [("at", self.at)] if self.at != usual.at else []
        found += [("weekday", str(int(self.weekday)))] if self.weekday is not usual.weekday else []
        found += [("critical", "no")] if not self.critical else []
        found += [("recent", "yes")] if self.recent else []
        found += [("since", self.since)] if self.since else []
        return [*found, ("tz", self.zone), ("tongue", self.tongue.value)]


def read_answers(given: Given, language: Language, guess: str = "UTC") -> Answers:
    """Return the answers that a form or an address holds; what does not exist is left out, nothing is ever refused here.

    ``language`` is that of the page: mails are in it, unless something else was answered. ``guess`` is the time zone until then.
    """
    zone = one_line(str(given.get("tz", "")), 60)
    tongue = str(given.get("tongue", ""))
    at = str(given.get("at", ""))
    critical = [str(one) for one in given.getlist("critical")]
    return Answers(
        regions=regions_of(given),
        kinds=_members(given, "kind", Kind),
        rights=_members(given, "right", Right),
        events=_members(given, "event", Event),
        severity=(*_members(given, "severity", Severity), Severity.LOW)[0],
        terms=terms_of(given),
        pinyin=given.get("pinyin") == "yes",
        rhythm=(*_members(given, "rhythm", Rhythm), Rhythm.DAILY)[0],
        at=at if at in HOURS else "08:00",
        weekday=_weekday(str(given.get("weekday", ""))),
        zone=zone if is_zone(zone) else guess,
        critical=not critical or critical[-1] == "yes",
        recent=given.get("recent") == "yes",
        tongue=Language(tongue) if tongue in list(Language) else language,
        since=str(given.get("since", ""))[:60],
    )


def regions_of(given: Given) -> tuple[str, ...]:
    """Return regions and jurisdictions, those of whole groups among them."""
    named = [one for one in _all(given, "region") if is_region(one) or is_jurisdiction(one)]
    whole = [code for group in _all(given, "group") for code in members(group)]
    return tuple(dict.fromkeys([*named, *whole]))


def terms_of(given: Given) -> tuple[str, ...]:
    """Return the words to follow, one for each line, the first ``TERMS`` of them."""
    lines = "\n".join(_all(given, "terms")).splitlines()
    found = dict.fromkeys(one_line(line, TERM) for line in lines[:1000])
    return tuple(one for one in found if one)[:TERMS]


def is_zone(name: str) -> bool:
    """Return whether a name is that of an IANA time zone."""
    if name in ZONES:
        return True
    return name in available_timezones() and bool(ZoneInfo(name))


def query_of(answers: Answers) -> dict[str, object]:
    """Return the answers as the query of an address."""
    found: dict[str, list[str]] = {}
    for name, value in answers.pairs():
        found.setdefault(name, []).append(value)
    return dict(found)


def hidden(answers: Answers, without: Sequence[str]) -> list[tuple[str, str]]:
    """Return the answers that a page carries on: those that it does not ask for itself."""
    return [pair for pair in answers.pairs() if pair[0] not in without]


def _all(given: Given, name: str) -> list[str]:
    return [str(one) for one in given.getlist(name)][:400]


def _members(given: Given, name: str, among: type[M]) -> tuple[M, ...]:
    known: Mapping[str, M] = {one.value: one for one in among}
    return tuple(dict.fromkeys(known[one] for one in _all(given, name) if one in known))


def _weekday(text: str) -> Weekday:
    return Weekday(int(text)) if text in tuple("1234567") else Weekday.MONDAY
