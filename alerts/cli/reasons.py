"""Reasons as one line of words for the terminal."""

from collections.abc import Iterable

from alerts.domain.watches import Reason


def in_words(reasons: Iterable[Reason]) -> str:
    """Return reasons such as ``US · patent · names 'Anker' in the title``."""
    return " · ".join(_word(reason) for reason in reasons)


def _word(reason: Reason) -> str:
    if reason.facet == "region":
        return f"{reason.because or reason.value} (via {reason.via})" if reason.via else reason.value
    if reason.facet == "term":
        return f"names {reason.value!r} in the {reason.where or 'text'}"
    if reason.facet == "identifier":
        return f"concerns {reason.value}"
    if reason.facet == "publisher":
        return f"published by {reason.because}"
    return reason.value
