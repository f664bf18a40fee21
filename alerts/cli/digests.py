"""``digest preview`` and ``digest run``."""

import asyncio
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.admin import operator
from alerts.cli.context import clock, store, with_service
from alerts.cli.show import AtOption, Format, FormatOption, instant, json_line, listing, say
from alerts.domain.digests import Digest, Message
from alerts.domain.errors import InputError

if TYPE_CHECKING:
    from alerts.flow.service import Service

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


class View(StrEnum):
    """How a preview is printed."""

    TEXT = "text"
    HTML = "html"
    EML = "eml"
    JSON = "json"


@app.command()
def preview(
    contact: Annotated[str, typer.Argument(help="Address or id of the contact.")],
    at: AtOption = None,
    style: Annotated[
        View, typer.Option("--format", help="text, html, eml (the whole mail) or json.")
    ] = View.TEXT,
    endpoint: Annotated[
        int | None, typer.Option(metavar="N", help="For this webhook or chat bot of the contact instead.")
    ] = None,
) -> int:
    """Print the digest that a contact would get now or at T; nothing is stored or sent."""

    async def work(service: "Service") -> str:
        from alerts.flow.inspect import preview as previewed

        digest, message = await asyncio.to_thread(previewed, service, contact, service.clock.now(), endpoint)
        return _shown(style, digest, message)

    say(with_service(work, instant(at)).rstrip("\n"))
    return 0


@app.command()
def run(at: AtOption = None, style: FormatOption = Format.TEXT) -> int:
    """Build every digest that is due now or at T; a repeat builds nothing twice."""
    from alerts.flow.report import build_due

    built = with_service(build_due, instant(at))
    listing([{"digests": built.digests, "urgent": built.urgent, "nothing_to_tell": built.empty}], style)
    return 0


@app.command()
def resend(
    deliveries: Annotated[
        list[int],
        typer.Argument(
            metavar="DELIVERY...", help="Numbers of deliveries, as the ledger and the log name them."
        ),
    ],
    sent: Annotated[
        bool, typer.Option("--sent", help="Also what counts as sent: after a relay lost what it had taken.")
    ] = False,
    at: AtOption = None,
) -> int:
    """Let deliveries go out again with the next sending: the same Message-ID and the same bytes."""
    with store() as opened:
        now = clock(instant(at)).now()
        by = operator()
        again = [number for number in deliveries if opened.acts.resend(number, by, now, also_sent=sent)]
    if left := [str(number) for number in deliveries if number not in again]:
        raise InputError(
            f"not sent again: {', '.join(left)}: there is no such delivery, it is under way, or it was sent (--sent)."
        )
    say(f"{len(again)} deliveries go out again with the next sending.")
    return 0


def _shown(style: View, digest: Digest, message: Message) -> str:
    if style is View.TEXT:
        return f"{message.subject}\n\n{message.text}"
    if style is View.HTML:
        return message.html
    if style is View.JSON:
        return json_line({"subject": message.subject, "language": message.language, "digest": digest})
    from alerts.flow.inspect import as_mail

    return as_mail(digest, message).decode("utf-8", "replace")
