"""Matters as pages, as a feed and in the API: one event with all that was published on it."""

import json
import re
from dataclasses import replace
from io import BytesIO

import feedparser
import pytest

from alerts.store import Wish
from alerts.web.api.cursors import cursor_of
from tests.clocks import NOON
from tests.feedrules import judged
from tests.web.world import Browser, World, a_revision, poll

V1 = "/api/v1/matters"


def listed(browser: Browser, query: str = "") -> list[int]:
    text = browser.get(f"/matters?{query}").text
    return [int(number) for number in re.findall(r'class="title"><a href="/matters/(\d+)', text)]


def told(browser: Browser, query: str = "") -> list[int]:
    return [one["id"] for one in json.loads(browser.get(f"{V1}?{query}").text)["matters"]]


def test_a_matter_shows_how_it_stands_and_each_of_its_notices(still: World, reader: Browser) -> None:
    text = reader.get(f"/matters/{still.matter}").text

    assert '<h1 lang="en">Exclusion order on &lt;b&gt;power stations&lt;/b&gt;</h1>' in text
    for key in ("337", "zh"):
        assert f'href="/items/{still.items[key]}"' in text
    assert f'href="/items/{still.items["rule"]}"' not in text
    assert "Exclusion order" in text and "→" in text
    assert "Next date that binds: <strong>12 March 2026</strong> (in 10 days)" in text
    assert text.index('datetime="2026-03-12"') < text.index('datetime="2026-02-01"')
    assert "an editor's word" in text and "anna" not in text, "no editor is named"
    assert "<code>337-TA-1417</code>" in text and "US office" in text
    assert "United States" in text and "China" in text


def test_a_matter_goes_by_its_title_in_the_readers_language(still: World, reader: Browser) -> None:
    assert '<h1 lang="zh-Hans">关于商标的通知</h1>' in reader.get(f"/matters/{still.matter}?lang=zh").text
    assert ">关于商标的通知</a></h2>" in reader.get("/matters?lang=zh").text


def test_an_item_leads_to_its_matter_and_its_other_notices(still: World, reader: Browser) -> None:
    text = reader.get(f"/items/{still.items['337']}").text

    assert f'href="/matters/{still.matter}"' in text
    assert f'href="/items/{still.items["zh"]}"' in text
    assert "/matters/" not in reader.get(f"/items/{still.items['rule']}").text


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("", True),
        ("jurisdiction=CN&severity=critical", True),  # of two notices
        ("right=trademark&event=exclusion&kind=risk-warning", True),
        ("jurisdiction=north-america&since=2026-01-01&until=2026-12-31", True),
        ("q=%E5%95%86%E6%A0%87", True),
        ("q=337+ta+1417&publisher=US+office", True),
        ("jurisdiction=asean", False),
        ("until=2020-01-01", False),
        ("q=fees", False),
        ("severity=low", False),
    ],
)
def test_pages_and_api_find_matters_by_the_same_filters(
    still: World, reader: Browser, query: str, fits: bool
) -> None:
    assert listed(reader, query) == told(reader, query) == [still.matter] * fits


@pytest.mark.parametrize(
    "query", ["kind=foo", "jurisdiction=UK", "since=yesterday", "until=0", "severity=red"]
)
def test_a_wish_that_is_none_is_refused(reader: Browser, query: str) -> None:
    assert reader.get(f"/matters?{query}").status == 400
    assert reader.get(f"{V1}?{query}").status in (400, 422)


def test_matters_come_in_pages_by_number(world: World, browser: Browser) -> None:
    store = world.site.store
    ids = poll(store, tuple(a_revision(f"n{number}", f"Notice {number}") for number in range(60)))
    for one, other in zip(ids[::2], ids[1::2], strict=True):
        store.matters.join(Wish((one, other), "anna", "", NOON))
    store.search.catch_up()

    path, seen = "/matters?right=patent&lang=en", []
    while path:
        text = browser.get(path.replace("&amp;", "&")).text
        seen += [int(number) for number in re.findall(r'class="title"><a href="/matters/(\d+)', text)]
        older = re.search(r'href="([^"]*)" rel="next"', text)
        path = older[1] if older else ""
    first = json.loads(browser.get(f"{V1}?limit=20").text)
    rest = json.loads(browser.get(f"{V1}?limit=20&cursor={first['next']}").text)

    assert len(seen) == len(set(seen)) == 31 and seen == sorted(seen, reverse=True)
    assert [one["id"] for one in first["matters"] + rest["matters"]] == seen
    assert rest["next"] is None


def test_a_change_of_language_keeps_filters_and_place(reader: Browser) -> None:
    for path in ("/matters", "/items"):
        text = reader.get(f"{path}?severity=critical&q=order&before=900&lang=en").text
        assert f'href="{path}?lang=zh-Hans&amp;severity=critical&amp;q=order&amp;before=900"' in text


def test_a_matter_that_was_joined_leads_to_the_other(world: World, browser: Browser) -> None:
    store, number = world.site.store, world.matter
    fresh = store.matters.split(Wish((world.items["zh"],), "anna", "", NOON))
    assert browser.get(f"/matters/{fresh}").status == 200
    store.matters.join(Wish((world.items["zh"], world.items["337"]), "anna", "", NOON))

    for path in (f"/matters/{fresh}?lang=zh", f"/matters/{fresh}.atom?lang=zh", f"{V1}/{fresh}"):
        answer = browser.get(path)
        assert answer.status == 308
        assert answer.headers["location"] == path.replace(f"/{fresh}", f"/{number}")
        assert browser.get(answer.headers["location"]).status == 200


@pytest.mark.parametrize("number", ["0", "99999", "-1", "x", "1e3", "%D9%A3", "9" * 30, "1.atom.atom", "%00"])
def test_a_matter_that_is_none_is_not_found(reader: Browser, number: str) -> None:
    assert reader.get(f"/matters/{number}").status == 404
    assert reader.get(f"{V1}/{number}").status in (404, 422)


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_a_matter_is_a_feed(still: World, reader: Browser, form: str) -> None:
    path = f"/matters/{still.matter}.{form}"
    answer = reader.get(path)

    if form == "json":
        assert len(json.loads(answer.text)["items"]) == 2
    else:
        assert judged(answer.text.encode(), f"http://localhost{path}") == set()
        assert len(feedparser.parse(BytesIO(answer.text.encode())).entries) == 2
    assert path in reader.get(f"/matters/{still.matter}").text
    assert reader.get(path, if_none_match=answer.headers["etag"]).status == 304
    assert reader.get(f"/matters/{still.matter}.xml").status == 404


def test_the_api_tells_a_matter_whole(still: World, reader: Browser) -> None:
    answer = reader.get(f"{V1}/{still.matter}")
    found = json.loads(answer.text)

    assert (
        found["items"]
        == [one["id"] for one in found["notices"]]
        == sorted([still.items["337"], still.items["zh"]])
    )
    assert (found["severity"], found["jurisdictions"]) == ("critical", ["US", "CN"])
    assert [one["date"] for one in found["obligations"]] == ["2026-02-01", "2026-03-12"]
    assert {one["item"] for one in found["obligations"]} == {still.items["337"]}
    assert {one["tied_by"] for one in found["notices"]} == {"editor"} and "anna" not in answer.text
    assert reader.get(f"{V1}/{still.matter}", if_none_match=answer.headers["etag"]).status == 304
    assert reader.get(f"{V1}?cursor={cursor_of(1)}").status == 200


def test_what_waits_for_an_editor_shows_in_no_matter(world: World, browser: Browser) -> None:
    from alerts.domain.review import Hold

    changed = a_revision("zh", "Held words", jurisdictions=("CN",))
    poll(world.site.store, (replace(changed, hold=Hold("review")),))
    world.site.store.search.catch_up()

    for path in (
        f"/matters/{world.matter}",
        f"{V1}/{world.matter}",
        f"/items/{world.items['zh']}",
        f"/matters/{world.matter}.atom",
    ):
        assert "Held words" not in browser.get(path).text
    assert listed(browser, "q=held") == []
