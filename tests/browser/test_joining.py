"""The way in as people walk it, in a real browser: without script, in both languages; and scanners with scripts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alerts.domain.vocabulary import Language
from alerts.render import Renderer
from tests.browser.test_accessible import chromium, pytestmark  # noqa: F401
from tests.clocks import NOON
from tests.web.world import SUBSCRIBER, Browser, World, a_world, browsing, settled

SAID = {
    Language.ENGLISH: ("United States", "Trade mark", "Check your mail", "Your alerts", "weekly"),
    Language.CHINESE: ("美国", "商标", "请查收邮件", "您的预警", "每周"),
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(settled(tmp_path / "alerts.db")) as made:
        yield made


@pytest.fixture
def site(world: World) -> Iterator[Browser]:
    with browsing(world.site) as made:
        yield made


def link_of(world: World, address: str) -> str:
    """Return the path of the link that the next mail to an address brings."""
    (asked,) = (one for one in world.site.store.requests.claim(NOON, 10) if one.address == address)
    return f"/confirm/{world.site.tokens.request(asked.public_id)}"


@pytest.mark.parametrize("language", Language)
def test_the_shortest_way_in_takes_five_pages_and_twelve_clicks_without_script(
    world: World,
    site: Browser,
    chromium: Any,  # noqa: F811
    language: Language,
) -> None:
    context = chromium.new_context(java_script_enabled=False, locale=str(language))
    page, loads, clicks = context.new_page(), [], 0
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    place, right, sent, mine, weekly = SAID[language]
    page.goto(f"http://{site.place}/subscribe")
    for choose in (place, None, right, None, weekly, None):
        target = (
            page.locator("button#send") if choose is None else page.locator("label", has_text=choose).first
        )
        target.click()
        clicks += 1
    page.fill("#email", "new@firm.example")
    page.locator("#agree").check()
    page.locator("button#send").click()
    clicks += 3  # the field, the box, the button

    assert sent in page.inner_text("h1")
    assert "new@firm.example" in page.inner_text("main")
    assert (len(loads) <= 5, clicks <= 12) == (True, True), (loads, clicks)
    page.goto(f"http://{site.place}{link_of(world, 'new@firm.example')}")
    page.locator("button", has_text=re.compile("begin|开始", re.IGNORECASE)).first.click()
    shown = page.inner_text("main")
    assert mine in page.inner_text("h1")
    assert all(word.casefold() in shown.casefold() for word in (place, right, weekly)), shown
    context.close()


def test_a_browser_with_scripts_that_opens_every_link_of_a_mail_changes_nothing(
    world: World,
    site: Browser,
    chromium: Any,  # noqa: F811
) -> None:
    """A scanner: it opens every link of every mail that holds one of ours, runs what there is, and scrolls and waits."""
    letters, tokens = Renderer().letters, world.site.tokens
    join, access, _, kept = world.requests
    here = f"http://{site.place}"
    mails = [
        letters.confirm(Language.ENGLISH, f"{here}/confirm/{tokens.request(join)}", 72),
        letters.access(Language.ENGLISH, f"{here}/access/{tokens.request(access)}", 30),
        letters.moving(Language.ENGLISH, f"{here}/keep/{tokens.request(kept)}", "m***@firm.example"),
    ]
    found = {
        url for mail in mails for url in re.findall(r"http://[^\s\"<>]+", mail.whole.text + mail.whole.html)
    }
    found |= {f"{here}/u/{world.token}", f"{here}/manage"}
    assert len(found) == 5
    before = world.fingerprint()

    context = chromium.new_context(java_script_enabled=True)
    page = context.new_page()
    for url in sorted(found):
        assert page.goto(url, wait_until="networkidle").ok
        page.mouse.wheel(0, 2000)
        assert page.locator("script").count() == 0
    context.close()

    assert world.fingerprint() == before
    assert world.site.store.subscribers.contact(SUBSCRIBER) is not None
