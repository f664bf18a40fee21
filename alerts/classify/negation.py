"""What was refused, lifted or never came: hits that a negation in their clause turns into their opposite.

Counted are the negating words of the clause: one undoes the hit, two leave it standing ("refuses to lift the injunction").
A challenge ("appeal against") does nothing by itself, but turns a single negation round: an appeal rejected
leaves the order in force. The words are those of the lexicons, section ``negation``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from alerts.classify.reading import DENSE, Passage
from alerts.classify.terms import Hit, Sense

BEFORE, AFTER = 64, 44  # characters of the clause that a negation reaches over
DENSE_BEFORE, DENSE_AFTER = 16, 14  # the same in scripts without spaces
BOUNDARY = re.compile(
    r"[;!?。；！？，]|\.\s|[:,](?!\d)|\s[-–—]\s|\b(?:but|while|whereas)\b|并|但"
    r"|\band(?=\s+(?:\w+\s+){0,2}(?:issu|grant|enter|order|impos|extend|keep|uph|maintain|secur|win))",
    re.IGNORECASE,
)
JOINED = re.compile(r"[\s,、]*(?:and|or|nor|as well as|[和或及与、])\s*(?:\w+\s+){0,2}", re.IGNORECASE)
UNDONE: Mapping[tuple[str, str], Sense | None] = {
    ("event", "exclusion"): Sense("cue", "refused", 1.0),
    ("cue", "granted"): Sense("cue", "refused", 1.0),
    ("cue", "instituted"): Sense("cue", "closed-case", 1.0),
    ("cue", "warning"): None,
}


def settled(hits: Sequence[Hit], texts: Sequence[Passage]) -> list[Hit]:
    """Return the hits with those undone replaced by what they now stand for; one that stands for nothing is left out."""
    negations = [hit for hit in hits if hit.sense.facet == "negation"]
    if not negations:
        return list(hits)
    return [hit for text in texts for hit in _of_passage(text, hits, negations)]


def _of_passage(text: Passage, hits: Sequence[Hit], negations: Sequence[Hit]) -> Iterator[Hit]:
    near = [hit for hit in negations if hit.where == text.name]
    cuts = [match.span() for match in BOUNDARY.finditer(text.text)] if near else []
    last: Hit | None = None  # the last hit undone
    for hit in (each for each in hits if each.where == text.name):
        key = (hit.sense.facet, hit.sense.value)
        if key not in UNDONE:
            yield hit
        elif _undone(text, hit, near, cuts) or (last is not None and _joined(text, last, hit)):
            last = hit
            sense = UNDONE[key]
            if sense is not None:
                yield replace(hit, sense=sense)
        else:
            yield hit


def _joined(text: Passage, last: Hit, hit: Hit) -> bool:
    """Tell whether the hit is the next member of the list that was undone: "no exclusion order or recall"."""
    return hit.start > last.end and JOINED.fullmatch(text.text, last.end, hit.start) is not None


def _undone(text: Passage, hit: Hit, near: Sequence[Hit], cuts: Sequence[tuple[int, int]]) -> bool:
    dense = DENSE.search(hit.words) is not None
    before, after = (DENSE_BEFORE, DENSE_AFTER) if dense else (BEFORE, AFTER)
    left = max((end for _, end in cuts if end <= hit.start), default=0)
    right = min((start for start, _ in cuts if start >= hit.end), default=len(text.text))
    left, right = max(left, hit.start - before), min(right, hit.end + after)
    limit = hit.start if hit.solid else hit.end
    ahead = {(each.sense.value, each.start) for each in near if left <= each.start < limit}
    behind = {(each.sense.value, each.start) for each in near if hit.end <= each.start and each.end <= right}
    count = sum(value == "before" for value, _ in ahead) + sum(value == "after" for value, _ in behind)
    challenged = any(value == "challenge" for value, _ in ahead | behind)
    return count % 2 == 1 and not (challenged and count == 1)
