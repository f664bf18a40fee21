"""Pieces of pages and feeds that look the same wherever they stand: a card, a list of choices, an entry. Each is made once and kept.

A template names everything that a piece shows in its key: ``{{ once(("choices", name, chosen), pick, name, chosen) }}``.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeAlias, TypeVar

Piece = TypeVar("Piece")

MOST = 5000

Key: TypeAlias = tuple[Hashable, ...]


class Pieces(Generic[Piece]):
    """The pieces, by keys that name all that they depend on."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most  # then the one that was made first is forgotten
        self._kept: dict[Key, Piece] = {}
        self._lock = Lock()

    def once(self, key: Key, make: Callable[..., Piece], *values: object) -> Piece:
        """Return what ``make`` makes of the values, or made of them under this key before."""
        found = self._kept.get(key)
        if found is None:
            found = make(*values)
            with self._lock:
                while len(self._kept) >= self._most:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = found
        return found
