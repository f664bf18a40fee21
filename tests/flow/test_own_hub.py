"""Our own hub, seen from outside: the feeds name it, and it hears of news, whatever it answers."""

from urllib.parse import parse_qsl

import pytest

from tests.deployment import Deployment, Entry, rss
from tests.servers import Answer, Seen

SITE = "https://alerts.example"


class Hub:
    """A hub that takes what it is told, or answers as it was told to."""

    def __init__(self, service: Deployment, status: int = 202) -> None:
        self.status, self.bodies = status, list[bytes]()
        service.source.answers["/hub"] = self.take
        place = service.source.url("/hub").split("/")[2]
        service.settings |= {
            "ALERTS_HUB": service.source.url("/hub"),
            "ALERTS_PRIVATE_HOSTS": place,
            "ALERTS_PUBLIC_URL": SITE,
        }
        service.source.answers["/us.xml"] = rss(Entry("Old", "old", "Mon, 05 Feb 2024 09:00:00 GMT"))
        service.feeds(service.feed("us-office", "US", "/us.xml"))
        service.round("2026-03-01T10:00Z")
        self.bodies.clear()

    def take(self, seen: Seen) -> Answer:
        assert seen.method == "POST"
        self.bodies.append(seen.body)
        return Answer(self.status)

    def topics(self) -> list[str]:
        fields = [pair for body in self.bodies for pair in parse_qsl(body.decode())]
        assert [value for name, value in fields if name == "hub.mode"] == ["publish"] * len(self.bodies)
        return [value for name, value in fields if name == "hub.url"]


def publish(service: Deployment, *names: str, at: str) -> None:
    service.source.answers["/us.xml"] = rss(
        *(
            Entry(f"Trademark rule {name}", name, "Mon, 02 Mar 2026 09:00:00 GMT", "Fees for trademarks.")
            for name in names
        )
    )
    service.round(at)


def test_a_hub_hears_of_each_feed_once_for_all_that_came_together(service: Deployment) -> None:
    hub = Hub(service)

    publish(service, "a", "b", "c", at="2026-03-02T12:00Z")

    topics = hub.topics()
    assert {
        f"{SITE}/feeds/US.atom",
        f"{SITE}/feeds/north-america.rss?right=trademark",
        f"{SITE}/feeds/world.json?lang=zh-Hans",
    } <= set(topics)
    assert not [one for one in topics if "/CN." in one or "patent" in one]
    assert len(topics) == len(set(topics))
    told = len(hub.bodies)
    publish(service, "a", "b", "c", at="2026-03-02T13:00Z")
    assert len(hub.bodies) == told, "nothing new, nothing told"


@pytest.mark.parametrize("status", [500, 403, 302])
def test_a_hub_that_does_not_take_the_news_is_told_again_and_holds_up_nothing(
    service: Deployment, status: int
) -> None:
    hub = Hub(service, status)
    publish(service, "a", at="2026-03-02T12:00Z")
    assert len(hub.bodies) == 1, "no further post after a failure"
    assert "Trademark rule a" in {line["title"] for line in service.good("items", "--format", "json").lines}

    hub.status = 204
    hub.bodies.clear()
    service.round("2026-03-02T12:00:20Z")
    assert hub.bodies == []
    service.round("2026-03-02T12:01Z")

    assert f"{SITE}/feeds/US.atom" in hub.topics()


def test_a_hub_on_the_inside_is_never_asked_without_permission(service: Deployment) -> None:
    hub = Hub(service)
    inside = service.source.url("/hub")
    service.settings["ALERTS_PRIVATE_HOSTS"] = "other.example"
    refused = service.alerts("status")
    assert refused.code == 2 and "ALERTS_HUB" in refused.err

    service.settings["ALERTS_HUB"] = inside.replace("http:", "https:")
    publish(service, "d", at="2026-03-03T12:00Z")

    assert hub.bodies == []
