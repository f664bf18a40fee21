"""What a text is found by, and what somebody looks for: one rule for both, whatever the database.

A text becomes a row of tokens. Words of scripts that put spaces between them are one token each, folded (case, accents,
full width, English plural). Han, kana, Hangul and the scripts of South-East Asia without spaces are one token a character,
and each pair of neighbours is one more, so that a word of two characters is found by a single token wherever it stands.

Of ASCII, tokens hold nothing but letters and digits, so they pass into a query of any database as they are. Facets (``k=legal-rule``)
have a ``=`` inside, which no token of a text has.

Source: performance-limits section 8: SQLite's own tokenizers find nothing inside a run of Han.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from alerts.domain.han import simplified

_CHARACTERS = (
    "\u0e01-\u0e5b\u0e81-\u0edf\u1000-\u109f\u1100-\u11ff\u1780-\u17dd\u3041-\u3096\u30a1-\u30fa\u30fc\u3105-\u312f"
    "\u3131-\u318e\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003134f"
)
_UNITS = re.compile(rf"[{_CHARACTERS}]|[^\W_{_CHARACTERS}]+")
_RUNS = re.compile(rf"[{_CHARACTERS}]+|[^\W_{_CHARACTERS}]+")
_SINGLE = re.compile(rf"[{_CHARACTERS}]")
_QUOTED = re.compile(r'["“”„«»「『](.+?)["“”«»」』]')
_ACCENTS = re.compile("[\u0300-\u036f]")
_LONGEST = 40  # characters of a token; what is longer is found by its beginning
GAP = "="  # a token of its own between the title and what follows, so that no phrase reaches across


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that stand one behind the other; one alone where there is one."""

    tokens: tuple[str, ...]


def tokens(*texts: str) -> list[str]:
    """Return the tokens of texts in their order, the pairs of characters behind all of them."""
    units: list[str] = []
    pairs: dict[str, None] = {}
    for text in texts:
        found = _UNITS.findall(folded(text))
        units += [GAP] * bool(units) + [_word(unit) for unit in found]
        pairs |= dict.fromkeys(_pairs(found))
    return [*units, GAP, *pairs]


def sought(search: str) -> tuple[Phrase, ...]:
    """Return what a text must hold to be found: every word, quoted words as they follow each other.

    Characters without spaces between them follow each other as written. Of an empty search, or one of signs alone, nothing.
    """
    phrases: dict[Phrase, None] = {}
    for quoted in _QUOTED.findall(search):
        phrases |= dict.fromkeys(_phrases(_UNITS.findall(folded(quoted))))
    for run in _RUNS.findall(folded(_QUOTED.sub(" ", search))):
        phrases |= dict.fromkeys(_phrases(_UNITS.findall(run)))
    return tuple(phrases)


def _phrases(units: Sequence[str]) -> Iterator[Phrase]:
    """Yield what finds units that follow each other: their pairs are quick to look up, the whole makes sure."""
    together = list(_pairs(units))
    yield from (Phrase((pair,)) for pair in together)
    is_one_pair = len(together) == 1 and len(units) == 2
    if units and not is_one_pair:
        yield Phrase(tuple(map(_word, units)))


def _pairs(units: Sequence[str]) -> Iterator[str]:
    return (one + other for one, other in pairwise(units) if _SINGLE.match(one) and _SINGLE.match(other))


def folded(text: str) -> str:
    """Return a text without case, accents, full width and traditional forms."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if plain.isascii():
        return plain
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", plain))
    return simplified(unicodedata.normalize("NFC", bare))


@lru_cache(maxsize=50_000)
def _word(unit: str) -> str:
    """Return a word without the ending of the English plural; never shorter than three letters."""
    if len(unit) > 4 and unit.endswith("ies") and unit.isascii():
        return unit[:-3] + "y"
    if len(unit) > 3 and unit.endswith("s") and unit.isascii() and not unit.endswith(("ss", "us", "is")):
        return unit[:-1]
    return unit[:_LONGEST]
