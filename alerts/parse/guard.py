"""Refuse XML that would cost more than it says, in one linear pass before any parser builds something of it.

feedparser is quadratic in the attributes of an element, in blank lines before the root and in unbroken
runs inside an author's name, and its tolerant reader expands entities that Expat refuses. So: a document that
declares an entity is refused; everything before the root is dropped; depth, attributes, elements and text
runs are counted, by Expat where the document is well-formed and by scanning for tags from where it is not.

Units: limits below count elements, attributes and bytes of the document in UTF-8.
"""

import re
from dataclasses import dataclass
from xml.parsers import expat

from alerts.domain.errors import ParseError
from alerts.domain.vocabulary import Outcome

MAX_DEPTH = 64
MAX_ATTRIBUTES = 64
MAX_ELEMENTS = 60_000
MAX_TEXT_RUN = 2 * 1024 * 1024
MAX_BODY = 10 * 1024 * 1024
MAX_WORD = (
    4096  # of the characters that an e-mail address may hold: feedparser looks for one at quadratic cost
)
MAX_UNCLOSED = 1000  # of an ill-formed document, where <br> and <p> of unescaped HTML pile up

_WHOLE = True  # all of the document is given at once
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
_PROLOG_PART = re.compile(
    rb"[^<]*+(?:<\?.*?\?>|<!--.*?-->|<!(?!--)(?:[^<>\[\"']|\"[^\"]*\"|'[^']*')*)", re.DOTALL
)
_ROOT = re.compile(rb"[^<]*+<(?=[A-Za-z_:\x80-\xff])")
_SUBSET = re.compile(rb"[^\]]*\]\s*>")
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_QUOTED = re.compile(rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.DOTALL)  # where markup is text
_TAG = re.compile(rb"<(/?)[A-Za-z_][^<>]*+>")
_WIDE_TAG = re.compile(rb"<[A-Za-z_][^<>]{1024,}")
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r") + b"\x7f"
_WORDS = bytes(
    ord("a") if chr(c).isascii() and (chr(c).isalnum() or chr(c) in "_-.+@") else 32 for c in range(256)
)
_ENDLESS = re.compile(rb"[0-9A-Za-z_.+@-]{%d}(?=[0-9A-Za-z_.+@-])" % (MAX_WORD - 1))


@dataclass(frozen=True, slots=True)
class Guarded:
    """A document that may be parsed: UTF-8 with a plain declaration, from the root element on."""

    body: bytes
    well_formed: bool
    stripped: bool  # control characters that XML forbids were taken out


def guard(text: str, max_body: int = MAX_BODY) -> Guarded:
    """Return ``text`` ready for a parser; ``max_body`` bytes are the feed's own limit.

    Raises:
        ParseError: HOSTILE for entities and for each limit; NOT_A_FEED where there is no element at all.
    """
    raw = text.encode("utf-8", "replace")
    if len(raw) > max_body:
        raise _hostile(f"it has more than {max_body >> 20} MiB of text")
    clean = raw.translate(None, _CONTROLS)
    body = _DECLARATION + clean[_root_of(clean) :]
    if b"a" * MAX_WORD in body.translate(_WORDS):  # one endless word must not cost the other entries
        body = _ENDLESS.sub(rb"\g<0> ", body)
    well_formed = _Count(len(body)).read(body)
    if not well_formed:
        if _ENTITY.search(_QUOTED.sub(b"", body)):
            raise _hostile("it declares entities")
        _scan_tags(body)
    return Guarded(body, well_formed, len(clean) != len(raw))


def _hostile(what: str) -> ParseError:
    return ParseError(Outcome.HOSTILE, f"refused before parsing: {what}")


def _root_of(body: bytes) -> int:
    """Return where the root element begins: after declarations, comments and an entity-free DOCTYPE."""
    place = 0
    while True:
        root = _ROOT.match(body, place)
        if root:
            return root.end() - 1
        part = _PROLOG_PART.match(body, place)
        if part is None or part.end() == place:
            raise ParseError(Outcome.NOT_A_FEED, "the answer holds no element")
        end = part.end()
        if body[end : end + 1] == b"[":  # the internal subset of a DOCTYPE
            subset = _SUBSET.match(body, end)
            end = subset.end() if subset else len(body)
        if _ENTITY.search(body, place, end):
            raise _hostile("it declares entities")
        place = end


class _Count:
    """Counts what Expat meets and stops at the first limit; a document shorter than a text may be needs no look at its texts."""

    __slots__ = ("depth", "elements", "last", "parser")

    def __init__(self, size: int) -> None:
        self.depth = self.elements = self.last = 0
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        long = size > MAX_TEXT_RUN
        self.parser.StartElementHandler = self.start_after_text if long else self.start
        self.parser.EndElementHandler = self.end_after_text if long else self.end

    def read(self, body: bytes) -> bool:
        """Return whether ``body`` is well-formed; whatever was counted before a fault stays within the limits."""
        try:
            self.parser.Parse(body, _WHOLE)
        except expat.ExpatError:
            return False
        return True

    def start(self, _name: str, attributes: list[str]) -> None:
        self.elements += 1
        self.depth = depth = self.depth + 1
        if depth > MAX_DEPTH:
            raise _hostile(f"its elements are nested deeper than {MAX_DEPTH}")
        if attributes and len(attributes) > 2 * MAX_ATTRIBUTES:
            raise _hostile(f"an element has more than {MAX_ATTRIBUTES} attributes")
        if self.elements > MAX_ELEMENTS:
            raise _hostile(f"it has more than {MAX_ELEMENTS:,} elements")

    def end(self, _name: str) -> None:
        self.depth -= 1

    def start_after_text(self, name: str, attributes: list[str]) -> None:
        self.start(name, attributes)
        self.run()

    def end_after_text(self, _name: str) -> None:
        self.depth -= 1
        self.run()

    def run(self) -> None:
        here = self.parser.CurrentByteIndex
        if here - self.last > MAX_TEXT_RUN:
            raise _hostile(f"a text in it is longer than {MAX_TEXT_RUN >> 20} MiB")
        self.last = here


def _scan_tags(body: bytes) -> None:
    """Hold an ill-formed document to the limits by its tags alone.

    Raises:
        ParseError: HOSTILE.
    """
    for wide in _WIDE_TAG.finditer(body):
        if len(wide[0].split()) > 4 * MAX_ATTRIBUTES or wide[0].count(b"=") > 4 * MAX_ATTRIBUTES:
            raise _hostile(f"an element has more than {MAX_ATTRIBUTES} attributes")
    elements = depth = 0
    for tag in _TAG.finditer(body):
        if tag[1]:
            depth = max(0, depth - 1)
        else:
            elements += 1
            depth += not tag[0].endswith(b"/>")
        if depth > MAX_UNCLOSED:
            raise _hostile(f"more than {MAX_UNCLOSED:,} elements in it are never closed")
    if elements > MAX_ELEMENTS:
        raise _hostile(f"it has more than {MAX_ELEMENTS:,} elements")
