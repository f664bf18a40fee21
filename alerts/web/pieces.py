"""Pieces of pages that look the same wherever they stand: a card, a list of choices. Each is rendered once and kept.

A template names everything that a piece shows in its key: ``{{ once(("choices", name, chosen), pick, name, chosen) }}``.
"""

from collections.abc import Callable, Hashable
from typing import TypeAlias

from markupsafe import Markup

MOST = 5000  # pieces; then all are forgotten, which costs a moment of the old pace

Key: TypeAlias = tuple[Hashable, ...]


class Pieces:
    """The pieces of all pages, in the languages and forms of their links that ``key`` tells apart."""

    def __init__(self) -> None:
        self._kept: dict[Key, Markup] = {}

    def once(self, key: Key, macro: Callable[..., Markup], *values: object) -> Markup:
        """Return what ``macro`` makes of the values, or made of them under this key before."""
        found = self._kept.get(key)
        if found is None:
            found = macro(*values)
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[key] = found
        return found
