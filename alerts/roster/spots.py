"""The values of a YAML file with their places, taken one by one.

What cannot be used is noted in the tree and reading goes on with a value that nobody will see, so that one look
finds every fault.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from alerts.catalogue.diagnostics import Fault, Path, nearest
from alerts.catalogue.positions import Data, Tree
from alerts.domain import jurisdictions

E = TypeVar("E", bound=StrEnum)

MAX_TEXT = 200  # characters of a name or term; the command line takes no more either


@dataclass(frozen=True, slots=True)
class Spot:
    """One value of a file, and the way to it."""

    tree: Tree
    path: Path = ()

    @property
    def data(self) -> Data:
        """Return the value itself."""
        found = self.tree.data
        for step in self.path:
            found = found[step]  # type: ignore[index]  # the path was walked when it was made
        return found

    @property
    def line(self) -> int:
        """Return the line of the value, from 1."""
        return self.tree.place(self.path).line

    @property
    def label(self) -> str:
        """Return the key that the value belongs to."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "the file")

    def note(self, code: str, text: str, *, on_key: bool = False) -> None:
        """Add a fault at this place."""
        self.tree.faults.append(Fault(self.tree.place(self.path, on_key=on_key), code, text))

    def at(self, step: str | int) -> "Spot":
        """Return a value inside this one."""
        return Spot(self.tree, (*self.path, step))


def fields(spot: Spot, keys: tuple[str, ...]) -> Mapping[str, Spot] | None:
    """Return the values of a mapping that are not null; None where it is no mapping, which is noted."""
    data = spot.data
    if not isinstance(data, dict):
        spot.note("type", f"A mapping with {', '.join(keys)} is needed here.")
        return None
    for key in data:
        if key not in keys:
            hint = nearest(key, keys) or f" Known are {', '.join(keys)}."
            spot.at(key).note("unknown-key", f"{key!r} is not a key here.{hint}", on_key=True)
    return {key: spot.at(key) for key, value in data.items() if key in keys and value is not None}


def rows(spot: Spot, needs: str | None = None) -> list[Spot]:
    """Return the members of a list; an empty one is a fault where ``needs`` says what it must hold."""
    data = spot.data
    if not isinstance(data, list):
        spot.note("type", f"{spot.label}: a list is needed, not {_kind(data)}.")
        return []
    if needs and not data:
        spot.note("empty-list", f"{spot.label}: at least one {needs} is needed.")
    return [spot.at(number) for number in range(len(data))]


def text(spot: Spot, limit: int = MAX_TEXT) -> str:
    """Return a text in one line, 1 to ``limit`` characters."""
    data = spot.data
    if not isinstance(data, str):
        quoted = "; put it in quotes" if isinstance(data, int | float) else ""
        spot.note("type", f"{spot.label}: a text is needed, not {_kind(data)}{quoted}.")
        return ""
    words = " ".join(data.split())
    if not words or len(words) > limit:
        spot.note("value", f"{spot.label}: 1 to {limit} characters are needed.")
    elif any(unicodedata.category(character) in {"Cc", "Cs"} for character in words):
        spot.note("value", f"{spot.label}: a control character stands in the text.")
    return words


def boolean(spot: Spot) -> bool:
    """Return true or false."""
    data = spot.data
    if not isinstance(data, bool):
        spot.note("type", f"{spot.label}: true or false is needed, not {_kind(data)}.")
    return data is True


def member(spot: Spot, among: type[E]) -> E:
    """Return the member of a vocabulary that a text names, case ignored."""
    known = {each.value.casefold(): each for each in among}
    first = next(iter(among))
    if not isinstance(spot.data, str):
        text(spot)
        return first
    found = known.get(spot.data.casefold())
    if found is None:
        hint = nearest(spot.data, known) or f" Choose from {', '.join(each.value for each in among)}."
        spot.note("value", f"{spot.label}: {spot.data!r} is not known.{hint}")
    return found or first


def members(spot: Spot | None, among: type[E]) -> tuple[E, ...]:
    """Return the members that a list names; none where there is no list."""
    return tuple(member(each, among) for each in rows(spot)) if spot else ()


def region(spot: Spot) -> str:
    """Return a code in capitals or a slug in small letters; an empty text where it is neither."""
    word = text(spot)
    if jurisdictions.is_jurisdiction(word.upper()):
        return word.upper()
    if jurisdictions.is_region(word.lower()):
        return word.lower()
    if word:
        near = jurisdictions.suggest(word)
        hint = (
            f"did you mean {near!r}?"
            if near
            else "use a two-letter WIPO ST.3 code or a region such as asean."
        )
        spot.note("value", f"{spot.label}: {word!r} is not known; {hint}")
    return ""


def _kind(data: Data) -> str:
    if isinstance(data, bool):
        return str(data).lower()
    if isinstance(data, dict):
        return "a mapping"
    if isinstance(data, list):
        return "a list"
    return "nothing" if data is None else repr(data) if len(str(data)) < 60 else "a long text"
