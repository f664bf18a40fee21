"""The environment, as one frozen value; every fault is named at once.

Each ``ALERTS_X`` has a twin ``ALERTS_X_FILE`` that names a file holding the value, for secrets. A ``.env`` file in
the working directory is read too; the real environment wins.
"""

import difflib
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from alerts.domain.errors import InputError, SettingsError
from alerts.domain.listens import (
    Listen,
    read_addresses,
    read_count,
    read_dns,
    read_hosts,
    read_hub,
    read_listen,
    read_makers,
    read_returns,
    unless_off,
)
from alerts.domain.requests import HOURLY
from alerts.domain.vocabulary import Language

T = TypeVar("T")

PREFIX = "ALERTS_"
ROLES = ("poll", "match", "build", "send")

DESCRIPTIONS: Mapping[str, str] = {
    "DATABASE_URL": "sqlite:///PATH (default: alerts.db in DATA_DIR) or postgresql+psycopg://user@host/name",
    "DATA_DIR": "where the database, the outbox and the secret key live; default ./var",
    "FEEDS": "feeds.yaml, or a folder of *.yaml files; default ./feeds.yaml, else the shipped catalogue",
    "STATIONS": "stations.yaml, the directory of help; default ./stations.yaml, else the shipped one",
    "MAIL": "maildir:PATH (default: outbox in DATA_DIR), smtp://user@host:587?tls=starttls, or smtps://user@host",
    "MAIL_PASSWORD": "password for the relay",
    "MAIL_FROM": "sender address of every mail; default alerts@localhost",
    "RETURNS": "where mails that come back are taken: lmtp://HOST:PORT, for a mail server on this machine; default off",
    "RETURN_PATH": "address that mails come back to, as each delivery's own bounces+TOKEN@domain; default off: MAIL_FROM",
    "DKIM": "keys that sign every mail, as a list of SELECTOR:DOMAIN:FILE with commas between them; default off",
    "MAIL_ADDRESSES": "IP addresses from which your relay sends, with commas between them, for `alerts doctor`; default: those of its name",
    "DNS": "DNS server that `alerts doctor` asks, as an IP address with or without :port; default: as this machine is set",
    "HUB": "https address of a WebSub hub that is named in the feeds out and told of news; default off",
    "PUBLIC_URL": "address under which readers reach the web site; all links are built from it",
    "LISTEN": "host:port of the web site; default 127.0.0.1:8000",
    "PROXIES": "addresses of your own reverse proxies, with commas between them, whose X-Forwarded-For says who connects; default none",
    "SIGN_UPS": "mails within an hour, to all together, that ask for a confirmation or bring a link to settings; default 1000",
    "PAGE_MAKERS": "processes beside the daemon that make pages, started as they are wanted; 0: the daemon makes them itself; default: as many as processors, at most 4",
    "METRICS_LISTEN": "host:port of /livez, /readyz and /metrics; default 127.0.0.1:8001, off to switch off",
    "SECRET_KEY": "key for links in mails and for addresses and secrets that are kept sealed, 32 characters or more; made and kept in DATA_DIR if not given",
    "OPERATOR_CONTACT": "mail or web address of the operator, told to every source that is polled; a mail address gets the alarms about sources",
    "OPERATOR_LANGUAGE": "language of the alarms: en (default) or zh-Hans",
    "PRIVATE_HOSTS": "hosts in own networks that webhooks and chat bots may be at, as host or host:port with commas between them; http is allowed there; default none",
    "TEMPLATES": "folder with templates of your own; what it lacks comes from the shipped ones",
    "TERMS": "folder with lexicons of your own, and obligations.yaml with rules of deadlines of your own",
    "CREDENTIALS": "folder that {file: NAME} in feeds.yaml refers to",
    "LOG_FORMAT": "console or json; default console on a terminal, else json",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the environment decides. Secrets do not show in its text form."""

    database_url: str
    data_dir: Path
    feeds: tuple[Path, ...]
    stations: Path
    mail: str
    mail_password: str | None = field(repr=False)
    mail_from: str
    returns: Listen | None
    return_path: str | None
    dkim: tuple[tuple[str, str, Path], ...]
    mail_addresses: frozenset[str]
    dns: Listen | None
    hub: str | None
    public_url: str
    listen: Listen
    proxies: frozenset[str]
    sign_ups: int
    page_makers: int
    metrics_listen: Listen | None
    secret_key: bytes = field(repr=False)
    operator_contact: str | None
    operator_language: Language
    private_hosts: frozenset[str]
    templates: Path | None
    terms: Path | None
    credentials: Path | None
    log_format: str


def read_settings(environ: Mapping[str, str] | None = None, *, cwd: Path | None = None) -> Settings:
    """Return the settings.

    Raises:
        SettingsError: all faults, one sentence each, with the variable's name and what to do.
    """
    folder = cwd or Path.cwd()
    source = _Source(dict(os.environ if environ is None else environ), folder)
    data_dir = _path(folder, source.text("DATA_DIR", "var"))
    private_hosts = source.checked("PRIVATE_HOSTS", "", read_hosts)
    settings = Settings(
        data_dir=data_dir,
        database_url=source.checked("DATABASE_URL", f"sqlite:///{data_dir / 'alerts.db'}", _database_url),
        feeds=(_file(folder, source, "FEEDS", "feeds.yaml"),),
        stations=_file(folder, source, "STATIONS", "stations.yaml"),
        mail=source.checked("MAIL", f"maildir:{data_dir / 'outbox'}", _mail),
        mail_password=source.text("MAIL_PASSWORD") or None,
        mail_from=source.checked("MAIL_FROM", "alerts@localhost", _address),
        returns=source.checked("RETURNS", "off", unless_off(read_returns)),
        return_path=source.checked("RETURN_PATH", "off", unless_off(_address)),
        dkim=source.checked("DKIM", "off", lambda text: _dkim(folder, text)),
        mail_addresses=source.checked("MAIL_ADDRESSES", "", read_addresses),
        dns=source.checked("DNS", "", read_dns),
        hub=source.checked("HUB", "off", unless_off(lambda text: read_hub(text, private_hosts))),
        public_url=source.checked("PUBLIC_URL", "", _public_url),
        listen=source.checked("LISTEN", "127.0.0.1:8000", read_listen),
        proxies=source.checked("PROXIES", "", read_addresses),
        sign_ups=source.checked("SIGN_UPS", str(HOURLY), read_count),
        page_makers=source.checked("PAGE_MAKERS", str(min(4, os.cpu_count() or 1)), read_makers),
        metrics_listen=source.checked("METRICS_LISTEN", "127.0.0.1:8001", unless_off(read_listen)),
        secret_key=source.checked("SECRET_KEY", "", _secret_key),
        operator_contact=source.text("OPERATOR_CONTACT") or None,
        operator_language=source.checked("OPERATOR_LANGUAGE", Language.ENGLISH.value, _language),
        private_hosts=private_hosts,
        templates=source.checked("TEMPLATES", "", lambda text: _folder(folder, text)),
        terms=source.checked("TERMS", "", lambda text: _folder(folder, text)),
        credentials=source.checked(
            "CREDENTIALS", os.environ.get("CREDENTIALS_DIRECTORY", ""), lambda text: _folder(folder, text)
        ),
        log_format=source.checked("LOG_FORMAT", "auto", _log_format),
    )
    if settings.hub and not settings.public_url:
        source.faults.append("ALERTS_HUB: a hub fetches the feeds under ALERTS_PUBLIC_URL; set that too.")
    if source.faults:
        raise SettingsError(source.faults)
    return settings


def secret_key(settings: Settings) -> bytes:
    """Return the key that signs links: the configured one, else one made once and kept in DATA_DIR (mode 600)."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.data_dir / "secret.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_hex(32))
    return path.read_text().strip().encode()


class _Source:
    """Reads variables with their ``_FILE`` twins and gathers the faults."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self.faults: list[str] = []
        self._environ = {**_dotenv(folder / ".env"), **environ}
        self._unknown()

    def text(self, name: str, default: str = "") -> str:
        key = PREFIX + name
        twin = self._environ.get(key + "_FILE")
        if twin is None:
            return self._environ.get(key, default).strip()
        if key in self._environ:
            self.faults.append(f"{key} and {key}_FILE are both set; keep one of them.")
        try:
            return Path(twin).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.faults.append(
                f"{key}_FILE: {twin} cannot be read ({_why(error)}); check the path and its rights."
            )
            return default

    def checked(self, name: str, default: str, read: Callable[[str], T]) -> T:
        text = self.text(name, default) or default
        try:
            return read(text)
        except InputError as error:
            self.faults.append(f"{PREFIX}{name}: {error}")
            return read(default)

    def _unknown(self) -> None:
        known = {PREFIX + name for name in DESCRIPTIONS} | {f"{PREFIX}{name}_FILE" for name in DESCRIPTIONS}
        for key in sorted(self._environ):
            if key.startswith(PREFIX) and key not in known and not key.startswith(PREFIX + "TEST_"):
                self.faults.append(f"{key} is not a setting{_near(key, known)}")


def _near(key: str, known: set[str]) -> str:
    close = difflib.get_close_matches(key, known, 1)
    return f"; did you mean {close[0]}?" if close else "."


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _dotenv(path: Path) -> dict[str, str]:
    """Return NAME=value lines of ``path``; blank lines and comments are skipped, quotes around a value dropped."""
    if not path.is_file():
        return {}
    pairs = re.findall(
        r"^[ \t]*([A-Z_]+)[ \t]*=[ \t]*(.*?)[ \t]*$", path.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {name: value.strip("\"'") for name, value in pairs}


def _path(folder: Path, text: str) -> Path:
    return folder / Path(text).expanduser()


def _file(folder: Path, source: _Source, name: str, usual: str) -> Path:
    """Return the file or folder named, the usual one in the working directory, or the shipped one."""
    named = source.text(name)
    path = _path(folder, named or usual)
    return path if path.exists() or named else shipped(usual)


def shipped(name: str) -> Path:
    """Return the packaged copy of a top-level file or folder (inside a wheel), else the one of the source tree."""
    package = Path(__file__).parent
    packaged = package / "_data" / name
    return packaged if packaged.exists() else package.parent / name


def _database_url(text: str) -> str:
    text = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text)
    if not re.match(r"^(sqlite:///?.*|postgresql\+psycopg://.+)$", text):
        raise InputError("use sqlite:///PATH or postgresql+psycopg://user@host/name.")
    return text


def _mail(text: str) -> str:
    if not re.match(r"^(maildir:.+|smtps?://.+)$", text):
        raise InputError(f"{text!r} is neither maildir:PATH nor smtp://host:port nor smtps://host.")
    return text


def _address(text: str) -> str:
    if not re.fullmatch(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+", text):
        raise InputError(f"{text!r} is not a mail address.")
    return text


def _dkim(folder: Path, text: str) -> tuple[tuple[str, str, Path], ...]:
    """Return selector, domain and key file of each signature."""
    parts = [[word.strip() for word in one.split(":", 2)] for one in text.split(",") if text != "off"]
    for part in parts:
        if len(part) != 3 or not all(part):
            raise InputError(f"{':'.join(part)!r} is not SELECTOR:DOMAIN:FILE.")
    return tuple((selector, domain, _path(folder, file)) for selector, domain, file in parts)


def _language(text: str) -> Language:
    try:
        return Language(text)
    except ValueError:
        raise InputError(f"{text!r} is neither en nor zh-Hans.") from None


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if text and (
        parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment
    ):
        raise InputError(f"{text!r} is not an http(s) address without query.")
    return text.rstrip("/")


def _secret_key(text: str) -> bytes:
    if text and len(text) < 32:
        raise InputError("at least 32 characters are needed.")
    return text.encode()


def _folder(folder: Path, text: str) -> Path | None:
    if not text:
        return None
    path = _path(folder, text)
    if not path.is_dir():
        raise InputError(f"{path} is not a folder.")
    return path


def _log_format(text: str) -> str:
    if text not in ("auto", "console", "json"):
        raise InputError(f"{text!r} is neither console nor json.")
    return text
