"""Endpoints that are posted to stand apart: one that never answers holds nobody up, and a kill repeats the same message."""

import json
from collections.abc import Iterator

import pytest

from tests.deployment import KILL, Deployment, Entry, rss, until
from tests.servers import Answer, Seen, SourceServer, source_server, stall

OLD = Entry("Patent notice one", "p0", "Mon, 02 Mar 2020 09:00:00 GMT", "About patents.")
NEWS = Entry(
    "Patent office closed on 9 March 2026",
    "n1",
    "Mon, 02 Mar 2026 15:00:00 GMT",
    "The patent office is closed.",
)


def echo(seen: Seen) -> Answer:
    """Answer as a receiver that knows the challenge."""
    data = json.loads(seen.body).get("data", {})
    return Answer(200, json.dumps({"challenge": data.get("challenge", "")}).encode())


@pytest.fixture
def hooks(service: Deployment) -> Iterator[SourceServer]:
    """Three webhooks of a contact, each with a message due, as the mail is."""
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us", "US", "/us.xml"))
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z", rhythm="immediate")
    paths = ("/slow", "/dead", "/well")
    with source_server(dict.fromkeys(paths, echo)) as server:
        service.settings["ALERTS_PRIVATE_HOSTS"] = f"127.0.0.1:{server.port}"
        for number, path in enumerate(paths, start=2):
            words = ("--channel", "webhook", "--address", server.url(path))
            service.good("endpoints", "add", "ip@acme.example", *words)
            service.good("endpoints", "verify", str(number), "--at", "2026-03-01T00:00Z")
        service.round("2026-03-01T10:00Z")
        service.source.answers["/us.xml"] = rss(NEWS, OLD)
        service.good("run", "--once", "--roles", "poll,match,build", "--at", "2026-03-02T15:05Z")
        yield server


def told(hooks: SourceServer, path: str) -> list[Seen]:
    """Return what an endpoint was posted besides its challenge."""
    return [one for one in hooks.requests if one.target == path][1:]


def test_a_slow_endpoint_holds_nobody_up_and_gets_the_same_message_again_after_a_kill(
    service: Deployment, hooks: SourceServer
) -> None:
    hooks.answers |= {"/slow": stall(), "/dead": Answer(500)}
    with service.daemon("--no-web", "--roles", "send") as process:
        until(lambda: all(told(hooks, path) for path in ("/slow", "/dead", "/well")))
        until(lambda: service.mails("ip@acme.example"))
        process.send_signal(KILL)
        process.wait(10)
    hooks.answers |= {"/slow": echo, "/dead": echo}
    with service.daemon("--no-web", "--roles", "send"):
        until(lambda: len(told(hooks, "/slow")) == len(told(hooks, "/dead")) == 2)

    for path in ("/slow", "/dead"):
        first, second = told(hooks, path)
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert first.body == second.body
    assert len(told(hooks, "/well")) == len(service.mails("ip@acme.example")) == 1
