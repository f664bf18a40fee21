"""Put a digest into words for a chat: lines with emphasis and links, whatever the platform.

Templates (``templates/chat``) write lines; ``strong``, ``quiet`` and ``link`` mark words in them by private characters that no
word of a source can hold, since every value that is printed loses them first. The marks are read back into spans here, so
each platform gets words and never another platform's marks.
"""

import re
from dataclasses import dataclass

from jinja2 import Environment

from alerts.domain.chat import Block, ChatText, Line, Span, Style
from alerts.domain.digests import Digest, DigestEntry
from alerts.render.entry import EntryView
from alerts.render.views import DigestView, by_severity

_LINK, _TEXT, _CLOSE = "\ue012", "\ue013", "\ue014"
_STYLES = {Style.STRONG: "\ue010", Style.QUIET: "\ue011"}
_MARKS = re.compile("[\ue010-\ue014]")
_PIECE = re.compile(
    f"(?P<style>[\ue010\ue011])(?P<words>[^{_CLOSE}]*){_CLOSE}"
    f"|{_LINK}(?P<url>[^{_TEXT}]*){_TEXT}(?P<text>[^{_CLOSE}]*){_CLOSE}"
)
URL = 500  # characters of an address; a longer one gives way to the item's own page


class Marked(str):
    """Words with marks in them; everything else that is printed loses its marks."""

    __slots__ = ()


def unmarked(value: object) -> object:
    """Return a printed value without marks, on one line."""
    return value if isinstance(value, Marked) else _MARKS.sub("", " ".join(str(value).split()))


def strong(text: object) -> Marked:
    """Return words that stand out."""
    return Marked(f"{_STYLES[Style.STRONG]}{unmarked(text)}{_CLOSE}")


def quiet(text: object) -> Marked:
    """Return words that step back."""
    return Marked(f"{_STYLES[Style.QUIET]}{unmarked(text)}{_CLOSE}")


def link(text: object, url: object) -> Marked:
    """Return words that lead to an address; without one they stand out."""
    return Marked(f"{_LINK}{unmarked(url)}{_TEXT}{unmarked(text)}{_CLOSE}") if url else strong(text)


def chat_environment(environment: Environment) -> Environment:
    """Return an environment for chats with the words and folders of one for mails."""
    chat = environment.overlay(finalize=unmarked, autoescape=False)
    chat.globals = {**environment.globals, "strong": strong, "quiet": quiet, "link": link}
    return chat


@dataclass(frozen=True, slots=True)
class Telling:
    """What a chat is made of: a digest, its view, and the environment of its language."""

    digest: Digest
    view: DigestView
    environment: Environment

    def text(self, *, alert: bool) -> ChatText:
        """Return the message; ``alert``: it tells one thing at once."""
        told = by_severity(self.digest, self.view)
        items = [self._item(*one) for one in told]
        weights = [entry.weight for _, entry, _ in told]
        left = [self.digest.more + sum(weights[number:]) for number in range(len(items) + 1)]
        return ChatText(
            language=self.view.language,
            built_at=self.digest.built_at,
            title=self.view.subject,
            head=self._block("head", alert=alert),
            items=tuple(items),
            more=tuple(self._block("more", number=number) if number else () for number in left),
            tail=self._block("tail"),
            foot=self._block("foot"),
        )

    def _item(self, place: str, entry: DigestEntry, view: EntryView) -> Block:
        return self._block("item", entry=view, place=place, url=self._url(view, entry))

    def _url(self, entry: EntryView, source: DigestEntry) -> str | None:
        if entry.url is None or len(entry.url) <= URL:
            return entry.url
        return f"{self.view.links.archive}/{source.stored.id}"

    def _block(self, name: str, **values: object) -> Block:
        return block_of(self.environment.get_template(f"chat/{name}.txt").render(view=self.view, **values))


def block_of(text: str) -> Block:
    """Return the lines of what a template wrote; empty ones are left out."""
    lines = (line_of(line.strip()) for line in text.splitlines())
    return tuple(line for line in lines if any(span.text.strip() for span in line))


def line_of(text: str) -> Line:
    """Return the spans of a line."""
    spans, at = [], 0
    for piece in _PIECE.finditer(text):
        if piece.start() > at:
            spans.append(Span(_MARKS.sub("", text[at : piece.start()])))
        spans.append(_span(piece))
        at = piece.end()
    rest = _MARKS.sub("", text[at:])
    return (*spans, *((Span(rest),) if rest else ()))


def _span(piece: re.Match[str]) -> Span:
    if piece["style"] is None:
        return Span(piece["text"], Style.PLAIN, piece["url"])
    style = next(style for style, mark in _STYLES.items() if mark == piece["style"])
    return Span(piece["words"], style)
