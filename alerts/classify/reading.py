"""A text made ready for finding terms in it: folded once, cut into words once.

Words are runs of letters and digits of scripts that put spaces between words; Chinese, Japanese and
Korean text has no words here, its terms are found as substrings. Positions are those of the NFKC text,
so that evidence can be quoted as it was written.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from alerts.domain.han import simplified
from alerts.domain.items import Item

WORD = re.compile("[0-9A-Za-z\u00aa-\u1fff]+")  # Latin, Greek, Cyrillic, Arabic, Indic … up to the symbols
DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")  # kana, Han, Hangul
HANGUL, KANA, HAN = (re.compile(f"[{each}]") for each in ("\uac00-\ud7af", "\u3040-\u30ff", "\u3400-\u9fff"))
QUOTED = "en"  # names of offices and laws stand in English in texts of any language
MOST_TITLE = 1_000  # characters that are judged: what an item is about stands at its beginning
MOST_SUMMARY = 5_000
LEAD = 360  # characters of a summary that say what the item is about


@dataclass(frozen=True, slots=True)
class Word:
    """One word, lower case, with its place in the text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of an item. ``folded`` is lower case and simplified, and as long as ``text``."""

    name: str  # title | summary | publisher
    text: str
    folded: str
    words: tuple[Word, ...]
    dense: bool  # holds a script without spaces


def fold(text: str) -> str:
    """Return ``text`` in lower case and simplified characters, with its length kept."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    return simplified(lower)


def passage(name: str, text: str) -> Passage:
    """Return the text, read."""
    plain = unicodedata.normalize("NFKC", text)
    folded = fold(plain)
    words = tuple(Word(each.group(), each.start(), each.end()) for each in WORD.finditer(folded))
    return Passage(name, plain, folded, words, DENSE.search(folded) is not None)


def passages(item: Item, publisher: str) -> tuple[Passage, ...]:
    """Return title, summary and publisher of an item, read; empty ones are left out."""
    texts = (
        ("title", item.title[:MOST_TITLE]),
        ("summary", item.summary[:MOST_SUMMARY]),
        ("publisher", publisher[:MOST_TITLE]),
    )
    return tuple(passage(name, text) for name, text in texts if text)


def languages(item: Item, common: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the languages whose terms may stand in the item: its own, what its script shows, and English.

    Where nobody said its language, the one with most of its commonest words in the text is taken.
    """
    text = item.title[:MOST_TITLE] + item.summary[:MOST_SUMMARY]
    own = {QUOTED, (item.language or _told(text, common)).split("-")[0].lower()}
    if HANGUL.search(text):
        own.add("ko")
    if KANA.search(text):
        own.add("ja")
    elif HAN.search(text) and "ja" not in own:
        own.add("zh")
    return frozenset(own)


def _told(text: str, common: Mapping[str, frozenset[str]]) -> str:
    """Return the language of most of the words, English when none leads."""
    words = WORD.findall(text[:1000].lower())
    counts = {language: sum(word in known for word in words) for language, known in common.items()}
    best = max(counts, key=lambda language: (counts[language], language == QUOTED), default=QUOTED)
    return best if counts.get(best) else QUOTED
