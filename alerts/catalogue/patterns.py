"""Regular expressions of the catalogue: do they compile, and can they run away.

A pattern such as ``(a+)+$`` takes exponential time on a short text that does not match. What makes it so
is an endless repetition of something that can itself be read in several ways: another endless
repetition, or alternatives of which one is empty or that begin alike. All are refused here, and so are counted
repetitions that make a pattern of millions of parts; matching has its own time limit.
"""

import importlib
import re
from typing import Any

MAX_LENGTH = 2_000
MAX_PARTS = 20_000  # of a pattern with its counted repetitions written out; a billion take all memory

_PROBES = "aAzZ059 \t\n-_.,:;/()é中"


def compile_fault(pattern: str) -> tuple[str, str] | None:
    """Return the code and the sentence of what is wrong with ``pattern``, or None."""
    if len(pattern) > MAX_LENGTH:
        return "bad-regex", f"The regular expression is longer than {MAX_LENGTH:,} characters."
    if not pattern:
        return "bad-regex", "An empty regular expression matches everything; write one or leave it out."
    try:
        parsed: Any = importlib.import_module("re._parser").parse(pattern)
        large = _parts(parsed) > MAX_PARTS
        if not large:
            re.compile(pattern)
        runs_away = _runs_away(parsed, repeated=False)
    except (re.error, OverflowError, RecursionError) as error:
        where = (
            f" at character {error.pos + 1}" if isinstance(error, re.error) and error.pos is not None else ""
        )
        return "bad-regex", f"Not a regular expression{where}: {getattr(error, 'msg', error)}."
    if large:
        return (
            "slow-regex",
            f"Counted repetitions make more than {MAX_PARTS:,} parts of it; use smaller counts.",
        )
    if runs_away:
        return "slow-regex", (
            "A repetition inside a repetition, or one of alternatives that begin alike, can take for ever; "
            "write it without the inner one."
        )
    return None


def _parts(nodes: Any) -> int:
    """Return how many parts the pattern has with its counted repetitions written out."""
    total = 0
    for operation, argument in nodes:
        kind = str(operation)
        if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, body = argument
            total += max(1, int(least), int(most) if int(most) < 2**16 else 0) * _parts(body)
        elif kind == "BRANCH":
            total += sum(map(_parts, argument[1]))
        elif kind in ("SUBPATTERN", "ASSERT", "ASSERT_NOT"):
            total += _parts(argument[-1])
        elif kind == "ATOMIC_GROUP":
            total += _parts(argument)
        else:
            total += 1
    return total


def _runs_away(nodes: Any, *, repeated: bool) -> bool:
    """Return whether an endless repetition holds another, or alternatives that can be taken for each other.

    ``nodes`` is the tree of the standard library's own parser; ``repeated`` says that an endless
    repetition stands around it. Possessive and atomic groups never go back, so they are safe.
    """
    for operation, argument in nodes:
        kind = str(operation)
        if kind in ("POSSESSIVE_REPEAT", "ATOMIC_GROUP"):
            continue
        if kind in ("MAX_REPEAT", "MIN_REPEAT"):
            _least, most, body = argument
            endless = int(most) > 1_000
            if (endless and repeated) or _runs_away(body, repeated=repeated or endless):
                return True
        elif kind == "BRANCH":
            if repeated and (not all(map(len, argument[1])) or _begin_alike(argument[1])):
                return True
            if any(_runs_away(branch, repeated=repeated) for branch in argument[1]):
                return True
        elif kind == "SUBPATTERN":
            if _runs_away(argument[-1], repeated=repeated):
                return True
        elif kind in ("ASSERT", "ASSERT_NOT") and _runs_away(argument[1], repeated=repeated):
            return True
    return False


def _begin_alike(branches: Any) -> bool:
    """Return whether two alternatives accept the same first character, of those that are tried.

    The library's parser has taken out beginnings that are written alike, so only classes are left to compare.
    """
    firsts = [branch[0] for branch in branches]
    if all(str(operation) == "LITERAL" for operation, _ in firsts):
        return False
    taken: set[str] = set()
    for first in firsts:
        mine = {probe for probe in _PROBES if _accepts(first, probe)}
        if mine & taken:
            return True
        taken |= mine
    return False


def _accepts(node: Any, character: str) -> bool:
    """Return whether a single-character ``node`` accepts ``character``; other nodes are passed over."""
    operation, argument = node
    kind = str(operation)
    if kind in {"MAX_REPEAT", "MIN_REPEAT"}:
        return len(argument[2]) > 0 and _accepts(argument[2][0], character)
    if kind == "SUBPATTERN":
        return len(argument[-1]) > 0 and _accepts(argument[-1][0], character)
    if kind == "LITERAL":
        return chr(argument) == character
    if kind == "ANY":
        return character != "\n"
    if kind == "IN":
        return _in_class(argument, character)
    return False


def _in_class(members: Any, character: str) -> bool:
    found, negated = False, False
    for operation, argument in members:
        kind = str(operation)
        negated = negated or kind == "NEGATE"
        if kind == "LITERAL":
            found = found or chr(argument) == character
        elif kind == "RANGE":
            found = found or argument[0] <= ord(character) <= argument[1]
        elif kind == "CATEGORY":
            found = found or _in_category(str(argument), character)
    return found is not negated


def _in_category(name: str, character: str) -> bool:
    kind = name.removeprefix("CATEGORY_")
    letters = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
    inside = re.match(letters.get(kind.removeprefix("NOT_"), r"\w"), character) is not None
    return inside is not kind.startswith("NOT_")
