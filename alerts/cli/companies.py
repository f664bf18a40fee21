"""``companies import`` and ``export``: subscriptions as code, with a diff."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.context import clock, store
from alerts.cli.people import address
from alerts.cli.show import Format, FormatOption, listing, say
from alerts.domain.errors import InputError
from alerts.domain.people import Subscription

if TYPE_CHECKING:
    from alerts.store import Store

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A companies file; `export` writes one.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    style: FormatOption = Format.TEXT,
) -> int:
    """Enter or change the subscriptions of a file; those that it does not name stay as they are."""
    from alerts import roster
    from alerts.flow.subscribe import difference, enter, key

    wanted = roster.read(file)
    for subscription in wanted:
        address(subscription.email)
    with store() as opened:
        present = {key(entry): entry for entry in _present(opened)}
        changes = [(difference(entry, present), entry) for entry in wanted]
        if not dry_run:
            now = clock().now()
            for change, entry in changes:
                if change != "same":
                    enter(opened, entry, now)
    listing(
        (
            {
                "change": change,
                "company": e.company,
                "email": e.email,
                "watch": e.watch_name,
                "regions": e.criteria.regions,
            }
            for change, e in changes
        ),
        style,
    )
    counted = {word: sum(change == word for change, _ in changes) for word in ("new", "changed", "same")}
    if style is Format.TEXT:
        say(
            ("Would be " if dry_run else "")
            + ", ".join(f"{count} {word}" for word, count in counted.items())
            + "."
        )
    return 0


@app.command()
def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Standard output if not named.")
    ] = None,
) -> int:
    """Write every subscription in force as a companies file."""
    from alerts import roster

    with store() as opened:
        text = roster.write(_present(opened))
    if file is None:
        say(text.rstrip("\n"))
        return 0
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file}: {error.strerror or error}.") from None
    return 0


def _present(opened: "Store") -> list[Subscription]:
    from alerts.flow.subscribe import subscriptions

    return [entry for contact in opened.subscribers.contacts() for entry in subscriptions(contact)]
