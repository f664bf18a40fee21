"""``feeds import-opml`` and ``feeds export-opml``: subscription lists of other readers, in and out."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli import choices
from alerts.cli.show import content, put, say, warn
from alerts.domain.errors import InputError
from alerts.domain.identity import canonical_url
from alerts.domain.text import one_line
from alerts.settings import read_settings

if TYPE_CHECKING:
    from alerts.catalogue.opml import Outline


def register(app: typer.Typer) -> None:
    """Add the commands to ``feeds``."""
    app.command("import-opml")(import_opml)
    app.command("export-opml")(export_opml)


def import_opml(
    file: Annotated[Path, typer.Argument(help="An OPML subscription list.")],
    jurisdiction: Annotated[str, typer.Option(help="WIPO ST.3 code for feeds that name none.")] = "WO",
    trusted: Annotated[
        bool, typer.Option("--trusted", help="Also take over headers and permission for private networks.")
    ] = False,
    to: Annotated[
        Path | None, typer.Option(help="Write the rows into this new file instead of printing them.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; write and print no rows.")] = False,
) -> int:
    """Make feeds.yaml rows of an OPML file; feeds configured already are left out, and named."""
    from alerts.catalogue import opml

    code = choices.jurisdiction(jurisdiction)
    listed = opml.read(content(file), str(file))
    known = _known()
    fresh = [one for one in listed.outlines if not _where(one, known)]
    for one in listed.outlines:
        if at := _where(one, known):
            warn(one_line(f"{one.url}: configured already as {at}.", 2000))
        elif (kept := opml.guarded(one)) and not trusted:
            warn(one_line(f"{one.url}: without its {', '.join(kept)}; --trusted takes it over.", 2000))
    for url in listed.again:
        warn(one_line(f"{url}: stands twice in the list.", 2000))
    if not dry_run:
        taken = {name for name in known.values() if name}
        _hand_over(opml.as_rows(fresh, code, taken, trusted=trusted), to)
    warn(
        f"{len(fresh)} feeds, {len(listed.outlines) - len(fresh)} of the list are configured already, "
        f"{len(listed.again)} stand in it twice."
    )
    return 0


def _known() -> dict[str, str]:
    """Return the id of each configured feed by its address and by the id itself."""
    from alerts.wiring import read_catalogue

    feeds = read_catalogue(read_settings()).feeds
    return {canonical_url(feed.url): feed.id for feed in feeds} | {f"id {feed.id}": feed.id for feed in feeds}


def _where(outline: "Outline", known: dict[str, str]) -> str | None:
    own = outline.row.get("id")
    if own is not None:  # a row of ours: several may ask one address in different ways
        return known.get(f"id {own}")
    return known.get(canonical_url(outline.url))


def _hand_over(rows: str, to: Path | None) -> None:
    if to is None:
        say(rows.rstrip("\n"))
        return
    try:
        with to.open("x", encoding="utf-8") as file:
            file.write(f"version: 1\n{rows}")
    except FileExistsError:
        raise InputError(
            f"{to}: exists already; name a new file, in a folder that ALERTS_FEEDS names."
        ) from None
    except OSError as error:
        raise InputError(f"{to}: {error.strerror or error}.") from None


def export_opml(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Standard output if not named.")
    ] = None,
) -> int:
    """Write the sources as an OPML 2.0 list, grouped by jurisdiction; import-opml reads all their settings back."""
    from alerts.catalogue import opml, written

    text = opml.write(written(_paths()))
    put(text, file)
    return 0


def _paths() -> Sequence[Path]:
    return read_settings().feeds
