"""Bytes → text, once, so that the guard and the parser see the same characters.

Order: byte order mark, the charset of the Content-Type header, the document's own declaration (XML declaration
or HTML meta), UTF-8, a guess by charset-normalizer. Two liars are caught: bytes that are valid UTF-8 beyond
ASCII are UTF-8 whatever single-byte charset was declared, and gb2312 and gbk are read as their superset
gb18030 (WHATWG Encoding, section 4.2).
Source: RFC 7303 section 3 (the mark wins over the header, the header over the declaration).
"""

import codecs
import re

from alerts.domain.errors import ParseError
from alerts.domain.vocabulary import Outcome

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# XML 1.0 appendix F: how "<?" or "<r" look without a mark.
_SHAPES = (
    (re.compile(rb"<\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0<"), "utf-32-be"),
    (re.compile(rb"<\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0<\0[^\0]"), "utf-16-be"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']|<meta[^>]{0,300}?charset\s*=\s*["']?([\w.:-]+)""",
    re.IGNORECASE,
)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252", "shift_jis": "cp932",
          "euc_kr": "cp949", "iso8859-9": "cp1254", "big5": "big5hkscs", "tis-620": "cp874", "iso8859-11": "cp874"}  # fmt: skip
# Codecs that turn harmless bytes into markup or take quadratic time.
_REFUSED = {"utf_7", "unicode_escape", "raw_unicode_escape", "punycode", "idna", "undefined"}
_SAMPLE = 1 << 16


def decode(body: bytes, content_type: str | None, charset: str | None = None) -> str:
    """Return the text of ``body``; undecodable bytes become U+FFFD. ``charset`` is the admin's word and goes first.

    Raises:
        ParseError: a charset is declared that no honest source uses (UTF-7 and its like): HOSTILE.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for shape, name in _SHAPES:
        if shape.match(body):
            return body.decode(name, "replace")
    declared = [codec for codec in map(_codec, _candidates(body, content_type, charset)) if codec]
    return _first_that_fits(body, declared)


def _candidates(body: bytes, content_type: str | None, charset: str | None) -> list[str | None]:
    header = _HEADER.search(content_type or "")
    inside = _DECLARED.search(body[:2048])
    written = (inside[1] or inside[2]).decode("ascii") if inside else None
    return [charset, header[1] if header else None, written]


def _codec(name: str | None) -> str | None:
    """Return Python's name for the charset, widened, or None where it is unknown.

    Raises:
        ParseError: the charset is one of those refused.
    """
    try:
        found = codecs.lookup(name).name if name else None
    except (LookupError, UnicodeError, ValueError):
        return None
    if found and found.replace("-", "_") in _REFUSED:
        raise ParseError(Outcome.HOSTILE, f"the document declares the charset {found}, which can hide markup")
    if found and found.startswith(("utf-16", "utf-32")):
        return None  # no mark and not its shape: the declaration was left over from a conversion
    return _WIDER.get(found, found) if found else None


def _first_that_fits(body: bytes, declared: list[str]) -> str:
    if not declared or declared[0] != "utf-8":
        fits = _strict(body, "utf-8")
        if fits is not None and (not body.isascii() or "iso2022_jp" not in declared):
            return fits
    for codec in declared:
        fits = _strict(body, codec)
        if fits is not None:
            return fits
    return _nearly(body, declared) or _guess(body)


def _strict(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except (UnicodeError, LookupError):  # LookupError: a codec that is not about text
        return None


def _nearly(body: bytes, declared: list[str]) -> str | None:
    """Return the reading with a few broken bytes: one cut character must not turn the rest into mojibake."""
    for codec in (*declared, "utf-8"):
        try:
            text = body.decode(codec, "replace")
        except LookupError:
            continue
        least = 2 if codec == "utf-8" else 20  # what looks like UTF-8 is not so by chance
        if text.count("\ufffd") * least <= sum(not c.isascii() for c in text[:_SAMPLE]):
            return text
    return None


def _guess(body: bytes) -> str:
    from charset_normalizer import from_bytes

    guesses = from_bytes(body[:_SAMPLE], steps=3)
    best = guesses.best()
    usual = next((guess for guess in guesses if guess.encoding == "cp1252"), None)
    if best and usual and usual.chaos <= best.chaos and usual.coherence >= best.coherence:
        best = usual  # of readings that fit alike, the one that the Web takes (WHATWG Encoding, section 4.2)
    codec = _WIDER.get(best.encoding, best.encoding) if best and best.encoding not in _REFUSED else "cp1252"
    return body.decode(codec, "replace")
