"""Read ``ALERTS_MAIL``: where mail goes.

``maildir:PATH`` keeps mail in a folder. ``smtp://user@host:587?tls=starttls`` and ``smtps://user@host`` hand it to a
relay; the password never stands in the address. Mail travels unencrypted only to this machine itself,
unless ``tls=none&plain=allowed`` says otherwise (RFC 8314 wants TLS for submission).
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from alerts.domain.errors import InputError

TLS = ("none", "starttls", "implicit")
PORTS = {"none": 25, "starttls": 587, "implicit": 465}
OPTIONS = ("tls", "plain", "lanes", "hello")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long the relay may take, in seconds. RFC 5321 section 4.5.3.2 asks for ten minutes after the final dot."""

    connect: float = 30.0
    command: float = 60.0
    data: float = 600.0


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """A relay. ``tls`` is none, starttls or implicit; ``lanes`` connections at most are kept."""

    host: str
    port: int = 587
    tls: str = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    hello: str = "localhost"
    lanes: int = 4
    timeouts: Timeouts = Timeouts()


@dataclass(frozen=True, slots=True)
class MaildirSettings:
    """A folder that mail is kept in."""

    path: Path


def parse_mail_url(url: str, password: str | None = None) -> SmtpSettings | MaildirSettings:
    """Return what ``url`` names; ``password`` belongs to the relay's user.

    Raises:
        InputError: one sentence on what is wrong and what to write instead.
    """
    if url.startswith("maildir:"):
        return _maildir(url.removeprefix("maildir:"))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InputError(f"The mail address {url!r} cannot be read: {error}.") from error
    if parts.scheme not in ("smtp", "smtps"):
        raise InputError("Mail goes to maildir:PATH, smtp://user@host:587?tls=starttls or smtps://user@host.")
    options = _options(parts)
    tls = _tls(parts, options)
    _check(parts, tls, options, password)
    return SmtpSettings(
        host=parts.hostname or "",
        port=PORTS[tls] if port is None else port,
        tls=tls,
        username=unquote(parts.username) if parts.username else None,
        password=password if parts.username else None,
        hello=options.get("hello", "localhost"),
        lanes=_lanes(options),
    )


def is_loopback(host: str) -> bool:
    """Return whether ``host`` is this machine by its address or as ``localhost``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _maildir(path: str) -> MaildirSettings:
    if not path.strip():
        raise InputError("maildir: needs a folder, for example maildir:var/outbox.")
    return MaildirSettings(Path(path).expanduser())


def _options(parts: SplitResult) -> Mapping[str, str]:
    pairs = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(set(pairs) - set(OPTIONS))
    if unknown:
        raise InputError(f"{unknown[0]!r} is not an option of a mail relay; there are {', '.join(OPTIONS)}.")
    return pairs


def _tls(parts: SplitResult, options: Mapping[str, str]) -> str:
    """Return the kind of TLS; without a word, plain towards this machine and STARTTLS towards all others."""
    usual = "none" if is_loopback(parts.hostname or "") else "starttls"
    tls = options.get("tls", "implicit" if parts.scheme == "smtps" else usual)
    if tls not in TLS:
        raise InputError(f"tls={tls} is not known; use {', '.join(TLS)}.")
    if parts.scheme == "smtps" and tls != "implicit":
        raise InputError(f"smtps:// means tls=implicit; write smtp:// with tls={tls}.")
    return tls


def _check(parts: SplitResult, tls: str, options: Mapping[str, str], password: str | None) -> None:
    host = parts.hostname or ""
    if not host or parts.path not in ("", "/") or parts.fragment:
        raise InputError(
            "A mail relay is written smtp://user@host:port, with nothing behind the port but ?options."
        )
    if parts.password is not None:
        raise InputError("The relay's password does not belong into its address; set ALERTS_MAIL_PASSWORD.")
    if tls == "none" and not is_loopback(host) and options.get("plain") != "allowed":
        raise InputError(f"Mail to {host} would travel unencrypted; use tls=starttls, or add plain=allowed.")
    if parts.username and not password:
        raise InputError(f"The relay's user {unquote(parts.username)!r} needs ALERTS_MAIL_PASSWORD.")


def _lanes(options: Mapping[str, str]) -> int:
    text = options.get("lanes", "4")
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise InputError(f"lanes={text} is not a number of connections from 1 to 64.")
    return int(text)
