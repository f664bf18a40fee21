"""Read the dates that official sources write, and refuse those that could mean two days.

Forms: ISO 8601 and RFC 3339; RFC 822 and 5322 with their zone names; day, month name and year in any
order in some forty languages (:mod:`alerts.domain.months`); Chinese and Japanese dates, also in Han numerals, with
the Republic of China era (year 1 is 1912) and the Japanese eras; Korean; Buddhist years (BE is AD + 543); Hijri
dates (:mod:`alerts.domain.hijri`);
numbers such as 20/11/2026, which are read only when one order fits or the source's order is given.

Units: results are aware UTC, or plain dates. A date without a time of day is the local midnight that
begins that day in the source's zone, so it never shifts when it is shown there.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from alerts.domain import hijri
from alerts.domain.items import Dated
from alerts.domain.months import AMBIGUOUS, MONTHS, fold
from alerts.domain.vocabulary import DateOrigin

FUTURE_TOLERANCE = timedelta(hours=36)
FIRST_YEAR = 1990

# RFC 822 section 5.1 with the names that servers send beside it; hours from UTC. Names that mean several zones
# (IST, BST in Asia, AST) are left out: the source's own zone is taken for them. A name that is also what the source's
# own zone calls itself means that one: CST is China's on a Chinese office's pages.
_ZONES = {
    "Z": 0.0, "UT": 0.0, "UTC": 0.0, "GMT": 0.0, "WET": 0.0, "EST": -5.0, "EDT": -4.0, "CST": -6.0, "CDT": -5.0, "MST": -7.0,
    "MDT": -6.0, "PST": -8.0, "PDT": -7.0, "CET": 1.0, "CEST": 2.0, "EET": 2.0, "EEST": 3.0, "MSK": 3.0, "JST": 9.0, "KST": 9.0,
    "HKT": 8.0, "AEST": 10.0, "AEDT": 11.0, "NZST": 12.0, "NZDT": 13.0, "HST": -10.0, "AKST": -9.0, "AKDT": -8.0,
}  # fmt: skip
_ERAS = {
    "令和": 2018,
    "平成": 1988,
    "昭和": 1925,
    "民國": 1911,
    "民国": 1911,
    "R": 2018,
    "H": 1988,
    "S": 1925,
}
_HAN = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}

_ISO = re.compile(
    r"(?<!\d)(\d{4})([-/.])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)|(?<!\d)(\d{4})(\d\d)(\d\d)(?=T\d|\d{4,6}(?!\d)|(?!\d))"
)
_EAST = re.compile(
    r"(?:(令和|平成|昭和|(?:中華|中华)?民[國国])\s?)?(\d{1,4}|元)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日號号일]?"
)
_ERA = re.compile(r"(?<![A-Za-z])([RHS])\.?(\d{1,2})[./-](\d{1,2})[./-](\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,3})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d{2})(?![\d/-])")
_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|ste|[.ºª°])?[\s.,/-]*(?:(?:de|of|di)\s+|d'|ב)?([^\W\d_][^\s\d,/-]*)"
    r"[\s.,/-]*(?:(?:de|del|of|m\.)\s+)?(\d{4}|\d{2}(?=\s|$))(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"([^\W\d_][^\s\d,/-]*)[\s-]+(\d{1,2})(?:st|nd|rd|th|er)?[\s,-]+(?:de\s+)?(\d{4})(?!\d)", re.IGNORECASE
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})[\s.,/-]*(?:(?:m\.|gada|оны|ж\.)\s*)?([^\W\d_][^\s\d,/-]*)[\s.,/-]*(?:mėn\.?\s*)?(\d{1,2})(?!\d)",
    re.IGNORECASE,
)
_VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2})\s+tháng\s+(\d{1,2}),?\s+(?:năm\s+)?(\d{4})(?!\d)", re.IGNORECASE)
# What C's asctime writes: Fri Nov 20 10:00:00 2026.
_ASCTIME = re.compile(r"([^\W\d_]{3})\s+(\d{1,2})\s+(\d\d:\d\d(?::\d\d)?)\s+(?:[A-Z]{3,4}\s+)?(\d{4})(?!\d)")
_TIME = re.compile(
    r"[T\s,(\-]{0,3}(?:(上午|下午|午前|午後|오전|오후)\s?)?(?<!\d)(\d{1,2})[:h時时点點시]\s?(\d\d)?(?:[:分분]\s?(\d\d)?)?(?:[.,](\d+))?"
    r"\s*([AaPp]\.?[Mm]\b\.?)?\s*(Z\b|(?:UTC|GMT)?[+-−]\d\d?:?(?:\d\d)?(?!\d)|[A-Za-z]{1,5}\b)?"
)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+\-−])(\d\d?):?(\d\d)?")
_EPOCH = re.compile(r"(\d{10})(?:\.\d+)?|(\d{10})\d{3}")
_COMPACT_TIME = re.compile(r"T?(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?(?!\d)")
_HAN_RUN = re.compile("[〇零○一二三四五六七八九十百]+(?=[年月日號号])")


@dataclass(frozen=True, slots=True)
class Found:
    """A day found in a text and where; ``rest`` is what follows it, where a time of day would stand."""

    day: date
    start: int
    end: int
    rest: str


def read_date(text: str, zone: tzinfo, order: str | None = None, language: str | None = None) -> Dated | None:
    """Return the first date in ``text`` as an instant, or None where there is none or it could be two.

    ``zone`` is the source's, taken with origin ZONE_INFERRED where the text names none that is known.
    ``order`` is DMY, MDY or YMD.
    """
    folded = _plain(text)
    epoch = _EPOCH.fullmatch(folded)
    if epoch:
        return Dated(datetime.fromtimestamp(int(epoch[1] or epoch[2]), UTC), DateOrigin.SOURCE)
    found = _find(folded, order, language)
    return _with_time(found, zone) if found else None


def read_day(text: str, order: str | None = None, language: str | None = None) -> date | None:
    """Return the first day that ``text`` names, or None where there is none or it could be two."""
    found = _find(_plain(text), order, language)
    return found.day if found else None


def find_day_text(text: str, order: str | None = None, language: str | None = None) -> str | None:
    """Return the piece of ``text`` (digits and Han numerals made plain) that names its first day, time included."""
    folded = _plain(text, 3000)
    found = _find(folded, order, language)
    if found is None:
        return None
    clock = _TIME.match(found.rest)
    return folded[found.start : found.end] + (clock[0].rstrip() if clock else "")


def plausible(dated: Dated | None, now: datetime) -> Dated | None:
    """Return ``dated`` unless it lies more than 36 hours ahead or outside 1990 to two years from ``now``."""
    if dated is None or dated.at - now > FUTURE_TOLERANCE or dated.at.year < FIRST_YEAR:
        return None
    return dated


def plausible_day(day: date | None, now: datetime) -> date | None:
    """Return ``day`` unless it is absurd for an obligation: before 1990 or more than 30 years ahead."""
    return day if day and FIRST_YEAR <= day.year <= now.year + 30 else None


def _plain(text: str, limit: int = 120) -> str:
    """Return the first ``limit`` characters with every script's digits as ASCII and Han numerals before 年月日 as digits."""
    text = unicodedata.normalize("NFKC", text[:limit]) if not text.isascii() else text[:limit]
    if not text.isascii():
        text = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)
        text = _HAN_RUN.sub(lambda m: _han_number(m[0]), text)
    return text.strip()


def _han_number(numeral: str) -> str:
    """Return 二〇二六 or 十一 or 一百一十五 in ASCII digits."""
    if not set("十百") & set(numeral):
        return "".join(_HAN.get(c, c) for c in numeral)
    total = 0
    digit = 0
    for character in numeral:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = int(_HAN[character])
    return str(total + digit)


def _find(text: str, order: str | None, language: str | None) -> Found | None:
    """Return the earliest day in ``text``, or None where a date that could be two days stands before it."""
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
        (hijri.NAMED, hijri.named),
        (hijri.MARKED, hijri.marked),
        (_ISO, _iso),
        (_EAST, _east),
        (_ERA, lambda m: _day(_ERAS[m[1]] + int(m[2]), int(m[3]), int(m[4]))),
        (_NUMBERS, lambda m: _numbers(m, order)),
        (_VIETNAMESE, lambda m: _day(int(m[3]), int(m[2]), int(m[1]))),
        (_ASCTIME, lambda m: _named(m[4], m[1], m[2], language)),
        (_DAY_FIRST, lambda m: _named(m[3], m[2], m[1], language)),
        (_MONTH_FIRST, lambda m: _named(m[3], m[1], m[2], language)),
        (_YEAR_FIRST, lambda m: _named(m[1], m[2], m[3], language)),
    )
    best: Found | None = None
    doubtful = len(text)
    for pattern, read in readers:
        for match in pattern.finditer(text):
            day = read(match)
            if day is None and pattern is _NUMBERS and _is_day_either_way(match):
                doubtful = min(doubtful, match.start())
            if day and (best is None or match.start() < best.start):
                best = Found(day, match.start(), match.end(), _after(match, text))
            if day:
                break
    return best if best and best.start <= doubtful else None


def _after(match: re.Match[str], text: str) -> str:
    return f" {match[3]}" if match.re is _ASCTIME else text[match.end() :]


def _iso(match: re.Match[str]) -> date | None:
    year, month, day = match.group(1, 3, 4) if match[1] else match.group(5, 6, 7)
    return _day(int(year), int(month), int(day))


def _east(match: re.Match[str]) -> date | None:
    era, written = match[1], match[2]
    year = 1 if written == "元" else int(written)
    if era:
        return _day(_ERAS[era[-2:]] + year, int(match[3]), int(match[4]))
    # Taiwan writes 115年 without naming the era; no other calendar here has three-digit years.
    return _day(year + 1911 if 100 <= year <= 199 else year, int(match[3]), int(match[4]))


def _numbers(match: re.Match[str], order: str | None) -> date | None:
    """Return the only day that the three numbers can be, given ``order`` if it fits."""
    first, second, last = int(match[1]), int(match[3]), int(match[4])
    if 100 <= first <= 199 and len(match[4]) == 2:
        return _day(first + 1911, second, last)
    if len(match[4]) == 2:
        return _short(first, second, last, order)
    day_first, month_first = _day(last, second, first), _day(last, first, second)
    if (order == "DMY" and day_first) or (order == "MDY" and month_first):
        return day_first if order == "DMY" else month_first
    possible = {day for day in (day_first, month_first) if day}
    return possible.pop() if len(possible) == 1 else None


def _is_day_either_way(match: re.Match[str]) -> bool:
    first, second = int(match[1]), int(match[3])
    return 1 <= first <= 12 and 1 <= second <= 12


def _short(first: int, second: int, last: int, order: str | None) -> date | None:
    """Return the day of a date with a two-digit year (2000 to 2099), which says nothing without its order."""
    if order == "DMY":
        return _day(2000 + last, second, first)
    if order == "MDY":
        return _day(2000 + last, first, second)
    return _day(2000 + first, second, last) if order == "YMD" else None


def _named(year: str, month: str, day: str, language: str | None) -> date | None:
    name = fold(month)
    number = MONTHS.get(name) or AMBIGUOUS.get(name, {}).get((language or "").split("-")[0], 0)
    # RFC 5322 section 4.3 reads two-digit years from 50 on as 19xx.
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)
    return _day(full, number, int(day)) if number else None


def _day(year: int, month: int, day: int) -> date | None:
    """Return the day, with Buddhist years brought to ours, or None where there is no such day."""
    if 2400 <= year <= 2700:
        year -= 543
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 1900 <= year <= 2200 else None


def _with_time(found: Found, zone: tzinfo) -> Dated | None:
    compact = _COMPACT_TIME.match(found.rest)
    if compact:
        return _instant(found.day, _clock(compact[1], compact[2], compact[3]), compact[4], zone)
    match = _TIME.match(found.rest)
    clock = _clock(match[2], match[3], match[4], match[6] or match[1]) if match else None
    if match is None or clock is None:
        return _instant(found.day, None, None, zone)
    return _instant(found.day, clock, match[7], zone)


def _clock(hour: str, minute: str | None, second: str | None, half: str | None = None) -> time | None:
    hours = int(hour)
    if half:
        afternoon = half[0] in "pP" or half in {"下午", "午後", "오후"}
        hours = hours % 12 + 12 * afternoon
    try:
        return time(hours, int(minute or 0), min(int(second or 0), 59))  # a leap second is told as :59
    except ValueError:
        return None


def _instant(day: date, clock: time | None, written: str | None, zone: tzinfo) -> Dated | None:
    own = (_by_name(day, clock, written, zone) or _zone(written)) if clock else None
    local = datetime.combine(day, clock or time(0), own or zone)
    try:
        at = local.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return Dated(at, DateOrigin.SOURCE if own else DateOrigin.ZONE_INFERRED, day_only=clock is None)


def _by_name(day: date, clock: time, written: str | None, zone: tzinfo) -> tzinfo | None:
    """Return the source's own zone where that is what the name means there, on that day."""
    local = datetime.combine(day, clock, zone)
    return zone if written and local.tzname() == written.upper() else None


def _zone(written: str | None) -> tzinfo | None:
    """Return the zone that ``written`` names, or None where it is unknown or absent."""
    offset = _OFFSET.fullmatch(written or "")
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return (
            timezone(timedelta(minutes=-minutes if offset[1] != "+" else minutes)) if minutes < 1440 else None
        )
    hours = _ZONES.get((written or "").upper())
    return None if hours is None else timezone(timedelta(hours=hours))
