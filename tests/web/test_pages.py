"""What the public pages say."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from alerts.domain.events import EventKind
from alerts.domain.review import Hold
from alerts.domain.vocabulary import Severity
from tests.web.world import (
    CRITICAL,
    NOON,
    RULE,
    Browser,
    World,
    a_revision,
    a_world,
    browsing,
    fail,
    poll,
    settled,
)

PAGES = (
    "/",
    "/items",
    "/items/{337}",
    "/items/{zh}",
    "/matters",
    "/matters/{matter}",
    "/dates",
    "/api/docs",
    "/u/{token}",
    "/nowhere",
)


class Outline(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img", "input", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def named(world: World, page: str) -> str:
    for key, number in world.items.items():
        page = page.replace("{" + key + "}", str(number))
    return page.replace("{token}", world.token).replace("{matter}", str(world.matter))


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_well_formed_and_can_be_read_without_eyes(
    still: World, reader: Browser, page: str, language: str
) -> None:
    answer = reader.get(f"{named(still, page)}?lang={language}")
    outline = Outline(answer.text)
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]

    assert outline.open == []
    assert outline.all("html")[0]["lang"] == language == answer.headers["content-language"]
    assert [len(outline.all(tag)) for tag in ("h1", "main", "header", "title")][:2] == [1, 1]
    assert len(ids) == len(set(ids))
    assert {field["id"] for field in outline.all("select")} <= {
        label["for"] for label in outline.all("label")
    }
    assert all("alt" in image for image in outline.all("img"))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_script_no_inline_style_and_nothing_from_elsewhere(
    still: World, reader: Browser, page: str
) -> None:
    outline = Outline(reader.get(named(still, page)).text)

    assert not outline.all("script") and not outline.all("style") and not outline.all("iframe")
    for _, attributes in outline.tags:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
    links = [link["href"] for link in outline.all("link") if link["rel"] != "alternate"]
    loaded = links + [image["src"] for image in outline.all("img")]
    assert all(address and address.startswith("/static/") for address in loaded)


@pytest.mark.parametrize("page", PAGES)
def test_a_chinese_page_has_no_english_sentence_left(still: World, reader: Browser, page: str) -> None:
    text = re.sub(r"<[^>]*lang=\"en\"[^>]*>[^<]*<", "<", reader.get(f"{named(still, page)}?lang=zh").text)
    words = re.sub(r"<code>[^<]*</code>|<[^>]+>", " ", text)

    assert "知识产权风险预警" in words
    assert not re.search(r"\b(the|of|and|is|no|to)\b", words), re.findall(r".{20}\bthe\b.{20}", words)


def test_the_overview_counts_and_links_the_severities(still: World, reader: Browser) -> None:
    text = reader.get("/").text

    for severity, count in (
        (Severity.CRITICAL, 1),
        (Severity.HIGH, 1),
        (Severity.MODERATE, 1),
        (Severity.LOW, 0),
    ):
        tile = re.search(rf'href="/items\?severity={severity}".*?<strong>(\d+)</strong>', text)
        assert tile and int(tile[1]) == count


def test_the_overview_names_every_source_and_how_it_stands(still: World, reader: Browser) -> None:
    text = reader.get("/").text.partition('id="watched"')[2]

    assert (
        text.index("Thailand")
        < text.index("Thai office")
        < text.index("United States")
        < text.index("US office")
    )
    assert "read just now" in text
    assert 'class="health new"' in text and 'class="health healthy"' in text


def test_a_source_says_when_it_was_last_read(world: World, browser: Browser) -> None:
    world.clock.move(timedelta(hours=5))

    assert "read 5 hours ago" in browser.get("/").text


def test_a_dark_source_says_since_when(world: World, browser: Browser) -> None:
    fail(world.site.store, NOON + timedelta(hours=1))
    world.clock.move(timedelta(days=3))

    text = browser.get("/?lang=zh").text

    assert 'class="health dark"' in text and "自2026年3月2日 13:00 (UTC)起" in text


def test_a_silent_source_is_readable_and_says_so(world: World, browser: Browser) -> None:
    feed = next(feed.id for feed in world.site.feeds().values() if feed.enabled)
    world.site.store.events.note(feed, EventKind.SILENT, "why", NOON)

    text = browser.get("/").text

    assert 'class="health silent"' in text and "readable, but nothing new against its own rhythm" in text
    assert "a new notice is seen within" in text


def test_a_switched_off_source_is_not_shown(still: World) -> None:
    off = {key: replace(feed, enabled=False) for key, feed in still.site.feeds().items()}

    with browsing(replace(still.site, feeds=lambda: off)) as browser:
        assert "No source is configured yet." in browser.get("/").text


def test_the_operator_can_be_reached_and_no_address_of_theirs_is_a_script(still: World) -> None:
    for contact, expected in (
        ("desk@operator.example", 'href="mailto:desk@operator.example"'),
        ("https://operator.example/contact", 'href="https://operator.example/contact"'),
        ("Desk, room 4", "Operator: Desk, room 4</p>"),
        ("javascript:alert(1)", "Operator: javascript:alert(1)</p>"),
        (None, "Subscribe"),
    ):
        with browsing(replace(still.site, operator_contact=contact)) as browser:
            assert expected in browser.get("/").text


def test_the_archive_filters_by_each_facet(still: World, reader: Browser) -> None:
    def titles(query: str) -> set[str]:
        return set(re.findall(r'class="title"><a [^>]*>([^<]*)<', reader.get(f"/items?{query}").text))

    order, fees, marks = "Exclusion order on &lt;b&gt;power stations&lt;/b&gt;", "Fees rise", "关于商标的通知"
    assert titles("") == {order, fees, marks}
    assert titles("severity=critical") == {order}
    assert titles("kind=legal-rule&severity=") == {fees, marks}
    assert titles("right=trademark") == {marks}
    assert titles("jurisdiction=CN") == {marks}
    assert titles("event=exclusion") == {order}
    assert titles("q=fees") == {fees}
    assert titles("q=%25") == set()
    assert titles("kind=information") == set()


def test_chosen_filters_stay_chosen(reader: Browser) -> None:
    text = reader.get("/items?severity=critical&q=%22%3E%3Cb%3E&lang=zh").text

    assert '<option value="critical" selected>' in text
    assert 'value="&#34;&gt;&lt;b&gt;"' in text
    assert 'type="hidden" name="lang" value="zh-Hans"' in text


@pytest.mark.parametrize(
    "query", ["kind=foo", "severity=critical'", "jurisdiction=UK", "before=-1", "before=x", "right=%00"]
)
def test_a_wish_that_is_none_of_ours_is_refused_in_both_languages(reader: Browser, query: str) -> None:
    english, chinese = reader.get(f"/items?{query}"), reader.get(f"/items?{query}&lang=zh")

    assert english.status == chinese.status == 400
    assert "does not know" in english.text and "本站不认识" in chinese.text


def test_pages_of_the_archive_hold_every_item_once(tmp_path: Path) -> None:
    many = tuple(a_revision(f"k{number}", f"Notice {number}") for number in range(60))
    with a_world(settled(tmp_path / "a.db", many)) as world, browsing(world.site) as browser:
        path: str | None = "/items?kind=legal-rule&lang=en"
        seen: list[str] = []
        while path:
            text = browser.get(path.replace("&amp;", "&")).text
            seen += re.findall(r">(Notice \d+)<", text)
            older = re.search(r'href="([^"]*)" rel="next"', text)
            path = older[1] if older else None

    assert sorted(seen) == sorted(f"Notice {number}" for number in range(60))


def test_an_item_tells_its_dates_its_source_and_why(still: World, reader: Browser) -> None:
    text = reader.get(f"/items/{still.items['337']}").text

    assert "Exclusion order on &lt;b&gt;power stations&lt;/b&gt;" in text and "<b>power" not in text
    assert "<p>First paragraph.</p><p>Second paragraph.</p>" in text
    assert text.index("12 March 2026") < text.index("1 February 2026")  # what can still be met comes first
    assert "in 10 days" in text and "past" in text
    assert "19 CFR 210.13(a)" in text and "Computed" in text
    assert (
        "The text says otherwise" in text
        and "30 January 2026" in text
        and "comments are due January 30" in text
    )
    assert 'href="https://office.example/337" rel="noreferrer"' in text
    assert '<span class="note host">office.example</span>' in text
    assert (
        '<a href="https://www.federalregister.gov/citation/90-FR-12345" rel="noreferrer"><code>90 FR 12345</code></a>'
        in text
    )
    assert "<code>337-TA-1417</code>" in text and "exclusion order" in text and "90 %" in text


def test_an_identifier_is_searched_however_it_is_written(still: World, reader: Browser) -> None:
    for query in ("337%20ta%201417", "Inv.+No.+337-TA-1417", "90+Fed.+Reg.+12,345"):
        assert f'href="/items/{still.items["337"]}' in reader.get(f"/items?q={query}").text, query
    assert f'href="/items/{still.items["337"]}' not in reader.get("/items?q=337-TA-141").text


def test_an_item_lists_its_revisions_newest_first(world: World, browser: Browser) -> None:
    changed = replace(RULE, item=replace(RULE.item, title="Fees rise more"), content_hash="0" * 64)
    world.clock.move(timedelta(hours=2))
    poll(world.site.store, (CRITICAL, changed))

    text = browser.get(f"/items/{world.items['rule']}").text

    assert '<h1 lang="en">Fees rise more</h1>' in text
    assert text.index("No. 2") < text.index("No. 1") < text.index(">Fees rise<")


@pytest.mark.parametrize("number", ["0", "99999", "-1", "x", "1e3", "٣", "9" * 30, "%00", "1%2F2"])
def test_an_item_that_does_not_exist_is_not_found(reader: Browser, number: str) -> None:
    from urllib.parse import quote

    assert reader.get(f"/items/{quote(number, safe='%')}").status == 404


def test_an_item_that_waits_for_an_editor_is_not_shown(tmp_path: Path) -> None:
    held = replace(RULE, hold=Hold("a new source"))
    with a_world(settled(tmp_path / "a.db", (held,))) as world, browsing(world.site) as browser:
        assert world.items == {} and browser.get("/items/1").status == 404
        assert "Fees rise" not in browser.get("/items").text


def test_a_link_of_an_item_is_never_a_script(tmp_path: Path) -> None:
    odd = replace(RULE, item=replace(RULE.item, url="javascript:alert(1)"))
    with a_world(settled(tmp_path / "a.db", (odd,))) as world, browsing(world.site) as browser:
        assert "javascript:" not in browser.get(f"/items/{world.items['rule']}").text


def test_the_language_of_the_browser_is_spoken_and_a_choice_stays_in_the_links(reader: Browser) -> None:
    wished = reader.get("/", Accept_Language="zh-CN,zh;q=0.9,en;q=0.5")
    chosen = reader.get("/?lang=zh-Hans", Accept_Language="en")

    assert wished.headers["vary"] == "Accept-Language, Accept-Encoding"
    assert 'lang="zh-Hans"' in wished.text and 'href="/items"' in wished.text
    assert 'href="/items?lang=zh-Hans"' in chosen.text


def test_the_style_sheet_may_be_kept_under_its_own_address_only(reader: Browser) -> None:
    address = re.search(r'href="(/static/site.css\?v=\w+)"', reader.get("/").text)
    assert address
    kept, bare = reader.get(address[1]), reader.get("/static/site.css")

    assert kept.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in kept.headers["cache-control"] and "immutable" not in bare.headers["cache-control"]
    assert reader.get(address[1], If_None_Match=kept.headers["etag"]).status == 304
    assert reader.get("/static/../../README.md").status == 404
    assert reader.get("/static/layout.html").status == 404


def test_an_operator_s_own_template_wins(still: World, tmp_path: Path) -> None:
    (tmp_path / "own" / "web").mkdir(parents=True)
    (tmp_path / "own" / "web" / "fault.html").write_text("Our own page, {{ status }}")

    with browsing(replace(still.site, templates=tmp_path / "own")) as browser:
        assert browser.get("/nowhere").text == "Our own page, 404"
        assert "IP Risk Alerts" in browser.get("/").text


def test_a_public_page_weighs_little(still: World, reader: Browser) -> None:
    assert len(reader.get("/").text.encode()) + len(reader.get("/static/site.css").text.encode()) < 60_000


def test_an_item_shows_the_other_sources_of_its_matter_and_the_class_of_each_change(
    world: World, browser: Browser
) -> None:
    from alerts.store import Wish

    store, first, second = world.site.store, world.items["rule"], world.items["337"]
    store.matters.split(Wish((world.items["zh"],), "Li", "another event", world.clock.now()))
    store.matters.join(Wish((first, second), "Li", "one event", world.clock.now()))
    changed = replace(RULE, item=replace(RULE.item, title="Fees rise much more"), content_hash="1" * 64)
    world.clock.move(timedelta(hours=2))
    poll(store, (CRITICAL, changed))

    english = browser.get(f"/items/{first}?lang=en").text
    chinese = browser.get(f"/items/{first}?lang=zh-Hans").text

    assert "Also reported by" in english and f'href="/items/{second}' in english
    assert "其他来源的报道" in chinese
    assert '<span class="tag">' in english[english.index("No. 2") : english.index("No. 1")]
    assert "Also reported by" not in browser.get("/items/3?lang=en").text


def test_the_first_page_names_first_what_is_not_read_as_planned(world: World, browser: Browser) -> None:
    assert "Not as planned now" not in browser.get("/").text
    fail(world.site.store, NOON + timedelta(hours=1))
    world.clock.move(timedelta(days=3))

    text = browser.get("/").text

    named = text[text.index("Not as planned now") : text.index('class="places"')]
    assert "US office" in named and 'class="health dark"' in named
    assert named.index("Thai office") < named.index("US office"), "of those that are as dark by name"


def test_the_days_table_tells_severities_as_well_as_the_drawing_does(still: World, reader: Browser) -> None:
    text = reader.get("/").text
    assert re.search(r"<dt>Not read yet</dt><dd>1</dd>", text), "every source is counted somewhere"
    line = text[text.index('id="line"') : text.index('id="ahead"')]

    assert re.findall(r'<td class="number">(\d+)</td>', line) == ["1", "1", "1", "0", "3"]
    assert line.count('class="severity') == 4, "the colours are explained"
