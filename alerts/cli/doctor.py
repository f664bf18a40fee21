"""What is wrong with a deployment, part by part, each with what to do."""

import shutil
import smtplib
import ssl
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from alerts.cli.sender import sender
from alerts.domain.diagnosis import Diagnosis, good, note, wrong
from alerts.domain.dialled import allowed
from alerts.domain.errors import AlertsError
from alerts.settings import Settings

TIMEOUT = 10.0  # seconds


def examine(settings: Settings) -> list[Diagnosis]:
    """Return what is to be said of every part that was looked at."""
    return [
        *_settings(settings),
        *_catalogue(settings),
        *_database(settings),
        *examine_mail(settings),
        *_machine(settings),
    ]


def examine_mail(settings: Settings) -> list[Diagnosis]:
    """Return what is to be said of the relay, and of what the DNS holds about the sender."""
    return [*_relay(settings), *sender(settings)]


def _settings(settings: Settings) -> Iterator[Diagnosis]:
    if settings.operator_contact:
        yield good("operator", f"sources are told to write to {settings.operator_contact}")
    else:
        yield note("operator", "set ALERTS_OPERATOR_CONTACT: sources want to know whom to write to")
    if settings.public_url.startswith("https://"):
        yield good("links", f"built from {settings.public_url}")
    else:
        yield note(
            "links",
            "set ALERTS_PUBLIC_URL to an https address: mailbox providers show the unsubscribe button only then",
        )


def _catalogue(settings: Settings) -> Iterator[Diagnosis]:
    from alerts.wiring import read_catalogue

    try:
        feeds = read_catalogue(settings).feeds
        yield good("feeds.yaml", f"{sum(feed.enabled for feed in feeds)} feeds enabled of {len(feeds)}")
    except AlertsError as error:
        yield wrong("feeds.yaml", str(error).splitlines()[0])
        return
    if pushed := sum(feed.enabled and feed.websub for feed in feeds):
        yield _pushes(settings, pushed)


def _pushes(settings: Settings, feeds: int) -> Diagnosis:
    url = settings.public_url
    if not url:
        text = f"{feeds} feeds wait for a hub, but none can call: set ALERTS_PUBLIC_URL; they are polled only"
        return wrong("websub", text)
    host = (urlsplit(url).hostname or "").rstrip(".")
    own = host == "localhost" or (_is_literal(host) and not allowed(host, private=False))
    if own or not url.startswith("https://"):
        text = f"hubs of {feeds} feeds are told to call {url}/push/…: " + (
            "no hub outside can reach that" if own else "without TLS the secrets go over the wire in the open"
        )
        return note("websub", text)
    return good("websub", f"hubs of {feeds} feeds call {url}/push/…")


def _is_literal(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdecimal()


def _database(settings: Settings) -> Iterator[Diagnosis]:
    from alerts.wiring import open_store

    try:
        store = open_store(settings)
        present, head = store.schema()
        store.close()
    except AlertsError as error:
        yield wrong("database", str(error))
        return
    if present == head:
        yield good("database", f"schema {head}")
    else:
        yield note(
            "database",
            f"schema {present or 'empty'}; `alerts db upgrade` or the next `alerts run` brings it to {head}",
        )


def _relay(settings: Settings) -> Iterator[Diagnosis]:
    parts = urlsplit(settings.mail)
    if not settings.mail.startswith("smtp"):
        yield note("mail", f"written to {settings.mail}: nobody is mailed until ALERTS_MAIL names a relay")
        return
    secure = parts.scheme == "smtps"
    host, port = parts.hostname or "", parts.port or (465 if secure else 587)
    try:
        with (smtplib.SMTP_SSL if secure else smtplib.SMTP)(host, port, timeout=TIMEOUT) as client:
            if "tls=starttls" in parts.query:
                client.starttls(context=ssl.create_default_context())
            client.noop()
        yield good("mail", f"{host}:{port} answers")
    except (OSError, smtplib.SMTPException) as error:
        yield wrong("mail", f"{host}:{port} cannot be used ({error}); mails wait in the outbox until it can")


def _machine(settings: Settings) -> Iterator[Diagnosis]:
    folder = settings.data_dir if settings.data_dir.exists() else settings.data_dir.parent
    free = shutil.disk_usage(folder).free // 2**20 if folder.exists() else 0
    yield (good if free > 500 else wrong)("disk", f"{free} MiB free in {folder}")
    yield (good if time.time() > 1_750_000_000 else wrong)("clock", "the machine's clock is plausible")
