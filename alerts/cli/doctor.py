"""What is wrong with a deployment, part by part, each with what to do."""

import shutil
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from alerts.domain.dialled import allowed
from alerts.domain.errors import AlertsError
from alerts.settings import Settings

TIMEOUT = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the deployment: ``state`` is good, note or wrong."""

    part: str
    state: str
    text: str


def examine(settings: Settings) -> list[Finding]:
    """Return a finding for every part that was looked at."""
    return [
        *_settings(settings),
        *_catalogue(settings),
        *_database(settings),
        *_relay(settings),
        *_sender(settings),
        *_machine(settings),
    ]


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.operator_contact:
        yield Finding("operator", "good", f"sources are told to write to {settings.operator_contact}")
    else:
        yield Finding(
            "operator", "note", "set ALERTS_OPERATOR_CONTACT: sources want to know whom to write to"
        )
    if settings.public_url.startswith("https://"):
        yield Finding("links", "good", f"built from {settings.public_url}")
    else:
        yield Finding(
            "links",
            "note",
            "set ALERTS_PUBLIC_URL to an https address: mailbox providers show the unsubscribe button only then",
        )


def _catalogue(settings: Settings) -> Iterator[Finding]:
    from alerts.wiring import read_catalogue

    try:
        feeds = read_catalogue(settings).feeds
        yield Finding(
            "feeds.yaml", "good", f"{sum(feed.enabled for feed in feeds)} feeds enabled of {len(feeds)}"
        )
    except AlertsError as error:
        yield Finding("feeds.yaml", "wrong", str(error).splitlines()[0])
        return
    if pushed := sum(feed.enabled and feed.websub for feed in feeds):
        yield _pushes(settings, pushed)


def _pushes(settings: Settings, feeds: int) -> Finding:
    url = settings.public_url
    if not url:
        text = f"{feeds} feeds wait for a hub, but none can call: set ALERTS_PUBLIC_URL; they are polled only"
        return Finding("websub", "wrong", text)
    host = (urlsplit(url).hostname or "").rstrip(".")
    own = host == "localhost" or (_is_literal(host) and not allowed(host, private=False))
    if own or not url.startswith("https://"):
        text = f"hubs of {feeds} feeds are told to call {url}/push/…: " + (
            "no hub outside can reach that" if own else "without TLS the secrets go over the wire in the open"
        )
        return Finding("websub", "note", text)
    return Finding("websub", "good", f"hubs of {feeds} feeds call {url}/push/…")


def _is_literal(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdecimal()


def _database(settings: Settings) -> Iterator[Finding]:
    from alerts.wiring import open_store

    try:
        store = open_store(settings)
        present, head = store.schema()
        store.close()
    except AlertsError as error:
        yield Finding("database", "wrong", str(error))
        return
    if present == head:
        yield Finding("database", "good", f"schema {head}")
    else:
        yield Finding(
            "database",
            "note",
            f"schema {present or 'empty'}; `alerts db upgrade` or the next `alerts run` brings it to {head}",
        )


def _relay(settings: Settings) -> Iterator[Finding]:
    parts = urlsplit(settings.mail)
    if not settings.mail.startswith("smtp"):
        yield Finding(
            "mail", "note", f"written to {settings.mail}: nobody is mailed until ALERTS_MAIL names a relay"
        )
        return
    secure = parts.scheme == "smtps"
    host, port = parts.hostname or "", parts.port or (465 if secure else 587)
    try:
        with (smtplib.SMTP_SSL if secure else smtplib.SMTP)(host, port, timeout=TIMEOUT) as client:
            if "tls=starttls" in parts.query:
                client.starttls(context=ssl.create_default_context())
            client.noop()
        yield Finding("mail", "good", f"{host}:{port} answers")
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            "mail", "wrong", f"{host}:{port} cannot be used ({error}); mails wait in the outbox until it can"
        )


def _sender(settings: Settings) -> Iterator[Finding]:
    domain = settings.mail_from.rpartition("@")[2]
    if domain == "localhost":
        yield Finding(
            "sender", "note", "set ALERTS_MAIL_FROM: mails from alerts@localhost are refused elsewhere"
        )
        return
    try:
        socket.getaddrinfo(domain, None)
        yield Finding(
            "sender",
            "good",
            f"{domain} has an address; check its SPF, DKIM and DMARC records as docs/operations.md says",
        )
    except OSError:
        yield Finding("sender", "wrong", f"{domain} is not in the DNS: receivers refuse mail from it")


def _machine(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir if settings.data_dir.exists() else settings.data_dir.parent
    free = shutil.disk_usage(folder).free // 2**20 if folder.exists() else 0
    yield Finding("disk", "good" if free > 500 else "wrong", f"{free} MiB free in {folder}")
    yield Finding(
        "clock", "good" if time.time() > 1_750_000_000 else "wrong", "the machine's clock is plausible"
    )
