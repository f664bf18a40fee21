"""Hubs are asked like everybody else: through the guard, within limits, once."""

import asyncio
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from alerts.domain.push import Asking, HubAnswer, PushMode
from alerts.fetch import HubAsker
from alerts.net import Client
from tests.clocks import NOON, MovedClock
from tests.servers import Answer, Seen, SourceServer, endless, redirect, source_server

ASKING = Asking(
    "k" * 43,
    "us",
    "",
    "https://us.example/feed?a=1&b=2",
    PushMode.SUBSCRIBE,
    NOON,
    1,
    private=True,
    secret="s" * 43,
)


def asked(url: str, asking: Asking = ASKING, *, private: bool = True) -> HubAnswer:
    async def run() -> HubAnswer:
        async with Client("test") as client:
            hubs = HubAsker(client, MovedClock(), lambda key: f"https://alerts.example/push/{key}")
            return await hubs.ask(replace(asking, hub=url, private=private))

    return asyncio.run(run())


def form(seen: Seen) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(seen.body.decode(), strict_parsing=True).items()}


@pytest.fixture
def server() -> object:
    with source_server() as running:
        yield running


def test_the_request_is_a_form_with_all_that_the_recommendation_names(server: SourceServer) -> None:
    server.answers["/hub"] = Answer(202)
    assert asked(server.url("/hub?x=1")) == HubAnswer(accepted=True)

    (seen,) = server.requests
    assert (seen.method, seen.target) == ("POST", "/hub?x=1")
    assert seen.headers["content-type"] == "application/x-www-form-urlencoded"
    assert form(seen) == {
        "hub.mode": "subscribe", "hub.topic": ASKING.topic, "hub.callback": f"https://alerts.example/push/{ASKING.key}",
        "hub.secret": ASKING.secret, "hub.lease_seconds": "864000", "hub.verify": "async",
    }  # fmt: skip


def test_leaving_tells_no_secret(server: SourceServer) -> None:
    server.answers["/hub"] = Answer(202)
    asked(server.url("/hub"), replace(ASKING, mode=PushMode.UNSUBSCRIBE))
    assert form(server.requests[0])["hub.mode"] == "unsubscribe"
    assert "hub.secret" not in form(server.requests[0])


@pytest.mark.parametrize(
    ("answer", "final", "detail"),
    [
        (Answer(400, b"bad\ntopic"), True, "the hub answered 400: bad topic"),
        (Answer(404), True, "the hub answered 404"),
        (Answer(500, b"\xff\x00"), False, "the hub answered 500"),
        (redirect("/else", 301), False, "the hub answered 301: leads to /else"),
        (Answer(429, headers={"Retry-After": "600"}), False, "the hub answered 429"),
        (endless(), False, ""),
    ],
)
def test_what_is_not_taken_says_why(server: SourceServer, answer: Answer, final: bool, detail: str) -> None:
    server.answers["/hub"] = answer
    found = asked(server.url("/hub"))
    if answer.status == 200:
        assert found.accepted, "the answer's body is nobody's concern, and cut"
        return
    assert (found.accepted, found.final) == (False, final) and found.detail.startswith(detail)
    assert (found.retry_at is not None) == (answer.status == 429)


def test_a_redirect_that_keeps_the_request_is_followed_and_no_other(server: SourceServer) -> None:
    server.answers |= {"/hub": redirect("/new", 308), "/new": redirect("/last", 307), "/last": Answer(202)}
    assert asked(server.url("/hub")).accepted
    assert [form(seen)["hub.mode"] for seen in server.requests] == ["subscribe"] * 3

    server.answers["/last"] = redirect("/hub", 307)
    assert "redirects more than 3 times" in asked(server.url("/hub")).detail


def test_a_hub_in_a_private_network_is_not_reached_without_permission(server: SourceServer) -> None:
    for url in (
        server.url("/hub"),
        "http://127.0.0.1/hub",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "http://localhost/",
    ):
        found = asked(url, private=False)
        assert not found.accepted and found.detail
    assert server.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://hub.example:6379/",
        "https://hub.example:25/",
        "http://hub.example:x/",
        "http://a@hub.example/",
        "file:///etc",
    ],
)
def test_a_hub_on_a_strange_port_or_with_a_doubtful_address_is_not_asked(url: str) -> None:
    assert not asked(url, private=False).accepted


def test_a_redirect_into_a_private_network_is_judged_anew(server: SourceServer) -> None:
    server.answers["/hub"] = redirect("http://169.254.169.254/latest", 307)
    assert not asked(server.url("/hub")).accepted, "metadata addresses are never dialled"
