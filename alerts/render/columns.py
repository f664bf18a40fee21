"""Break text by display columns, for the plain part of a mail: a Chinese character takes two.

Lines break at spaces and between Han characters, but no line begins with closing punctuation (W3C clreq, section
3.1.3). Addresses are never broken: a mail reader would link half of one.
"""

import re

from alerts.domain.text import display_width

COLUMNS = 72
_CLOSING = "，。、；：！？）》」』”’】〉…·％,.;:!?)]}"
_OPENING = "（《「『“‘【〈([{"
# A run without blanks, or one wide character with the opening marks before it and the closing ones behind it.
_WIDE = r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\u3000-\u303f]"
_TOKEN = re.compile(
    rf"\s+|https?://\S+|[{re.escape(_OPENING)}]*{_WIDE}[{re.escape(_CLOSING)}]*|(?:(?!{_WIDE}|https?://)\S)+"
)


def wrap(text: str, indent: str = "", hanging: str | None = None) -> str:
    """Return ``text`` in lines of at most ``COLUMNS``, the first begun with ``indent``, the others with ``hanging``."""
    following = indent if hanging is None else hanging
    lines, line, empty = [], indent, True
    for token in _TOKEN.findall(" ".join(text.split())):
        if not empty and display_width((line + token).rstrip()) > COLUMNS:
            lines.append(line.rstrip())
            line, empty = following, True
        if empty and token.isspace():
            continue
        line, empty = line + token, False
    return "\n".join([*lines, line.rstrip()])
