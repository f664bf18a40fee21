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


def markdown(blocks: Sequence[Block], line_end: str) -> str:
    """Return blocks in the Markdown that WeCom and DingTalk share; ``line_end`` parts the lines of a block."""
    return "\n\n".join(line_end.join(_line(line) for line in block) for block in blocks)


def _line(line: Line) -> str:
    return "".join(_span(span) for span in line)


def _span(span: Span) -> str:
    text = inert(span.text)
    if span.url:
        return f"[{text}]({link_target(span.url)})"
    spaced = _around(span.text, text)
    return spaced.replace(text, f"**{text}**", 1) if span.style is Style.STRONG and text else spaced


def _around(original: str, text: str) -> str:
    """Return the text with the blanks that part it from its neighbours."""
    before = " " if original[:1].isspace() else ""
    after = " " if original[-1:].isspace() and text else ""
    return f"{before}{text}{after}"
