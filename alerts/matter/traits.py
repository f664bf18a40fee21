"""What an item shows by which others about the same event are found: numbers of proceedings, addresses, titles, facts.

Each trait has a key for an index, so that a new item is compared with the few that share one and never with the whole archive.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import urlsplit

from alerts.domain.identity import canonical_url
from alerts.domain.items import StoredItem

ROUND_UP = 4  # an item that names so many proceedings is about none of them
SKETCH = 4  # of two titles that share four words in five, 99.8 % share one of so many least hashes
FACTS = 12  # facts of one item that are looked up

# Numbers of one proceeding, notice or decision; statutes, classes and parts of a code are named by items about anything.
_STRONG = re.compile(
    r"337-TA-\d+|DN \d{4}|G/(?:TBT|SPS)/N/.+|(?:19|20)\d\d-\d{5}|[A-Z]{2,5}-[A-Z]?-?\d{4}-\d{4}|ECLI:.+|\d\d{4}[A-Z]{1,2}\d{4}|[CT]-\d{1,4}/\d\d(?: P)?"
    r"|UPC_.+|\[(?:19|20)\d\d\] .+|(?:IPR|PGR|CBM|DER)20\d\d-\d{5}|\d:\d\d-(?:cv|mc|md)-.+|D(?:[A-Z]{2})?(?:19|20)\d\d-\d{4}"
    r"|[\u4e00-\u9fff]{1,12}[\[(〔（【]\d{4}[\])〕）】]\d{1,5}号|[（(]\d{4}[）)][\u4e00-\u9fff]{1,3}\d{0,4}[\u4e00-\u9fff]{1,4}\d{1,6}号"
    r"|[\u4e00-\u9fff]{2,10}令第?\d{1,4}号|指导性?案例\d+号"
)
_TONGUE = re.compile(r"(?<=/)(?:en|eng|zh|cn|chn|zh-cn|zh-hans|de|fr|es|pt|ja|ko)(?=/|$)", re.IGNORECASE)
_WORD = re.compile(
    r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NAME = re.compile(r"(?<![\w])[A-Z][A-Za-z0-9&'-]{2,}")
_CHINESE_DATE = re.compile(r"(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "|".join(f"{name}|{name[:3]}" for name in _MONTHS)
_ENGLISH_DATE = re.compile(
    rf"(?:({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})|(\d{{1,2}}) ({_MONTH})\.? (\d{{4}}))",
    re.IGNORECASE,
)
_COMMON_NAMES = frozenset(
    [
        "the",
        "and",
        "for",
        "with",
        "from",
        "notice",
        "final",
        "rule",
        "rules",
        "act",
        "law",
        "court",
        "office",
        "state",
        "states",
        "united",
        "federal",
        "register",
        "commission",
        "trade",
        "trademark",
        "trademarks",
        "patent",
        "patents",
        "copyright",
        "design",
        "designs",
        "national",
        "international",
        "new",
        "order",
        "decision",
        "china",
        "chinese",
        "european",
        "union",
        "investigation",
        "section",
        "property",
        "intellectual",
        "ministry",
        "department",
        "government",
        "committee",
        "this",
        "that",
        "these",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)


@dataclass(frozen=True, slots=True)
class Trace:
    """What an item is found by. ``facts`` hold in any language: dates, numbers, names in Latin letters."""

    numbers: frozenset[str]  # of proceedings
    links: frozenset[str]
    words: tuple[str, ...]  # of the title, folded
    figures: frozenset[str]  # numbers in the title
    facts: frozenset[str]
    places: frozenset[str]
    han: bool  # written in Chinese

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys under which the item is found, the surest first."""
        found = [f"id:{one}" for one in sorted(self.numbers)]
        found += [f"url:{_short(one)}" for one in sorted(self.links)]
        found += [f"t:{place}:{one}" for place in sorted(self.places)[:3] for one in _sketch(self.words)]
        facts = sorted(self.facts, key=lambda fact: (fact[:1] == "d", -len(fact), fact))[:FACTS]
        found += [f"f:{place}:{one}" for place in sorted(self.places)[:3] for one in facts]
        return tuple(found)


def trace(stored: StoredItem) -> Trace:
    """Return what the item is found by."""
    item, judgement = stored.item, stored.judgement
    stated = tuple(one.date for one in judgement.obligations if one.stated)
    return _trace(_Told(item.title, item.summary, item.language, item.url, judgement.identifiers, stated, stored.jurisdictions))  # fmt: skip


class _Told(NamedTuple):
    """All that a trace depends on."""

    title: str
    summary: str
    language: str | None
    url: str | None
    identifiers: tuple[str, ...]
    stated: tuple[date, ...]
    jurisdictions: tuple[str, ...]


@lru_cache(maxsize=4096)  # an item is compared with each that comes for a month
def _trace(told: _Told) -> Trace:
    title = told.title.casefold()
    return Trace(
        numbers=_numbers(told.identifiers),
        links=frozenset(_links(told.url)),
        words=tuple(_WORD.findall(title)),
        figures=frozenset(_NUMBER.findall(title)),
        facts=frozenset(_facts(f"{told.title}\n{told.summary}", told.stated)),
        places=frozenset(told.jurisdictions),
        han=len(_HAN.findall(told.title)) >= 4 and not (told.language or "zh").startswith(("ja", "ko")),
    )


def _numbers(identifiers: Iterable[str]) -> frozenset[str]:
    """Return the numbers of proceedings in one spelling; none where there are so many that the item is a round-up."""
    plain = (re.sub(r"\s+", " ", one).strip() for one in identifiers)
    strong = frozenset(
        one.translate(str.maketrans("（）〔〕【】", "()[][]")).casefold()
        for one in plain
        if _STRONG.fullmatch(one)
    )
    return strong if len(strong) < ROUND_UP else frozenset()


def _links(url: str | None) -> Iterator[str]:
    """Yield the address in one form and without its language; the front page of a site is about nothing."""
    if not url:
        return
    plain = canonical_url(url)
    try:
        parts = urlsplit(plain)
    except ValueError:
        return
    if len(parts.path) > 1 or parts.query:
        yield _TONGUE.sub("*", plain)


def _facts(text: str, dates: Iterable[date]) -> Iterator[str]:
    yield from (f"d{day.isoformat()}" for day in dates)
    yield from (f"d{day}" for day in _dates(text))
    rest = _ENGLISH_DATE.sub(" ", _CHINESE_DATE.sub(" ", text))
    for number in _NUMBER.findall(rest):
        plain = number.replace(",", "").rstrip(".")
        if len(plain) >= 3 and not re.fullmatch(r"(?:19|20)\d\d", plain):
            yield f"n{plain}"
    for name in _NAME.findall(rest):
        if name.casefold() not in _COMMON_NAMES:
            yield f"w{name.casefold()}"


def _dates(text: str) -> Iterator[str]:
    for year, month, day in _CHINESE_DATE.findall(text):
        yield f"{year}-{int(month):02}-{int(day):02}"
    for one, day, year, other_day, other, other_year in _ENGLISH_DATE.findall(text):
        month = next(n for n, name in enumerate(_MONTHS, 1) if name[:3] == (one or other)[:3].casefold())
        yield f"{year or other_year}-{month:02}-{int(day or other_day):02}"


def _sketch(words: tuple[str, ...]) -> Iterator[str]:
    """Yield the least hash of the words under each of several orders: alike sets share one of them."""
    distinct = set(words)
    if len(distinct) < 4:
        return
    for order in range(SKETCH):
        yield f"{order}{min(_short(word, order) for word in distinct)}"


def _short(text: str, order: int = 0) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8, salt=bytes([order])).hexdigest()
