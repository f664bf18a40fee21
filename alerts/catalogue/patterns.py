"""Regular expressions of the catalogue: do they compile, and can they run away.

A pattern such as ``(a+)+$`` takes exponential time on a short text that does not match. What makes it so
is an endless repetition of something that can itself be read in several ways: another endless
repetition, or alternatives of which one is empty. Both are refused here; matching has its own time limit.
"""

import importlib
import re
from typing import Any

MAX_LENGTH = 2_000


def compile_fault(pattern: str) -> tuple[str, str] | None:
    """Return the code and the sentence of what is wrong with ``pattern``, or None."""
    if len(pattern) > MAX_LENGTH:
        return "bad-regex", f"The regular expression is longer than {MAX_LENGTH:,} characters."
    try:
        re.compile(pattern)
        parsed: Any = importlib.import_module("re._parser").parse(pattern)
        runs_away = _runs_away(parsed, repeated=False)
    except (re.error, OverflowError, RecursionError) as error:
        where = (
            f" at character {error.pos + 1}" if isinstance(error, re.error) and error.pos is not None else ""
        )
        return "bad-regex", f"Not a regular expression{where}: {getattr(error, 'msg', error)}."
    if runs_away:
        return (
            "slow-regex",
            "A repetition inside a repetition can take for ever; write it without the inner one.",
        )
    return None


def _runs_away(nodes: Any, *, repeated: bool) -> bool:
    """Return whether an endless repetition holds another, or alternatives of which one is empty.

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
            if repeated and any(len(branch) == 0 for branch in argument[1]):
                return True
            if any(_runs_away(branch, repeated=repeated) for branch in argument[1]):
                return True
        elif kind == "SUBPATTERN":
            if _runs_away(argument[-1], repeated=repeated):
                return True
        elif kind in ("ASSERT", "ASSERT_NOT") and _runs_away(argument[1], repeated=repeated):
            return True
    return False
