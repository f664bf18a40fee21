"""``matters``: events that several items tell of; an editor splits and joins them."""

import getpass
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.context import clock, store
from alerts.cli.show import AtOption, Format, FormatOption, instant, listing, say
from alerts.domain.errors import InputError
from alerts.domain.matters import Matter
from alerts.domain.text import one_line

if TYPE_CHECKING:
    from alerts.store import Wish

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Items = Annotated[
    list[int], typer.Argument(metavar="ITEM...", help="Numbers of items, as `alerts items` prints them.")
]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who decides; your login if not given.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Reason, kept in the ledger.")]


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50, style: FormatOption = Format.TEXT
) -> int:
    """List the newest matters: what, how many items, from which sources."""
    with store() as opened:
        listing(
            map(_row, opened.matters.newest(limit)), style, ("id", "created_at", "items", "feeds", "title")
        )
    return 0


@app.command()
def show(
    number: Annotated[int, typer.Argument(metavar="MATTER", help="Number of a matter.")],
    style: FormatOption = Format.TEXT,
) -> int:
    """Show the items of a matter, and by what each was tied to it."""
    with store() as opened:
        found = opened.matters.get(number)
    if found is None or not found.members:
        raise InputError(f"there is no matter {number}; `alerts matters list` shows those that there are.")
    if style is Format.TEXT:
        say(f"{found.id} · {found.title}")
    listing(_members(found), style, ("item", "feed", "published", "lang", "tied_by", "title"))
    return 0


@app.command()
def split(items: Items, by: By = None, why: Why = "", at: AtOption = None) -> int:
    """Take items out of their matter into a new one of their own; later items do not undo it."""
    wish = _wish(items, by, why, at)
    with store() as opened:
        say(f"matter {opened.matters.split(wish)}: items {_listed(wish.item_ids)}")
    return 0


@app.command()
def join(items: Items, by: By = None, why: Why = "", at: AtOption = None) -> int:
    """Put items, and all that is tied to them, into one matter; later items do not undo it."""
    wish = _wish(items, by, why, at)
    with store() as opened:
        number = opened.matters.join(wish)
        found = opened.matters.get(number)
    say(f"matter {number}: items {_listed([one.stored.id for one in found.members] if found else [])}")
    return 0


def _wish(items: list[int], by: str | None, why: str, at: str | None) -> "Wish":
    from alerts.store import Wish

    who = one_line(by if by is not None else _login(), 80)
    if not who:
        raise InputError("--by: a name is needed; the ledger keeps who decided.")
    numbers = tuple(sorted(set(items)))
    if numbers[0] < 1 or numbers[-1] > 2**53:
        raise InputError(f"no item has the number {numbers[0] if numbers[0] < 1 else numbers[-1]}.")
    return Wish(numbers, who, one_line(why, 300), clock(instant(at)).now())


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in some containers
        return ""


def _row(matter: Matter) -> dict[str, object]:
    stored = [one.stored for one in matter.members]
    return {
        "id": matter.id, "created_at": matter.created_at, "items": len(stored), "title": matter.title,
        "feeds": list(dict.fromkeys(one.feed_id for one in stored)), "item_ids": [one.id for one in stored],
    }  # fmt: skip


def _members(matter: Matter) -> Iterator[dict[str, object]]:
    for member in matter.members:
        item, tie = member.stored.item, member.tie
        yield {
            "matter": matter.id, "item": member.stored.id, "feed": member.stored.feed_id,
            "published": item.published.at if item.published else None, "lang": item.language, "title": item.title,
            "url": item.url, "how": tie.how if tie else None, "because": tie.because if tie else None,
            "tied_by": f"{tie.how}: {tie.because}" if tie else None,
        }  # fmt: skip


def _listed(numbers: tuple[int, ...] | list[int]) -> str:
    return ", ".join(map(str, numbers))
