"""``stations``: the directory of help."""

from typing import Annotated

import typer

from alerts.cli import choices
from alerts.cli.show import Format, FormatOption, listing
from alerts.domain.stations import Need, Station, helpers
from alerts.domain.vocabulary import Language, Right
from alerts.settings import read_settings

SHOWN = ("id", "name", "kind", "home", "targets", "url")


def register(app: typer.Typer) -> None:
    """Add the group to the root."""
    group = typer.Typer(
        help="Who helps: the directory of guidance centres, desks and counsel.", no_args_is_help=True
    )
    group.command("list")(show)
    group.command()(find)
    app.add_typer(group, name="stations")


def show(style: FormatOption = Format.TEXT, language: choices.Tongue = Language.ENGLISH.value) -> int:
    """List all entries; a broken file is told by `alerts check`."""
    tongue = choices.one("--language", language, Language)
    listing([_row(one, tongue) for one in _stations()], style, SHOWN)
    return 0


def find(
    jurisdiction: Annotated[
        list[str], typer.Option(help="Where help is needed: a code or a region; may be repeated.")
    ],
    right: Annotated[list[str] | None, typer.Option(help="patent, trademark, …")] = None,
    home: Annotated[
        str | None, typer.Option(help="Where the company is: CN, or CN-GD for a province.")
    ] = None,
    language: choices.Tongue = Language.ENGLISH.value,
    style: FormatOption = Format.TEXT,
) -> int:
    """Show who helps there, the nearest first; exit 1 where nobody does."""
    from alerts.domain.jurisdictions import expand

    tongue = choices.one("--language", language, Language)
    places = tuple(expand(choices.regions(jurisdiction)))
    need = Need(places, tongue, choices.pick("--right", right, Right), home.upper() if home else None)
    found = helpers(_stations(), need)
    listing([_row(one, tongue) for one in found], style, SHOWN)
    return 0 if found else 1


def _stations() -> tuple[Station, ...]:
    """Return the directory.

    Raises:
        CatalogueError: it is broken; its lines name every fault.
    """
    from alerts import directory

    return directory.read(read_settings().stations)


def _row(one: Station, language: Language) -> dict[str, object]:
    return {
        "id": one.id, "name": one.names.get(language, one.id), "kind": one.kind, "home": " ".join(one.home),
        "targets": " ".join(one.targets), "languages": " ".join(one.languages), "url": one.url, "email": one.email,
        "phone": one.phone, "source": one.source, "checked": one.checked.isoformat(),
    }  # fmt: skip
