"""``init``, ``check``, ``doctor``: get a deployment right before it runs."""

import json
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.show import Format, FormatOption, listing, say, warn
from alerts.domain.errors import InputError, SettingsError
from alerts.domain.text import one_line
from alerts.settings import DESCRIPTIONS, PREFIX, read_settings, shipped

if TYPE_CHECKING:
    from alerts.catalogue import Diagnostic

LONGEST = 2000  # characters of a fault's text


class Report(StrEnum):
    """How faults of feeds.yaml are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


class Part(StrEnum):
    """A part of a deployment that is looked at by itself."""

    MAIL = "mail"


STATIONS = "stations.yaml"


def register(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(init)
    app.command()(check)
    app.command()(doctor)


def init(directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="Folder to fill.")] = Path()) -> int:
    """Write feeds.yaml, an annotated .env and a README into a folder; nothing that exists is overwritten."""
    directory.mkdir(parents=True, exist_ok=True)
    from alerts.catalogue import schema

    catalogue = shipped("feeds.yaml").read_text(encoding="utf-8")
    files = {
        "feeds.yaml": catalogue.replace("$schema=docs/", "$schema=", 1),
        "feeds.schema.json": json.dumps(schema(), ensure_ascii=False, indent=2) + "\n",
        ".env": _env(),
        "README.md": _README,
    }
    taken = [name for name in files if (directory / name).exists()]
    if taken:
        raise InputError(f"{directory} already holds {', '.join(taken)}; choose an empty folder.")
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    say(f"Wrote {', '.join(files)} to {directory}. Next: `alerts check`, then `alerts run`.")
    return 0


def _env() -> str:
    lines = [
        "# Settings of IP Risk Alerts. Remove the # in front of a line to set it.",
        "# Each has a twin ending in _FILE that names a file with the value, for secrets.",
        "",
    ]
    for name, text in DESCRIPTIONS.items():
        lines += [f"# {text}", f"#{PREFIX}{name}=", ""]
    return "\n".join(lines)


_README = """# A deployment of IP Risk Alerts

- `feeds.yaml`: the sources, by jurisdiction. Edit it, then run `alerts check`; the running daemon takes a good file over by itself.
- `.env`: settings, all explained in the file.
- `var/`: comes with the first run: the database, the outbox of mails until a relay is set, the secret key. Back it up with `alerts db backup FILE`.

    alerts check          faults of feeds.yaml, with line and column
    alerts doctor         settings, database, relay, clock, DNS of the sender domain
    alerts subscribe you@example.com --company "Example Ltd" --region US --tz Europe/Berlin
    alerts run            the daemon
"""


def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="feeds.yaml files; those of the settings if none is named."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings make the exit code 1.")] = False,
    style: Annotated[
        Report, typer.Option("--format", help="text, json, or github for annotations.")
    ] = Report.TEXT,
) -> int:
    """Check feeds.yaml and stations.yaml: every fault at once, as file:line:column: severity[code]: text."""
    from alerts import catalogue, directory

    found = files or [*read_settings().feeds, read_settings().stations]
    stations = [path for path in found if path.name == STATIONS]
    paths = [path for path in found if path.name != STATIONS]
    diagnostics = list(catalogue.check(paths, reachable=_reachable())) if paths else []
    diagnostics += [fault for path in stations for fault in directory.check(path)]
    for fault in diagnostics:
        say(_fault(fault, style))
    errors = sum(fault.severity == "error" for fault in diagnostics)
    warnings = len(diagnostics) - errors
    if style is Report.TEXT:
        names = ", ".join(str(path) for path in found)
        warn(f"{names}: {errors} errors, {warnings} warnings." if diagnostics else f"{names}: good.")
    return 2 if errors else 1 if warnings and strict else 0


def _reachable() -> bool:
    """Return whether hubs could call; faults of the settings are told by other commands than one that is given files."""
    try:
        return bool(read_settings().public_url)
    except SettingsError:
        return True


def _fault(fault: "Diagnostic", style: Report) -> str:
    if style is Report.JSON:
        return json.dumps(
            {name: getattr(fault, name) for name in ("file", "line", "column", "severity", "code", "text")},
            ensure_ascii=False,
            default=str,
        )
    if style is Report.GITHUB:
        file, title = _property(fault.file), _property(fault.code)
        place = f"file={file},line={fault.line},col={fault.column},title={title}"
        return f"::{fault.severity} {place}::{_escaped(one_line(fault.text, LONGEST))}"
    return str(replace(fault, text=one_line(fault.text, LONGEST)))


def _escaped(text: str) -> str:
    """Return a text as a workflow command takes it: percent sign and line ends as percent codes."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Return the value of a property of a workflow command, where colon and comma are codes too."""
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def doctor(
    part: Annotated[
        Part | None, typer.Argument(help="mail: only the relay and the DNS of the sender.")
    ] = None,
    style: FormatOption = Format.TEXT,
) -> int:
    """Check settings, database, relay, clock and the sender's DNS (SPF, DKIM, DMARC, MX, PTR); exit 1 when something is wrong."""
    from alerts.cli.doctor import examine, examine_mail

    said = (examine_mail if part is Part.MAIL else examine)(read_settings())
    listing(({"part": one.part, "state": one.state, "text": one.text} for one in said), style)
    return 1 if any(one.state == "wrong" for one in said) else 0
