"""Terms of a lexicon: how one is written, what it means, and how a set of them is searched in one pass.

A term is written as words. A word stands for itself and its plural, ``infring*`` for every word that begins so,
``…`` for a gap (up to ten words of one sentence, or up to twelve characters in scripts without spaces), and a leading ``=``
asks for exactly this case (``=US`` is not "us"). Terms with Chinese, Japanese or Korean characters are found as
substrings, others at word boundaries. Where one term of a facet lies inside a longer one, the longer alone counts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from alerts.classify.reading import DENSE, WORD, Passage, fold

NONE = "none"  # the slug of phrases that only look like a term
# A gap does not reach over it; "1. Januar" and "12. Mai" are no ends.
STOP = re.compile(r"(?<!\b\d)(?<!\b\d\d)[.;!?]\s")
GAP_WORDS = 10
GAP_CHARACTERS = 12
STEM = 3  # characters by which terms that begin with a stem are indexed


@dataclass(frozen=True, slots=True)
class Sense:
    """What a term stands for: ``facet`` right, event, cue, place …; ``value`` its slug."""

    facet: str
    value: str
    weight: float


@dataclass(frozen=True, slots=True)
class Term:
    """One term with its sense."""

    text: str
    sense: Sense


@dataclass(frozen=True, slots=True)
class Hit:
    """A term in a passage. ``words`` is the text as written."""

    sense: Sense
    where: str  # title | summary | publisher
    start: int
    end: int
    words: str
    solid: bool = True  # without a gap


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled term: ``parts`` are the pieces between gaps, each a run of words or one substring."""

    sense: Sense
    parts: tuple[tuple[str, ...], ...]
    exact: str | None = None  # the text must stand so, case included


@dataclass(frozen=True, slots=True)
class Index:
    """Compiled terms by how they begin."""

    words: Mapping[str, tuple[Pattern, ...]]
    stems: Mapping[str, tuple[Pattern, ...]]
    dense: Mapping[str, tuple[Pattern, ...]]  # by the first two characters


def fault(text: str) -> str | None:
    """Return what is wrong with a term as written, or None."""
    parts = [part.strip() for part in text.lstrip("=").split("…")]
    if not all(parts):
        return "a gap needs words on both sides"
    if DENSE.search(text):
        return None if len(parts[0]) > 1 else "begins with a single character, which is found everywhere"
    if not all(WORD.search(part) for part in parts):
        return "holds no letter or digit"
    if any(len(word) <= STEM for word in _split(text) if word.endswith("*")):
        return f"a stem needs at least {STEM} letters before the *"
    return None


def _split(text: str) -> tuple[str, ...]:
    """Return the words of a term; ``*`` stays with its word."""
    folded = fold(text)
    found = []
    for each in WORD.finditer(folded):
        starred = folded[each.end() : each.end() + 1] == "*"
        found.append(each.group() + ("*" if starred else ""))
    return tuple(found)


def compiled(term: Term) -> Pattern:
    """Return the term ready to be searched."""
    exact = term.text[1:] if term.text.startswith("=") else None
    pieces = [piece.strip() for piece in term.text.lstrip("=").split("…")]
    if DENSE.search(term.text):
        return Pattern(term.sense, tuple((fold(piece),) for piece in pieces), exact)
    return Pattern(term.sense, tuple(_split(piece) for piece in pieces), exact)


def index(terms: Iterable[Term]) -> Index:
    """Return the terms as one index."""
    words: dict[str, list[Pattern]] = {}
    stems: dict[str, list[Pattern]] = {}
    dense: dict[str, list[Pattern]] = {}
    for term in terms:
        pattern = compiled(term)
        first = pattern.parts[0][0]
        if DENSE.search(term.text):
            dense.setdefault(first[:2], []).append(pattern)
        elif first.endswith("*"):
            stems.setdefault(first[:STEM], []).append(pattern)
        else:
            for form in _forms(first):
                words.setdefault(form, []).append(pattern)
    return Index(_frozen(words), _frozen(stems), _frozen(dense))


def _frozen(lists: dict[str, list[Pattern]]) -> Mapping[str, tuple[Pattern, ...]]:
    return {key: tuple(value) for key, value in lists.items()}


@cache  # of the words of lexicons, so there are only so many
def _forms(word: str) -> frozenset[str]:
    """Return a word and its plurals; numbers and very short words have none."""
    if len(word) < 3 or not word.isalpha():
        return frozenset({word})
    return frozenset(
        {word, word + "s", word + "es", word[:-1] + "ies"}
        if word[-1] == "y"
        else {word, word + "s", word + "es"}
    )


def _same(wanted: str, found: str) -> bool:
    """Tell whether a word of a text is the wanted one, in its forms."""
    if found == wanted:
        return True
    if not found.startswith(wanted[:-1]):
        return False
    return wanted.endswith("*") or found in _forms(wanted)


def find(index_: Index, passage: Passage) -> tuple[Hit, ...]:
    """Return all hits in the passage, shorter ones inside longer ones of the same facet left out."""
    hits = list(_word_hits(index_, passage))
    if passage.dense:
        hits += _dense_hits(index_, passage)
    return _longest(hits)


def _word_hits(index_: Index, passage: Passage) -> Iterator[Hit]:
    nothing: tuple[Pattern, ...] = ()
    for at, word in enumerate(passage.words):
        text = word.text
        stems = index_.stems.get(text[:STEM], nothing)
        begun = (
            [pattern for pattern in stems if text.startswith(pattern.parts[0][0][:-1])] if stems else nothing
        )
        for pattern in (*index_.words.get(text, nothing), *begun):  # their first word stands here
            last = _run(pattern.parts, passage, at, 1)
            if last is not None:
                hit = _hit(pattern, passage, word.start, passage.words[last].end)
                if pattern.exact is None or hit.words == pattern.exact:
                    yield hit


def _run(parts: tuple[tuple[str, ...], ...], passage: Passage, at: int, known: int = 0) -> int | None:
    """Return the position of the last word when the parts stand from ``at`` on, gaps allowed between them.

    The first ``known`` words are known to stand there.
    """
    words = passage.words
    head = parts[0]
    end = at + len(head)
    if end > len(words):
        return None
    for n in range(known, len(head)):
        if not _same(head[n], words[at + n].text):
            return None
    rest = parts[1:]
    if not rest:
        return end - 1
    for start in range(end, min(end + GAP_WORDS + 1, len(words))):
        if STOP.search(passage.text, words[start - 1].end, words[start].start):
            return None
        last = _run(rest, passage, start)
        if last is not None:
            return last
    return None


def _dense_hits(index_: Index, passage: Passage) -> Iterator[Hit]:
    text, starts = passage.folded, index_.dense
    for at in range(len(text) - 1):
        for pattern in starts.get(text[at : at + 2], ()):
            end = _stretch(pattern.parts, text, at)
            if end is not None:
                yield _hit(pattern, passage, at, end)


def _stretch(parts: tuple[tuple[str, ...], ...], text: str, at: int) -> int | None:
    """Return where the substrings end when the first stands at ``at`` and each next one within the gap."""
    if not text.startswith(parts[0][0], at):
        return None
    end = at + len(parts[0][0])
    for (piece,) in parts[1:]:
        found = text.find(piece, end, end + GAP_CHARACTERS + len(piece))
        if found < 0:
            return None
        end = found + len(piece)
    return end


def _hit(pattern: Pattern, passage: Passage, start: int, end: int) -> Hit:
    return Hit(pattern.sense, passage.name, start, end, passage.text[start:end], len(pattern.parts) == 1)


def _longest(hits: list[Hit]) -> tuple[Hit, ...]:
    """Return the hits that lie in no longer one of their facet, in reading order.

    A term with a gap hides nothing, since what stands in the gap was said by itself; only ``none`` does.
    """
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    kept: list[Hit] = []
    reach: dict[str, tuple[int, int]] = {}  # facet: span that ends furthest so far
    for hit in hits:
        start, end = reach.get(hit.sense.facet, (-1, -1))
        if hit.end <= end and (hit.start, hit.end) != (start, end):
            continue
        if hit.solid or hit.sense.value == NONE:
            reach[hit.sense.facet] = (hit.start, hit.end)
        kept.append(hit)
    return tuple(kept)
