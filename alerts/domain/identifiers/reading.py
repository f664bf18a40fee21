"""Reading identifiers from a text, and bringing one that somebody wrote into the form in which they are kept."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from alerts.domain.han import simplified
from alerts.domain.identifiers import american, asian, european, national, registers, world
from alerts.domain.identifiers.form import Form, tidy

LONGEST = 20_000  # characters of one text that are read
_ASKED = 120  # characters; whoever asks for an identifier writes no more
FORMS: tuple[Form, ...] = (
    *registers.FORMS, *american.FORMS, *european.FORMS, *national.FORMS, *world.FORMS, *asian.FORMS,
)  # fmt: skip
_KEYS = frozenset(key for form in FORMS for key in form.keys)
_NUMBER = re.compile(r"[\d〇零一二三四五六七八九十百千]")
_ORDINAL = re.compile("第(?=[0-9])|제(?=[0-9])")


def identifiers_in(text: str, *, title: bool) -> tuple[str, ...]:
    """Return the identifiers of a text in the order in which they stand, each once and none inside a longer one."""
    if not _NUMBER.search(text):
        return ()
    found: dict[str, str] = {}
    for _, each in sorted(_read(tidy(text[:LONGEST]), title=title), key=lambda one: one[0]):
        found.setdefault(identifier_key(each), each)
    return without_parts(found)


def without_parts(found: dict[str, str]) -> tuple[str, ...]:
    """Return the identifiers whose key is no part of another's: 令第80号 stands inside 国务院令第80号."""
    inside = {key for key in found if any(key != other and key in other for other in found)}
    return tuple(each for key, each in found.items() if key not in inside)


def _read(text: str, *, title: bool, asked: bool = False) -> Iterator[tuple[int, str]]:
    """Yield place and identifier; whoever asks for one has no text around it that could tell more."""
    folded = simplified(text.lower())
    present = {key for key in _KEYS if key in folded}
    for form in FORMS:
        if not present.isdisjoint(form.keys) and (asked or _may_stand(form, text, title)):
            yield from form.read(text)


def _may_stand(form: Form, text: str, title: bool) -> bool:
    if form.title_only and title:
        return True
    return not form.title_only if form.near is None else form.near.search(text) is not None


def normalise(text: str) -> str:
    """Return an identifier that somebody wrote in the form in which it is kept; what is none comes back with plain spaces and dashes.

    Applied twice it changes nothing more.
    """
    return _asked_for(text[:_ASKED]) or tidy(text[:_ASKED])


@lru_cache(maxsize=16_384)
def _asked_for(text: str) -> str | None:
    """Return the one identifier that a short text is, or None where it is none or several."""
    found = _read(tidy(text), title=True, asked=True)
    whole = without_parts({identifier_key(each): each for _, each in found})
    return whole[0] if len(whole) == 1 else None


def identifier_key(text: str) -> str:
    """Return what two spellings of an identifier share: letters and digits, in simplified characters, without 第 before a number."""
    plain = simplified(unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in _ORDINAL.sub("", plain) if letter.isalnum())


def spellings(text: str) -> tuple[str, ...]:
    """Return the forms in which an identifier may be kept: its own, and with or without 第; nothing for a text that is none."""
    own = _asked_for(text[:_ASKED])
    if own is None:
        return ()
    return tuple(dict.fromkeys((own, _ORDINAL.sub("", own), re.sub(r"(?<=令)(?=[0-9])", "第", own))))
