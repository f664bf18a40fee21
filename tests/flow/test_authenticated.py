"""What a receiver makes of our mails (E-07): SPF by pyspf, DKIM by dkimpy, DMARC by authheaders, from a zone on loopback."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import authheaders
import dkim
import spf

from alerts.deliver.dkim_keys import make_key, read_key
from alerts.deliver.published import Resolver
from tests.deployment import Deployment, Entry, rss
from tests.zones import Zone, zone_server

FROM, BACK, RELAY = "service.example", "back.service.example", "192.0.2.7"
STRANGER = "198.51.100.9"
OLD = Entry("Old rule on patents", "old", "Mon, 05 Feb 2024 09:00:00 GMT")
RULE = Entry("Final rule on trademark fees 商标", "rule", "Mon, 02 Mar 2026 09:00:00 GMT", "Fees change.")


def published(folder: Path) -> Zone:
    """Make both keys in a folder; return the zone of the sender."""
    zone: dict[str, dict[str, list[str]]] = {
        FROM: {"MX": ["10 mx.service.example."]},
        BACK: {"TXT": [f"v=spf1 ip4:{RELAY} -all"]},
        f"_dmarc.{FROM}": {"TXT": ["v=DMARC1; p=reject; adkim=s; aspf=r; rua=mailto:dmarc@service.example"]},
    }
    for selector in ("r1", "e1"):
        pem = make_key(ed25519=selector == "e1")
        (folder / f"{selector}.pem").write_bytes(pem)
        key = read_key(selector, FROM, pem)
        zone[key.name] = {"TXT": [key.record]}
    return zone


@dataclass(frozen=True)
class Receiver:
    """Judges a mail as three libraries of others do, with a DNS server of ours."""

    resolver: Resolver

    def text(self, name: str) -> str | None:
        return next(iter(self.resolver.ask(name, "TXT").values), None)

    def keys(self, name: bytes, timeout: int = 5) -> bytes | None:
        found = self.text(name.decode())
        return found.encode() if found else None

    def records(self, name: str, kind: str, *_: object) -> Iterator[tuple[tuple[str, str], object]]:
        for value in self.resolver.ask(name, kind).values:
            yield (name, kind), (value.encode(),) if kind == "TXT" else value

    def path(self, address: str, sender: str) -> Any:
        """Return SPF's result; a new one each time, since authheaders changes it."""
        with patch.object(spf, "DNSLookup", lambda *asked: list(self.records(*asked))):
            return authheaders.check_spf(address, sender, "relay.service.example")

    def signatures(self, raw: bytes) -> list[bool]:
        number = len(re.findall(rb"(?im)^DKIM-Signature:", raw.partition(b"\r\n\r\n")[0]))
        checked = []
        for one in range(number):
            try:
                checked.append(dkim.DKIM(raw).verify(idx=one, dnsfunc=self.keys))
            except dkim.DKIMException:
                checked.append(False)
        return checked

    def dmarc(self, raw: bytes, path: Any, *, signed: bool = True) -> str:
        signature = authheaders.check_dkim(raw, dnsfunc=self.keys) if signed else None
        found = authheaders.check_dmarc(raw, path, signature, dnsfunc=self.text)
        return str(found.result)


def changed(raw: bytes, name: bytes) -> bytes:
    """Return the mail with another value in a header."""
    field = re.compile(rb"\r\n" + name + rb": [^\r]*")
    assert len(field.findall(raw)) == 1
    return field.sub(b"\r\n" + name + b": <https://elsewhere.example/u>", raw)


def test_a_mail_of_ours_passes_spf_both_signatures_and_dmarc(service: Deployment) -> None:
    zone = published(service.folder)
    service.settings |= {
        "ALERTS_RETURN_PATH": f"bounces@{BACK}",
        "ALERTS_DKIM": f"r1:{FROM}:r1.pem,e1:{FROM}:e1.pem",
    }
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-office", "US", "/us.xml"))
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z", rhythm="immediate")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(RULE, OLD)
    service.round("2026-03-02T12:00Z")
    (mail,) = service.mail.messages
    raw = mail.content
    assert raw.startswith(b"DKIM-Signature: ") and mail.sender.endswith(f"@{BACK}")

    with zone_server(zone) as server:
        receiver = Receiver(Resolver(server.listen))

        def path(address: str) -> Any:
            return receiver.path(address, mail.sender)

        assert (path(RELAY).result, path(STRANGER).result) == ("pass", "fail")
        assert receiver.signatures(raw) == [True, True]
        assert receiver.dmarc(raw, path(RELAY)) == "pass"
        assert receiver.dmarc(raw, path(STRANGER)) == "pass", "either of the two is enough"
        assert receiver.dmarc(raw, path(RELAY), signed=False) == "pass"
        assert receiver.dmarc(raw, path(STRANGER), signed=False) == "fail"

        for listed in re.findall(rb"\bh=([^;]+);", raw):
            assert {b"list-unsubscribe", b"list-unsubscribe-post"} <= set(
                b"".join(listed.split()).split(b":")
            )
        for name in (b"List-Unsubscribe", b"List-Unsubscribe-Post"):
            other = changed(raw, name)
            assert receiver.signatures(other) == [False, False], name
            assert receiver.dmarc(other, path(STRANGER)) == "fail"
        theirs = raw.replace(b"@service.example>", b"@other.example>", 1)
        assert receiver.signatures(theirs) == [False, False] and receiver.dmarc(theirs, path(RELAY)) != "pass"
