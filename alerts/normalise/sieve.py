"""The feed's own filter: which entries of a broad source are kept.

The expressions are the admin's and the text is anybody's, so each search has a time limit. What runs out of time
counts as wanted: losing an item is worse than showing one too many.

Units: seconds.
"""

import regex

from alerts.domain.feeds import ItemFilter

TIMEOUT = 0.25


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


def _compiled(patterns: tuple[str, ...]) -> list["regex.Pattern[str]"]:
    return [regex.compile(pattern, regex.IGNORECASE) for pattern in patterns if _valid(pattern)]


def _valid(pattern: str) -> bool:
    try:
        regex.compile(pattern, regex.IGNORECASE)
    except regex.error:
        return False
    return True


def _found(pattern: "regex.Pattern[str]", text: str, *, late: bool) -> bool:
    """Return whether ``pattern`` is in ``text``; ``late`` where the search does not end in time."""
    try:
        return pattern.search(text, timeout=TIMEOUT) is not None
    except TimeoutError:
        return late
