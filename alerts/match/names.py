"""Names and key words as people write them, made comparable.

Two spellings of one name are the same after NFKC, case folding, traditional to simplified characters,
letters without accents and punctuation to spaces. The legal form at the end of a company's name (Co., Ltd., GmbH, 有限公司 …) is not part of
what is searched, since texts leave it out. Words of scripts with spaces must stand alone; Chinese, Japanese and
Korean runs are found anywhere.
"""

import re
import unicodedata
from functools import lru_cache

from alerts.domain.han import simplified
from alerts.match.variants import CHANGING, may_name_a_place, respelt, reworded, unaccented

_DENSE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_HAN = re.compile("[\u3400-\u9fff]{2,}")
_PAIRS = re.compile("[aou]e", re.IGNORECASE)  # may be an umlaut in two letters
_RUN = re.compile(rf"[{_DENSE}]+")
_IS_DENSE = re.compile(rf"[{_DENSE}]")

# Legal forms as their words. Register practice of the states where exporters most often meet them.
_FORMS = """co ltd|company limited|co limited|pte ltd|pty ltd|pvt ltd|private limited|ltd|limited|inc|incorporated|corp|corporation
company|llc|llp|plc|gmbh co kg|gmbh|ag|kg|kgaa|ug|se|sa|s a|sas|s a s|sarl|s a r l|srl|s r l|spa|s p a|sl|s l|bv|b v|nv|n v
ab|oy|oyj|asa|a s|aps|kk|k k|sdn bhd|bhd|sp z o o|ooo|jsc|ojsc|pjsc|joint stock company|sa de cv|s a de c v|ltda|tbk|co"""
_DENSE_FORMS = (
    "股份有限公司", "有限责任公司", "集团有限公司", "控股有限公司", "有限公司", "集团公司", "公司", "集团",
    "株式会社", "有限会社", "合同会社", "주식회사", "유한회사",
)  # fmt: skip
_DENSE_BEFORE = ("株式会社", "有限会社", "合同会社", "주식회사", "유한회사")
_IN_BRACKETS = frozenset(("株", "有", "주", "유"))  # (株)ソニー, 삼성전자(주)
_BEFORE = frozenset(("pt", "ooo", "oao", "zao", "pao", "ao", "ab", "cv", "the"))
_PARENTS = frozenset(("group", "groups", "holding", "holdings"))


def _by_last_word(forms: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the forms by their last word, longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for form in forms.replace("\n", "|").split("|"):
        words = tuple(form.split())
        found.setdefault(words[-1], []).append(words)
    return {last: tuple(sorted(each, key=len, reverse=True)) for last, each in found.items()}


_FORMS_BY_END = _by_last_word(_FORMS)
# Words that may be left out or written otherwise.
_TELLING = frozenset(_FORMS_BY_END) | _PARENTS | _BEFORE | CHANGING


class _Letters(dict[int, str]):
    """What each character becomes in a spaced text: itself, simplified, or a space; filled as they are met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        kept = letter.isalnum() or unicodedata.category(letter).startswith("M")
        self[code] = unaccented(simplified(letter)) if kept else " "
        return self[code]


_LETTERS = _Letters()


def folded(text: str) -> str:
    """Return the text in the form in which spellings are compared: case folded, simplified, single spaces."""
    return " ".join(simplified(unicodedata.normalize("NFKC", text).casefold()).split())


def spaced(text: str) -> str:
    """Return a text ready for :func:`stands_in`: words and runs, each between single spaces."""
    if text.isascii():
        return f" {' '.join(text.lower().translate(_LETTERS).split())} "
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    apart = _RUN.sub(r" \g<0> ", plain)
    return f" {' '.join(apart.split())} "


def pattern(term: str) -> str:
    """Return what to look for in a spaced text; empty when the term holds no letter or digit.

    A space at an end asks for a word boundary there.
    """
    return _bounded(_without_form(spaced(term).split()))


def patterns(term: str, pinyin: bool = False) -> tuple[str, ...]:
    """Return all that a term is looked for as: its pattern first, other spellings, and with ``pinyin`` Latin letters."""
    plain = None if pinyin else _plain(term)
    return spellings(term, pinyin) if plain is None else (plain,)


def looked_for(term: str, *, pinyin: bool = False) -> tuple[str, ...]:
    """Return the spellings that a term is found in, as people read them."""
    return tuple(dict.fromkeys(one.strip() for one in patterns(term, pinyin) if one.strip()))


def _plain(term: str) -> str | None:
    """Return the one pattern of a term that has no other spelling, or None; most terms of a long list are of that kind."""
    if term.isascii():
        words = term.lower().split()
        plain = term.replace(" ", "").isalnum() and _TELLING.isdisjoint(words)
        return f" {' '.join(words)} " if plain and words and not _PAIRS.search(term) else None
    if not _HAN.fullmatch(term):
        return None
    spelt = term.translate(_LETTERS)
    if (
        " " in spelt
        or spelt.endswith(_DENSE_FORMS)
        or spelt.startswith(_DENSE_BEFORE)
        or may_name_a_place(spelt)
    ):
        return None
    return spelt


@lru_cache(maxsize=50_000)
def spellings(term: str, pinyin: bool = False) -> tuple[str, ...]:
    """Return the same of any term."""
    base = _without_form(spaced(term).split())
    if not base:
        return ()
    names, ampersand = [base], "&" in term or "+" in term or "＆" in term
    if not _IS_DENSE.match(base[0]) or len(base) > 1:
        plain = term.lower() if term.isascii() else folded(term)
        names += [_without_form(spaced(each).split()) for each in respelt(plain)]
    others = [_bounded(each) for name in names for each in reworded(name, ampersand)]
    found = [_bounded(base), *map(_bounded, names[1:]), *others]
    found = [found[0], *(each for each in found[1:] if len(each.strip()) > 1)]
    if pinyin:
        found += [latin for each in tuple(found) for latin in _romanised(each)]
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def _bounded(pieces: list[str]) -> str:
    """Return the pieces as a pattern, with a space at each end that is not Chinese, Japanese or Korean."""
    if not pieces:
        return ""
    left = "" if _IS_DENSE.match(pieces[0]) else " "
    right = "" if _IS_DENSE.match(pieces[-1]) else " "
    return left + " ".join(pieces) + right


def is_only_form(term: str) -> bool:
    """Return whether a term is a legal form without a name: Ltd, GmbH & Co. KG, 有限公司."""
    pieces = spaced(term).split()
    forms = _FORMS_BY_END.get(pieces[-1], ()) if pieces else ()
    return tuple(pieces) in forms or (len(pieces) == 1 and pieces[0] in _DENSE_FORMS)


def stands_in(sought: str, text: str) -> bool:
    """Tell whether a pattern stands in a spaced text."""
    return bool(sought) and sought in text


def is_dense(text: str) -> bool:
    """Tell whether a text begins with a script that puts no spaces between words."""
    return _IS_DENSE.match(text) is not None


def _romanised(sought: str) -> tuple[str, ...]:
    """Return a Chinese pattern in pinyin, in one word and in syllables; nothing for other scripts."""
    if not is_dense(sought) or not all("\u3400" <= letter <= "\u9fff" for letter in sought):
        return ()
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(sought)
    pairs = ["".join(syllables[n : n + 2]) for n in range(0, len(syllables), 2)]
    ways = ("".join(syllables), " ".join(syllables), " ".join(pairs))
    return tuple(f" {way} " for way in ways) if len(syllables) > 1 else ()


def _without_form(pieces: list[str]) -> list[str]:
    """Return the pieces without legal forms at either end, unless nothing worth searching would be left."""
    rest = _without_ending(pieces)
    while len(rest) > 1 and rest[-1] in _PARENTS and len("".join(rest[:-1])) > 2:
        rest = _without_ending(rest[:-1])
    # "The Gap" is not the gap, and "The Coca-Cola Company" is Coca-Cola.
    if len(rest) > 1 and rest[0] in _BEFORE and (rest[0] != "the" or len(rest) > 2):
        rest = rest[1:]
    return _without_dense_start(rest)


def _without_dense_start(pieces: list[str]) -> list[str]:
    """Return the pieces without a form of Japan or Korea before the name, and without one in brackets at either end."""
    if len(pieces) > 1 and pieces[0] in _IN_BRACKETS:
        pieces = pieces[1:]
    if len(pieces) > 1 and pieces[-1] in _IN_BRACKETS:
        pieces = pieces[:-1]
    for form in _DENSE_BEFORE if pieces and _IS_DENSE.match(pieces[0]) else ():
        rest = [pieces[0].removeprefix(form), *pieces[1:]]
        if pieces[0].startswith(form) and len("".join(rest)) >= 2:
            return [piece for piece in rest if piece]
    return pieces


def _without_ending(pieces: list[str]) -> list[str]:
    """Return the pieces without a legal form at the end, unless nothing worth searching would be left."""
    if not pieces:
        return pieces
    for form in _FORMS_BY_END.get(pieces[-1], ()):
        rest = pieces[: -len(form)]
        if tuple(pieces[-len(form) :]) == form and len("".join(rest)) >= 2:
            return rest
    if _IS_DENSE.match(pieces[-1]):
        for ending in _DENSE_FORMS:
            rest = [*pieces[:-1], pieces[-1].removesuffix(ending)]
            if pieces[-1].endswith(ending) and len("".join(rest)) >= 2:
                return [piece for piece in rest if piece]
    return pieces
