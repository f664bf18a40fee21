"""Words of sources among a platform's marks: what could be taken for a mark, a mention or a link is written full width.

The platforms of chat bots know no escape that all their clients heed, so the characters that act are replaced by ones
that look alike and do nothing.
"""

import re
from collections.abc import Sequence

from alerts.domain.chat import Block, Line, Span, Style

_INERT = str.maketrans("[]<>*_`~@|\\", "［］＜＞＊＿｀～＠｜＼")
_LINK = {ord(character): f"%{ord(character):02X}" for character in "()<>[]|\"'` \\*"}
_SPACES = re.compile(r"\s+")


def inert(text: str) -> str:
    """Return ``text`` without a character that acts, on one line."""
    return _SPACES.sub(" ", text).strip().translate(_INERT)


def link_target(url: str) -> str:
    """Return an address that ends where it should inside any platform's marks."""
    return url.translate(_LINK)


def padded(span: Span) -> tuple[str, str, str]:
    """Return the inert words of a span, with the blanks that part them from their neighbours before and behind."""
    text = inert(span.text)
    before = " " if span.text[:1].isspace() else ""
    return before, text, " " if text and span.text[-1:].isspace() else ""


def markdown(title: str, blocks: Sequence[Block], line_end: str) -> str:
    """Return a message in the Markdown that WeCom and DingTalk share; ``line_end`` parts the lines of a block."""
    head: Block = ((Span(title, Style.STRONG),),)
    return "\n\n".join(line_end.join(_line(line) for line in block) for block in (head, *blocks))


def _line(line: Line) -> str:
    return "".join(_span(span) for span in line)


def _span(span: Span) -> str:
    before, text, after = padded(span)
    if span.url:
        return f"{before}[{text}]({link_target(span.url)}){after}"
    return f"{before}**{text}**{after}" if span.style is Style.STRONG and text else f"{before}{text}{after}"
