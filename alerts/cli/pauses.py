"""``pause``, ``resume`` and ``quiet-months``: when a contact is told nothing, and whether it hears of that."""

from datetime import UTC, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from alerts.cli.context import clock, store
from alerts.cli.show import instant, say
from alerts.domain.errors import InputError
from alerts.domain.people import Contact

if TYPE_CHECKING:
    from alerts.store import Store

Who = Annotated[str, typer.Argument(metavar="CONTACT", help="The contact's address.")]
Until = Annotated[str, typer.Option(help="The day (or ISO time) from which the contact is told again.")]


class Switch(StrEnum):
    """A switch as it is written."""

    ON = "on"
    OFF = "off"


Turn = Annotated[Switch, typer.Argument(help="on: a mail after each month without news; off: none.")]
Now = Annotated[
    str | None, typer.Option("--now", metavar="T", help="Take this instant for now.", hidden=True)
]


def register(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(pause)
    app.command()(resume)
    app.command("quiet-months")(quiet_months)


def pause(contact: Who, until: Until, now: Now = None) -> int:
    """Tell a contact nothing until a day, not even what is critical; then one digest tells of all that came."""
    from alerts.flow import subscribe

    with store() as opened:
        found = _contact(opened, contact)
        told = subscribe.pause(opened, found, _day(until, found), clock(instant(now)).now())
    say(f"{found.email} is told again {told:%Y-%m-%d %H:%M} UTC." if told else f"{found.email} is paused.")
    return 0


def resume(contact: Who, now: Now = None) -> int:
    """End a pause; what came in meanwhile is in the next digest."""
    from alerts.flow import subscribe

    with store() as opened:
        found = _contact(opened, contact)
        if not subscribe.resume(opened, found, clock(instant(now)).now()):
            raise InputError(f"{found.email} is not paused.")
    say(f"{found.email} is told again.")
    return 0


def quiet_months(contact: Who, switch: Turn, now: Now = None) -> int:
    """Let a contact hear when a month brought nothing, and how we know, or no more."""
    on = switch is Switch.ON
    with store() as opened:
        found = _contact(opened, contact)
        changed = opened.subscribers.tell_quiet_months(found.id, clock(instant(now)).now(), on=on)
    told = "hears of quiet months" if on else "hears of quiet months no more"
    say(f"{found.email} {told}." if changed else f"{found.email}: nothing to change, that was so already.")
    return 0


def _contact(opened: "Store", address: str) -> Contact:
    found = opened.subscribers.contact(address)
    if found is None:
        raise InputError(f"There is no contact {address!r}; `alerts companies export` lists them.")
    return found


def _day(text: str, contact: Contact) -> datetime:
    """Return the instant that a pause ends: a day begins in the contact's own zone."""
    if len(text) != 10:
        return instant(text)  # type: ignore[return-value]
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError:
        raise InputError(f"--until: {text!r} is not a day such as 2026-03-02.") from None
    zone = next((one.schedule.zone for one in contact.endpoints), "UTC")
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
