"""``bounce``: mails that came back to the sender's address."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.context import clock, log_to_stderr, store
from alerts.cli.show import AtOption, Format, FormatOption, instant, listing
from alerts.domain.errors import InputError
from alerts.settings import read_settings

if TYPE_CHECKING:
    from alerts.domain.returns import Consequence, Report


def register(app: typer.Typer) -> None:
    """Add the command to the root."""
    app.command()(bounce)


def bounce(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE...", help="Mails; standard input if none is named.")
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="Whom the envelope named; else what the headers say."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what the mails are.")] = False,
    at: AtOption = None,
    style: FormatOption = Format.TEXT,
) -> int:
    """Read mails that came back, suspend dead addresses, end streams that were complained about; an MTA can pipe into it."""
    from alerts.deliver.bounces import addressed_to, read_report
    from alerts.flow.returns import take_back
    from alerts.wiring import return_path

    settings = read_settings()
    log_to_stderr(settings, quiet=True)
    now, rows, path = clock(instant(at)).now(), [], return_path(settings)
    for name, raw in _mails(files):
        report = read_report(raw)
        if dry_run:
            rows.append(_row(name, report, None))
            continue
        with store(settings) as opened:
            followed = take_back(opened, path, raw, to or addressed_to(raw), now)
            rows.append(_row(name, report, followed))
    listing(rows, style, ("mail", "kind", "status", "done", "address", "company"))
    return 0


def _mails(files: list[Path] | None) -> list[tuple[str, bytes]]:
    if not files:
        return [("-", sys.stdin.buffer.read())]
    try:
        return [(str(path), path.read_bytes()) for path in files]
    except OSError as error:
        raise InputError(f"{error.filename}: {error.strerror or error}.") from error


def _row(name: str, report: "Report", followed: "Consequence | None") -> dict[str, object]:
    return {
        "mail": name, "kind": report.kind, "status": report.status, "done": followed.done if followed else "",
        "address": followed.address if followed else ", ".join(report.recipients),
        "company": followed.company if followed else "",
        "colleagues": followed.colleagues if followed else (),
    }  # fmt: skip
