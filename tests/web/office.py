"""Admins for tests: entered and logged in through the same doors as everybody, with passwords that are cheap to check."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from alerts.deliver import Sealing
from alerts.domain import totp
from alerts.domain.audit import Act, Actor, AuditLine, AuditQuery
from alerts.domain.collected import Document
from alerts.domain.digests import Receipt
from alerts.domain.errors import FetchError
from alerts.domain.feeds import Feed
from alerts.domain.review import SEVERE, Hold
from alerts.domain.vocabulary import DeliveryState, Outcome, Severity
from alerts.flow.admins import Enrolled, Gate, enrol
from alerts.flow.trying import Tried
from alerts.passwords import Passwords
from alerts.store import Daemon, Store, address_hash
from alerts.web import Office
from tests.clocks import NOON
from tests.contract.steps import a_digest, take_one

if TYPE_CHECKING:
    from tests.web.world import Browser, Reply, World

PASSWORD = "a long walk by the river"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def an_office(store: Store) -> Office:
    """Return what admins' pages need; sources answer with one item, those of Thailand not at all."""
    gate = Gate(store, Passwords((1, 32)), Sealing(b"k" * 32, b"test"), secrets.token_bytes)
    return Office(gate, look)


async def look(feed: Feed) -> Tried:
    """Return what a source answers in tests."""
    from tests.web.world import a_revision

    if feed.jurisdiction == "TH":
        raise FetchError(Outcome.CONNECTION, "th.example refused the connection")
    document = Document(feed.url, feed.url, 200, {"content-type": "application/atom+xml"}, b"x" * 1234, NOON)
    return Tried(document, 2, (a_revision("one", "A new rule"), a_revision("two", "Another <b>rule</b>")))


@dataclass
class Visitor:
    """Somebody with a browser: keeps its cookie and sends forms as pages do. ``name`` is who logs in."""

    world: "World"
    browser: "Browser"
    name: str = "Li"
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def given(self) -> Enrolled:
        """Return the keys of the admin, who is entered at first need."""
        office = self.world.site.office
        assert office is not None
        if self.name not in self.world.keys:
            self.world.keys[self.name] = enrol(office.gate, self.name, PASSWORD, Actor("root"), NOON)
        return self.world.keys[self.name]

    def code(self, at: datetime | None = None) -> str:
        """Return what the authenticator shows."""
        from base64 import b32decode

        return totp.code(b32decode(self.given.secret), totp.step_of(at or self.world.clock.now()))

    def log_in(self, **values: str) -> "Reply":
        """Return the answer to a log-in; what is not given is right."""
        right = {"name": self.name, "password": PASSWORD, "code": self.code()}
        return self.send("/admin/login", right | values)

    def get(self, path: str, **headers: str) -> "Reply":
        """Return a page."""
        return self.ask("GET", path, None, headers)

    def post(self, path: str, **fields: str) -> "Reply":
        """Return the answer to a form of the page itself, with its word."""
        return self.send(path, {"csrf": self.word(), **fields})

    def send(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] = FORM) -> "Reply":
        """Return the answer to a form with just these fields and headers."""
        return self.ask("POST", path, urlencode(fields).encode(), headers)

    def word(self) -> str:
        """Return what this session's forms carry."""
        found = re.search(r'name="csrf" value="(\w+)"', self.get("/admin/sessions").text)
        return found[1] if found else ""

    def lines(self) -> list[AuditLine]:
        """Return the audit log, the oldest line first."""
        return list(reversed(self.world.site.store.audit.page(AuditQuery(limit=500)).lines))

    def acts(self) -> list[Act]:
        """Return what was done, without how admins were entered."""
        return [line.act for line in self.lines() if line.act is not Act.ADMIN_ADDED]

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> "Reply":
        """Return the answer to any request, with the cookie."""
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.browser.ask(
            method, path, body, {**(headers or {}), **({"Cookie": kept} if kept else {})}
        )
        if given := answer.headers.get("set-cookie"):
            name, _, value = given.partition(";")[0].partition("=")
            self.cookies.pop(name, None)
            if value.strip('"'):
                self.cookies[name] = value
        return answer


@dataclass(frozen=True, slots=True)
class Furnished:
    """Numbers of what there is to look at: an item that waits for two editors, a delivery that failed, a dead address."""

    item: int
    delivery: int
    endpoint: int

    def filled(self, route: str) -> str:
        """Return the address of a room."""
        numbers = {"review": self.item, "deliveries": self.delivery, "suppressions": self.endpoint}
        kind = route.split("/")[2] if route.count("/") > 1 else ""
        return route.format(number=numbers.get(kind, 0), feed_id="us-office")


def furnish(store: Store, needed: int = 2) -> Furnished:
    """Put into a world what admins look at."""
    from tests.web.world import SUBSCRIBER, a_revision, poll

    held = a_revision("held", "A <b>seizure</b> order", Severity.CRITICAL)
    poll(store, (replace(held, hold=Hold(SEVERE, needed, timedelta(hours=12))),))
    (waiting,) = store.desk.waiting()
    contact = store.subscribers.contact(SUBSCRIBER)
    assert contact is not None
    endpoint = contact.endpoints[0]
    assert store.digests.write(a_digest(endpoint, ()), NOON + timedelta(days=1))
    claim = take_one(store, NOON)
    assert store.deliveries.started(claim, NOON)
    receipt = Receipt(DeliveryState.FAILED, "rcpt", 550, "5.1.1 no such <user>")
    assert store.deliveries.finish(claim, receipt, NOON)
    store.ledger.suppress(address_hash(SUBSCRIBER), "email", "dead-address", NOON)
    store.status.beat(
        Daemon("host:7", "host", 7, ("build", "match", "poll", "send"), "0.1.0", NOON, NOON), NOON
    )
    return Furnished(waiting.stored.id, claim.id, endpoint.id)
