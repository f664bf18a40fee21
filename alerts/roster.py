"""Subscriptions as code: a YAML file ↔ :class:`Subscription` values.

The file is a list under ``companies``; each company has ``name`` and ``contacts``, each contact ``email`` and
``watches``. Faults are told all at once with line and column. The written form is plain YAML 1.2 whose
scalars are JSON, so that names such as ``NO`` stay text.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from alerts.domain import jurisdictions
from alerts.domain.errors import InputError
from alerts.domain.people import Schedule, Subscription
from alerts.domain.vocabulary import Event, Kind, Language, Rhythm, Right, Severity, Weekday
from alerts.domain.watches import Criteria

E = TypeVar("E", bound=StrEnum)

CONTACT_KEYS = (
    "email",
    "name",
    "language",
    "rhythm",
    "at",
    "weekday",
    "zone",
    "critical_at_once",
    "consent",
    "watches",
)
WATCH_KEYS = ("name", "regions", "kinds", "rights", "events", "severity", "terms", "exclude")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the file a value stands, for faults."""

    file: Path
    path: str

    def fault(self, text: str) -> InputError:
        return InputError(f"{self.file}: {self.path}: {text}")


def read(path: Path) -> tuple[Subscription, ...]:
    """Return the subscriptions of a companies file, one for each contact and watch.

    Raises:
        InputError: the file cannot be used; says where and why.
    """
    try:
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8-sig"))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise InputError(f"{path}{where}: {error.problem or error}") from None
    except (OSError, UnicodeDecodeError, YAMLError, RecursionError) as error:
        raise InputError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    place = _Place(path, "companies")
    companies = _mapping(data, place, ("companies",)).get("companies")
    return tuple(entry for company in _list(companies, place) for entry in _company(company, place))


def _company(data: object, place: _Place) -> Iterator[Subscription]:
    company = _mapping(data, place, ("name", "contacts"))
    name = _text(company, "name", place)
    here = _Place(place.file, f"companies[{name}]")
    for data_contact in _list(company.get("contacts"), here):
        contact = _mapping(data_contact, here, CONTACT_KEYS)
        email = _text(contact, "email", here)
        at = _Place(place.file, f"{here.path}.contacts[{email}]")
        for data_watch in _list(contact.get("watches"), at):
            yield _subscription(name, email, contact, _mapping(data_watch, at, WATCH_KEYS), at)


def _subscription(
    company: str, email: str, contact: Mapping[str, Any], watch: Mapping[str, Any], place: _Place
) -> Subscription:
    return Subscription(
        company=company,
        email=email,
        criteria=_criteria(watch, place),
        schedule=_schedule(contact, place),
        language=_member(contact.get("language", "en"), Language, place, "language"),
        name=contact.get("name"),
        watch_name=str(watch.get("name", "default")),
        consent=str(contact.get("consent", "imported by the operator")),
    )


def _criteria(watch: Mapping[str, Any], place: _Place) -> Criteria:
    regions = tuple(str(word) for word in _list(watch.get("regions"), place))
    for word in regions:
        if not (jurisdictions.is_jurisdiction(word) or jurisdictions.is_region(word)):
            near = jurisdictions.suggest(word)
            raise place.fault(
                f"regions: {word!r} is not known" + (f"; did you mean {near!r}?" if near else ".")
            )
    return Criteria(
        regions=regions,
        kinds=_members(watch, "kinds", Kind, place),
        rights=_members(watch, "rights", Right, place),
        events=_members(watch, "events", Event, place),
        min_severity=_member(watch.get("severity", "low"), Severity, place, "severity"),
        terms=tuple(str(word) for word in watch.get("terms") or ()),
        exclude=tuple(str(word) for word in watch.get("exclude") or ()),
    )


def _schedule(contact: Mapping[str, Any], place: _Place) -> Schedule:
    try:
        at, zone = time.fromisoformat(str(contact.get("at", "08:00"))), str(contact.get("zone", "UTC"))
        ZoneInfo(zone)
        weekday = Weekday[str(contact.get("weekday", "monday")).upper()]
    except (ValueError, KeyError, OSError) as error:
        raise place.fault(f"at, zone or weekday: {error}.") from None
    rhythm = _member(contact.get("rhythm", "daily"), Rhythm, place, "rhythm")
    return Schedule(rhythm, at, zone, weekday, bool(contact.get("critical_at_once", True)))


def _members(watch: Mapping[str, Any], key: str, among: type[E], place: _Place) -> tuple[E, ...]:
    return tuple(_member(word, among, place, key) for word in watch.get(key) or ())


def _member(word: object, among: type[E], place: _Place, key: str) -> E:
    try:
        return among(str(word))
    except ValueError:
        raise place.fault(
            f"{key}: {word!r} is not one of {', '.join(member.value for member in among)}."
        ) from None


def _mapping(data: object, place: _Place, keys: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise place.fault(f"a mapping with {', '.join(keys)} is needed.")
    unknown = [str(key) for key in data if key not in keys]
    if unknown:
        raise place.fault(f"{', '.join(unknown)} is not a key here; known are {', '.join(keys)}.")
    return data


def _list(data: object, place: _Place) -> list[Any]:
    if not isinstance(data, list):
        raise place.fault("a list is needed here.")
    return data


def _text(data: Mapping[str, Any], key: str, place: _Place) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise place.fault(f"{key} is missing.")
    return value.strip()


def write(subscriptions: Iterable[Subscription]) -> str:
    """Return the subscriptions as the text of a companies file."""
    ordered = sorted(subscriptions, key=lambda s: (s.company.casefold(), s.email.casefold(), s.watch_name))
    lines = [
        "# Companies, their contacts and watches: `alerts companies import FILE --dry-run` shows what a change would do.",
        "companies:",
    ]
    for company, theirs in groupby(ordered, lambda s: s.company):
        lines += [f"  - name: {_json(company)}", "    contacts:"]
        for _, of_contact in groupby(theirs, lambda s: s.email):
            lines += _contact_lines(list(of_contact))
    return "\n".join(lines if len(lines) > 2 else [lines[0], "companies: []"]) + "\n"


def _contact_lines(watches: list[Subscription]) -> list[str]:
    first = watches[0]
    schedule = first.schedule
    pairs: dict[str, object] = {
        "email": first.email, "name": first.name, "language": first.language, "rhythm": schedule.rhythm,
        "at": f"{schedule.at:%H:%M}", "weekday": schedule.weekday.name.lower(), "zone": schedule.zone,
        "critical_at_once": schedule.critical_at_once, "consent": first.consent,
    }  # fmt: skip
    body = [f"{name}: {_json(value)}" for name, value in pairs.items() if value is not None]
    lines = [f"      - {body[0]}", *(f"        {line}" for line in body[1:]), "        watches:"]
    for watch in watches:
        criteria = watch.criteria
        facets: dict[str, object] = {
            "name": watch.watch_name, "regions": criteria.regions, "kinds": criteria.kinds, "rights": criteria.rights,
            "events": criteria.events, "severity": criteria.min_severity, "terms": criteria.terms, "exclude": criteria.exclude,
        }  # fmt: skip
        shown = [f"{name}: {_json(value)}" for name, value in facets.items() if value]
        lines += [f"          - {shown[0]}", *(f"            {line}" for line in shown[1:])]
    return lines


def _json(value: object) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
