"""Terms that a text counts from its own publication: "effective 60 days after publication".

They are read in nine languages and give the day that they lead to; whoever shows it says that it was computed. A
term that is counted from anything else (service, receipt, grant) is left alone, and so is one that only says "within
six months, on a day to be named".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from alerts.classify.days import MOST, READ, number
from alerts.classify.periods import Calendars, Period, Unit, ends
from alerts.classify.reading import Passage
from alerts.domain.han import simplified

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10, "fourteen": 14, "fifteen": 15,
    "twenty": 20, "thirty": 30, "forty-five": 45, "sixty": 60, "ninety": 90, "third": 3, "tenth": 10, "twentieth": 20, "thirtieth": 30,
    "einem": 1, "einen": 1, "zwei": 2, "drei": 3, "vier": 4, "sechs": 6, "neun": 9, "zwölf": 12, "vierzehn": 14, "dreißig": 30,
    "deux": 2, "trois": 3, "quatre": 4, "quinze": 15, "vingt": 20, "trente": 30, "soixante": 60, "vingtième": 20, "troisième": 3,
    "un": 1, "dos": 2, "tres": 3, "diez": 10, "quince": 15, "veinte": 20, "treinta": 30, "sesenta": 60, "noventa": 90,
    "um": 1, "dois": 2, "três": 3, "seis": 6, "dez": 10, "vinte": 20, "trinta": 30, "sessenta": 60, "cento e oitenta": 180, "ciento ochenta": 180,
}  # fmt: skip
_LATIN = r"(?P<n>\d{1,3}|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")(?:\s?\(\w+\))?"
_HAN = r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})\s?"
_UNITS = (
    (re.compile("工作日|working|business|hábiles|úteis|ouvrés|ouvrables|werktag"), Unit.WORKING_DAYS),
    (re.compile("week|woche|semaine|semana|周|週|주"), Unit.WEEKS),
    (re.compile("month|monat|mois|mes|mês|月|개월"), Unit.MONTHS),
    (re.compile("year|jahr|an|año|ano|年|년"), Unit.YEARS),
)
_FORMS = (
    rf"(?<!\w){_LATIN}\s(?P<u>(?:(?:calendar|business|working)\s)?days?|weeks?|months?|years?)\s(?:after|from|following|of)\s"
    r"(?:the\s)?(?:(?:date|day)\sof\s)?(?:(?:its|the|this|their)\s)?(?:official\s)?(?:publication|promulgation)",
    rf"(?<!\w){_LATIN}\s(?P<u>day)\s(?:after|following)\s(?:that\sof\s)?(?:the\s|its\s)?(?:date\sof\s)?(?:its\s)?publication",
    r"(?P<next>day\s(?:after|following)\s(?:that\sof\s)?(?:the\s|its\s)?(?:date\sof\s)?(?:its\s)?publication)",
    r"(?P<same>(?:upon|on\sthe\s(?:date|day)\sof)\s(?:its\s)?publication)",
    rf"(?:公布|发布|公告|颁布|刊登)之日起\s?{_HAN}(?P<u>个?工作日|个月|日|天|年)(?:内|后|届满)?",
    r"(?P<same>自?(?:公布|发布|公告|颁布|印发)之日起?)(?=起?(?:正式)?(?:施行|实施|生效|执行))",
    rf"(?:公布|公示|公表|公告)の日から(?:起算して)?{_HAN}(?P<u>日|か月|箇月|ヶ月|月|年)(?:を経過した日|以内)",
    r"(?P<same>公布の日)(?=から施行)",
    rf"(?:공포|공고|고시|게재)(?:한\s?날|일|된\s?날)?(?:로)?(?:부터|\s후)\s?{_HAN}(?P<u>일|개월|년)(?:이|을)?\s?(?:이내|경과한\s날|지난\s날|후|내)",
    r"(?P<same>(?:공포|고시|공고)(?:한\s?날|일|된\s?날))(?=(?:로)?부터\s?시행)",
    rf"(?<!\w){_LATIN}\s(?P<u>(?:werk)?tage?n?|wochen?|monate?n?|jahre?n?)\snach\s(?:dem\stag\s)?(?:(?:der|ihrer|seiner)\s)?(?:veröffentlichung|verkündung|bekanntmachung)",
    r"(?P<next>(?:tage?\snach)\s(?:der|ihrer|seiner)\s(?:verkündung|veröffentlichung))",
    r"(?P<same>(?:tage?)\s(?:der|ihrer|seiner)\s(?:verkündung|veröffentlichung))",
    rf"(?<!\w){_LATIN}\s(?P<u>jours?(?:\souvr\w+)?|semaines?|mois|ans?)\s(?:après|suivant|à\scompter\sde|à\spartir\sde)\s(?:celui\sde\s)?(?:(?:la|sa)\s)?(?:date\sde\s)?(?:sa\s|la\s)?publication",
    r"(?P<next>lendemain\sde\s(?:sa|la)\spublication)",
    rf"(?<!\w){_LATIN}\s(?P<u>días?(?:\s(?:naturales|hábiles))?|semanas?|meses|mes|años?)\s(?:después\sde|desde|de|a\spartir\sde|contados\s(?:a\spartir\s)?(?:de|desde)|siguientes\sa)\s(?:la\s|su\s)?(?:fecha\sde\s)?(?:su\s|la\s)?publicación",
    r"(?P<next>día\ssiguiente\s(?:al\s)?(?:de|a)\ssu\spublicación)",
    rf"(?<!\w){_LATIN}\s(?P<u>dias?(?:\s(?:úteis|corridos))?|meses|mês|anos?)\s(?:após|depois\sd[ae]|contados\sd[ae]|a\scontar\sd[ae]|d[ae])\s(?:a\s)?(?:data\sd[ae]\s)?(?:sua\s)?publicação",
    r"(?P<next>dia\sseguinte\s(?:ao|à)\s(?:da\s)?(?:sua\s)?publicação)",
    r"(?P<same>data\sd[ae]\s(?:sua\s)?publicação)",
)  # fmt: skip
# Texts are searched in simplified characters.
_READERS = tuple(re.compile(simplified(form)) for form in _FORMS)
_HINT = re.compile(
    "publication|promulgation|之日|の日から|부터|공포|verkündung|veröffentlichung|bekanntmachung|publicación|publicação| 후"
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A term in a text, the day that it leads to, and whether it is the day of publication itself."""

    day: date
    start: int
    end: int
    same: bool


def counted_terms(passage: Passage, published: date, office: str, calendars: Calendars) -> Iterator[Counted]:
    """Yield the terms of a text that are counted from its publication; ``office`` names whose working days count."""
    if not _HINT.search(passage.folded, 0, READ):
        return
    for reader in _READERS:
        for match in islice(reader.finditer(passage.folded, 0, READ), MOST):
            day = ends(published, _period(match), office, calendars)
            if day is not None:
                yield Counted(day, match.start(), match.end(), _length(match) == 0)


def _period(match: re.Match[str]) -> Period:
    unit = match.groupdict().get("u") or ""
    kind = next((kind for words, kind in _UNITS if words.search(unit)), Unit.DAYS)
    return Period(_length(match), kind)


def _length(match: re.Match[str]) -> int:
    group = match.groupdict()
    if group.get("same"):
        return 0
    if group.get("next"):
        return 1
    written = match["n"]
    return _WORDS[written] if written in _WORDS else number(written.replace("两", "二"))
