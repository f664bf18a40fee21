"""What a feed is called: where, and what of it."""

from collections.abc import Sequence
from enum import Enum

from alerts.render.words import Words


def title_of(words: Words, place: str, members: Sequence[Enum], others: Sequence[object]) -> str:
    """Return the name of a feed of one place, narrowed to ``members`` of the vocabulary and to ``others``, as they were asked for."""
    narrowed = [
        words.place(place),
        *(words.name(member) for member in members),
        *map(str, filter(None, others)),
    ]
    return called(words, " · ".join(narrowed))


def called(words: Words, what: str) -> str:
    """Return the name of a feed of something."""
    return words.gettext("IP Risk Alerts: %(what)s", what=what)


def subtitle_of(words: Words) -> str:
    """Return what every feed says of itself."""
    return words.gettext(
        "Legal rules and risk warnings on intellectual property. Each notice links to its source; the source alone is authoritative."
    )


def author_of(words: Words) -> str:
    """Return who publishes the feeds."""
    return words.gettext("IP Risk Alerts")
