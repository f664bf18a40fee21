"""Where hubs call: what is verified, what is taken for a push, and what a stranger can do there."""

import hmac
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI

from alerts.domain.collected import PollResult
from alerts.domain.push import Asking, Offer, Pushed
from alerts.domain.vocabulary import Outcome
from alerts.web.push import MAX_BODY, MOST_A_MINUTE, Calls, PushDoor
from tests.clocks import NOON
from tests.web.world import FEED, QUIET, Browser, Reply, World, browsing, serving

PUSHED = replace(FEED, websub=True)
TOPIC = "https://office.example/feed?a=1&b=ü"
BODY = b"<feed>news</feed>" * 5000  # more than a form may be
CHALLENGE = "ch%20all<enge>&=é"
GUESS = "A" * 43


@dataclass(frozen=True)
class Called:
    """A subscription that was asked for, and a browser that plays the hub."""

    world: World
    hub: Browser
    asking: Asking

    @property
    def path(self) -> str:
        return f"/push/{self.asking.key}"

    def ask(self, path: str | None = None, **changes: str | None) -> Reply:
        fields = {
            "mode": "subscribe",
            "topic": TOPIC,
            "challenge": CHALLENGE,
            "lease_seconds": "864000",
        } | changes
        query = urlencode({f"hub.{name}": value for name, value in fields.items() if value is not None})
        return self.hub.get(f"{path or self.path}?{query}")

    def push(self, seal: str | None, body: bytes = BODY, path: str | None = None) -> Reply:
        return self.hub.ask("POST", path or self.path, body, {"X-Hub-Signature": seal} if seal else {})

    def sealed(self, method: str = "sha256", secret: str | None = None, body: bytes = BODY) -> str:
        return f"{method}={hmac.new((secret or self.asking.secret).encode(), body, method).hexdigest()}"

    def row(self) -> Pushed:
        (pushed,) = self.world.site.store.push.all()
        return pushed

    def due(self) -> datetime:
        state = self.world.site.store.feeds.state(FEED.id)
        assert state is not None
        return state.next_poll_at


@pytest.fixture
def called(world: World) -> Iterator[Called]:
    store = world.site.store
    store.push.sync([PUSHED, QUIET], NOON)
    (claim,) = store.feeds.claim(NOON, 1, "test", ids=(FEED.id,), due_only=False)
    offer = Offer(("https://hub.example/",), TOPIC)
    store.feeds.finish(claim, PollResult(Outcome.OK, NOON, NOON, NOON + timedelta(hours=1), offer=offer))
    world.clock.move(timedelta(minutes=10))
    (asking,) = store.push.claim(world.clock.now())
    site = replace(world.site, feeds=lambda: {FEED.id: PUSHED})
    with browsing(site) as hub:
        yield Called(world, hub, asking)


def test_the_challenge_comes_back_byte_for_byte_as_plain_text(called: Called) -> None:
    answer = called.ask()

    assert (answer.status, answer.text) == (200, CHALLENGE)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert (
        answer.headers["x-content-type-options"] == "nosniff"
        and answer.headers["cache-control"] == "no-store"
    )
    assert called.row().expires_at == called.world.clock.now() + timedelta(days=10)


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "https://other.example/feed"},
        {"topic": TOPIC + "#x"},
        {"topic": None},
        {"mode": "unsubscribe"},
        {"mode": "publish"},
        {"mode": None},
        {"challenge": None},
        {"challenge": ""},
        {"lease_seconds": "-5"},
        {"lease_seconds": "0"},
        {"lease_seconds": "a lot"},
        {"path": f"/push/{GUESS}"},
        {"path": "/push/x"},
        {"path": "/push/%00"},
        {"path": "/push/" + "A" * 3000},
    ],
)
def test_every_other_question_is_answered_not_found_and_changes_nothing(
    called: Called, wrong: dict[str, str | None]
) -> None:
    before = called.world.fingerprint()
    answer = called.ask(**wrong)

    assert answer.status == 404 and CHALLENGE not in answer.text
    assert called.world.fingerprint() == before


def test_a_challenge_is_not_answered_twice(called: Called) -> None:
    called.ask()
    assert called.ask(challenge="another").status == 404
    called.world.clock.move(timedelta(minutes=11))
    assert called.ask().status == 404, "a replay"


def test_a_denial_is_understood(called: Called) -> None:
    assert called.ask(mode="denied", challenge=None, reason="we do not\nserve it").status == 200
    assert called.row().denied_at and called.row().detail == "we do not serve it"


@pytest.mark.parametrize("method", ["sha256", "sha384", "sha512"])
def test_a_sealed_push_makes_the_feed_due_and_is_not_kept(called: Called, method: str) -> None:
    called.ask()
    assert called.push(called.sealed(method)).status == 202

    assert called.due() == called.world.clock.now()
    assert called.row().refused == 0
    assert b"<feed>news" not in called.world.path.read_bytes()


@pytest.mark.parametrize(
    "seal",
    [
        lambda c: None,
        lambda c: "",
        lambda c: "sha256=",
        lambda c: "sha256=" + "0" * 64,
        lambda c: c.sealed(secret="guess"),
        lambda c: c.sealed(body=BODY + b"x"),
        lambda c: c.sealed("sha1"),
        lambda c: c.sealed("md5"),
        lambda c: c.sealed().replace("sha256", "sha512"),
        lambda c: c.sealed() + ", sha1=00",
        lambda c: c.sealed("sha1") + ", " + c.sealed(secret="guess"),
        lambda c: "sha256=" + "é" * 64,
    ],
)
def test_a_bad_or_missing_seal_is_acknowledged_counted_and_dropped(called: Called, seal: object) -> None:
    called.ask()
    before = called.due()
    written = seal(called)  # type: ignore[operator]
    answer = called.push(written.encode().decode("latin-1") if written else written)

    assert answer.status == 202, "the same answer as to a good one"
    assert called.due() == before and called.row().refused == 1


def test_sha1_counts_only_where_the_feed_says_so(called: Called) -> None:
    called.ask()
    old = replace(PUSHED, websub_sha1=True)
    with browsing(replace(called.world.site, feeds=lambda: {FEED.id: old})) as hub:
        assert replace(called, hub=hub).push(called.sealed("sha1")).status == 202
    assert called.due() == called.world.clock.now()


def test_a_push_to_a_guessed_callback_is_not_found_whatever_it_brings(called: Called) -> None:
    before = called.world.fingerprint()
    assert called.push(called.sealed(), path=f"/push/{GUESS}").status == 404
    assert called.push(None, path="/push/..%2fu").status == 404
    assert called.world.fingerprint() == before


def test_a_huge_body_ends_at_the_limit(called: Called) -> None:
    called.ask()
    body = bytes(MAX_BODY + 1)
    try:
        status = called.push(called.sealed(body=body), body).status
    except (BrokenPipeError, ConnectionResetError):  # the rest was not even taken
        status = 413
    assert status == 413 and called.due() != called.world.clock.now()


def test_a_slow_body_is_given_up(called: Called) -> None:
    app = FastAPI()
    app.include_router(PushDoor(called.world.site, patience=0.05).routes())
    with serving(app) as place:
        host, _, port = place.partition(":")
        with socket.create_connection((host, int(port)), timeout=10) as line:
            head = f"POST {called.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
            line.sendall(head.encode() + b"slow")
            assert line.recv(100).startswith(b"HTTP/1.1 408")


def test_a_storm_is_slowed_down_after_two_calls_a_second() -> None:
    ticks = [0.0]
    calls = Calls(lambda: ticks[0])

    assert sum(calls.admit("a") for _ in range(1000)) == MOST_A_MINUTE
    assert calls.admit("b"), "another subscription is not slowed down"
    ticks[0] = 60.0
    assert calls.admit("a")


def test_a_storm_makes_one_poll(called: Called) -> None:
    called.ask()
    answers = {called.push(called.sealed(body=b"x"), b"x").status for _ in range(MOST_A_MINUTE + 5)}
    assert answers == {202, 429}

    feeds, now = called.world.site.store.feeds, called.world.clock.now()
    assert [claim.feed_id for claim in feeds.claim(now, 5, "test", ids=(FEED.id,))] == [FEED.id]
    assert feeds.claim(now, 5, "test", ids=(FEED.id,)) == []


def test_no_page_names_a_callback_or_a_secret(called: Called) -> None:
    called.ask()
    for path in ("/", "/items"):
        text = called.hub.get(path).text
        assert called.asking.key not in text and called.asking.secret not in text
