"""Options whose values come from the vocabulary or the catalogue, checked with a suggestion for a misspelt word."""

import difflib
from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from alerts.domain import jurisdictions
from alerts.domain.errors import InputError

E = TypeVar("E", bound=StrEnum)
Tongue = Annotated[str, typer.Option("--language", help="en or zh-Hans.")]


def pick(option: str, words: Iterable[str] | None, among: type[E]) -> tuple[E, ...]:
    """Return the members that ``words`` name.

    Raises:
        InputError: a word is not in the vocabulary; the sentence lists or suggests what is.
    """
    return tuple(one(option, word, among) for word in words or ())


def one(option: str, word: str, among: type[E]) -> E:
    """Return the member that ``word`` names.

    Raises:
        InputError: it is not in the vocabulary.
    """
    known = [member.value for member in among]
    for member in among:
        if member.value.casefold() == word.casefold():
            return member
    close = difflib.get_close_matches(word.casefold(), known, 1, 0.6)
    hint = f"did you mean {close[0]!r}?" if close else f"choose from {', '.join(known)}."
    raise InputError(f"{option}: {word!r} is not known; {hint}")


def regions(words: Iterable[str] | None, option: str = "--region") -> tuple[str, ...]:
    """Return jurisdiction codes (upper case) and region slugs (lower case).

    Raises:
        InputError: a word is neither; with a suggestion.
    """
    return tuple(region(word, option) for word in words or ())


def region(word: str, option: str = "--region") -> str:
    """Return one code or slug in its stored form.

    Raises:
        InputError: it is neither.
    """
    if jurisdictions.is_jurisdiction(word.upper()):
        return word.upper()
    if jurisdictions.is_region(word.lower()):
        return word.lower()
    otherwise = "use a two-letter WIPO ST.3 code such as US, or a region such as asean."
    raise _unknown(option, word, jurisdictions.suggest(word), otherwise)


def jurisdiction(word: str, option: str = "--jurisdiction") -> str:
    """Return one code in capitals; a publisher has one jurisdiction, never a region.

    Raises:
        InputError: it is no code.
    """
    if jurisdictions.is_jurisdiction(word.upper()):
        return word.upper()
    close = jurisdictions.suggest(word)
    meant = close if close and jurisdictions.is_jurisdiction(close) else None
    raise _unknown(option, word, meant, "use a two-letter WIPO ST.3 code such as US.")


def _unknown(option: str, word: str, meant: str | None, otherwise: str) -> InputError:
    hint = f"did you mean {meant!r}?" if meant else otherwise
    return InputError(f"{option}: {word!r} is not known; {hint}")


def feed(feed_id: str, known: Collection[str]) -> str:
    """Return the id of a feed that feeds.yaml has.

    Raises:
        InputError: it has none of that id; with a suggestion, or where to look.
    """
    if feed_id in known:
        return feed_id
    close = difflib.get_close_matches(feed_id, list(known), 1, 0.5)
    hint = f"did you mean {close[0]!r}?" if close else "`alerts feeds list` shows what is."
    raise InputError(f"No feed {feed_id!r} in feeds.yaml; {hint}")
