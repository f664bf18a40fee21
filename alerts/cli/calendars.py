"""``calendar``: a company's deadlines for calendar programs."""

import sys
from typing import Annotated

import typer

from alerts.cli.context import clock, store
from alerts.cli.show import AtOption, instant, say
from alerts.domain.errors import InputError
from alerts.domain.vocabulary import ChannelKind

Who = Annotated[str, typer.Argument(metavar="CONTACT", help="The contact's address.")]
Export = Annotated[
    bool, typer.Option("--export", help="Print the calendar itself (ICS) instead of its address.")
]
Revoke = Annotated[
    bool, typer.Option("--revoke", help="Let the addresses given so far lead nowhere; print a new one.")
]

Feed = Annotated[
    bool,
    typer.Option(
        "--feed", help="The address of the private feed (Atom) of what the company was told instead."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command to the root."""
    app.command()(calendar)


def calendar(
    contact: Who, export: Export = False, revoke: Revoke = False, feed: Feed = False, at: AtOption = None
) -> int:
    """Print the secret address of the calendar of deadlines of a contact's company."""
    from alerts.flow import calendars
    from alerts.settings import read_settings
    from alerts.wiring import public_url, tokens

    settings, now = read_settings(), clock(instant(at)).now()
    with store(settings) as opened:
        found = opened.subscribers.contact(contact)
        places = [one for one in found.endpoints if one.channel is ChannelKind.EMAIL] if found else []
        if not places:
            raise InputError(f"There is no contact {contact!r} with a mail address.")
        if revoke:
            calendars.revoke(opened, places[0], now)
        if export:
            body, _ = calendars.calendar_of(opened, places[0], public_url(settings), now)
            sys.stdout.write(body.decode())
        else:
            links = calendars.links_of(opened, places[0], tokens(settings), public_url(settings))
            say(links.feed if feed else links.calendar)
    return 0
