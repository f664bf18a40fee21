"""What a kind of identifier looks like, and the plain text in which all of them are looked for."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

Write = Callable[[re.Match[str]], str | Iterable[str]]

START = r"(?<![A-Za-z0-9])"  # unlike \b it holds between a Chinese character and a letter
END = r"(?![A-Za-z0-9])"
NO = r"(?:[Nn](?:\.? ?[o°]s?|r|[uú]m|umber)\.?:? ?)"  # No, Nr., n°, n.º (º becomes o), núm.

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_MARKS = _DASHES | dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"), "")


def tidy(text: str) -> str:
    """Return the text in one width, with plain dashes and single spaces and without invisible characters."""
    return " ".join(unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS).split())


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of identifier. One of ``keys``, lower case, must stand in the text for the pattern to be tried at all.

    ``near`` must stand somewhere in the text too, since without it the number could be anything; ``title_only`` says that
    a title will do instead.
    """

    keys: tuple[str, ...]
    pattern: re.Pattern[str]
    write: Write
    title_only: bool = False
    near: re.Pattern[str] | None = None

    def read(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield the place and the written form of each identifier in a tidy text; ones that cannot be are left out."""
        for match in self.pattern.finditer(text):
            written = self.write(match)
            for each in (written,) if isinstance(written, str) else written:
                if each:
                    yield match.start(), each


def whole(match: re.Match[str]) -> str:
    """Return what was found as it stands."""
    return match.group()


def tight(match: re.Match[str]) -> str:
    """Return what was found without spaces."""
    return match.group().replace(" ", "")


def first(match: re.Match[str]) -> str:
    """Return what the first group holds."""
    return match[1]


def like(pattern: str) -> Write:
    """Return a writer that fills the groups into ``pattern``: ``{1}`` is the first."""
    return lambda match: pattern.format(match.group(), *(each or "" for each in match.groups()))


def digits(prefix: str) -> Write:
    """Return a writer that puts ``prefix`` before the digits and letters of the first group."""
    return lambda match: prefix + re.sub(r"[\s,./-]", "", match[1])


def form(
    key: str, pattern: str, write: Write = whole, *, title_only: bool = False, near: str | None = None
) -> Form:
    """Return a form; ``|`` stands between keys, ``(?i)`` at the head of a pattern lets it ignore case."""
    beside = re.compile(near, re.IGNORECASE) if near else None
    return Form(tuple(key.split("|")), re.compile(pattern), write, title_only, beside)
