"""``review``: what waits for an editor, released or refused."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.admin import operator
from alerts.cli.context import clock, store
from alerts.cli.show import AtOption, Format, FormatOption, instant, listing, say
from alerts.domain.admins import name_key
from alerts.domain.audit import ADMIN, Actor
from alerts.domain.errors import InputError
from alerts.domain.items import StoredItem
from alerts.domain.review import editor_key
from alerts.domain.text import one_line

if TYPE_CHECKING:
    from alerts.store import Store, Waiting

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Number = Annotated[
    int, typer.Argument(metavar="ITEM", min=1, max=2**53, help="Number that `alerts review list` prints.")
]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who decides; your login if not given.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="Reason, kept in the ledger.")]


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    at: AtOption = None,
    style: FormatOption = Format.TEXT,
) -> int:
    """List what waits for an editor, the longest waiting first: for how long, who agreed, when it goes out by itself."""
    with store() as opened:
        waiting = opened.desk.waiting(limit)
    now = clock(instant(at)).now()
    columns = ("id", "revision", "feed", "severity", "waiting", "approvals", "goes_out", "title")
    listing([_waiting(one, now) for one in waiting], style, columns)
    return 0


def _waiting(one: "Waiting", now: datetime) -> dict[str, object]:
    return _row(one.stored) | {
        "since": one.since,
        "waiting": str(now - one.since).partition(".")[0],
        "approvals": f"{len(one.agreed)} of {one.needed}",
        "agreed": one.agreed,
        "goes_out": one.release_at,
    }


@app.command()
def show(item: Number, style: FormatOption = Format.TEXT) -> int:
    """Show what waits of one item, beside what readers see of it now."""
    with store() as opened:
        revisions = opened.items.revisions(item)
        seen = opened.items.get(item)
    if not revisions:
        raise InputError(f"no item has the number {item}; `alerts review list` prints those that wait.")
    rows = [_row(one) | {"seen": seen is not None and one.number == seen.number} for one in revisions]
    listing(rows, style, ("id", "revision", "seen", "severity", "held", "title", "summary"))
    return 0


@app.command()
def release(item: Number, by: By = None, note: Note = "", at: AtOption = None) -> int:
    """Agree that readers may see what waits of an item; when enough editors do, whom it concerns is told as of a new one."""
    with store() as opened:
        now = clock(instant(at)).now()
        editor = _who(opened, by, now)
        who, decision = editor.name, opened.acts.approve(item, one_line(note, 300), editor, now)
    if decision is None:
        raise InputError(_NOTHING.format(item=item))
    if decision.released:
        say(f"item {item} is released by {who}.")
    else:
        say(
            f"item {item}: {who} agrees, {decision.agreed} of {decision.needed}; another editor must agree too."
        )
    return 0


@app.command()
def reject(item: Number, by: By = None, note: Note = "", at: AtOption = None) -> int:
    """Keep what waits of an item from readers, for good; nobody is told of it."""
    with store() as opened:
        now = clock(instant(at)).now()
        editor = _who(opened, by, now)
        who = editor.name
        if not opened.acts.reject(item, one_line(note, 300), editor, now):
            raise InputError(_NOTHING.format(item=item))
    say(f"item {item} is refused by {who}.")
    return 0


_NOTHING = "nothing of item {item} waits for an editor; `alerts review list` prints what does."


def _who(opened: "Store", by: str | None, now: datetime) -> Actor:
    """Return the editor. The name of an admin stands for the admin: one person counts once, here and on the pages."""
    name = one_line(by if by is not None else operator().name, 80)
    if not name:
        raise InputError("--by: a name is needed; the ledger keeps who decided.")
    if editor_key(name).startswith(ADMIN):
        raise InputError(f"--by: no name begins with {ADMIN!r}; give the admin's name.")
    known = [one for one in opened.admins.all(now) if name_key(one.name) == name_key(name)]
    return Actor(known[0].name, admin_id=known[0].id) if known else Actor(name)


def _row(stored: StoredItem) -> dict[str, object]:
    return {
        "id": stored.id, "revision": stored.number, "feed": stored.feed_id, "first_seen": stored.first_seen_at,
        "severity": stored.judgement.severity, "held": stored.held, "title": stored.item.title,
        "summary": stored.item.summary, "url": stored.item.url,
    }  # fmt: skip
