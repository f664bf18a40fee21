"""The values of plain scalars by the core schema of YAML 1.2.2, section 10.3.2.

YAML 1.1 readers take the Norwegian code ``NO`` for false, ``12:30`` for 750 and ``010`` for 8. Here
they stay text. A number with a leading zero stays text as well, since nobody can tell what was meant.
"""

import re

Scalar = str | int | float | bool | None

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("true", "True", "TRUE"))
_FALSE = frozenset(("false", "False", "FALSE"))
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")


def plain(text: str) -> Scalar:
    """Return what an unquoted scalar stands for."""
    if text in _NULLS:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
