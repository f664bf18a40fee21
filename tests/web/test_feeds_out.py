"""Feeds and CAP messages as their readers fetch them: the right items, once, and nothing again that has not changed."""

import json
from datetime import timedelta
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest

from alerts.domain.review import Hold
from alerts.domain.vocabulary import Language, Right, Severity
from alerts.web.archive import Filter
from alerts.web.feeds import LENGTH, feed_links
from tests import caprules
from tests.clocks import NOON
from tests.feedrules import judged
from tests.web.world import CRITICAL, RULE, Browser, World, a_revision, browsing, poll

TITLES = {"Exclusion order on <b>power stations</b>", "Fees rise", "关于商标的通知"}
FORMS = pytest.mark.parametrize("form", ["atom", "rss", "json"])


def read(text: str) -> Any:
    return feedparser.parse(BytesIO(text.encode()))


def titles(text: str) -> set[str]:
    return {item["title"] for item in json.loads(text)["items"]}


@pytest.mark.parametrize(
    ("form", "media"),
    [("atom", "application/atom+xml"), ("rss", "application/rss+xml"), ("json", "application/feed+json")],
)
def test_a_feed_is_of_its_type_and_open_to_any_reader(reader: Browser, form: str, media: str) -> None:
    answer = reader.get(f"/feeds/world.{form}")

    assert answer.status == 200
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert f'<http://localhost/feeds/world.{form}>; rel="self"' in answer.headers["link"]


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_feed_keeps_the_rules_and_holds_the_archive(reader: Browser, form: str) -> None:
    answer = reader.get(f"/feeds/world.{form}")

    assert judged(answer.text.encode(), f"http://localhost/feeds/world.{form}") == set()
    found = read(answer.text)
    assert not found.bozo
    assert len(found.entries) == 3
    assert {"Fees rise", "关于商标的通知"} < {entry.title for entry in found.entries}


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/feeds/world.json", TITLES),
        ("/feeds/US.json", TITLES - {"关于商标的通知"}),
        ("/feeds/us.json?kind=risk-warning", {"Exclusion order on <b>power stations</b>"}),
        ("/feeds/north-america.json?right=patent&kind=legal-rule", {"Fees rise"}),
        ("/feeds/rcep.json?right=trademark", {"关于商标的通知"}),
        ("/feeds/world.json?severity=moderate&event=rule", {"Fees rise"}),
        ("/feeds/world.json?q=%E5%95%86%E6%A0%87", {"关于商标的通知"}),
        ("/feeds/asean.json", set()),
        ("/feeds/US.json?jurisdiction=CN", TITLES - {"关于商标的通知"}),
    ],
)
def test_a_feed_is_of_a_place_and_narrowed(reader: Browser, path: str, wanted: set[str]) -> None:
    assert titles(reader.get(path).text) == wanted


def test_a_feed_has_one_address_however_it_was_asked_for(reader: Browser) -> None:
    asked = reader.get("/feeds/us.json?right=patent&kind=legal-rule&lang=zh-CN&utm_source=x")

    address = "http://localhost/feeds/US.json?kind=legal-rule&right=patent&lang=zh-Hans"
    assert json.loads(asked.text)["feed_url"] == address
    again = reader.get(address.removeprefix("http://localhost"))
    assert again.headers["etag"] == asked.headers["etag"]


def test_a_feed_speaks_the_language_of_its_address_and_no_other(reader: Browser) -> None:
    plain = reader.get("/feeds/US.atom", accept_language="zh-CN")
    chinese = reader.get("/feeds/US.atom?lang=zh-Hans")

    assert read(plain.text).feed.title == "IP Risk Alerts: United States"
    assert read(chinese.text).feed.title == "知识产权风险预警：美国"
    assert plain.headers["vary"] == "Accept-Encoding"
    assert chinese.headers["content-language"] == "zh-Hans"


@pytest.mark.parametrize(
    "path", ["/feeds/atlantis.atom", "/feeds/US.xml", "/feeds/US", "/feeds/.atom", "/feeds/XQ.rss"]
)
def test_a_feed_that_is_none_is_not_there(reader: Browser, path: str) -> None:
    assert reader.get(path).status == 404


def test_a_filter_that_is_none_is_refused(reader: Browser) -> None:
    for query in ("kind=gossip", "right=all", "before=0", "severity=red"):
        assert reader.get(f"/feeds/US.atom?{query}").status == 400


@FORMS
def test_what_has_not_changed_is_not_sent_again(world: World, browser: Browser, form: str) -> None:
    world.clock.move(timedelta(hours=1))
    first = browser.get(f"/feeds/world.{form}")
    mark, changed = first.headers["etag"], first.headers["last-modified"]

    for headers in (
        {"if_none_match": mark},
        {"if_none_match": f'"other", W/{mark}'},
        {"if_modified_since": changed},
    ):
        again = browser.get(f"/feeds/world.{form}", **headers)
        assert (again.status, again.text) == (304, "")
        assert (again.headers["etag"], again.headers["last-modified"]) == (mark, changed)
    for headers in (
        {"if_none_match": '"other"'},
        {"if_modified_since": "Mon, 02 Mar 2020 11:00:00 GMT"},
        {"if_modified_since": "nonsense"},
        {"if_none_match": '"other"', "if_modified_since": changed},
    ):
        assert browser.get(f"/feeds/world.{form}", **headers).status == 200


def test_a_change_in_the_same_second_is_never_taken_for_known(world: World, browser: Browser) -> None:
    """Dates of HTTP are whole seconds: while one lasts, a second earlier is told."""
    first = browser.get("/feeds/world.atom").headers["last-modified"]
    assert parsedate_to_datetime(first) == NOON - timedelta(seconds=1)

    poll(world.site.store, (a_revision("late", "Within the same second"),))

    assert browser.get("/feeds/world.atom", if_modified_since=first).status == 200
    world.clock.move(timedelta(seconds=1))
    assert parsedate_to_datetime(browser.get("/feeds/world.atom").headers["last-modified"]) == NOON


def test_a_held_notice_appears_when_it_is_released_also_to_who_asks_by_date(
    world: World, browser: Browser
) -> None:
    held = a_revision("held", "Held back")
    [number] = poll(
        world.site.store, (type(held)(held.item, held.judgement, held.content_hash, Hold("review")),)
    )
    world.clock.move(timedelta(hours=1))
    before = browser.get("/feeds/world.json")
    assert "Held back" not in before.text
    assert browser.get(f"/items/{number}.cap").status == 404

    world.site.store.desk.approve(number, world.clock.now(), "ed")
    world.site.store.search.catch_up()

    after = browser.get("/feeds/world.json", if_modified_since=before.headers["last-modified"])
    assert "Held back" in titles(after.text)
    assert browser.get(f"/items/{number}.cap").status == 200


def test_a_long_feed_comes_in_pages_and_each_item_once(world: World, browser: Browser) -> None:
    many = tuple(a_revision(f"n{number}", f"Notice {number}") for number in range(2 * LENGTH))
    poll(world.site.store, many)
    world.site.store.search.catch_up()

    found, address = [], "http://localhost/feeds/US.atom"
    pages = 0
    while address:
        place = urlsplit(address)
        answer = browser.get(f"{place.path}?{place.query}")
        assert judged(answer.text.encode(), address) == set()
        page = read(answer.text)
        links = {link.rel: link.href for link in page.feed.links if link.rel in ("first", "next")}
        assert ("first" in links) == bool(pages)
        found += [entry.id for entry in page.entries]
        address, pages = links.get("next", ""), pages + 1

    assert pages == 3
    assert len(found) == len(set(found)) == 2 * LENGTH + 2


def test_pages_name_their_feeds(reader: Browser, still: World) -> None:
    archive = reader.get("/items?kind=risk-warning&jurisdiction=US&lang=zh").text
    for _, _, address in feed_links(still.site, Filter(jurisdiction="US"), Language.CHINESE):
        assert reader.get(address).status == 200
    address = "/feeds/US.atom?kind=risk-warning&amp;lang=zh-Hans"
    assert f'<link rel="alternate" type="application/atom+xml" title="Atom" href="{address}">' in archive
    assert 'href="/feeds/world.atom"' in reader.get("/").text
    number = still.items["337"]
    assert (
        f'type="application/cap+xml" title="CAP" href="/items/{number}.cap"'
        in reader.get(f"/items/{number}").text
    )


def test_a_site_below_a_path_says_so_in_its_feeds(world: World) -> None:
    from dataclasses import replace

    with browsing(replace(world.site, public_url="http://localhost/ip")) as browser:
        body = json.loads(browser.get("/feeds/US.json").text)
        assert body["feed_url"] == "http://localhost/ip/feeds/US.json"
        assert body["items"][0]["url"].startswith("http://localhost/ip/items/")
        assert 'href="/ip/feeds/world.atom"' in browser.get("/items").text


def test_a_warning_is_a_cap_message(reader: Browser, still: World) -> None:
    answer = reader.get(f"/items/{still.items['337']}.cap")

    assert answer.headers["content-type"] == "application/cap+xml; charset=utf-8"
    assert caprules.judged(answer.text.encode()) == []
    assert "<msgType>Alert</msgType>" in answer.text
    assert "<contact>desk@operator.example</contact>" in answer.text
    assert reader.get(f"/items/{still.items['337']}.cap", if_none_match=answer.headers["etag"]).status == 304


def test_an_amended_and_a_withdrawn_notice_are_told_as_such(world: World, browser: Browser) -> None:
    number = world.items["rule"]
    for title, kind in (("Fees rise in April", "Update"), ("Withdrawn: fees rise in April", "Cancel")):
        world.clock.move(timedelta(hours=1))
        poll(world.site.store, (CRITICAL, a_revision("rule", title, Severity.MODERATE)))
        body = browser.get(f"/items/{number}.cap").text
        assert caprules.judged(body.encode()) == []
        assert f"<msgType>{kind}</msgType>" in body


def test_of_what_was_never_about_intellectual_property_there_is_no_message(
    world: World, browser: Browser
) -> None:
    [number] = poll(world.site.store, (a_revision("x", "Bake sale", relevant=False, rights=(Right.PATENT,)),))

    assert browser.get(f"/items/{number}.cap").status == 404
    assert [browser.get(f"/items/{bad}.cap").status for bad in ("0", "-1", "x", "9" * 30)] == [404] * 4
    assert RULE.judgement.relevant


@FORMS
def test_a_hub_is_named_in_the_feeds_that_it_tells_of(still: World, form: str) -> None:
    from dataclasses import replace

    hub = "https://hub.example/"
    with browsing(replace(still.site, hub=hub)) as browser:
        for query in ("", "?kind=risk-warning&right=patent", "?lang=zh-Hans"):
            answer = browser.get(f"/feeds/US.{form}{query}")
            assert f'<{hub}>; rel="hub"' in answer.headers["link"]
            assert f'<http://localhost/feeds/US.{form}{query}>; rel="self"' in answer.headers["link"]
            if form == "json":
                assert json.loads(answer.text)["hubs"] == [{"type": "WebSub", "url": hub}]
            else:
                assert judged(answer.text.encode(), f"http://localhost/feeds/US.{form}{query}") == set()
                links = {link.rel: link.href for link in read(answer.text).feed.links}
                assert links["hub"] == hub
        for query in ("?severity=critical", "?q=fees", "?before=900", "?since=2026-01-01"):
            answer = browser.get(f"/feeds/US.{form}{query}")
            assert hub not in answer.text and 'rel="hub"' not in answer.headers["link"], (
                "it is told of none of these"
            )
