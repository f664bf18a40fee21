"""What an examination of a deployment says of one part of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One sentence on a ``part``; ``state`` is good, note or wrong."""

    part: str
    state: str
    text: str


def good(part: str, text: str) -> Diagnosis:
    """Return that a part is as it should be."""
    return Diagnosis(part, "good", text)


def note(part: str, text: str) -> Diagnosis:
    """Return what should be known or bettered, although mails arrive without it."""
    return Diagnosis(part, "note", text)


def wrong(part: str, text: str) -> Diagnosis:
    """Return what keeps mails from arriving, with what to do."""
    return Diagnosis(part, "wrong", text)
