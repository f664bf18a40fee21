"""Output for people (tables) and for programs (JSON lines), and the readers of shared options."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime, time
from enum import Enum, StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from alerts.domain.errors import InputError


class Format(StrEnum):
    """How a listing is printed."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[
    Format, typer.Option("--format", help="text for people, json for programs (one object a line).")
]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="T", help="Take this instant for now (ISO 8601, UTC if no offset is given)."
    ),
]


def plain(value: object) -> object:
    """Return ``value`` as JSON types; instants in ISO 8601 with Z."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | time | Path):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(inner) for name, inner in asdict(value).items()}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return value


def json_line(value: object) -> str:
    """Return one line of JSON, readable Chinese, without control characters."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=False)


def put(text: str, file: Path | None) -> None:
    """Write a document into a file, or to standard output where none is named.

    Raises:
        InputError: the file cannot be written.
    """
    if file is None:
        if text:
            say(text.rstrip("\n"))
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file}: {error.strerror or error}.") from None


def say(text: str = "") -> None:
    """Print a line; characters that the terminal cannot show are replaced."""
    data = f"{text}\n"
    try:
        sys.stdout.write(data)
    except UnicodeEncodeError:
        sys.stdout.buffer.write(data.encode(sys.stdout.encoding or "ascii", "replace"))


def warn(text: str) -> None:
    """Print a line on standard error."""
    sys.stderr.write(f"{text}\n")


def listing(rows: Iterable[Mapping[str, object]], style: Format, columns: Sequence[str] | None = None) -> int:
    """Print ``rows`` and return how many there were; ``columns`` chooses what people see (default: all)."""
    if style is Format.JSON:
        count = 0
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the result
            say(json_line(row))
        return count
    return _table(list(rows), columns)


def _table(rows: list[Mapping[str, object]], columns: Sequence[str] | None) -> int:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    if not rows:
        return 0
    names = list(columns or rows[0])
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(cell(row.get(name)) for name in names))
    width = None if sys.stdout.isatty() else 200
    Console(width=width, soft_wrap=False, markup=False, highlight=False, emoji=False).print(table)
    return len(rows)


def cell(value: Any) -> str:
    """Return a value as a person reads it in a table."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, list | tuple):
        return ", ".join(cell(inner) for inner in value)
    return str(plain(value))


def instant(text: str | None) -> datetime | None:
    """Return the instant that ``--at`` names, UTC; None when it was not given.

    Raises:
        InputError: the text is no ISO 8601 date or time.
    """
    if text is None:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"--at: {text!r} is not an ISO 8601 time such as 2026-03-02T08:00:00Z.") from None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def since(text: str | None, now: datetime, option: str = "--since") -> datetime | None:
    """Return the instant that an option names: an ISO date or time, or a span back such as 7d or 12h.

    Raises:
        InputError: neither of the two.
    """
    if text is None:
        return None
    from alerts.cli.spans import span

    back = span(text)
    if back is not None:
        return now - back
    try:
        return instant(text)
    except InputError:
        raise InputError(
            f"{option}: {text!r} is neither a date such as 2026-03-02 nor a span such as 7d."
        ) from None


def content(path: Path | None) -> bytes:
    """Return the bytes of a file, or of standard input for ``-`` and None.

    Raises:
        InputError: the file cannot be read.
    """
    if path is None or str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}.") from None
