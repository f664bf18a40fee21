"""What changed between two texts: words that went and words that came, Chinese by character.

Lines are compared first, then the words of lines that differ, so that a long page costs what its changes cost. A block
whose comparison could cost more than ``BUDGET`` steps counts as replaced as a whole. The same for every text that has two
versions: a watched page, a notice that its source amended.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

BUDGET = 40_000_000  # pairs of equal words times the shorter side: about a second at the very worst
AROUND = 6  # words shown before and after a change
_WORDS = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3041-\u30ff]|[^\\s\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3041-\u30ff]+"
)
_TIGHT = re.compile(
    "(?<=[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]) (?=[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff])"
)
_SENTENCES = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]|(?<=[。！？；])|(?<=[.!?;])\s+")
_LETTERS = re.compile(r"(?:-(?=\d))?[^\W_]+|[$€£¥₩₹%‰§]")  # what is no punctuation


@dataclass(frozen=True, slots=True)
class Edit:
    """One place: ``removed`` stood there and ``added`` stands there now; either may be empty.

    ``before`` and ``after`` are the words around it in the new text, to show where it is.
    """

    removed: str
    added: str
    before: str = field(default="", compare=False)
    after: str = field(default="", compare=False)

    @property
    def words(self) -> int:
        """Return how many words went or came, those whose spelling alone differs (case, punctuation) not counted."""
        gone, come = _plain(self.removed), _plain(self.added)
        return 0 if gone == come else max(len(gone), len(come))


def word_diff(old: str, new: str) -> tuple[Edit, ...]:
    """Return the changes from ``old`` to ``new`` in their order; white space does not count."""
    before, after = _lines(old), _lines(new)
    changes: list[Edit] = []
    for first, last, start, end in _blocks(before, after):
        changes += _in_block(_split(before[first:last]), _split(after[start:end]))
    return tuple(changes)


def changed_words(changes: Sequence[Edit]) -> int:
    """Return how many words the changes are; 0 where only case or punctuation differs."""
    return sum(change.words for change in changes)


def excerpt(changes: Sequence[Edit], most: int, length: int) -> tuple[tuple[Edit, ...], int]:
    """Return at most ``most`` changes that are more than punctuation, each side cut to ``length``, and how many were left out."""
    telling = [change for change in changes if change.words] or list(changes)
    shown = tuple(
        Edit(_short(one.removed, length), _short(one.added, length), one.before, one.after)
        for one in telling[:most]
    )
    return shown, len(telling) - len(shown)


def _short(text: str, length: int) -> str:
    """Return the text, or its beginning and its end with an ellipsis between."""
    if len(text) <= length:
        return text
    head = length * 2 // 3
    return f"{text[:head].rstrip()} … {text[len(text) - (length - head) :].lstrip()}"


def _plain(text: str) -> list[str]:
    return [word for piece in _WORDS.findall(text.casefold()) for word in _LETTERS.findall(piece)]


def _lines(text: str) -> list[str]:
    """Return the sentences of a text: of a long paragraph only those that differ are compared word by word."""
    return [plain for line in _SENTENCES.split(text) if (plain := " ".join(line.split()))]


def _split(lines: Sequence[str]) -> list[str]:
    return [word for line in lines for word in _WORDS.findall(line)]


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield where the two differ; what they share at both ends is not compared at all."""
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    left, right = before[head : len(before) - tail], after[head : len(after) - tail]
    if _cost(left, right) > BUDGET:
        yield head, head + len(left), head, head + len(right)
        return
    for tag, first, last, start, end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            yield head + first, head + last, head + start, head + end


def _cost(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many steps the matcher may take: it looks at every pair of equal parts once for each match it finds."""
    counts = Counter(right)
    return sum(number * counts[part] for part, number in Counter(left).items()) * min(len(left), len(right))


def _shared(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many parts the two begin with alike."""
    count = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        count += 1
    return count


def _in_block(before: Sequence[str], after: Sequence[str]) -> Iterator[Edit]:
    for first, last, start, end in _blocks(before, after):
        around = _joined(after[max(0, start - AROUND) : start]), _joined(after[end : end + AROUND])
        yield Edit(_joined(before[first:last]), _joined(after[start:end]), *around)


def _joined(words: Sequence[str]) -> str:
    return _TIGHT.sub("", " ".join(words))
