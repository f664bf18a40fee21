"""``suppressions``: addresses that take no mail any more, and letting one in again."""

from typing import Annotated

import typer

from alerts.cli.admin import operator
from alerts.cli.context import clock, store
from alerts.cli.show import AtOption, Format, FormatOption, instant, listing, say
from alerts.domain.errors import InputError
from alerts.domain.text import masked


def register(app: typer.Typer) -> None:
    """Add the group to the root."""
    group = typer.Typer(help="Addresses that take no mail any more.", no_args_is_help=True)
    group.command("list")(show)
    group.command()(lift)
    app.add_typer(group, name="suppressions")


def show(style: FormatOption = Format.TEXT) -> int:
    """List them: since when and why, the company, and how many colleagues are told in its place."""
    with store() as opened:
        rows = [
            {
                "address": masked(one.address),
                "company": one.company,
                "reason": one.reason,
                "since": one.since,
                "colleagues": len(one.colleagues),
            }
            for one in opened.dead.all()
        ]
    listing(rows, style, ("address", "company", "reason", "since", "colleagues"))
    return 0


def lift(
    address: Annotated[str, typer.Argument(help="The whole address.")],
    why: Annotated[str, typer.Option(help="Kept in the ledger.")],
    at: AtOption = None,
) -> int:
    """Let mails to an address go out again: the mailbox is there after all."""
    with store() as opened:
        if not opened.acts.lift(address, why, operator(), clock(instant(at)).now()):
            raise InputError(f"{address} is not suppressed; see `alerts suppressions list`.")
    say(f"{address} is told again from its next digest.")
    return 0
