"""One click, and no further mail."""

import http.client
from urllib.parse import urlsplit

from tests.deployment import Deployment, Entry, free_port, rss, until

ONE = Entry("Trademark fee notice", "f1", "Mon, 02 Mar 2026 09:00:00 GMT", "Trademark fees change.")
TWO = Entry(
    "Second trademark fee notice", "f2", "Tue, 03 Mar 2026 09:00:00 GMT", "Trademark fees change again."
)


def ask(port: int, method: str, path: str, body: bytes = b"") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Host": "alerts.service.example", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_one_click_ends_the_mail_and_looking_at_the_link_does_not(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss()
    service.feeds(service.feed("us", "US", "/us.xml"))
    port = free_port()
    service.settings |= {"ALERTS_LISTEN": f"127.0.0.1:{port}", "ALERTS_METRICS_LISTEN": "off"}
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(ONE)
    service.round("2026-03-02T12:00Z")
    service.round("2026-03-03T08:00Z")
    (mail,) = service.mails()
    path = urlsplit(mail["List-Unsubscribe"].split(">")[0].strip("<")).path

    with service.daemon("--roles", "match"):
        until(lambda: "web.listening" in service.log())
        assert ask(port, "GET", path) == 200
        assert (
            "active" in service.good("companies", "export").out
            or "ip@acme.example" in service.good("companies", "export").out
        )
        assert ask(port, "POST", path, b"List-Unsubscribe=One-Click") == 200
        assert ask(port, "POST", path, b"List-Unsubscribe=One-Click") == 200, "a repeat is fine"
        assert ask(port, "POST", path[:-2] + "xx", b"List-Unsubscribe=One-Click") == 404

    service.source.answers["/us.xml"] = rss(TWO, ONE)
    service.round("2026-03-03T12:00Z")
    service.round("2026-03-04T08:00Z")
    assert len(service.mails()) == 1


def test_who_left_and_subscribes_again_is_mailed_again(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss()
    service.feeds(service.feed("us", "US", "/us.xml"))
    port = free_port()
    service.settings |= {"ALERTS_LISTEN": f"127.0.0.1:{port}", "ALERTS_METRICS_LISTEN": "off"}
    service.subscribe("ip@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    link = service.good("digest", "preview", "ip@acme.example", "--format", "eml").out
    path = "/u/" + link.split("List-Unsubscribe: <https://alerts.service.example/u/")[1].split(">")[0]
    with service.daemon("--roles", "match"):
        until(lambda: "web.listening" in service.log())
        assert ask(port, "POST", path, b"List-Unsubscribe=One-Click") == 200

    service.subscribe("ip@acme.example", "US", now="2026-03-02T00:00Z")
    service.source.answers["/us.xml"] = rss(ONE)
    service.round("2026-03-02T12:00Z")
    service.round("2026-03-03T08:00Z")
    assert len(service.mails("ip@acme.example")) == 1
