"""The archive's filters, read from an address and written back into one.

A value that is none of ours is refused with a sentence: showing everything instead would look as if
nothing of the kind had been left out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NoReturn, TypeVar

from starlette.exceptions import HTTPException

from alerts.domain.errors import InputError
from alerts.domain.facets import publisher_token
from alerts.domain.feeds import Feed
from alerts.domain.items import ItemQuery
from alerts.domain.jurisdictions import expand, is_jurisdiction, is_region
from alerts.domain.vocabulary import Event, Kind, Right, Severity

M = TypeVar("M", bound=StrEnum)

PAGE = 25
SEARCH = 100  # characters
NOWHERE = "none"  # a code that no item has
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")  # fits the 64 bits of a row id


class UnknownValue(InputError):
    """An address asks for a ``value`` that is none of ours."""

    def __init__(self, value: str) -> None:
        self.value = value[:40]
        super().__init__(f"{self.value!r} is not known here.")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a visitor wants to see; None means all."""

    jurisdiction: str | None = None  # a code, or a region
    kind: Kind | None = None
    right: Right | None = None
    event: Event | None = None
    severity: Severity | None = None
    publisher: str | None = None
    since: date | None = None
    until: date | None = None
    search: str | None = None
    before: int | None = None
    region: str | None = None  # where a jurisdiction is asked for too: both must hold

    def query(self, feeds: Mapping[str, Feed]) -> ItemQuery:
        """Return the store's form of the same wish; a publisher is a feed by any of its names, or who an item itself names."""
        return ItemQuery(
            jurisdictions=_codes(self.jurisdiction, self.region),
            feeds=_named(feeds, self.publisher) if self.publisher else (),
            publishers=(self.publisher,) if self.publisher else (),
            since=self.since,
            until=self.until,
            kinds=(self.kind,) if self.kind else (),
            rights=(self.right,) if self.right else (),
            events=(self.event,) if self.event else (),
            severities=(self.severity,) if self.severity else (),
            search=self.search,
            limit=PAGE,
            before_id=self.before,
        )

    def params(self) -> dict[str, str]:
        """Return the wish as query parameters, without the place in the list."""
        wishes = {
            "jurisdiction": self.jurisdiction,
            "region": self.region,
            "kind": self.kind,
            "right": self.right,
            "event": self.event,
            "severity": self.severity,
            "publisher": self.publisher,
            "since": self.since,
            "until": self.until,
            "q": self.search,
        }
        return {key: str(value) for key, value in wishes.items() if value}

    def place(self) -> dict[str, str]:
        """Return the wish as query parameters, with the place in the list: this very page."""
        return self.params() | ({"before": str(self.before)} if self.before else {})


def read_filter(params: Mapping[str, str]) -> Filter:
    """Return the filter that an address asks for; empty values, as a form sends them, ask for nothing.

    Raises:
        UnknownValue: a value that the archive does not know.
    """
    place, region = _jurisdiction(params.get("jurisdiction", "")), _jurisdiction(params.get("region", ""))
    return Filter(
        jurisdiction=place or region,
        region=region if place else None,
        kind=member(Kind, params.get("kind", "")),
        right=member(Right, params.get("right", "")),
        event=member(Event, params.get("event", "")),
        severity=member(Severity, params.get("severity", "")),
        publisher=plain(params.get("publisher", "")),
        since=_day(params.get("since", "")),
        until=_day(params.get("until", "")),
        search=plain(params.get("q", "")),
        before=_before(params.get("before", "")),
    )


def _jurisdiction(text: str) -> str | None:
    if text and not is_jurisdiction(text) and not is_region(text):
        raise UnknownValue(text)
    return text or None


def _codes(*places: str | None) -> tuple[str, ...]:
    """Return the codes that all of the places share, ``NOWHERE`` where that is none; of the whole world none is left out."""
    wanted = [tuple(expand([place])) for place in places if place and place != "world"]
    shared = tuple(code for code in wanted[0] if all(code in other for other in wanted)) if wanted else ()
    return shared or ((NOWHERE,) if wanted else ())


def _named(feeds: Mapping[str, Feed], name: str) -> tuple[str, ...]:
    wanted = publisher_token(name)
    return tuple(feed.id for feed in feeds.values() if wanted in map(publisher_token, feed.name.values()))


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date(*map(int, text.split("-"))) if _DAY.fullmatch(text) else _unknown(text)
    except ValueError:
        return _unknown(text)


def _unknown(text: str) -> NoReturn:
    raise UnknownValue(text)


def member(kind: type[M], text: str) -> M | None:
    """Return which one of its kind a text names; None for an empty one.

    Raises:
        UnknownValue: there is none of that name.
    """
    try:
        return kind(text) if text else None
    except ValueError:
        raise UnknownValue(text) from None


def plain(text: str) -> str | None:
    """Return what somebody wrote into a field, in one line; None where that is nothing."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())[:SEARCH] or None


def is_number(text: str) -> bool:
    """Return whether a text can be the number of an item."""
    return _NUMBER.fullmatch(text) is not None


def is_digits(text: str) -> bool:
    """Return whether a text is digits that fit a row's number; unlike ``is_number`` it lets zeros in front pass."""
    return text.isascii() and text.isdigit() and len(text) < 19


def number_of(text: str) -> int:
    """Return the number that an address or a form names.

    Raises:
        HTTPException: 404, it is none.
    """
    if not is_digits(text):
        raise HTTPException(404)
    return int(text)


def _before(text: str) -> int | None:
    if text and not is_number(text):
        raise UnknownValue(text)
    return int(text) if text else None
