"""SpamAssassin and rspamd as a receiver runs them, without a network: what each says of a mail that came in over a relay.

The relay's and the receiver's own ``Received`` lines belong to the bench; so do the records of the sender's domain, which the
operator publishes (``alerts dkim records`` prints those of the keys).
"""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from pwd import getpwuid

from tests.deployment import free_port
from tests.web.world import Browser
from tests.zones import Zone

RELAY, PLACE, SENDER, READER = "mail.alerts.example", "198.18.0.25", "alerts.example", "anna@lumina.example"
BOUNCES = f"bounces+token@{SENDER}"
ZONE: Zone = {
    SENDER: {"A": [PLACE], "MX": [f"10 {RELAY}."], "TXT": [f"v=spf1 ip4:{PLACE} -all"]},
    f"_dmarc.{SENDER}": {"TXT": ["v=DMARC1; p=reject"]},
    RELAY: {"A": [PLACE]},
    "25.0.18.198.in-addr.arpa": {"PTR": [f"{RELAY}."]},
}
# These ask other hosts, or keep what they learn in a database that the bench has not.
OFF = (
    "rbl", "surbl", "fuzzy_check", "asn", "mx_check", "greylist", "neural", "dcc", "p0f", "url_redirector", "rspamd_update",
    "history_redis", "ratelimit", "replies", "bayes_expiry", "reputation", "arc",
)  # fmt: skip
SUFFIXES = ("com", "org", "gov", "cn", "eu", "example")  # all of them take ten seconds to compile
CONFIGURATION = Path("/etc/rspamd")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A score, below or at 0 for what is welcome, and the rules that a mail met."""

    score: float
    symbols: tuple[str, ...]


def relayed(raw: bytes, now: datetime) -> bytes:
    """Return a mail with the line that the operator's relay writes above it."""
    line = f"Received: from alerts (localhost [127.0.0.1])\r\n\tby {RELAY} (Postfix) with ESMTPS id 4XyZ1a2b3c;\r\n\t{format_datetime(now)}\r\n"
    return line.encode() + raw


def received(raw: bytes, now: datetime) -> bytes:
    """Return a relayed mail with the line that its receiver writes above it."""
    line = (
        f"Received: from {RELAY} ({RELAY} [{PLACE}])\r\n\tby mx.lumina.example (Postfix) with ESMTPS id 4AbC1d2e3f\r\n"
        f"\tfor <{READER}>; {format_datetime(now)}\r\n"
    )
    return f"Return-Path: <{BOUNCES}>\r\n{line}".encode() + relayed(raw, now)


def spamassassin(mails: Sequence[bytes]) -> list[Verdict]:
    """Return what SpamAssassin says of each mail, by its local rules; one process reads them all."""
    now = datetime.now(UTC)  # the rules compare the mail's date with the machine's clock
    box = b"".join(
        b"From MAILER Thu Jan  1 00:00:00 1970\n"
        + re.sub(rb"(?m)^From ", b">From ", received(one, now).replace(b"\r\n", b"\n"))
        + b"\n\n"
        for one in mails
    )
    command = ["spamassassin", "--local", "--prefspath=/dev/null", "--cf=use_bayes 0", "--cf=use_auto_welcomelist 0", "--mbox"]  # fmt: skip
    said = subprocess.run(command, input=box, capture_output=True, timeout=300, check=True).stdout.decode()
    verdicts = dict(_verdict(one) for one in re.split(r"(?m)^From MAILER.*\n", said)[1:])
    return [verdicts[_message_id(one.decode("utf-8"))] for one in mails]


def _verdict(mail: str) -> tuple[str, Verdict]:
    """Return the Message-ID of a mail that was judged, and what was said of it; the order is not that of the mails."""
    found = re.search(r"(?m)^X-Spam-Status: \w+, score=(\S+) required=\S+\s+tests=(.*(?:\n\s.*)*)", mail)
    assert found, mail[:500]
    return _message_id(mail), Verdict(float(found[1]), _named(found[2]))


def _message_id(mail: str) -> str:
    found = re.search(r"(?m)^Message-ID: (<[^>]+>)", mail)
    assert found, mail[:500]
    return found[1]


def _named(names: str) -> tuple[str, ...]:
    listed = re.split(r"\s+autolearn", names)[0]
    return tuple(sorted(one for one in re.split(r"[,\s]+", listed) if one and one != "none"))


class Rspamd:
    """A running rspamd."""

    def __init__(self, port: int) -> None:
        self.browser = Browser(f"127.0.0.1:{port}", timeout=30)

    def judge(self, raw: bytes) -> Verdict:
        """Return what it says of a mail that came from the relay."""
        envelope = {"IP": PLACE, "Helo": RELAY, "Hostname": RELAY, "From": BOUNCES, "Rcpt": READER}
        answer = self.browser.ask("POST", "/checkv2", relayed(raw, datetime.now(UTC)), envelope)
        said = json.loads(answer.text)
        return Verdict(round(said["score"], 3), tuple(sorted(said["symbols"])))


@contextmanager
def rspamd(folder: Path, names: int) -> Iterator[Rspamd]:
    """Yield an rspamd of Debian's configuration, without its lists from elsewhere, that looks names up at the port ``names``."""
    places = {name: folder / name for name in ("CONFDIR", "DBDIR", "RUNDIR", "LOGDIR")}
    port = free_port()
    _configure(places["CONFDIR"], port, names)
    for name in ("DBDIR", "RUNDIR", "LOGDIR"):
        places[name].mkdir()
    variables = [
        f"--var={name}={path}" for name, path in {**places, "LOCAL_CONFDIR": places["CONFDIR"]}.items()
    ]
    me = getpwuid(os.getuid()).pw_name
    command = [
        "rspamd",
        "-i",
        "-f",
        "-u",
        me,
        "-g",
        me,
        "-c",
        str(places["CONFDIR"] / "rspamd.conf"),
        *variables,
    ]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        found = Rspamd(port)
        _wait(found, process)
        yield found
    finally:
        process.terminate()
        process.wait(20)


def _configure(folder: Path, port: int, names: int) -> None:
    """Copy the configuration without what is fetched from elsewhere."""
    shutil.copytree(CONFIGURATION, folder)
    for path in filter(Path.is_file, folder.rglob("*")):
        lines = path.read_text(encoding="utf-8").replace("fallback+file://", "file://").splitlines()
        kept = [line for line in lines if not re.match(r"[^#]*https?://", line)]
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    (folder / "suffixes").write_text("\n".join(SUFFIXES) + "\n", encoding="utf-8")
    own = {
        "options": f'dns {{ nameserver = ["127.0.0.1:{names}"]; timeout = 1s; }}\nlocal_addrs = [];\nurl_tld = "{folder}/suffixes";',
        "worker-normal": f'bind_socket = "127.0.0.1:{port}";\ncount = 1;',
    }
    own |= dict.fromkeys(("worker-controller", "worker-proxy"), "enabled = false;\ncount = -1;")
    for name, text in (own | dict.fromkeys(OFF, "enabled = false;")).items():
        suffix = "inc" if name in own else "conf"
        (folder / "local.d" / f"{name}.{suffix}").write_text(f"{text}\n", encoding="utf-8")


def _wait(found: Rspamd, process: subprocess.Popen[bytes]) -> None:
    """Return when it answers; its rules are compiled first, which takes some seconds."""
    for _ in range(2400):
        assert process.poll() is None, "rspamd ended"
        try:
            found.browser.get("/ping")
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("rspamd never answered")
