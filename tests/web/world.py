"""A site with a real store, some items and one subscriber, on a listener of its own."""

import asyncio
import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from starlette.types import ASGIApp

from alerts.domain.collected import PollResult
from alerts.domain.feeds import Feed
from alerts.domain.identity import content_hash
from alerts.domain.items import Contrary, Dated, Finding, Item, ItemQuery, Judgement, Obligation, Revision
from alerts.domain.people import Contact, Subscription
from alerts.domain.requests import Answered, NewRequest, Purpose
from alerts.domain.tokens import Tokens
from alerts.domain.vocabulary import (
    DateOrigin,
    Event,
    FeedType,
    Kind,
    Language,
    Outcome,
    Right,
    Role,
    Severity,
)
from alerts.domain.watches import Criteria
from alerts.flow.admins import Enrolled
from alerts.flow.moving import ask_to_move
from alerts.match.criteria import criteria_hash
from alerts.store import Store, Wish
from alerts.web import Site, create_app, create_machine_app, listening
from tests.clocks import NOON, MovedClock
from tests.databases import migrated_file
from tests.web.office import an_office

SUBSCRIBER = "legal@firm.example"
FEED = Feed(
    id="us-office",
    name={Language.ENGLISH: "US office", Language.CHINESE: "美国主管机关"},
    type=FeedType.FEED,
    url="https://office.example/feed",
    jurisdiction="US",
)
QUIET = Feed(
    id="th-office",
    name={Language.ENGLISH: "Thai office", Language.CHINESE: "泰国主管机关"},
    type=FeedType.PAGE,
    url="https://th.example/news",
    jurisdiction="TH",
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a listener answered; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class World:
    """A store in a file with everything that the pages read from."""

    site: Site
    path: Path
    public_id: str
    clock: MovedClock
    items: Mapping[str, int] = field(default_factory=dict)  # id by key
    keys: dict[str, Enrolled] = field(default_factory=dict)  # of admins, by name
    requests: tuple[str, ...] = ()  # public ids: to join, for access, and one that was used

    @property
    def matter(self) -> int:
        """Return the matter of the first and the last of the items."""
        [found] = self.site.store.matters.newest()
        return found.id

    @property
    def token(self) -> str:
        """Return the subscriber's unsubscribe token."""
        return self.site.tokens.unsubscribe(self.public_id)

    @property
    def calendar(self) -> str:
        """Return the token of the subscriber's calendar."""
        return self.site.tokens.calendar(self.public_id, 0)

    def asked(self, door: str, route: str) -> str:
        """Return the address of a request of the subscriber's, made when the world was."""
        keys = dict(zip(("confirm", "access", "my", "keep"), self.requests, strict=True))
        tokens, end = self.site.tokens, int(self.site.clock.now().timestamp()) + 600
        token = tokens.session(keys[door], end) if door == "my" else tokens.request(keys[door])
        contact = self.site.store.subscribers.contact(SUBSCRIBER)
        assert contact is not None
        return route.format(token=token, session=token, number=contact.watches[0].id)

    @property
    def active(self) -> bool:
        """Return whether the subscriber is still told."""
        endpoint = self.site.store.subscribers.endpoint(self.public_id)
        assert endpoint is not None
        return endpoint.active

    def fingerprint(self) -> str:
        """Return a hash over every row of every table."""
        with sqlite3.connect(self.path) as connection:
            text = "\n".join(connection.iterdump())
        connection.close()
        return sha256(text.encode()).hexdigest()


def a_revision(key: str, title: str, severity: Severity = Severity.LOW, **judged: object) -> Revision:
    """Return a patent notice of the US office, published an hour before noon."""
    item = Item(
        key=key,
        title=title,
        summary=str(judged.pop("summary", "A summary.")),
        url=f"https://office.example/{key}",
        language=str(judged.pop("language", "en")),
        publisher="The office",
        jurisdiction="US",
        published=Dated(NOON - timedelta(hours=1), DateOrigin.SOURCE),
    )
    values: dict[str, object] = {
        "relevant": True,
        "kind": Kind.LEGAL_RULE,
        "event": Event.RULE,
        "severity": severity,
        "rights": (Right.PATENT,),
        "jurisdictions": ("US",),
    }
    judgement = Judgement(**(values | judged))  # type: ignore[arg-type]  # a test names what it is about
    return Revision(item, judgement, content_hash(item))


CRITICAL = a_revision(
    "337",
    "Exclusion order on <b>power stations</b>",
    Severity.CRITICAL,
    kind=Kind.RISK_WARNING,
    event=Event.EXCLUSION,
    summary="First paragraph.\nSecond paragraph.",
    obligations=(
        Obligation(
            Role.COMMENTS_CLOSE,
            date(2026, 2, 1),
            stated=True,
            basis="field comments_close_on",
            against=(Contrary(date(2026, 1, 30), "comments are due January 30"),),
        ),
        Obligation(
            Role.RESPONSE_DUE,
            date(2026, 3, 12),
            stated=False,
            basis="20 days after service, 19 CFR 210.13(a)",
        ),
    ),
    identifiers=("337-TA-1417", "90 FR 12345"),
    findings=(
        Finding("kind", "risk-warning", ("exclusion order",), 0.9),
        Finding("jurisdiction", "US", ("feed: us-office",), 1.0),
    ),
)
RULE = a_revision("rule", "Fees rise", Severity.MODERATE)
CHINESE = a_revision(
    "zh",
    "关于商标的通知",
    Severity.HIGH,
    language="zh-Hans",
    rights=(Right.TRADEMARK,),
    jurisdictions=("CN",),
)


def settled(path: Path, revisions: tuple[Revision, ...] = (CRITICAL, RULE, CHINESE)) -> Path:
    """Write a database with two feeds, what one of them brought, and one subscriber; return its path.

    The first and the last of three or more are of one matter.
    """
    shutil.copy(migrated_file(), path)  # quicker than to migrate
    store = Store.open(f"sqlite:///{path}")
    store.feeds.sync([FEED, QUIET], NOON)
    ids = poll(store, revisions)
    if len(ids) > 2:
        store.matters.join(Wish((ids[0], ids[-1]), "anna", "one event", NOON))
    wish = Criteria(regions=("US",))
    subscription = Subscription("Example GmbH", SUBSCRIBER, wish, language=Language.ENGLISH)
    store.subscribers.subscribe(subscription, NOON, NOON, criteria_hash(wish))
    ask(store, subscription)
    store.close()
    return path


def ask(store: Store, subscription: Subscription) -> None:
    """Let the subscriber ask for more, and for links to the settings, of which the older one was used."""
    wishes = [(Purpose.JOIN, 60), (Purpose.ACCESS, 60), (Purpose.ACCESS, 5)]
    for purpose, minutes in wishes:
        wish = NewRequest(
            purpose,
            SUBSCRIBER,
            Language.ENGLISH,
            str(minutes),
            subscription if purpose is Purpose.JOIN else None,
        )
        assert store.requests.ask(wish, NOON - timedelta(minutes=minutes)) is Answered.TAKEN
    contact = store.subscribers.contact(SUBSCRIBER)
    assert contact is not None
    move_to(store, contact, "moved@firm.example", NOON - timedelta(minutes=30))
    mailed = store.requests.claim(NOON, 10)
    for request in mailed:
        store.requests.done(request.id)
    for request in mailed:
        if request.expires_at <= NOON:
            store.requests.use(request, NOON - timedelta(minutes=50), owes=False)


def move_to(store: Store, contact: Contact, address: str, at: datetime) -> None:
    """Let a contact ask that its alerts go to another address."""
    place = (contact, contact.endpoints[0])
    assert ask_to_move(store, place, address, "move", (at, 1000)) is Answered.TAKEN


def asked(path: Path) -> tuple[str, ...]:
    """Return the public ids of the requests: to join, for access, the one that was used, and the notice of a move."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT public_id, purpose, used_at, body FROM account_request").fetchall()
    connection.close()
    kinds = {}
    for key, purpose, used, text in rows:
        body = json.loads(text or "null") or {}
        kind = "join" if purpose == "join" else "my" if used else "keep" if "undoes" in body else "access"
        kinds |= {} if body.get("moves") else {kind: key}
    return kinds["join"], kinds["access"], kinds["my"], kinds["keep"]


@contextmanager
def a_world(path: Path, public_url: str = "http://localhost") -> Iterator[World]:
    """Yield the world of a settled database; its clock stands at noon."""
    clock, store = MovedClock(), Store.open(f"sqlite:///{path}")
    feeds = {feed.id: feed for feed in (FEED, QUIET)}
    store.search.catch_up()
    keys = {stored.item.key: stored.id for stored in store.items.query(ItemQuery()).items}
    contact = store.subscribers.contact(SUBSCRIBER)
    assert contact is not None
    office = an_office(store)
    site = Site(
        store, lambda: feeds, Tokens((b"k" * 32,)), clock, public_url, "desk@operator.example", office=office
    )
    try:
        yield World(site, path, contact.endpoints[0].public_id, clock, keys, requests=asked(path))
    finally:
        store.close()


def poll(store: Store, revisions: tuple[Revision, ...]) -> tuple[int, ...]:
    """Store what a good poll of the US office saw; return the ids of new items."""
    [claim] = store.feeds.claim(NOON, 1, "test", ids=(FEED.id,), due_only=False)
    later = NOON + timedelta(hours=1)
    return store.feeds.finish(
        claim, PollResult(Outcome.OK, NOON, NOON, later, revisions=revisions)
    ).new_item_ids


def fail(store: Store, at: datetime) -> None:
    """Store that the US office could not be reached."""
    [claim] = store.feeds.claim(at, 1, "test", ids=(FEED.id,), due_only=False)
    store.feeds.finish(
        claim, PollResult(Outcome.CONNECTION, at, at, at + timedelta(hours=1), detail="refused")
    )


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Yield ``host:port`` of a listener that answers with ``app``, in a thread of its own."""
    ready, stop, found = threading.Event(), threading.Event(), []

    async def run() -> None:
        async with listening(app, "127.0.0.1", 0) as url:
            found.append(urlsplit(url).netloc)
            ready.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(10)
    try:
        yield found[0]
    finally:
        stop.set()
        thread.join()


@dataclass(frozen=True, slots=True)
class Browser:
    """Asks one listener; each question on a connection of its own."""

    place: str
    timeout: float = 10  # seconds

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Return the answer to one request."""
        connection = HTTPConnection(self.place, timeout=self.timeout)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer: HTTPResponse = connection.getresponse()
            fields = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, fields, answer.read().decode())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        """Return the answer to a GET; header names are written with underscores."""
        return self.ask(
            "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    def post(self, path: str, **fields: str) -> Reply:
        """Return the answer to a form post."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(fields).encode(), kind)


@contextmanager
def browsing(site: Site, *, inner: bool = False) -> Iterator[Browser]:
    """Yield a browser of the public site or of the inner listener."""
    with serving(create_machine_app(site) if inner else create_app(site)) as place:
        yield Browser(place)
