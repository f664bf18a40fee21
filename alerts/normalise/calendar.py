"""An entry's dates in the feed's own calendar: its zone, its order of day and month, its language.

:mod:`alerts.domain.dates` reads what it knows; a few texts per document that it does not know go to dateparser, with the
language they are in and never where numbers alone could mean two days.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alerts.domain.collected import RawDate
from alerts.domain.dates import plausible, plausible_day, read_date, read_day
from alerts.domain.feeds import Feed
from alerts.domain.items import Dated, Obligation
from alerts.domain.vocabulary import DateOrigin, FeedType, Role

_FALLBACKS = 20  # texts of one document that may go to dateparser: it takes milliseconds for each
_WORTH_TRYING = re.compile(r"(?=.*\d{4})(?=.*[^\W\d_]{3})(?!.*\d[./-]\s?\d{1,2}[./-]).{8,60}")


class Calendar:
    """Reads the dates of one document of one feed, seen at one instant."""

    def __init__(self, feed: Feed, seen_at: datetime) -> None:
        self._order = feed.date_order
        self._zone = _zone(feed.timezone)
        self._seen_at = seen_at
        self._origin = _origin(feed)
        self._fields = feed.json.dates if feed.json else {}
        self._fallbacks = _FALLBACKS

    def instant(self, raw: RawDate | None, language: str | None) -> Dated | None:
        """Return the instant that ``raw`` names, or None where it names none, two, or an absurd one."""
        if raw is None:
            return None
        dated = self._read(raw.text, language) or self._guess(raw.text, language)
        if dated is None and raw.parsed is not None:
            dated = Dated(raw.parsed.astimezone(UTC), DateOrigin.SOURCE)
        if dated is not None and self._origin is not None:
            dated = replace(dated, origin=self._origin)
        return plausible(dated, self._seen_at)

    def stated(self, dates: Sequence[tuple[Role, str]], language: str | None) -> tuple[Obligation, ...]:
        """Return the obligations that a record states in fields, unreadable ones left out; ``basis`` names the source's own field."""
        found = []
        for role, text in dates:
            day = read_day(text, self._order, language)
            if day is None:
                dated = self._read(text, language) or self._guess(text, language)
                day = dated.at.astimezone(self._zone).date() if dated else None
            day = plausible_day(day, self._seen_at)
            if day is not None:
                found.append(
                    Obligation(role, day, stated=True, basis=f"field {self._fields.get(role, role.value)}")
                )
        return tuple(found)

    def _read(self, text: str, language: str | None) -> Dated | None:
        return read_date(text, self._zone, self._order, language)

    def _guess(self, text: str, language: str | None) -> Dated | None:
        if not language or self._fallbacks <= 0 or not _WORTH_TRYING.fullmatch(text.strip()):
            return None
        self._fallbacks -= 1
        day = _dateparser_day(text.strip(), language.partition("-")[0])
        return read_date(day, self._zone) if day else None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _origin(feed: Feed) -> DateOrigin | None:
    """Return where the dates of a page stand; those of feeds and APIs tell for themselves."""
    if feed.type is not FeedType.PAGE:
        return None
    return DateOrigin.ADDRESS if feed.page and feed.page.date_from == "url" else DateOrigin.TEXT


@lru_cache(maxsize=512)
def _dateparser_day(text: str, language: str) -> str | None:
    """Return the day that dateparser reads in ``text``, in ISO form, if it finds day, month and year."""
    from dateparser.date import DateDataParser

    settings = {"REQUIRE_PARTS": ["day", "month", "year"], "STRICT_PARSING": True}
    try:
        found = DateDataParser(languages=[language], settings=settings).get_date_data(text)
    except (ValueError, TypeError, OverflowError, LookupError, AttributeError):
        return None
    return found.date_obj.date().isoformat() if found.date_obj else None
