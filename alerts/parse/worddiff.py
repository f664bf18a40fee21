"""What changed in a watched page's text: words that went and words that came, Chinese by character.

Lines are compared first, then the words of lines that differ, so that a long page costs what its changes cost. Above ``MOST``
pairs of words in one block the block counts as replaced as a whole.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST = 1_000_000  # pairs of words that are compared in one block
_WORDS = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3041-\u30ff]|[^\\s\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3041-\u30ff]+"
)
_TIGHT = re.compile(
    "(?<=[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]) (?=[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff])"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One place: ``removed`` stood there and ``added`` stands there now; either may be empty."""

    removed: str
    added: str


def word_diff(old: str, new: str) -> tuple[Change, ...]:
    """Return the changes from ``old`` to ``new`` in their order; white space does not count."""
    before, after = _lines(old), _lines(new)
    changes: list[Change] = []
    for first, last, start, end in _blocks(before, after):
        changes += _in_block(_split(before[first:last]), _split(after[start:end]))
    return tuple(changes)


def _lines(text: str) -> list[str]:
    return [plain for line in text.splitlines() if (plain := " ".join(line.split()))]


def _split(lines: Sequence[str]) -> list[str]:
    return [word for line in lines for word in _WORDS.findall(line)]


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield where the two differ; what they share at both ends is not compared at all."""
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    left, right = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(left) * len(right) > MOST:
        yield head, head + len(left), head, head + len(right)
        return
    for tag, first, last, start, end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            yield head + first, head + last, head + start, head + end


def _shared(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many parts the two begin with alike."""
    count = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        count += 1
    return count


def _in_block(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    for first, last, start, end in _blocks(before, after):
        yield Change(_joined(before[first:last]), _joined(after[start:end]))


def _joined(words: Sequence[str]) -> str:
    return _TIGHT.sub("", " ".join(words))
