"""Find which of very many terms stand in a text.

All terms are in the form of :func:`alerts.match.names.patterns`, texts in that of :func:`alerts.match.names.spaced`; a term
stands in a text when it is a substring of it, since word boundaries are spaces in both. Two ways give the same answer:

- a table of beginnings (:class:`PlainTerms`): changes in place, needs about 150 bytes a term, and is right for some ten thousands;
- an Aho-Corasick automaton as a double array (:class:`BuiltTerms`, daachorse): built once, saved, loaded in a moment; it
  takes what a million terms take, and a scan does not get slower with their number. Scripts with and without spaces
  have one each: they share no beginnings, and two small automata are built in less than one large.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeAlias

from alerts.match.names import is_dense

if TYPE_CHECKING:
    from daachorse import CharwiseDoubleArrayAhoCorasick as Automaton

Owned: TypeAlias = list[tuple[str, Sequence[int]]]  # terms, each with its owners
SIDE_BY_SIDE = 50_000  # terms of each kind from which a second process is worth its start
BETWEEN = "\x00"  # parts texts that are searched together; no term holds it


class PlainTerms:
    """Terms by their beginning: the first word, or the first two characters of a script without spaces."""

    def __init__(self) -> None:
        self._owners: dict[str, tuple[int, ...]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}

    def __len__(self) -> int:
        return len(self._owners)

    def add(self, term: str, owner: int) -> None:
        """Let ``owner`` be told where ``term`` stands."""
        owners = self._owners.get(term, ())
        if owner not in owners:
            self._owners[term] = (*owners, owner)
        start, length = _beginning(term), len(term)
        lengths = self._lengths.get(start, ())
        if length not in lengths:
            self._lengths[start] = (*lengths, length)

    def owners(self, text: str) -> set[int]:
        """Return who is to be told of ``text``."""
        found: set[int] = set()
        for place, start in _beginnings(text):
            for length in self._lengths.get(start, ()):
                found.update(self._owners.get(text[place : place + length], ()))
        return found


def _beginning(term: str) -> str:
    return term[:2] if is_dense(term) else f" {term[1:].partition(' ')[0]}"


def _beginnings(text: str) -> Iterator[tuple[int, str]]:
    """Yield each place in ``text`` at which a term may begin, with what would begin there."""
    place = 0
    for piece in text.split(" "):
        if piece and is_dense(piece):
            last = len(piece) - 1
            for offset in range(len(piece)):
                at = place + offset
                yield at, piece[offset : offset + 2] if offset < last else text[at : at + 2]
        elif piece:
            yield place - 1, f" {piece}"
        place += len(piece) + 1


@dataclass(frozen=True, slots=True)
class _Part:
    """One automaton; the owners of pattern ``n`` stand in ``owners`` from ``starts[n]`` to ``starts[n + 1]``."""

    automaton: "Automaton | None"
    starts: "array[int]"
    owners: "array[int]"

    def find(self, text: str, found: set[int]) -> None:
        if self.automaton is None:
            return
        starts, owners = self.starts, self.owners
        for number in {number for _, _, number in self.automaton.find_overlapping(text)}:
            first = starts[number]
            after = starts[number + 1]
            if after - first == 1:
                found.add(owners[first])
            else:
                found.update(owners[first:after])

    def pieces(self) -> Iterator[bytes]:
        yield self.automaton.serialize() if self.automaton else b""
        yield self.starts.tobytes()
        yield self.owners.tobytes()


class BuiltTerms:
    """Terms in two automata, those with spaces around them and those without."""

    def __init__(self, spaced: _Part, dense: _Part) -> None:
        self._spaced, self._dense = spaced, dense

    def __len__(self) -> int:
        return max(0, len(self._spaced.starts) - 1) + max(0, len(self._dense.starts) - 1)

    def owners(self, text: str) -> set[int]:
        """Return who is to be told of ``text``."""
        found: set[int] = set()
        self._spaced.find(text, found)
        if not text.isascii():
            self._dense.find(text, found)
        return found

    def pieces(self) -> Iterator[bytes]:
        """Yield the parts of which :func:`load_terms` makes the terms again."""
        yield from self._spaced.pieces()
        yield from self._dense.pieces()


def build_terms(owned: Mapping[str, Sequence[int]]) -> BuiltTerms:
    """Return terms with their owners, built. A million take seconds and more than a gigabyte meanwhile: do it in a child process."""
    spaced, dense = _by_kind(owned)
    return BuiltTerms(_part(spaced), _part(dense))


def pack_terms(owned: Mapping[str, Sequence[int]]) -> list[bytes]:
    """Return what :func:`load_terms` takes; the two automata are built side by side, in two processes."""
    spaced, dense = _by_kind(owned)
    if min(len(dense), len(spaced)) < SIDE_BY_SIDE:
        return [*_part(spaced).pieces(), *_part(dense).pieces()]
    with ProcessPoolExecutor(
        1, mp_context=get_context("fork"), initializer=_hand_over, initargs=(dense,)
    ) as other:
        begun = other.submit(_packed_there)
        return [*_part(spaced).pieces(), *begun.result()]


def _by_kind(owned: Mapping[str, Sequence[int]]) -> tuple[Owned, Owned]:
    """Return the terms with spaces around them and those without, each in order."""
    spaced: Owned = []
    dense: Owned = []
    for one in owned.items():
        (dense if is_dense(one[0]) else spaced).append(one)
    return sorted(spaced), sorted(dense)


_given: Owned = []


def _hand_over(owned: Owned) -> None:
    """Take the terms over in the other process: it is a copy of this one, so nothing is sent."""
    _given[:] = owned


def _packed_there() -> list[bytes]:
    return list(_part(_given).pieces())


def load_terms(pieces: Sequence[bytes]) -> BuiltTerms:
    """Return the terms that were taken apart into ``pieces``.

    Raises:
        ValueError: they are not of an automaton.
    """
    return BuiltTerms(_loaded(pieces[:3]), _loaded(pieces[3:]))


def _part(owned: Iterable[tuple[str, Sequence[int]]]) -> _Part:
    from daachorse import CharwiseDoubleArrayAhoCorasick

    terms: list[str] = []
    starts, owners = array("I", [0]), array("I")
    for term, each in owned:
        terms.append(term)
        owners.extend(each)
        starts.append(len(owners))
    return _Part(CharwiseDoubleArrayAhoCorasick(terms) if terms else None, starts, owners)


def _loaded(pieces: Sequence[bytes]) -> _Part:
    from daachorse import CharwiseDoubleArrayAhoCorasick

    packed, starts, owners = pieces
    automaton = CharwiseDoubleArrayAhoCorasick.deserialize(packed) if packed else None
    return _Part(automaton, array("I", starts), array("I", owners))
