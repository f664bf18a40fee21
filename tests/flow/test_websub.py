"""A hub that verifies and pushes, seen from outside: from a push to the stored item before the next scheduled poll."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.deployment import Deployment, Entry, free_port, rss, until
from tests.servers import Answer, Seen

BODY = b"<feed>whatever the hub says is not read</feed>"


@dataclass
class Hub:
    """A scripted hub on the source server; it calls back when the test says so."""

    service: Deployment
    asked: list[dict[str, str]] = field(default_factory=list)

    def take(self, seen: Seen) -> Answer:
        self.asked.append({name: value for name, (value,) in parse_qs(seen.body.decode()).items()})
        return Answer(202)

    def verify(self, lease: str = "864000", **changes: str) -> tuple[int, str]:
        asked = self.asked[-1]
        fields = {
            "hub.mode": asked["hub.mode"],
            "hub.topic": asked["hub.topic"],
            "hub.challenge": "c-1",
            "hub.lease_seconds": lease,
        }
        return self._call("GET", "?" + urlencode(fields | changes))

    def push(self, seal: str | None = None) -> int:
        good = hmac.new(self.asked[0]["hub.secret"].encode(), BODY, "sha256").hexdigest()
        return self._call("POST", "", BODY, {"X-Hub-Signature": seal or f"sha256={good}"})[0]

    def _call(
        self, method: str, query: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        callback = urlsplit(self.asked[-1]["hub.callback"])
        connection = HTTPConnection(callback.netloc, timeout=10)
        try:
            connection.request(method, callback.path + query, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


def entry(name: str) -> Entry:
    return Entry(
        f"Trademark notice {name}", name, format_datetime(datetime.now(UTC) - timedelta(hours=1)), "On marks."
    )


def publish(service: Deployment, *names: str, inside: bool = False) -> None:
    """Put a document there that names the hub and a self on another host, in its headers or ``inside``."""
    plain = rss(*map(entry, names))
    assert isinstance(plain.headers, dict) and isinstance(plain.body, bytes)
    if inside:
        atom = "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='{}' href='{}'/>"
        links = atom.format("hub", service.source.url("/hub")) + atom.format(
            "self", "https://cdn.example/us.xml"
        )
        body = plain.body.replace(b"<channel>", b"<channel>" + links.encode())
        service.source.answers["/us.xml"] = Answer(body=body, headers=plain.headers)
        return
    link = f'<{service.source.url("/hub")}>; rel="hub", <https://cdn.example/us.xml>; rel="self"'
    service.source.answers["/us.xml"] = Answer(body=plain.body, headers=plain.headers | {"Link": link})


@contextmanager
def pushed(service: Deployment, *, inside: bool = False) -> Iterator[Hub]:
    """Yield a hub that was asked by a daemon that is still running; the feed was read ten minutes ago and is due in hours."""
    hub, site, inner = Hub(service), free_port(), free_port()
    service.source.answers["/hub"] = hub.take
    service.settings |= {
        "ALERTS_PUBLIC_URL": f"http://127.0.0.1:{site}",
        "ALERTS_LISTEN": f"127.0.0.1:{site}",
        "ALERTS_METRICS_LISTEN": f"127.0.0.1:{inner}",
    }
    publish(service, "a", "b", inside=inside)
    service.feeds(service.feed("us", "US", "/us.xml", interval="6h", websub="true"))
    service.round((datetime.now(UTC) - timedelta(minutes=10)).isoformat(timespec="seconds"))
    with service.daemon():
        until(lambda: "web.listening" in service.log())
        yield hub


def told(service: Deployment) -> dict[str, object]:
    """Return what `alerts status` says of the one subscription."""
    (line,) = [line for line in service.alerts("status", "--format", "json").lines if line["what"] == "push"]
    return line


def scheduled(service: Deployment) -> object:
    (feed,) = [line for line in service.alerts("status", "--format", "json").lines if line["what"] == "feed"]
    return feed["next_poll"]


def titles(service: Deployment) -> set[object]:
    return {line["title"] for line in service.good("items", "--format", "json").lines}


def polls(service: Deployment) -> int:
    return sum(seen.target == "/us.xml" for seen in service.source.requests)


def test_from_a_push_to_the_stored_item_long_before_the_next_scheduled_poll(service: Deployment) -> None:
    with pushed(service) as hub:
        (asked,) = hub.asked
        assert (asked["hub.mode"], asked["hub.topic"]) == ("subscribe", "https://cdn.example/us.xml")
        assert asked["hub.lease_seconds"] == "864000" and len(asked["hub.secret"]) < 200
        assert told(service)["state"] == "asked"

        assert hub.verify(**{"hub.topic": "https://else.example"})[0] == 404
        assert hub.verify() == (200, "c-1")
        assert told(service)["state"] == "verified"

        publish(service, "a", "b", "c")
        before, due = polls(service), scheduled(service)
        assert hub.push(seal="sha256=" + "0" * 64) == 202, "acknowledged and dropped"
        assert {hub.push() for _ in range(20)} == {202}
        until(lambda: "Trademark notice c" in titles(service))

        line = told(service)
        assert (line["hits"], line["refused"]) == (1, 1)
        assert polls(service) - before == 1, "a storm makes one poll"
        assert service.source.requests[-1].headers["if-none-match"], "a conditional one"
        assert scheduled(service) <= due, "the poll that was due anyway is not postponed"
        assert asked["hub.secret"] not in service.log() and asked["hub.callback"] not in service.log()


def test_a_feed_that_leaves_the_catalogue_leaves_its_hub(service: Deployment) -> None:
    with pushed(service, inside=True) as hub:
        hub.verify()
        service.source.answers["/de.xml"] = rss(entry("x"))
        service.feeds(service.feed("de", "DE", "/de.xml"))
        until(lambda: len(hub.asked) == 2)

        assert hub.asked[1]["hub.mode"] == "unsubscribe" and "hub.secret" not in hub.asked[1]
        assert hub.asked[1]["hub.callback"] == hub.asked[0]["hub.callback"]
        assert hub.verify(**{"hub.mode": "subscribe"})[0] == 404
        assert hub.verify() == (200, "c-1")
        assert hub.push() == 404, "the callback is gone"


def test_without_a_public_address_no_hub_is_asked_and_the_admin_is_told(service: Deployment) -> None:
    hub = Hub(service)
    service.source.answers["/hub"] = hub.take
    service.settings["ALERTS_PUBLIC_URL"] = ""
    publish(service, "a")
    service.feeds(service.feed("us", "US", "/us.xml", websub="true"))
    service.good("run", "--once")

    assert hub.asked == []
    checked = service.good("check", "feeds.yaml")
    assert "feeds.yaml:10:13: warning[no-public-url]: us.websub: No hub can call this service" in checked.out
    doctor = service.alerts("doctor", "--format", "json").lines
    assert [line["state"] for line in doctor if line["part"] == "websub"] == ["wrong"]


@pytest.mark.parametrize("style", ["text", "json"])
def test_the_list_of_feeds_says_how_a_pushed_one_stands(service: Deployment, style: str) -> None:
    publish(service, "a")
    service.feeds(service.feed("us", "US", "/us.xml", websub="true"), service.feed("de", "DE", "/de.xml"))
    assert "websub" in service.good("feeds", "list", "--format", "json").out
    service.source.answers |= {"/hub": Answer(403, b"not here"), "/de.xml": rss(entry("x"))}
    service.good("run", "--once")

    said = service.good("feeds", "list", "--format", style).out
    assert "the hub answered 403: not here" in said if style == "json" else "us" in said


def test_the_operator_hears_of_a_feed_that_no_hub_tells_of_for_days(service: Deployment) -> None:
    publish(service, "a")
    service.source.answers["/hub"] = Answer(403, b"not here")
    service.feeds(service.feed("us", "US", "/us.xml", websub="true"))
    for day in (2, 3, 4, 6):
        service.round(f"2026-03-0{day}T12:00:00+00:00")

    status = service.alerts("status", "--at", "2026-03-06T12:00:00+00:00")
    assert "us is not-pushed since 2026-03-06" in status.out
    assert "the hub answered 403: not here" in status.out and "ALERTS_PUBLIC_URL" in status.out
    assert len(service.mails("ops@service.example")) == 1
