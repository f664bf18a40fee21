"""The table of names in names_pairs.txt, read and judged."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alerts.match.names import patterns, spaced, stands_in


@dataclass(frozen=True, slots=True)
class Pair:
    """A watched name, a text, and whether the text names that company."""

    term: str
    text: str
    same: bool
    pinyin: bool


@cache
def pairs() -> tuple[Pair, ...]:
    """Return all pairs of the table."""
    text = Path(__file__).with_name("names_pairs.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(pair for line in lines for pair in _pairs(line))


def _pairs(line: str) -> list[Pair]:
    term, texts = line.removeprefix("~").split(" = ", 1)
    good, near = texts.split(" ! ", 1)
    pinyin = line.startswith("~")
    sides = ((good, True), (near, False))
    return [Pair(term, each, same, pinyin) for side, same in sides for each in side.split(" ; ")]


def found(pair: Pair) -> bool:
    """Return whether the watched name is found in the text."""
    text = spaced(pair.text)
    return any(stands_in(sought, text) for sought in patterns(pair.term, pair.pinyin))


def wrong() -> tuple[list[Pair], list[Pair]]:
    """Return the variants that are missed and the near names that are mistaken for the company."""
    missed = [pair for pair in pairs() if pair.same and not found(pair)]
    return missed, [pair for pair in pairs() if not pair.same and found(pair)]
