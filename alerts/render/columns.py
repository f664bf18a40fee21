"""Break text by display columns, for the plain part of a mail: a Chinese character takes two.

Lines break at spaces and between Han characters, but no line begins with closing punctuation (W3C clreq, section
3.1.3). Addresses are never broken: a mail reader would link half of one.
"""

import re
from functools import lru_cache

from alerts.domain.text import cut_width, display_width

COLUMNS = 72
_CLOSING = "，。、；：！？）》」』”’】〉…·％,.;:!?)]}"
_OPENING = "（《「『“‘【〈([{"
# A run without blanks, or one wide character with the opening marks before it and the closing ones behind it.
_WIDE = r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\u3000-\u303f]"
_PIECE = re.compile(
    rf"\s+|https?://\S+|[{re.escape(_OPENING)}]*{_WIDE}[{re.escape(_CLOSING)}]*|(?:(?!{_WIDE}|https?://)\S)+"
)


def wrap(text: str, indent: str = "", hanging: str | None = None) -> str:
    """Return ``text`` in lines of at most ``COLUMNS``, the first begun with ``indent``, the others with ``hanging``."""
    clean = " ".join(text.split())
    if clean and len(indent) + len(clean) * (1 if clean.isascii() else 2) <= COLUMNS:
        return indent + clean
    following = indent if hanging is None else hanging
    lines, line, used, empty = [], indent, _width(indent), True
    for piece in _PIECE.findall(clean):
        columns = _width(piece)
        if not empty and piece != " " and used + columns > COLUMNS:
            lines.append(line.rstrip())
            line, used, empty = following, _width(following), True
        if empty and piece == " ":
            continue
        line, used, empty = line + piece, used + columns, False
    return "\n".join([*lines, line.rstrip()])


def cut(text: str, columns: int) -> str:
    """Return ``text``, or as much of it as fits with an ellipsis; quick where no character can be too wide."""
    return text if len(text) * (1 if text.isascii() else 2) <= columns else cut_width(text, columns)


@lru_cache(maxsize=4096)  # the same words stand in the mails of all readers
def _width(text: str) -> int:
    return len(text) if text.isascii() else display_width(text)
