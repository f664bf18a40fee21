"""``admin``: who may log in to the pages behind ``/admin``. The first one, like every one, is entered here."""

import getpass
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alerts.cli.context import clock, store
from alerts.cli.show import AtOption, Format, FormatOption, content, instant, json_line, listing, say
from alerts.domain.admins import spaced
from alerts.domain.audit import Actor
from alerts.domain.errors import InputError
from alerts.domain.text import one_line
from alerts.settings import read_settings

if TYPE_CHECKING:
    from alerts.flow.admins import Enrolled, Gate

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the admin logs in with.")]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file", metavar="FILE", help="Read the password from here; - for standard input."
    ),
]


@app.command()
def add(
    name: Name, password_file: PasswordFile = None, at: AtOption = None, style: FormatOption = Format.TEXT
) -> int:
    """Enter an admin: asks for a password twice, prints the key for an authenticator app and the recovery codes, once."""
    from alerts.flow.admins import enrol

    with _gate() as gate:
        enrolled = enrol(gate, name, _password(password_file), operator(), clock(instant(at)).now())
    return _hand_over(enrolled, style)


@app.command()
def reset(
    name: Name, password_file: PasswordFile = None, at: AtOption = None, style: FormatOption = Format.TEXT
) -> int:
    """Give an admin a new password, authenticator key and codes; every session of theirs ends, and no lock is left."""
    from alerts.flow.admins import named
    from alerts.flow.admins import reset as renew

    with _gate() as gate:
        now = clock(instant(at)).now()
        one = named(gate.store, name, now)
        enrolled = renew(gate, one, _password(password_file), operator(), now)
    return _hand_over(enrolled, style)


@app.command("list")
def list_(at: AtOption = None, style: FormatOption = Format.TEXT) -> int:
    """List the admins: since when, last log-in, open sessions, recovery codes left."""
    with store() as opened:
        admins = opened.admins.all(clock(instant(at)).now())
    columns = ("id", "name", "active", "created_at", "last_login_at", "sessions", "codes")
    listing(({column: getattr(one, column) for column in columns} for one in admins), style)
    return 0


@app.command()
def disable(name: Name, at: AtOption = None) -> int:
    """Let an admin in no more; every session of theirs ends."""
    return _switch(name, at, active=False)


@app.command()
def enable(name: Name, at: AtOption = None) -> int:
    """Let an admin in again; takes away every lock that failed log-ins have left."""
    return _switch(name, at, active=True)


@app.command()
def sessions(name: Name, at: AtOption = None, style: FormatOption = Format.TEXT) -> int:
    """List the open sessions of an admin: from which network, with which browser, since when."""
    from alerts.flow.admins import named

    with store() as opened:
        now = clock(instant(at)).now()
        found = opened.sessions.of(named(opened, name, now).id, now)
    rows = (
        {
            "id": one.id,
            "network": one.visit.network,
            "since": one.created_at,
            "seen": one.seen_at,
            "browser": one.visit.agent,
        }
        for one in found
    )
    listing(rows, style)
    return 0


@app.command()
def revoke(
    name: Name,
    session: Annotated[
        int | None,
        typer.Argument(
            metavar="[SESSION]", help="Number that `alerts admin sessions` prints; all if none is given."
        ),
    ] = None,
    at: AtOption = None,
) -> int:
    """End a session of an admin, or all of them."""
    from alerts.flow.admins import named

    with store() as opened:
        now = clock(instant(at)).now()
        one = named(opened, name, now)
        ended = opened.sessions.revoke(one.id, session, operator(), now)
    if not ended:
        raise InputError(f"no such session of {one.name!r} is open; `alerts admin sessions` lists them.")
    say(f"sessions ended: {ended}.")
    return 0


def operator() -> Actor:
    """Return who acts on the machine itself, for the audit log."""
    try:
        return Actor(one_line(getpass.getuser(), 80) or "unknown")
    except (KeyError, OSError):  # a user id without a name, as in some containers
        return Actor("unknown")


def _switch(name: str, at: str | None, *, active: bool) -> int:
    from alerts.flow.admins import named

    with store() as opened:
        now = clock(instant(at)).now()
        one = named(opened, name, now)
        opened.admins.set_active(one, operator(), now, active=active)
    say(
        f"{one.name} may log in."
        if active
        else f"{one.name} may log in no more; every session of theirs has ended."
    )
    return 0


@contextmanager
def _gate() -> Iterator["Gate"]:
    from alerts.wiring import make_gate

    settings = read_settings()
    with store(settings) as opened:
        yield make_gate(settings, opened)


def _password(file: Path | None) -> str:
    """Return the password: from the file, asked for twice on a terminal, or from standard input."""
    if file is None and sys.stdin.isatty():
        typed = getpass.getpass("Password (12 characters or more): ")
        if getpass.getpass("Once more: ") != typed:
            raise InputError("the two passwords differ; nothing was changed.")
        return typed
    try:
        return content(file).decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise InputError("the password is not text in UTF-8.") from None


def _hand_over(enrolled: "Enrolled", style: Format) -> int:
    codes = [spaced(code) for code in enrolled.codes]
    if style is Format.JSON:
        say(
            json_line(
                {"name": enrolled.name, "secret": enrolled.secret, "uri": enrolled.address, "codes": codes}
            )
        )
        return 0
    say(f"{enrolled.name} may log in at /admin/login once this key is in an authenticator app:\n")
    say(_picture(enrolled.address))
    say(f"{enrolled.address}\nor by hand: {spaced(enrolled.secret).replace('-', ' ')}\n")
    say(
        "Recovery codes, each good once in place of the app's code. They are shown only now; keep them apart from the phone:\n"
    )
    say("\n".join(f"  {code}" for code in codes))
    return 0


def _picture(address: str) -> str:
    import segno

    drawn = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(out=drawn, border=2, compact=True)
    return drawn.getvalue()
