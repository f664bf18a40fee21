"""The feed's own filter: which entries of a broad source are kept.

The expressions are the admin's and the text is anybody's, so each search has a time limit, and an expression that
ran out of it three times in one document is not tried on the rest. What is not decided counts as wanted:
losing an item is worse than showing one too many.

Units: seconds.
"""

from dataclasses import dataclass

import regex

from alerts.domain.feeds import ItemFilter

TIMEOUT = 0.05
PATIENCE = 3  # searches of one expression in one document that may run out of time


class Sieve:
    """An :class:`ItemFilter`, ready to use; an expression that cannot be compiled matches nothing."""

    def __init__(self, wanted: ItemFilter) -> None:
        self._include = _compiled(wanted.include)
        self._exclude = _compiled(wanted.exclude)

    def keeps(self, title: str, summary: str) -> bool:
        """Return whether an entry with this title and summary is kept."""
        text = f"{title}\n{summary}"
        if self._include and not any(_found(pattern, text, late=True) for pattern in self._include):
            return False
        return not any(_found(pattern, text, late=False) for pattern in self._exclude)


@dataclass(slots=True)
class _Expression:
    """One expression, and how often it ran out of time in this document."""

    pattern: "regex.Pattern[str]"
    spent: int = 0


def _compiled(patterns: tuple[str, ...]) -> list[_Expression]:
    return [_Expression(regex.compile(pattern, regex.IGNORECASE)) for pattern in patterns if _valid(pattern)]


def _valid(pattern: str) -> bool:
    try:
        regex.compile(pattern, regex.IGNORECASE)
    except regex.error:
        return False
    return True


def _found(expression: _Expression, text: str, *, late: bool) -> bool:
    """Return whether the expression is in ``text``; ``late`` where the search does not end in time."""
    if expression.spent >= PATIENCE:
        return late
    try:
        return expression.pattern.search(text, timeout=TIMEOUT) is not None
    except TimeoutError:
        expression.spent += 1
        return late
