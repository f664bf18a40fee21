"""``db``: schema, backup and restore."""

from pathlib import Path
from typing import Annotated

import typer

from alerts.cli.show import Format, FormatOption, json_line, say
from alerts.domain.errors import InputError
from alerts.settings import read_settings

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command()
def upgrade() -> int:
    """Bring the schema to this version's; safe to repeat. `alerts run` does the same when it starts."""
    from alerts.wiring import open_store

    store = open_store(read_settings())
    try:
        before, head = store.schema()
        store.migrate()
    finally:
        store.close()
    say(
        f"The schema is {head}." if before == head else f"The schema went from {before or 'empty'} to {head}."
    )
    return 0


@app.command()
def current(style: FormatOption = Format.TEXT) -> int:
    """Print the schema's version; exit 1 when it is not this version's."""
    from alerts.wiring import open_store

    store = open_store(read_settings())
    try:
        present, head = store.schema()
    finally:
        store.close()
    if style is Format.JSON:
        say(json_line({"schema": present, "this_version": head}))
    else:
        say(f"{present or 'empty'} (this version: {head})")
    return 0 if present == head else 1


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where the copy goes; must not exist.")]) -> int:
    """Copy the SQLite database while the daemon runs; PostgreSQL has pg_dump for this."""
    from alerts.cli.context import store

    if file.exists():
        raise InputError(f"{file} exists already; choose another name.")
    with store() as opened:
        opened.backup(file)
    say(f"Copied to {file}.")
    return 0


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A copy that `alerts db backup` made.")]) -> int:
    """Put a copy back in place of the SQLite database; the daemon must be stopped. What was there is kept beside it."""
    from alerts.store.files import restore as put_back

    _refuse_foreign(file)
    kept = put_back(read_settings().database_url, file)
    say(f"Restored from {file}." + (f" What was there is now {kept}." if kept else ""))
    return 0


def _refuse_foreign(file: Path) -> None:
    """Refuse what is plainly no copy, before anything is touched; the store looks closer.

    A SQLite file begins with these sixteen bytes (SQLite file format, section 1.3).
    """
    try:
        with file.open("rb") as copy:
            head = copy.read(16)
    except OSError as error:
        raise InputError(f"{file}: {error.strerror or error}.") from None
    if head != b"SQLite format 3\x00":
        raise InputError(f"{file} is no copy that `alerts db backup` made.")
