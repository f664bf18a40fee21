"""``templates``: an operator's own templates, checked and looked at before a reader sees them."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from alerts.cli import choices
from alerts.cli.show import Format, FormatOption, listing, say
from alerts.domain.errors import InputError
from alerts.domain.vocabulary import Language
from alerts.settings import read_settings

Folder = Annotated[
    Path | None,
    typer.Argument(metavar="[DIR]", help="The folder; that of ALERTS_TEMPLATES if none is named."),
]
Part = Annotated[str, typer.Option(help="html, text or subject.")]


def register(app: typer.Typer) -> None:
    """Add the group to the root."""
    group = typer.Typer(help="Templates of your own: list, copy, check, preview.", no_args_is_help=True)
    group.command("list")(show)
    group.command()(check)
    group.command()(preview)
    group.command()(copy)
    app.add_typer(group, name="templates")


def show(style: FormatOption = Format.TEXT) -> int:
    """List the templates, and which of them your folder replaces."""
    from alerts.flow.templates import shipped_names

    folder = read_settings().templates
    rows = [
        {"template": name, "yours": bool(folder and (folder / name).is_file())} for name in shipped_names()
    ]
    listing(rows, style, ("template", "yours"))
    return 0


def check(folder: Folder = None, style: FormatOption = Format.TEXT) -> int:
    """Render every message of a folder over sample values in both languages; exit 1 where anything is wrong."""
    from alerts.flow.templates import check_folder

    found = _folder(folder)
    faults = check_folder(found)
    if style is Format.JSON:
        listing([{"where": one.where, "what": one.what} for one in faults], style, ())
    for fault in faults if style is Format.TEXT else ():
        say(f"{fault.where}: {fault.what}" if fault.where else fault.what)
    if not faults and style is Format.TEXT:
        say(f"{found}: every message is good in both languages.")
    return 1 if faults else 0


def preview(
    name: Annotated[str, typer.Argument(help="digest, alert, welcome, outage …")],
    language: choices.Tongue = Language.ENGLISH.value,
    part: Part = "html",
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Another folder than ALERTS_TEMPLATES.")
    ] = None,
) -> int:
    """Print a message over sample values, in the templates that readers would get."""
    from alerts.flow import templates

    tongue = choices.one("--language", language, Language)
    message = templates.preview(folder or read_settings().templates, name, tongue).whole
    parts = {"html": message.html or message.text, "text": message.text, "subject": message.subject + "\n"}
    if part not in parts:
        raise InputError(f"--part: {part!r} is none of html, text, subject.")
    sys.stdout.write(parts[part])
    return 0


def copy(
    name: Annotated[
        str, typer.Argument(help="A message such as digest, or a file such as email/layout.html.")
    ],
    folder: Folder = None,
) -> int:
    """Write copies of shipped templates into your folder, to begin with."""
    from alerts.flow.templates import copy_of

    for path in copy_of(name, _folder(folder)):
        say(str(path))
    return 0


def _folder(named: Path | None) -> Path:
    found = named or read_settings().templates
    if found is None:
        raise InputError("ALERTS_TEMPLATES names no folder; give one as DIR.")
    return found
