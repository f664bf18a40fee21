"""Reads the directory of help with the places of everything, like feeds.yaml and a companies file."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from alerts.catalogue.diagnostics import Diagnostic
from alerts.catalogue.positions import Limits
from alerts.domain.errors import CatalogueError
from alerts.domain.jurisdictions import is_jurisdiction
from alerts.domain.stations import Station, StationKind
from alerts.domain.vocabulary import Language, Right
from alerts.roster.files import diagnostics, opened
from alerts.roster.spots import Spot, fields, member, members, region, rows, text

LIMITS = Limits(size=2_000_000, nodes=200_000)
KEYS = (
    "id",
    "name",
    "about",
    "url",
    "email",
    "phone",
    "home",
    "targets",
    "rights",
    "languages",
    "kind",
    "source",
    "checked",
)
NEEDED = ("id", "name", "url", "home", "targets", "languages", "kind", "source", "checked")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PROVINCE = re.compile(r"([A-Z]{2})-[A-Z0-9]{2,3}")


def read(path: Path) -> tuple[Station, ...]:
    """Return the stations of a directory.

    Raises:
        CatalogueError: the file cannot be used; its lines name every fault.
        InputError: it cannot be opened.
    """
    stations, faults = _read(path)
    if faults:
        raise CatalogueError([str(one) for one in faults])
    return stations


def check(path: Path) -> list[Diagnostic]:
    """Return every fault of a directory."""
    return _read(path)[1]


def _read(path: Path) -> tuple[tuple[Station, ...], list[Diagnostic]]:
    tree = opened(path, LIMITS)
    found = tuple(_stations(Spot(tree))) if tree.complete else ()
    return found, diagnostics(path, tree)


def _stations(root: Spot) -> Iterator[Station]:
    top = fields(root, ("version", "stations"))
    listed = top.get("stations") if top else None
    if top is not None and listed is None:
        root.note("missing", "'stations:' is missing, with [] where there are none.")
    seen: dict[str, int] = {}
    for spot in rows(listed) if listed else ():
        station = _station(spot)
        if station is None:
            continue
        if station.id in seen:
            spot.note("duplicate", f"{station.id!r} stands in line {seen[station.id]} already.")
        seen.setdefault(station.id, spot.line)
        yield station


def _station(spot: Spot) -> Station | None:
    found = fields(spot, KEYS)
    if found is None:
        return None
    missing = [key for key in NEEDED if key not in found]
    if missing:
        spot.note("missing", f"{', '.join(missing)}: missing here.")
        return None
    return Station(
        id=_id(found["id"]),
        names=_words(found["name"], 200),
        about=_words(found["about"], 500) if "about" in found else {},
        url=_url(found["url"]),
        home=tuple(_home(one) for one in rows(found["home"], "home")),
        targets=tuple(region(one) for one in rows(found["targets"], "target")),
        languages=members(found["languages"], Language),
        kind=member(found["kind"], StationKind),
        source=_url(found["source"]),
        checked=_day(found["checked"]),
        rights=members(found.get("rights"), Right),
        email=_email(found["email"]) if "email" in found else None,
        phone=text(found["phone"], 60) if "phone" in found else None,
    )


def _id(spot: Spot) -> str:
    written = text(spot, 60)
    if written and not _ID.fullmatch(written):
        spot.note("value", f"id: {written!r} is not small letters, digits and dashes.")
    return written


def _words(spot: Spot, limit: int) -> dict[Language, str]:
    found = fields(spot, tuple(one.value for one in Language))
    known: Mapping[str, Spot] = found or {}
    lacking = [one.value for one in Language if one.value not in known]
    if found is not None and lacking:
        spot.note("missing", f"{spot.label}: {', '.join(lacking)} is missing; readers have both languages.")
    return {Language(key): text(value, limit) for key, value in known.items()}


def _url(spot: Spot) -> str:
    written = text(spot, 500)
    parts = urlsplit(written) if written else None
    if parts is not None and (parts.scheme not in ("https", "http") or not parts.hostname or parts.username):
        spot.note("value", f"{spot.label}: a web address (https://…) without a password is needed.")
    return written


def _email(spot: Spot) -> str:
    written = text(spot, 254)
    if written and not re.fullmatch(r"[^\s@<>,]+@[^\s@<>,]+\.[^\s@<>,]+", written):
        spot.note("value", f"email: {written!r} is not a mail address.")
    return written


def _home(spot: Spot) -> str:
    written = spot.data
    province = _PROVINCE.fullmatch(written) if isinstance(written, str) else None
    return str(written) if province and is_jurisdiction(province[1]) else region(spot)


def _day(spot: Spot) -> date:
    written = str(spot.data)
    try:
        return date.fromisoformat(written)
    except ValueError:
        spot.note("value", f"checked: {written[:40]!r} is not a day such as 2026-11-25.")
        return date.min
