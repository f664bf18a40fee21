"""``endpoints`` and ``webhook``: webhooks and chat bots. No command prints an address or a secret that it was given."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli import choices
from alerts.cli.context import clock, log_to_stderr, store
from alerts.cli.people import day_of_week, hour, zone
from alerts.cli.show import AtOption, Format, FormatOption, content, instant, listing, say
from alerts.domain.errors import InputError
from alerts.domain.people import Contact, Endpoint, Schedule
from alerts.domain.posts import PostState
from alerts.domain.vocabulary import ChannelKind, DeliveryState, Language, Rhythm
from alerts.settings import read_settings

if TYPE_CHECKING:
    from alerts.domain.digests import Receipt
    from alerts.flow.endpoints import Means

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
webhook = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Now = Annotated[
    str | None, typer.Option("--now", metavar="T", help="Take this instant for now.", hidden=True)
]
Number = Annotated[int, typer.Argument(metavar="ENDPOINT", help="Number of the endpoint.")]
SecretFile = Annotated[
    Path | None, typer.Option("--secret-file", help="File that holds the secret; - for standard input.")
]
COLUMNS = ("endpoint", "contact", "company", "channel", "address", "rhythm", "state", "waiting", "answer")


@app.command()
def add(
    contact: Annotated[str, typer.Argument(help="Address or id of a subscribed contact.")],
    channel: Annotated[str, typer.Option(help="webhook, wecom, dingtalk, feishu, slack or teams.")],
    address: Annotated[
        str | None, typer.Option(help="Where it is posted to; a chat bot's address is a secret.")
    ] = None,
    address_file: Annotated[
        Path | None, typer.Option(help="File that holds the address; - for standard input.")
    ] = None,
    secret_file: SecretFile = None,
    rhythm: Annotated[
        str | None,
        typer.Option(help="immediate, daily, weekly or working-days; default: as the contact's mails."),
    ] = None,
    at: Annotated[str | None, typer.Option(metavar="HH:MM", help="Local hour of the digest.")] = None,
    day: Annotated[str | None, typer.Option("--weekday", help="Day of the weekly digest.")] = None,
    tz: Annotated[str | None, typer.Option(help="IANA time zone such as Asia/Shanghai.")] = None,
    language: Annotated[str | None, typer.Option(help="en or zh-Hans.")] = None,
    style: FormatOption = Format.TEXT,
    now: Now = None,
) -> int:
    """Enter a webhook or chat bot of a contact; it is told nothing before it is verified."""
    kind = choices.one("--channel", channel, ChannelKind)
    url, secret = _address(address, address_file), _secret(secret_file)
    tongue = choices.one("--language", language, Language) if language else None

    async def work(means: "Means") -> int:
        from alerts.flow.endpoints import Wanted
        from alerts.flow.endpoints import add as enter

        schedule = _schedule(means, contact, (rhythm, at, tz, day))
        added = enter(means, Wanted(contact, kind, url, secret, schedule, tongue))
        row = {"endpoint": added.endpoint.id, "address": added.endpoint.address, "secret": added.secret}
        if style is Format.JSON:
            listing([row], style)
            return 0
        say(
            f"Endpoint {added.endpoint.id} ({kind}, {added.endpoint.address}) of {added.contact.email} is entered."
        )
        if added.secret:
            say(f"Its secret, shown this once: {added.secret}")
        say(f"It is told nothing before `alerts endpoints verify {added.endpoint.id}`.")
        return 0

    return _with_means(work, instant(now))


@app.command("list")
def show(
    contact: Annotated[
        str | None, typer.Argument(help="Address or id of a contact; all if none is named.")
    ] = None,
    style: FormatOption = Format.TEXT,
) -> int:
    """List webhooks and chat bots, and how each stands; addresses are masked."""
    with store() as opened:
        people = {one.id: one for one in opened.subscribers.contacts()}
        rows = [_row(*one, people[one[0].contact_id]) for one in opened.posts.all()]
    named = (contact or "").casefold()
    wanted = [row for row in rows if named in ("", str(row["contact"]).casefold(), str(row["contact_id"]))]
    if not listing(wanted, style, COLUMNS) and style is Format.TEXT:
        say("No webhook or chat bot is entered.")
    return 0


@app.command()
def verify(number: Number, at: AtOption = None) -> int:
    """Send the challenge (webhook) or a greeting (chat); who answers as it should is told from now on, with all that waited."""

    async def work(means: "Means") -> int:
        from alerts.flow.endpoints import verify as prove

        receipt, waiting = await prove(means, number)
        if receipt.state is not DeliveryState.SENT:
            return _refused(receipt)
        more = f" {waiting} messages that waited are on their way." if waiting else ""
        say(f"Endpoint {number} is verified and told from now on.{more}")
        return 0

    return _with_means(work, instant(at))


@app.command()
def test(number: Number) -> int:
    """Send a message that says it is a test, and print the answer; nothing else changes."""

    async def work(means: "Means") -> int:
        from alerts.flow.endpoints import trial

        receipt = await trial(means, number)
        if receipt.state is not DeliveryState.SENT:
            return _refused(receipt)
        say(f"Endpoint {number} took it: {_words(receipt)}")
        return 0

    return _with_means(work)


@app.command()
def rotate(
    number: Number,
    secret_file: SecretFile = None,
    drop_old: Annotated[
        bool, typer.Option("--drop-old", help="End the secret before; the receiver has changed over.")
    ] = False,
) -> int:
    """Give an endpoint a new secret; a webhook is signed with both until --drop-old."""
    secret = _secret(secret_file)

    async def work(means: "Means") -> int:
        from alerts.flow.endpoints import drop_old as drop
        from alerts.flow.endpoints import rotate as change

        if drop_old:
            say(f"{drop(means, number)} older secrets of endpoint {number} are dropped.")
            return 0
        made = change(means, number, secret)
        say(f"Endpoint {number} has a new secret" + (f", shown this once: {made}" if made else "."))
        return 0

    return _with_means(work)


@app.command()
def remove(number: Number, at: AtOption = None) -> int:
    """Tell an endpoint nothing more; its address and secrets are forgotten."""

    async def work(means: "Means") -> int:
        if not means.store.posts.remove(number, means.clock.now()):
            raise InputError(f"No webhook or chat bot has the number {number}.")
        say(f"Endpoint {number} is removed; its address and secrets are forgotten.")
        return 0

    return _with_means(work, instant(at))


@webhook.command()
def replay(
    number: Number,
    since: Annotated[
        str, typer.Option(metavar="T", help="From this instant on (ISO 8601, UTC if no offset is given).")
    ],
    until: Annotated[str | None, typer.Option(metavar="T", help="Up to this instant; default now.")] = None,
    at: AtOption = None,
) -> int:
    """Let all messages that were built in a span go out again, under the same ids and in the same words."""

    async def work(means: "Means") -> int:
        from alerts.flow.endpoints import replay as again

        begin, end = instant(since), instant(until) or means.clock.now()
        count = again(means, number, begin or end, end)
        say(f"{count} messages go out again with the next sending.")
        return 0

    return _with_means(work, instant(at))


def _with_means(work: Callable[["Means"], Awaitable[int]], at: datetime | None = None) -> int:
    settings = read_settings()
    log_to_stderr(settings, quiet=True)

    async def go() -> int:
        from alerts.wiring import posting

        async with posting(settings, clock(at)) as means:
            return await work(means)

    return asyncio.run(go())


def _schedule(
    means: "Means", who: str, words: tuple[str | None, str | None, str | None, str | None]
) -> Schedule | None:
    """Return the contact's schedule with what was given otherwise; None when nothing was."""
    rhythm, at, tz, day = words
    if not any(words):
        return None
    contact = means.store.subscribers.contact(int(who) if who.isdigit() else who)
    places = contact.endpoints if contact else ()
    model = next((one.schedule for one in places if one.channel is ChannelKind.EMAIL), Schedule())
    return replace(
        model,
        rhythm=choices.one("--rhythm", rhythm, Rhythm) if rhythm else model.rhythm,
        at=hour(at) if at else model.at,
        zone=zone(tz) if tz else model.zone,
        weekday=day_of_week(day) if day else model.weekday,
    )


def _address(given: str | None, file: Path | None) -> str:
    if (given is None) == (file is None):
        raise InputError("Give --address or --address-file, and not both.")
    return given if given is not None else _text(file)


def _secret(file: Path | None) -> str | None:
    return None if file is None else _text(file)


def _text(file: Path | None) -> str:
    try:
        return content(file).decode().strip()
    except UnicodeDecodeError:
        raise InputError(f"{file}: it is not text.") from None


def _row(endpoint: Endpoint, state: PostState, contact: Contact) -> dict[str, object]:
    return {
        "endpoint": endpoint.id, "contact": contact.email, "contact_id": contact.id, "company": contact.company,
        "channel": endpoint.channel, "address": endpoint.address, "rhythm": endpoint.schedule.rhythm,
        "state": _standing(endpoint, state), "since": state.shut_at or state.failing_since or state.verified_at,
        "failures": state.failures, "waiting": state.waiting, "next_digest": endpoint.next_digest_at,
        "answer": state.answer or None,
    }  # fmt: skip


def _standing(endpoint: Endpoint, state: PostState) -> str:
    if state.shut:
        return f"shut: {state.shut}"
    if state.verified_at is None:
        return "not verified"
    if not endpoint.active:
        return "left"
    return "failing" if state.failing_since else "told"


def _refused(receipt: "Receipt") -> int:
    from alerts.cli.show import warn

    warn(f"alerts: not taken: {_words(receipt)}")
    return 1


def _words(receipt: "Receipt") -> str:
    return f"{receipt.code or ''} {receipt.answer}".strip() or "no words"
