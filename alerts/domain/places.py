"""Words of a message that differ from reader to reader, and the places where they stand in what all readers share.

A place is a name between two private-use characters. Nothing here looks at what surrounds it, so shared words can be
kept, encoded and hashed once, and each reader's own words put in as they leave.
"""

import re
from collections.abc import Mapping, Sequence

OPEN, CLOSE = "\ue000", "\ue001"
_PLACE = re.compile(f"{OPEN}([a-z_.]{{1,40}}){CLOSE}")


def mark(name: str) -> str:
    """Return the place that ``name`` fills."""
    return f"{OPEN}{name}{CLOSE}"


def pieces(text: str) -> Sequence[str]:
    """Return the text in turns: words, the name of a place, words, … ; an odd number of pieces."""
    return _PLACE.split(text)


def names(text: str) -> frozenset[str]:
    """Return the names of the places in a text."""
    return frozenset(_PLACE.findall(text))


def filled(text: str, words: Mapping[str, str]) -> str:
    """Return the text with ``words`` in their places; a place without words stays as it stands."""
    return _PLACE.sub(lambda place: words.get(place[1], place[0]), text) if words else text
