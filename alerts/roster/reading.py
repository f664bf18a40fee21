"""A companies file as subscriptions, or everything that is wrong with it."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from alerts.catalogue.diagnostics import nearest
from alerts.catalogue.positions import Limits
from alerts.domain import jurisdictions
from alerts.domain.errors import CatalogueError, InputError
from alerts.domain.people import Schedule, Subscription
from alerts.domain.quiet import Quiet, read_quiet
from alerts.domain.vocabulary import Event, Kind, Language, Rhythm, Right, Severity, Weekday
from alerts.domain.watches import Criteria, Facets
from alerts.match import check
from alerts.roster.files import diagnostics, opened
from alerts.roster.spots import Spot, boolean, fields, member, members, region, rows, text

LIMITS = Limits(size=20_000_000, nodes=1_000_000)
MAX_CONSENT = 2000  # characters

CONTACT_KEYS = (
    "email", "name", "language", "rhythm", "at", "weekday", "zone", "critical_at_once", "calendar", "quiet",
    "quiet_months", "consent", "watches",
)  # fmt: skip
FACETS = ("regions", "kinds", "rights", "events", "publishers", "terms", "identifiers")
WATCH_KEYS = ("name", *FACETS, "severity", "exclude", "pinyin", "all", "none")

_TEXTS = {  # what the reader of YAML says of feeds.yaml, in the words of this file
    "empty": "The file is empty; it needs 'companies:', with [] where there are none.",
}


def read(path: Path, read_address: Callable[[str], str] = str) -> tuple[Subscription, ...]:
    """Return the subscriptions of a companies file, one for each contact and watch.

    ``read_address`` returns a mail address as it is kept, or raises InputError.

    Raises:
        InputError: the file cannot be opened.
        CatalogueError: the file cannot be used; its lines name every fault.
    """
    tree = opened(path, LIMITS)
    entries = tuple(_Reader(read_address).companies(Spot(tree))) if tree.complete else ()
    if tree.faults:
        raise CatalogueError([str(one) for one in diagnostics(path, tree, _TEXTS)])
    return entries


@dataclass(frozen=True, slots=True)
class _Person:
    """What all watches of a contact share."""

    company: str
    email: str
    name: str | None
    language: Language
    schedule: Schedule
    consent: str


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one file; ``lines`` are those in which contacts stand, by company and address."""

    read_address: Callable[[str], str]
    lines: dict[tuple[str, str], int] = field(default_factory=dict)

    def companies(self, root: Spot) -> Iterator[Subscription]:
        """Yield the subscriptions; faults are noted in the tree."""
        top = fields(root, ("companies",))
        if top is None:
            return
        listed = _needed(root, top, "companies")
        for company in rows(listed) if listed else ():
            yield from self.company(company)

    def company(self, spot: Spot) -> Iterator[Subscription]:
        """Yield the subscriptions of one company."""
        found = fields(spot, ("name", "contacts"))
        if found is None:
            return
        name, contacts = _needed(spot, found, "name"), _needed(spot, found, "contacts")
        known = text(name) if name else ""
        for contact in rows(contacts, "contact") if contacts else ():
            yield from self.contact(contact, known)

    def contact(self, spot: Spot, company: str) -> Iterator[Subscription]:
        """Yield the subscriptions of one contact, one for each watch."""
        found = fields(spot, CONTACT_KEYS)
        if found is None:
            return
        email, watches = _needed(spot, found, "email"), _needed(spot, found, "watches")
        person = _Person(
            company=company,
            email=self.address(email, company) if email else "",
            name=text(found["name"]) if "name" in found else None,
            language=member(found["language"], Language) if "language" in found else Language.ENGLISH,
            schedule=_schedule(found),
            consent=text(found["consent"], MAX_CONSENT) if "consent" in found else "imported by the operator",
        )
        names: dict[str, int] = {}
        for watch in rows(watches, "watch") if watches else ():
            subscription = _subscription(watch, person)
            if subscription is not None:
                _once(watch, subscription.watch_name, names)
                yield subscription

    def address(self, spot: Spot, company: str) -> str:
        """Return the address of a contact, which stands once in a company."""
        before = len(spot.tree.faults)
        written = text(spot, 1000)
        if len(spot.tree.faults) > before:
            return ""
        try:
            email = self.read_address(written)
        except InputError as error:
            spot.note("address", f"email: {error}")
            return ""
        key = (company.casefold(), email.casefold())
        if key in self.lines:
            where = f"stands in line {self.lines[key]} already"
            spot.note("duplicate", f"{email!r} of this company {where}; put all its watches there.")
        self.lines.setdefault(key, spot.line)
        return email


def _needed(spot: Spot, found: Mapping[str, Spot], key: str) -> Spot | None:
    if key not in found:
        spot.note("missing", f"{key} is missing.")
    return found.get(key)


def _once(watch: Spot, name: str, names: dict[str, int]) -> None:
    if name in names:
        where = f"stands in line {names[name]} already"
        watch.note("duplicate", f"The watch {name!r} of this contact {where}; give each a name of its own.")
    names.setdefault(name, watch.line)


def _subscription(spot: Spot, person: _Person) -> Subscription | None:
    found = fields(spot, WATCH_KEYS)
    if found is None:
        return None
    return Subscription(
        company=person.company,
        email=person.email,
        criteria=_criteria(spot, found),
        schedule=person.schedule,
        language=person.language,
        name=person.name,
        watch_name=text(found["name"]) if "name" in found else "default",
        consent=person.consent,
    )


def _criteria(spot: Spot, found: Mapping[str, Spot]) -> Criteria:
    regions = _needed(spot, found, "regions")
    criteria = Criteria(
        regions=_regions(regions, "jurisdiction or region"),
        kinds=members(found.get("kinds"), Kind),
        rights=members(found.get("rights"), Right),
        events=members(found.get("events"), Event),
        min_severity=member(found["severity"], Severity) if "severity" in found else Severity.LOW,
        terms=_words(found.get("terms")),
        exclude=_words(found.get("exclude")),
        publishers=_words(found.get("publishers")),
        identifiers=_words(found.get("identifiers")),
        all_of=_facets(found.get("all")),
        none_of=_facets(found.get("none")),
        pinyin=boolean(found["pinyin"]) if "pinyin" in found else False,
    )
    for fault in check(criteria):
        found.get("exclude" if fault.startswith("exclude") else "terms", spot).note("value", f"{fault}.")
    return criteria


def _facets(spot: Spot | None) -> Facets:
    """Return what must all be met, or may not be met."""
    found = fields(spot, FACETS) if spot else None
    if found is None:
        return Facets()
    return Facets(
        regions=_regions(found.get("regions")),
        kinds=members(found.get("kinds"), Kind),
        rights=members(found.get("rights"), Right),
        events=members(found.get("events"), Event),
        publishers=_words(found.get("publishers")),
        terms=_words(found.get("terms")),
        identifiers=_words(found.get("identifiers")),
    )


def _regions(spot: Spot | None, needs: str | None = None) -> tuple[str, ...]:
    return tuple(filter(None, map(region, rows(spot, needs)))) if spot else ()


def _words(spot: Spot | None) -> tuple[str, ...]:
    """Return the words of a list, each once: long lists repeat themselves."""
    return tuple(dict.fromkeys(filter(None, map(text, rows(spot))))) if spot else ()


def _schedule(found: Mapping[str, Spot]) -> Schedule:
    readers: Mapping[str, Callable[[Spot], object]] = {
        "rhythm": lambda spot: member(spot, Rhythm), "at": _time, "zone": _zone, "weekday": _weekday,
        "critical_at_once": boolean, "calendar": _calendar, "quiet": _quiet, "quiet_months": boolean,
    }  # fmt: skip
    given = {name: read(found[name]) for name, read in readers.items() if name in found}
    return replace(Schedule(), **given)  # type: ignore[arg-type]  # each by the reader of its own field


def _calendar(spot: Spot) -> str | None:
    code = text(spot).upper()
    if code and not jurisdictions.is_jurisdiction(code):
        spot.note("value", f"calendar: {code!r} is not known; use a two-letter code such as CN.")
    return code or None


def _quiet(spot: Spot) -> Quiet | None:
    written = text(spot)
    try:
        return read_quiet(written) if written else None
    except InputError as error:
        spot.note("value", f"quiet: {error}")
        return None


def _time(spot: Spot) -> time:
    written = text(spot)
    if re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", written, re.ASCII):
        return time.fromisoformat(written)
    if written:
        spot.note("value", f"at: {written!r} is not a time of day such as 08:00.")
    return time(8)


def _zone(spot: Spot) -> str:
    name = text(spot)
    if not name:
        return name
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        close = difflib.get_close_matches(name, available_timezones(), 1, 0.5)
        hint = f"did you mean {close[0]}?" if close else "use an IANA name such as Asia/Shanghai."
        spot.note("value", f"zone: {name!r} is not a time zone; {hint}")
    return name


def _weekday(spot: Spot) -> Weekday:
    days = {day.name.lower(): day for day in Weekday}
    if not isinstance(spot.data, str):
        text(spot)
        return Weekday.MONDAY
    found = days.get(spot.data.lower())
    if found is None:
        hint = nearest(spot.data, days) or " Write monday, tuesday, …"
        spot.note("value", f"weekday: {spot.data!r} is not a day of the week.{hint}")
    return found or Weekday.MONDAY
