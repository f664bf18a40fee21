"""A deployment in a temporary folder, driven the way an operator drives it: by the command line."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html import escape
from pathlib import Path

from tests.commands import command
from tests.daemons import Forked
from tests.servers import Answer, MailServer, Script, SourceServer, smtp_server, source_server

PROJECT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed of ours; ``published`` as RFC 822."""

    title: str
    guid: str
    published: str
    summary: str = ""
    link: str = ""


def rss(*entries: Entry, title: str = "Office notices") -> Answer:
    """Return an RSS 2.0 document with a validator made from its entries."""
    items = "".join(
        f"<item><title>{escape(e.title)}</title><guid isPermaLink='false'>{escape(e.guid)}</guid>"
        f"<link>{escape(e.link or 'https://office.example/' + e.guid)}</link><pubDate>{e.published}</pubDate>"
        f"<description>{escape(e.summary)}</description></item>"
        for e in entries
    )
    body = f"<?xml version='1.0'?><rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode()
    return Answer(
        body=body, headers={"Content-Type": "application/rss+xml; charset=utf-8", "ETag": f'"{hash(body):x}"'}
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one command said."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, object]]:
        """Return standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Deployment:
    """A folder with feeds.yaml and settings, a source server and a mail server."""

    folder: Path
    source: SourceServer
    mail: MailServer
    settings: dict[str, str] = field(default_factory=dict)
    apart: bool = False  # whether each command is a process that begins anew, as an operator's are

    def feeds(self, *rows: str, defaults: str = "") -> None:
        """Write feeds.yaml; each row is the body of one feed without its dash."""
        blocks = "".join("  - " + row.strip().replace("\n", "\n    ") + "\n" for row in rows)
        text = f"version: 1\n{defaults}feeds:\n{blocks}"
        staged = self.folder / ".feeds.new"
        staged.write_text(text, encoding="utf-8")
        staged.replace(self.folder / "feeds.yaml")

    def feed(self, feed_id: str, jurisdiction: str, path: str, **more: str) -> str:
        """Return the row of an RSS feed on the source server."""
        extra = "".join(f"\n{name}: {value}" for name, value in more.items())
        return (
            f"id: {feed_id}\nname: {{en: {feed_id}, zh-Hans: {feed_id}}}\ntype: feed\nurl: {self.source.url(path)}\n"
            f"jurisdiction: {jurisdiction}\ncarries: both\nallow_private_networks: true{extra}"
        )

    def environ(self) -> dict[str, str]:
        """Return the environment of a command."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ALERTS_")}
        return kept | {
            "PYTHONPATH": str(PROJECT),
            "ALERTS_MAIL": f"smtp://{self.mail.host}:{self.mail.port}",
            "ALERTS_MAIL_FROM": "alerts@service.example",
            "ALERTS_PUBLIC_URL": "https://alerts.service.example",
            "ALERTS_OPERATOR_CONTACT": "ops@service.example",
            "ALERTS_SECRET_KEY": "k" * 40,
            "ALERTS_PAGE_MAKERS": "0",  # whoever looks at many pages says otherwise
        } | self.settings  # fmt: skip

    def alerts(self, *arguments: str, stdin: bytes = b"") -> Outcome:
        """Run one command to its end."""
        if not self.apart:
            code, out, err = command(self.folder, self.environ(), arguments, stdin)
            return Outcome(code, out.decode(), err.decode())
        done = subprocess.run(
            [sys.executable, "-m", "alerts", *arguments], cwd=self.folder, env=self.environ(), input=stdin,
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    def good(self, *arguments: str) -> Outcome:
        """Run a command that must succeed."""
        outcome = self.alerts(*arguments)
        assert outcome.code == 0, (arguments, outcome)
        return outcome

    def round(self, at: str) -> Outcome:
        """Run one round of everything that is due at ``at``."""
        return self.good("run", "--once", "--at", at)

    def subscribe(self, email: str, *regions: str, now: str, **options: str) -> Outcome:
        """Enter a contact as of ``now``."""
        words = [word for region in regions for word in ("--region", region)]
        words += [word for name, value in options.items() for word in (f"--{name}", value)]
        return self.good("subscribe", email, "--company", f"{email} Ltd", *words, "--now", now)

    def mails(self, to: str | None = None) -> list[EmailMessage]:
        """Return the mails that arrived, as messages, in order."""
        return [
            BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(mail.content)
            for mail in self.mail.messages
            if to is None or to in mail.recipients
        ]

    @contextmanager
    def daemon(
        self, *arguments: str, settings: Mapping[str, str] | None = None
    ) -> Iterator[Forked | subprocess.Popen[bytes]]:
        """Run the daemon as a process of its own; what is still running at the end is killed."""
        process = self._begun(self.environ() | dict(settings or {}), ("run", *arguments))
        try:
            yield process
        finally:
            process.kill()
            process.wait(10)

    def _begun(
        self, environ: Mapping[str, str], arguments: tuple[str, ...]
    ) -> Forked | subprocess.Popen[bytes]:
        log = self.folder / "daemon.log"
        log.touch()
        if not self.apart:
            return Forked(self.folder, environ, arguments, log)
        with log.open("ab") as file:
            return subprocess.Popen(
                [sys.executable, "-m", "alerts", *arguments], cwd=self.folder, env=environ, stdout=file, stderr=file
            )  # fmt: skip

    def log(self) -> str:
        """Return what the daemon logged."""
        return (self.folder / "daemon.log").read_text()


@contextmanager
def deployment(folder: Path, script: Script | None = None) -> Iterator[Deployment]:
    """Yield a deployment whose servers stop with it."""
    with source_server() as source, smtp_server(script or Script()) as mail:
        yield Deployment(folder, source, mail)


def text_of(mail: EmailMessage) -> str:
    """Return the plain text part."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    """Return the HTML part."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def until(claim: object, seconds: float = 60.0) -> None:
    """Wait until the callable ``claim`` holds; looks every 50 ms. A busy machine takes its time."""
    assert callable(claim)
    end = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


TERM, KILL, HUP = signal.SIGTERM, signal.SIGKILL, signal.SIGHUP
