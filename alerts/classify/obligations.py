"""Dates in a text that ask something of the reader or bring something, with their role.

A date (:mod:`alerts.classify.days`) counts when words near it, in the same sentence, give it a role; the nearest such
words decide, and words that tell an earlier step (published on, filed on) take it out. Only the item's own
measure counts: of a day that is moved "from … to …" only the second stands. Two days that contradict each other
both stand, since no rule can tell which of them the author meant.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from alerts.classify.days import READ, Written, written_dates
from alerts.classify.periods import Calendars
from alerts.classify.reading import Passage
from alerts.classify.relative import counted_terms
from alerts.classify.terms import NONE, Hit
from alerts.domain.items import Obligation
from alerts.domain.vocabulary import Role

_SENTENCE_END = re.compile(
    r"[。;]|[!?](?=\s|[\u3040-\u9fff])|(?<=[a-zà-ÿ)\d][a-zà-ÿ)\d])\.(?=\s+[A-ZÀ-Þ\"(\[]|\s*$)|(?<=[\uac00-\ud7af])\.|\n"
)
_DAY_MONTH = re.compile(r"\s+(?:Jan|Jän|Feb|M[aä]r|Apr|Ma[iy]|Jun|Jul|Aug|Sep|O[ck]t|Nov|De[cz])")
_PLAIN = frozenset({Role.IN_FORCE, Role.APPLIES_FROM, Role.TERM_ENDS})  # a fee that "takes effect" is a fee
_BEGINS = frozenset({Role.IN_FORCE, Role.APPLIES_FROM, Role.FEES_CHANGE})  # what may happen on publication
_MOVED = frozenset({Role.IN_FORCE, Role.COMMENTS_CLOSE, Role.FEES_CHANGE, Role.DEADLINE_EXTENDED_TO})
_MOVES = re.compile(r"\b(?:date|deadline)s?\b[^.;]*\bfrom $")
_EXTENDS = re.compile(r"\bextend(?:s|ed|ing)?\b|\bextension\b")
_EARLIER = re.compile(r"\b(?:previously|subsequently|already|earlier|formerly)\s+$")
BEFORE, AFTER = 110, 14  # characters within which words give a date its role; after it only in dense scripts
EARLIER = timedelta(days=3 * 366)  # before publication; what is older was brought by another measure
SHORT, ADJACENT = 9, 10  # so short a word ("from") speaks for a date only that near
NEXT = 12  # characters after words that end in "to" or "until", within which the date stands that they mean


def read_obligations(
    passages: Sequence[Passage], hits: Sequence[Hit], published: date | None, language: str = ""
) -> tuple[Obligation, ...]:
    """Return the dated consequences that title and summary state, in order of date.

    ``language`` (ISO 639-1) says in which order 03/04/2026 is written; without it such a date is refused.
    """
    found: dict[tuple[date, Role], Obligation] = {}
    for passage in passages:
        roles = [hit for hit in hits if hit.where == passage.name and hit.sense.facet == "role"]
        if not roles or passage.name == "publisher":
            continue
        dates = tuple(written_dates(passage, published, language))
        oldest = _oldest(passage, published)
        text = _Sentences(passage, roles, dates) if dates else None
        for written in dates:
            cue = text.cue(written) if text and written.day >= oldest else None
            if text and cue is not None and cue.sense.value != NONE and not text.moved_away(cue, written):
                role = text.role(cue, written)
                found.setdefault((written.day, role), _stated(role, written, _quote(passage, cue, written)))
    return tuple(sorted(found.values(), key=lambda each: (each.date, each.role)))


def _oldest(passage: Passage, published: date | None) -> date:
    """Return the day before which a date is that of an earlier measure.

    Pages of Chinese offices are often known by the day on which they were fetched, years after their rule.
    """
    return date.min if published is None or passage.dense else published - EARLIER


def read_counted(
    passages: Sequence[Passage], hits: Sequence[Hit], published: date | None, where: tuple[str, Calendars]
) -> tuple[Obligation, ...]:
    """Return the dates that a text counts from its own publication, computed, the first of each role.

    ``where`` is the office whose working days count, and who knows its holidays.
    """
    found: dict[Role, Obligation] = {}
    for passage in passages if published else ():
        roles = [hit for hit in hits if hit.where == passage.name and hit.sense.facet == "role"]
        if not roles or passage.name == "publisher" or published is None:
            continue
        terms = tuple(counted_terms(passage, published, *where))
        text = _Sentences(passage, roles, [Written(each.day, each.start, each.end) for each in terms])
        for term in terms:
            written = Written(term.day, term.start, term.end)
            cue = text.cue(written)
            if cue is None or cue.sense.value == NONE or (term.same and cue.sense.value not in _BEGINS):
                continue
            basis = f"{_quote(passage, cue, written)}: counted from {published.isoformat()}"
            found.setdefault(
                Role(cue.sense.value), Obligation(Role(cue.sense.value), term.day, stated=False, basis=basis)
            )
    return tuple(found.values())


def sentence_ends(text: str) -> tuple[int, ...]:
    """Return where the sentences of a text end; the dot of "1. Januar" ends none."""
    return tuple(
        match.end()
        for match in _SENTENCE_END.finditer(text, 0, READ)
        if match[0] != "." or not (text[match.start() - 1].isdigit() and _DAY_MONTH.match(text, match.end()))
    )


class _Sentences:
    """A text with its dates and the words that give roles, ready to be asked about each date."""

    def __init__(self, passage: Passage, roles: Sequence[Hit], dates: Sequence[Written]) -> None:
        self.passage = passage
        self._roles = roles
        self._starts = [hit.start for hit in roles]
        self._longest = max(hit.end - hit.start for hit in roles)
        self._dates = dates
        self._ends = sentence_ends(passage.text)

    def around(self, written: Written) -> tuple[int, int]:
        """Return where the sentence around the date begins and ends."""
        before = bisect_right(self._ends, written.start)
        after = bisect_left(self._ends, written.end)
        left = self._ends[before - 1] if before else 0
        return left, self._ends[after] if after < len(self._ends) else len(self.passage.text)

    def cue(self, written: Written) -> Hit | None:
        """Return the words that give the date its role: those nearest to it; of equally near ones those of a closer role, without a gap, the longest."""
        left, right = self.around(written)
        earlier = max((each.end for each in self._dates if each.end <= written.start), default=0)
        best: tuple[int, bool, bool, int] | None = None
        chosen: Hit | None = None
        for hit in self._near(written):
            start = max(left, earlier) if hit.sense.value == NONE else left
            distance = self._distance(hit, written, start, right if self.passage.dense else written.end)
            if distance is None or (
                len(hit.words) <= SHORT and distance > ADJACENT and not self.passage.dense
            ):
                continue
            rank = (distance, hit.sense.value in _PLAIN, not hit.solid, hit.start - hit.end)
            if best is None or rank < best:
                best, chosen = rank, hit
        return chosen

    def _near(self, written: Written) -> Sequence[Hit]:
        first = bisect_left(self._starts, written.start - BEFORE - self._longest)
        return self._roles[first : bisect_right(self._starts, written.end + AFTER)]

    def _distance(self, hit: Hit, written: Written, left: int, right: int) -> int | None:
        """Return how far the words are from the date, or None when they do not belong to it."""
        if left <= hit.start and hit.end <= written.start and written.start - hit.end <= BEFORE:
            return written.start - hit.end
        if hit.start >= written.end - 1 and hit.end <= right and hit.start - written.end <= AFTER:
            return max(0, hit.start - written.end)  # 日施行 begins with the end of the date
        if hit.start <= written.start and written.end <= hit.end:
            return None if self._speaks_of_next(hit) else 0
        return None

    def _speaks_of_next(self, hit: Hit) -> bool:
        """Return whether the words lead to a date behind them: "effective date … from 1 May to" 3 May."""
        return any(hit.end < each.start <= hit.end + NEXT for each in self._dates) and not self.passage.dense

    def moved_away(self, cue: Hit, written: Written) -> bool:
        """Return whether the day is the old one of "the effective date is moved from … to …"."""
        text = self.passage.folded
        after = next((each for each in self._dates if each.start >= written.end), None)
        between = text[written.end : after.start].strip(" ,") if after else ""
        before = text[max(0, written.start - BEFORE) : written.start]
        return between == "to" and (
            (before.endswith("from ") and cue.sense.value in _MOVED) or _MOVES.search(before) is not None
        )

    def role(self, cue: Hit, written: Written) -> Role:
        """Return the role; "until" is a moved end where the sentence extends something, unless that was earlier."""
        role, text = Role(cue.sense.value), self.passage.folded
        if role is Role.DEADLINE_EXTENDED_TO and _EARLIER.search(text, max(0, cue.start - 14), cue.start):
            return Role.TERM_ENDS
        if role is Role.TERM_ENDS and cue.words.lower() == "until":
            left, _ = self.around(written)
            for match in _EXTENDS.finditer(text, left, written.start):
                if not _EARLIER.search(text, max(0, match.start() - 14), match.start()):
                    return Role.DEADLINE_EXTENDED_TO
        return role


def _stated(role: Role, written: Written, words: str) -> Obligation:
    return Obligation(role, written.day, stated=True, basis=words)


def _quote(passage: Passage, cue: Hit, written: Written) -> str:
    """Return the words of the text from cue to date."""
    return " ".join(passage.text[min(cue.start, written.start) : max(cue.end, written.end)].split())
