"""Days as texts in nine languages write them, with their places in the text.

Read are ISO dates; day and month name in English, German, French, Spanish and Portuguese; Chinese, Japanese and
Korean dates, also in Han numerals and in the years of an era or of the Republic of China; and numeric dates where
only one order fits or the order of the language is given. 03/04/2026 without an order is refused, 31 February is no
day. A date without a year takes the year that puts it nearest to the publication; 明年 and 내년 are counted from
that of publication, and 次年, which is counted from another date, is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from alerts.classify.reading import Passage
from alerts.domain.months import MONTHS, fold

READ, MOST = 20_000, 60  # characters of a text, and dates in it, that are looked at
YEAR_SPAN = 183  # days: a date without a year lies at most half a year from publication
DAY_FIRST = frozenset({"de", "fr", "es", "pt"})  # languages that never write the month first

_ENGLISH = (
    "january|february|march|april|june|july|august|september|october|november|december|may"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_OTHERS = (
    "januar|jänner|februar|märz|mai|juni|juli|oktober|dezember"
    "|janvier|février|fevrier|mars|avril|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre"
    "|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro"
)
_YEAR = r"(?:19|20)\d\d"
_HAN = "〇零○一二三四五六七八九"
_DATES = re.compile(
    rf"""
    (?<![\d-])(?P<y1>{_YEAR})-(?P<m1>\d\d?)-(?P<d1>\d\d?)(?![\d-])
    | (?<![a-z])(?P<m2>{_ENGLISH})\.?\s(?P<d2>\d\d?)(?:st|nd|rd|th)?(?:\s?[-–]\s?\d\d?)?(?:,?\s(?P<y2>{_YEAR}))?(?![\d,]*\d)
    | (?<![\d./-])(?P<d3>\d\d?)(?:st|nd|rd|th|er|\.?o|[.°])?\s(?:of\s|de\s)?(?P<m3>{_OTHERS}|{_ENGLISH})(?![a-zà-ÿ])\.?
      (?:,?\s(?:del?\s)?(?P<y3>{_YEAR}))?
    | (?:(?P<era>令和|平成|民国)?\s?(?P<y4>\d{{1,4}}|元|[{_HAN}]{{4}})\s?[年년]\s?
        |(?P<word>今年|本年|明年|来年|去年|次年|翌年|同年|当年|올해|금년|내년|작년|同)\s?)?
      (?<!\d)(?P<m4>\d\d?|[{_HAN}十]{{1,3}})\s?[月월]\s?(?P<d4>\d\d?|[{_HAN}十]{{1,3}})\s?[日号일]
    | (?<![\d./-])(?P<y5>{_YEAR})[./]\s?(?P<m5>\d\d?)[./]\s?(?P<d5>\d\d?)(?!\d)
    | (?<![\d/.-])(?P<a6>\d\d?)(?P<by>[./-])(?P<b6>\d\d?)(?P=by)(?P<y6>{_YEAR})(?![\d-])
    """,
    re.VERBOSE,
)
_ERAS = {"令和": 2018, "平成": 1988, "民国": 1911}
_SHIFTS = {
    "今年": 0,
    "本年": 0,
    "明年": 1,
    "来年": 1,
    "去年": -1,
    "올해": 0,
    "금년": 0,
    "내년": 1,
    "작년": -1,
}
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it stands in a text."""

    day: date
    start: int
    end: int


def written_dates(passage: Passage, published: date | None, language: str = "") -> Iterator[Written]:
    """Yield the dates of the text that name exactly one day."""
    for match in islice(_DATES.finditer(passage.folded, 0, READ), MOST):
        if _is_a_word(match, passage):
            continue
        day = _day(match, published, language)
        if day is not None:
            yield Written(day, match.start(), match.end())


def _is_a_word(match: re.Match[str], passage: Passage) -> bool:
    """Return whether what looks like a month is the verb of "section 5 may apply" or "12 march"."""
    for n in "23":
        if match[f"m{n}"] in ("may", "march", "mar") and match[f"y{n}"] is None:
            return passage.text[match.start(f"m{n}")].islower()
    return False


def _day(match: re.Match[str], published: date | None, language: str) -> date | None:
    group = match.groupdict()
    for n in "1235":
        if group[f"m{n}"] is not None:
            month = group[f"m{n}"]
            which = int(month) if month.isdigit() else MONTHS[fold(month)]
            return _dated(group[f"y{n}"], which, int(group[f"d{n}"]), published)
    if group["m4"] is not None:
        return _east(match, published)
    first, second = int(group["a6"]), int(group["b6"])
    ordered = language in DAY_FIRST
    if not ordered and first <= 12 and second <= 12 and first != second:
        return None  # day and month cannot be told apart
    day, month = (first, second) if ordered or first > 12 or first == second else (second, first)
    return _dated(group["y6"], month, day, published)


def _east(match: re.Match[str], published: date | None) -> date | None:
    """Return the day of a date with 年月日 or 년월일."""
    month, day = number(match["m4"]), number(match["d4"])
    if match["word"] is not None:
        shift = _SHIFTS.get(match["word"])
        return _valid(published.year + shift, month, day) if published and shift is not None else None
    if match["y4"] is None:
        return _dated(None, month, day, published)
    year = 1 if match["y4"] == "元" else number(match["y4"])
    if match["era"]:
        year += _ERAS[match["era"]]
    elif 100 <= year <= 199:
        year += 1911  # Taiwan writes 115年 without naming the era
    return _valid(year, month, day) if 1900 <= year <= 2200 else None


def number(numeral: str) -> int:
    """Return 12, 十二, 二十 or 二〇二六 as a number."""
    if numeral.isdigit() and numeral.isascii():
        return int(numeral)
    if "十" in numeral:
        tens, _, ones = numeral.partition("十")
        return (_DIGITS.get(tens[:1], 1) if tens else 1) * 10 + (_DIGITS.get(ones[:1], 0) if ones else 0)
    return int("".join(str(_DIGITS.get(each, 0)) for each in numeral))


def _dated(year: str | None, month: int, day: int, published: date | None) -> date | None:
    """Return the day; without a year the one nearest to publication; None when there is no such day."""
    if year is not None:
        return _valid(int(year), month, day)
    if published is None:
        return None
    near = (_valid(published.year + shift, month, day) for shift in (0, 1, -1))
    return next((each for each in near if each and abs((each - published).days) <= YEAR_SPAN), None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
