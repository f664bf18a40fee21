"""Make text from outside safe to keep, show and send.

A feed's words reach mail headers, terminals, HTML and logs. This is the one place where characters that
steer instead of spell are taken out: controls, line and paragraph separators, bidirectional overrides
(CVE-2021-42574), tag characters, and zero-width characters except where a script needs them (Persian and
Indic joiners, emoji sequences). Every function is idempotent.

Units: ``limit`` counts code points, ``width`` terminal columns (UAX 11: wide and full-width count two).
"""

import re
import unicodedata
from difflib import SequenceMatcher

ELLIPSIS = "…"

_BREAKS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# C0 but tab, newline, return; C1; surrogates; non-characters; soft hyphen; bidi marks, overrides, isolates;
# word joiner and the invisible operators; byte order mark; interlinear marks; language tag characters.
_STEERING = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff\U0001fffe-\U0001ffff\U0002fffe-\U0002ffff\U0010fffe-\U0010ffff]"
)
_NEEDS_JOINER = (
    "\u0600-\u08ff\u0900-\u0dff\u0f00-\u0fff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe0f\ufe70-\ufefc"
    "\u2600-\u27bf\U0001f000-\U0001faff\U00010a00-\U00011fff"
)
_JOINERS = re.compile(
    f"(?<![{_NEEDS_JOINER}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_NEEDS_JOINER}\u200c\u200d])"
)
_JOINER_RUN = re.compile("([\u200c\u200d])[\u200c\u200d]+")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\s*\n\s*")
_MARK_RUN = re.compile("([\u0300-\u036f\u0489\u20d0-\u20ff]{6})[\u0300-\u036f\u0489\u20d0-\u20ff]+")
_WORDS = re.compile(
    "[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\\W\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)
_PLAIN = re.compile(r"[ -~]*")


def clean(text: str, limit: int) -> str:
    """Return ``text`` in NFC without steering characters, at most ``limit`` long.

    Lines are kept, one newline between them; other white space becomes single spaces.
    """
    return cut(_BLANK_LINES.sub("\n", _spell(text)).strip(), limit)


def one_line(text: str, limit: int = 500) -> str:
    """Return ``text`` cleaned and on one line, at most ``limit`` long."""
    return cut(" ".join(_spell(text).split()), limit)


def cut(text: str, limit: int) -> str:
    """Return ``text``, or as much of it as fits with an ellipsis: up to a word where one ends near the cut."""
    if len(text) <= limit:
        return text
    if limit < 2:
        return ELLIPSIS[:limit]
    end = limit - 1
    while end > 0 and _belongs_to_previous(text[end]):
        end -= 1
    head = text[:end]
    space = max(head.rfind(" "), head.rfind("\n"))
    if space >= limit * 4 // 5 and not text[end].isspace():
        head = head[:space]
    return head.rstrip() + ELLIPSIS


def display_width(text: str) -> int:
    """Return the terminal columns that ``text`` takes."""
    return sum(map(_columns, text))


def cut_width(text: str, width: int) -> str:
    """Return ``text``, or as much of it as fits into ``width`` columns with an ellipsis."""
    if display_width(text) <= width:
        return text
    kept, used = "", 1
    for character in text:
        used += _columns(character)
        if used > width:
            break
        kept += character
    return kept.rstrip() + ELLIPSIS if width > 0 else ""


def _spell(text: str) -> str:
    """Return ``text`` with only characters that spell something, in NFC, with single spaces."""
    if _PLAIN.fullmatch(text):
        return _SPACES.sub(" ", text)
    text = _STEERING.sub("", _BREAKS.sub("\n", text))
    text = _MARK_RUN.sub(r"\1", unicodedata.normalize("NFC", text))
    text = _JOINERS.sub("", _JOINER_RUN.sub(r"\1", text))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text))


def _belongs_to_previous(character: str) -> bool:
    """Return whether a cut before ``character`` would tear a written sign apart."""
    return character in "\u200c\u200d\ufe0f" or unicodedata.category(character) in {"Mn", "Me", "Mc"}


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def changed_share(old: str, new: str) -> float:
    """Return which part of the words of two texts is not in both in the same order, 0 to 1; Han and kana count singly."""
    before, after = _WORDS.findall(old.casefold()), _WORDS.findall(new.casefold())
    if before == after:
        return 0.0
    return 1.0 - SequenceMatcher(None, before, after, autojunk=False).ratio()


def masked(address: str) -> str:
    """Return an address that its owner recognises and that tells others nothing: ``l***@example.com``."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}***{at}{domain}"
