"""Identifiers as people write them, made comparable: ``337-TA-1234``, ``337 ta 1234`` and ``Inv. No. 337-TA-1234`` are one."""

import unicodedata

LEAST = 6  # characters with a digit among them, for one to be looked for inside another


def identifier_key(text: str) -> str:
    """Return the letters and digits of an identifier, case folded; empty where there is no digit."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    key = "".join(letter for letter in plain if letter.isalnum())
    return key if any(letter.isdigit() for letter in key) else ""


def endings(text: str) -> list[str]:
    """Return the keys under which an identifier may be known: its own, and what is left without words before it."""
    key = identifier_key(text)
    places = (place for place in range(1, len(key) - LEAST + 1) if not key[place - 1].isdigit())
    return [key, *(key[place:] for place in places)] if key else []


def same_identifier(wanted: str, found: str) -> bool:
    """Return whether two identifiers are one: equal, or the wanted one ends the found one (an office's or a series' name before it)."""
    ours, theirs = identifier_key(wanted), identifier_key(found)
    if not ours or not theirs:
        return False
    shorter, longer = sorted((ours, theirs), key=len)
    if shorter == longer:
        return True
    before = longer[: -len(shorter)]
    return len(shorter) >= LEAST and longer.endswith(shorter) and not before[-1:].isdigit()
