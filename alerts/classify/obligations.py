"""Dates in a text that ask something of the reader or bring something, with their role.

A date counts when words near it, in the same sentence, give it a role; the nearest such words decide, and words that
tell an earlier step (published on, filed on) take it out. Read are ISO dates, dates with an English month name,
Chinese, Japanese and Korean dates, and numeric dates whose order cannot be mistaken. 03/04/2026 is
refused. A date without a year takes the year that puts it nearest to the publication.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from alerts.classify.reading import Passage
from alerts.classify.terms import NONE, Hit
from alerts.domain.items import Obligation
from alerts.domain.vocabulary import Role

_MONTHS = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_NUMBER = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_DATES = re.compile(
    rf"""
    (?<!\d)(?P<y1>(?:19|20)\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d)(?!\d)
    | (?<![a-z])(?P<m2>{_MONTHS})\.?\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<y2>(?:19|20)\d\d))?(?![\d,]*\d)
    | (?<!\d)(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m3>{_MONTHS})(?![a-z])\.?(?:,?\s(?P<y3>(?:19|20)\d\d))?
    | (?:(?<!\d)(?P<y4>(?:19|20)\d\d)\s?[年년]\s?)?(?<!\d)(?P<m4>\d{{1,2}})\s?[月월]\s?(?P<d4>\d{{1,2}})\s?[日号일]
    | (?<!\d)(?P<y5>(?:19|20)\d\d)[./](?P<m5>\d{{1,2}})[./](?P<d5>\d{{1,2}})(?!\d)
    | (?<![\d/.])(?P<a6>\d{{1,2}})[./](?P<b6>\d{{1,2}})[./](?P<y6>(?:19|20)\d\d)(?!\d)
    """,
    re.VERBOSE,
)
_SENTENCE_END = re.compile(
    r"[。;]|[!?](?=\s|[\u3040-\u9fff])|(?<=[a-z)\d][a-z)\d])\.(?=\s+[A-Z\"(\[]|\s*$)|\n"
)
BEFORE, AFTER = 110, 14  # characters within which words give a date its role; after it only in dense scripts
SHORT, ADJACENT = 9, 10  # so short a word ("from") speaks for a date only that near
YEAR_SPAN = 183  # days: a date without a year lies at most half a year from publication


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it stands in a text."""

    day: date
    start: int
    end: int


def read_obligations(
    passages: Sequence[Passage], hits: Sequence[Hit], published: date | None
) -> tuple[Obligation, ...]:
    """Return the dated consequences that title and summary state, in order of date."""
    found: dict[tuple[date, Role], Obligation] = {}
    for passage in passages:
        roles = [hit for hit in hits if hit.where == passage.name and hit.sense.facet == "role"]
        if not roles or passage.name == "publisher":
            continue
        dates = tuple(written_dates(passage, published))
        for written in dates:
            cue = _cue(passage, written, roles, dates)
            if cue is not None and cue.sense.value != NONE:
                role = Role(cue.sense.value)
                found.setdefault((written.day, role), _stated(role, written, _quote(passage, cue, written)))
    return tuple(sorted(found.values(), key=lambda each: (each.date, each.role)))


def written_dates(passage: Passage, published: date | None) -> Iterator[Written]:
    """Yield the dates of the text that name exactly one day."""
    for match in _DATES.finditer(passage.folded):
        day = _day(match, published)
        if day is not None:
            yield Written(day, match.start(), match.end())


def _day(match: re.Match[str], published: date | None) -> date | None:
    group = match.groupdict()
    for n in "12345":
        if group[f"m{n}"] is not None:
            month = group[f"m{n}"]
            number = int(month) if month.isdigit() else _NUMBER[month[:3]]
            return _dated(group[f"y{n}"], number, int(group[f"d{n}"]), published)
    first, second = int(group["a6"]), int(group["b6"])
    if first <= 12 and second <= 12 and first != second:
        return None  # day and month cannot be told apart
    day, month = (first, second) if first > 12 or first == second else (second, first)
    return _dated(group["y6"], month, day, published)


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


def _cue(passage: Passage, written: Written, roles: Sequence[Hit], dates: Sequence[Written]) -> Hit | None:
    """Return the words that give the date its role: those nearest to it, of two equally near the one without a gap, then the longer."""
    left, right = _sentence(passage.text, written)
    earlier = max((each.end for each in dates if each.end <= written.start), default=0)
    best: tuple[int, bool, int] | None = None
    chosen: Hit | None = None
    for hit in roles:
        start = max(left, earlier) if hit.sense.value == NONE else left
        distance = _distance(hit, written, start, right if passage.dense else written.end)
        if distance is None or (len(hit.words) <= SHORT and distance > ADJACENT and not passage.dense):
            continue
        rank = (distance, not hit.solid, hit.start - hit.end)
        if best is None or rank < best:
            best, chosen = rank, hit
    return chosen


def _distance(hit: Hit, written: Written, left: int, right: int) -> int | None:
    """Return how far the words are from the date, or None when they do not belong to it."""
    if left <= hit.start and hit.end <= written.start and written.start - hit.end <= BEFORE:
        return written.start - hit.end
    if hit.start >= written.end and hit.end <= right and hit.start - written.end <= AFTER:
        return hit.start - written.end
    if hit.start <= written.start and written.end <= hit.end:
        return 0
    return None


def _sentence(text: str, written: Written) -> tuple[int, int]:
    """Return where the sentence around the date begins and ends."""
    left, right = 0, len(text)
    for match in _SENTENCE_END.finditer(text):
        if match.end() <= written.start:
            left = match.end()
        elif match.start() >= written.end:
            right = match.start()
            break
    return left, right


def _stated(role: Role, written: Written, words: str) -> Obligation:
    return Obligation(role, written.day, stated=True, basis=words)


def _quote(passage: Passage, cue: Hit, written: Written) -> str:
    """Return the words of the text from cue to date."""
    return " ".join(passage.text[min(cue.start, written.start) : max(cue.end, written.end)].split())
