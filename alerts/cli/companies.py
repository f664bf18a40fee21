"""``companies import`` and ``export``: subscriptions as code, with a diff."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.context import clock, store
from alerts.cli.people import address
from alerts.cli.show import Format, FormatOption, json_line, listing, put, say
from alerts.domain.people import Subscription
from alerts.domain.vocabulary import ContactStatus

if TYPE_CHECKING:
    from alerts.store import Store

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

CHANGES = ("new", "changed", "same", "left", "left out")
WRITTEN = ("new", "changed")  # what an import enters

Changes = list[tuple[str, Subscription]]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A companies file; `export` writes one.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    style: FormatOption = Format.TEXT,
) -> int:
    """Enter or change the subscriptions of a file; those left out stay in force, and nobody who left is brought back."""
    from alerts import roster
    from alerts.flow.subscribe import enter

    wanted = roster.read(file, address)
    with store() as opened:
        changes = _changes(opened, wanted)
        if not dry_run:
            now = clock().now()
            for change, entry in changes:
                if change in WRITTEN:
                    enter(opened, entry, now)
    listing(({"change": change, **_line(entry)} for change, entry in changes), style)
    if style is Format.TEXT:
        say(_summary(changes, dry_run=dry_run))
    return 0


def _changes(opened: "Store", wanted: Sequence[Subscription]) -> Changes:
    """Return each subscription of the file with what it changes, then those in force that the file leaves out."""
    from alerts.flow.subscribe import difference, key

    present = {key(entry): entry for entry in _present(opened)}
    gone = {
        (contact.company.casefold(), contact.email.casefold())
        for contact in opened.subscribers.contacts()
        if contact.status is ContactStatus.LEFT
    }
    changes = [("left" if key(entry)[:2] in gone else difference(entry, present), entry) for entry in wanted]
    named = {key(entry) for entry in wanted}
    return changes + [("left out", entry) for known, entry in present.items() if known not in named]


def _summary(changes: Changes, *, dry_run: bool) -> str:
    counted = Counter(change for change, _ in changes)
    sentences = [
        ("Would be " if dry_run else "") + ", ".join(f"{counted[word]} {word}" for word in CHANGES) + "."
    ]
    if counted["left out"]:
        sentences.append("What the file leaves out stays in force.")
    if counted["left"]:
        sentences.append("Who left stays away: `alerts subscribe` enters a new consent.")
    return " ".join(sentences)


def _line(entry: Subscription) -> dict[str, object]:
    return {
        "company": entry.company,
        "email": entry.email,
        "watch": entry.watch_name,
        "regions": entry.criteria.regions,
    }


@app.command()
def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Standard output if not named.")
    ] = None,
    style: Annotated[
        Format,
        typer.Option("--format", help="text: a companies file; json: one subscription a line, for programs."),
    ] = Format.TEXT,
) -> int:
    """Write every subscription in force as a companies file."""
    from alerts import roster

    with store() as opened:
        present = _present(opened)
    text = (
        "".join(f"{json_line(each)}\n" for each in present) if style is Format.JSON else roster.write(present)
    )
    put(text, file)
    return 0


def _present(opened: "Store") -> list[Subscription]:
    """Return the subscriptions in force or paused."""
    from alerts.flow.subscribe import subscriptions

    return [entry for contact in opened.subscribers.export() for entry in subscriptions(contact)]
