"""Identifiers as people write them, made comparable: ``337-TA-1234``, ``337 ta 1234`` and ``Inv. No. 337-TA-1234`` are one."""

import re
import unicodedata

from alerts.domain import identifiers

LEAST = 6  # characters with a digit among them, for one to be looked for inside another
# Of a district court, without the number of its office.
_DOCKET = re.compile(r"\d\d(?:cv|mc|md|ml|cr)\d{5,6}")


def identifier_key(text: str) -> str:
    """Return the letters and digits of an identifier as it is written, case folded; empty where there is no digit."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    key = "".join(letter for letter in plain if letter.isalnum())
    return key if any(letter.isdigit() for letter in key) else ""


def is_identifier(text: str) -> bool:
    """Return whether there is a number in it, be it 六一二."""
    return bool(_key(text))


def _key(text: str) -> str:
    """Return what all spellings of an identifier share; empty where there is no digit."""
    key = identifiers.identifier_key(identifiers.normalise(text))
    return key if any(letter.isdigit() for letter in key) else ""


def endings(text: str) -> list[str]:
    """Return the keys under which an identifier may be known: its own, and what is left without words before it."""
    key = _key(text)
    return (
        [key, *(key[place:] for place in range(1, len(key) - LEAST + 1) if _ends(key, place))] if key else []
    )


def same_identifier(wanted: str, found: str) -> bool:
    """Return whether two identifiers are one: equal, or the wanted one ends the found one (an office's or a series' name before it)."""
    ours, theirs = _key(wanted), _key(found)
    if not ours or not theirs:
        return False
    shorter, longer = sorted((ours, theirs), key=len)
    if shorter == longer:
        return True
    place = len(longer) - len(shorter)
    return len(shorter) >= LEAST and longer.endswith(shorter) and _ends(longer, place)


def _ends(key: str, place: int) -> bool:
    """Return whether what begins at ``place`` is whole: no digit stands before it, but for a court's office as in 1:26-cv-01234."""
    return not key[place - 1].isdigit() or (place == 1 and _DOCKET.fullmatch(key, 1) is not None)
