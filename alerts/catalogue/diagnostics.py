"""What is wrong with a catalogue, and where. Lines and columns count from 1."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text."""

    line: int
    column: int


START = Position(1, 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of one text at a place that is known already."""

    at: Position
    code: str
    text: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault at a path of the data (``feeds, 3, url``); its place is looked up later.

    ``on_key`` points at the key instead of the value, for keys that should not be there.
    """

    path: Path
    code: str
    text: str
    on_key: bool = False
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message to the admin; ``severity`` is error or warning, ``code`` a stable slug."""

    file: str
    line: int
    column: int
    severity: Severity
    code: str
    text: str

    def __str__(self) -> str:
        """Return the line that editors and continuous integration understand."""
        return f"{self.file}:{self.line}:{self.column}: {self.severity}[{self.code}]: {self.text}"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the closest known word, or an empty text."""
    near = difflib.get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""
