"""Webhooks and chats that readers enter in their settings: proved before use, their secret shown once, nobody else's reached."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from alerts.domain.vocabulary import ChannelKind
from tests.servers import SourceServer
from tests.web.posting import echo, posting
from tests.web.world import SUBSCRIBER, Browser, Reply, World, browsing


@dataclass
class Reader:
    """A subscriber in the settings, with a server of their company."""

    world: World
    browser: Browser
    server: SourceServer

    @property
    def contact(self) -> str:
        contact = self.world.site.store.subscribers.contact(SUBSCRIBER)
        assert contact is not None
        return str(contact.id)

    def press(self, action: str, **fields: str) -> Reply:
        """Return the page after a button."""
        mine = self.world.asked("my", "/my/{session}")
        return self.browser.post(mine, **{"contact": self.contact, "action": action, **fields})

    def add(self, path: str = "/hook", **fields: str) -> Reply:
        return self.press("hook-add", **{"channel": "webhook", "url": self.server.url(path), **fields})

    @property
    def heard(self) -> list[str]:
        """Return the kinds of messages that the server was posted."""
        return [json.loads(one.body)["type"] for one in self.server.requests if one.method == "POST"]

    @property
    def number(self) -> str:
        ((endpoint, _),) = self.world.site.store.posts.all()
        return str(endpoint.id)

    @property
    def told(self) -> bool:
        ((endpoint, state),) = self.world.site.store.posts.all()
        return endpoint.active and state.verified_at is not None


@pytest.fixture
def reader(world: World) -> Iterator[Reader]:
    with posting(world) as (site, server), browsing(site) as browser:
        yield Reader(world, browser, server)


def test_a_webhook_is_proved_before_it_is_told_and_its_secret_is_shown_once(reader: Reader) -> None:
    page = reader.add()

    assert page.status == 200 and "It answered as it should" in page.text
    (secret,) = re.findall(r"<code>(whsec_[^<]+)</code>", page.text)
    assert reader.heard == ["endpoint.verification"] and reader.told
    later = reader.press("resume").text
    assert secret not in later and "127.0.0.1" in later and "/hook" not in later


def test_what_does_not_answer_as_it_should_is_told_nothing_until_it_does(reader: Reader) -> None:
    page = reader.add("/silent")
    assert page.status == 422 and "whsec_" in page.text, "the secret is needed to mend it"
    assert not reader.told

    reader.server.answers["/silent"] = echo
    assert reader.press("hook-verify", endpoint=reader.number).status == 200
    assert reader.told


def test_a_test_a_new_secret_and_the_end(reader: Reader) -> None:
    reader.add()
    assert "took the test" in reader.press("hook-test", endpoint=reader.number).text
    assert reader.heard[-1] == "endpoint.test"
    assert "whsec_" in reader.press("hook-secret", endpoint=reader.number).text
    assert "told nothing more" in reader.press("hook-end", endpoint=reader.number).text
    assert reader.world.site.store.posts.all() == []


def test_what_the_other_side_says_is_shown_to_nobody(reader: Reader) -> None:
    page = reader.add("/secret")

    assert page.status == 422 and "inner words" not in page.text and "500" not in page.text


@pytest.mark.parametrize(
    ("channel", "url"),
    [
        ("webhook", "https://10.0.0.1/x"), ("webhook", "http://hooks.example/x"), ("webhook", "https://169.254.169.254/latest"), ("webhook", "nonsense"),
        ("webhook", "https://localhost/x"), ("webhook", "https://user:word@hooks.example/"), ("webhook", ""), ("slack", "https://evil.example/services/x"),
        ("wecom", "https://qyapi.weixin.qq.com.evil.example/"), ("email", "https://hooks.example/x"), ("nothing", "https://hooks.example/x"),
    ],
)  # fmt: skip
def test_an_address_that_may_not_be_posted_to_is_refused_and_told_nothing(
    reader: Reader, channel: str, url: str
) -> None:
    page = reader.press("hook-add", channel=channel, url=url)

    assert page.status == 422 and 'role="alert"' in page.text
    assert f'value="{url}"' in page.text, "what was typed is still there"
    assert channel not in ("slack", "wecom") or f'value="{channel}" selected' in page.text
    kept = reader.world.site.store.posts.all()
    assert not any(endpoint.active or state.verified_at for endpoint, state in kept)
    assert reader.server.requests == []


def test_one_host_is_sent_few_messages_that_are_no_deliveries(reader: Reader) -> None:
    reader.add()
    pages = [reader.press("hook-test", endpoint=reader.number) for _ in range(8)]

    assert len(reader.heard) == 6
    assert pages[-1].status == 422 and "asked often" in pages[-1].text


def test_five_are_enough_for_one_reader(reader: Reader) -> None:
    for number in range(5):
        reader.server.answers[f"/{number}"] = echo
        reader.add(f"/{number}")

    assert "Five webhooks" in reader.add("/hook").text
    assert len(reader.world.site.store.posts.all()) == 5


@pytest.mark.parametrize("action", ["hook-verify", "hook-test", "hook-secret", "hook-end"])
def test_the_endpoints_of_others_are_not_there(reader: Reader, action: str) -> None:
    reader.add()
    store = reader.world.site.store
    mail = next(one for one in store.subscribers.contacts()[0].endpoints if one.channel is ChannelKind.EMAIL)
    before = reader.world.fingerprint()

    for number in (mail.id, 999999):
        assert reader.press(action, endpoint=str(number)).status == 404
    assert reader.press(action, endpoint=reader.number, contact="999999").status == 404
    assert reader.world.fingerprint() == before


def test_a_site_that_posts_nothing_offers_nothing(world: World, browser: Browser) -> None:
    mine = world.asked("my", "/my/{session}")

    assert "Chat groups" not in browser.get(mine).text
    assert browser.post(mine, action="hook-add", contact="1").status == 404
