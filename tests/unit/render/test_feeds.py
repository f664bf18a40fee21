"""Feeds as readers of other people see them: well formed, by the rules, saying the same in each form, whatever a source wrote."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.domain.items import Dated, Obligation, StoredItem
from alerts.domain.text import one_line
from alerts.domain.vocabulary import DateOrigin, Language, Role
from alerts.domain.watches import Reason
from alerts.render.feeds import FORMS, Entry, Head, Setting, entry_of
from alerts.render.feeds.markup import tag, unmistakable, uri
from alerts.render.words import Words
from tests.builders import MONDAY, a_judgement, an_item
from tests.feedrules import html_faults, judged

SITE = "https://alerts.example"
XML_FORMS = pytest.mark.parametrize("form", ["atom", "rss"])
HOSTILE = [
    "<script>alert(1)</script>", "</title></item>", "]]>", "&lt;b&gt;bold&lt;/b&gt;", "AT&T &copy; &#8217;", "a\x00b\x0bc",
    "\ud800 lone", "x\ufffe\uffff", "\u202eevil", "A < B > C", "mail <legal@firm.example>", "中文 “引号” & <标签>", "",
]  # fmt: skip


def stored(**changes: Any) -> StoredItem:
    return StoredItem(7, "us-office", 1, 70, an_item(**changes), a_judgement(), MONDAY)


def setting(language: Language = Language.ENGLISH) -> Setting:
    return Setting(Words(language), SITE, lambda one: one.item.publisher)


def head(form: str, **changes: Any) -> Head:
    made = Head(
        ident=tag(SITE, "feeds/US.feed"),
        address=f"{SITE}/feeds/US.{form}",
        home=f"{SITE}/items?jurisdiction=US",
        title="IP Risk Alerts: United States",
        subtitle="Legal rules and risk warnings.",
        author="IP Risk Alerts",
        language=Language.ENGLISH,
        updated=MONDAY,
    )
    return replace(made, **changes)


def written(form: str, *items: StoredItem, **changes: Any) -> bytes:
    entries = [entry_of(one, setting()) for one in items]
    return FORMS[form].write(head(form, **changes), entries)


def read(body: bytes) -> Any:
    return feedparser.parse(BytesIO(body))


@XML_FORMS
@given(
    title=st.text(), summary=st.text(max_size=300), publisher=st.text(max_size=60), url=st.text(max_size=60)
)
@settings(max_examples=60, deadline=None)
def test_no_words_of_a_source_break_a_rule(
    form: str, title: str, summary: str, publisher: str, url: str
) -> None:
    body = written(
        form, stored(title=title, summary=summary, publisher=publisher, url=f"https://office.example/{url}")
    )

    assert judged(body, f"{SITE}/feeds/US.{form}") == set()


@XML_FORMS
@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_words_break_a_rule(form: str, text: str) -> None:
    due = Obligation(Role.RESPONSE_DUE, date(2026, 4, 1), stated=True, basis=text)
    one = stored(title=text, summary=f"{text}\n{text}", publisher=text, url=text, document_number=text)
    one = replace(one, judgement=a_judgement(obligations=(due,), identifiers=(text,)))

    body = written(form, one)

    assert judged(body, f"{SITE}/feeds/US.{form}") == set()
    assert not read(body).bozo


@pytest.mark.parametrize("text", HOSTILE)
def test_json_holds_hostile_words_as_they_are(text: str) -> None:
    [item] = json.loads(written("json", stored(title=text, summary=text)))["items"]

    assert item["title"] == (one_line(text) or "(no title)")
    assert html_faults(item["content_html"]) == set()
    assert "<script" not in item["content_html"]


@XML_FORMS
def test_a_feed_reader_finds_everything_of_an_item(form: str) -> None:
    found = read(written(form, stored()))

    assert found.bozo is False
    assert found.feed.title == "IP Risk Alerts: United States"
    [entry] = found.entries
    assert (entry.title, entry.id, entry.link) == (
        "Final rule k1 on trademark fees", "tag:alerts.example,2026:items/7", f"{SITE}/items/7",
    )  # fmt: skip
    assert datetime(*entry.published_parsed[:6], tzinfo=UTC) == MONDAY
    assert datetime(*entry.updated_parsed[:6], tzinfo=UTC) == MONDAY
    assert entry.author == "US Office"
    assert {one.scheme.rpartition("/")[2] for one in entry.tags} == {
        "severity",
        "kind",
        "event",
        "right",
        "jurisdiction",
    }
    assert {one.href for one in entry.links if one.rel == "via"} == {"https://us-office.example/k1"}
    text = entry.content[0].value if form == "atom" else entry.description
    assert "enters into force: 1 April 2026 (stated: effective)" in text


def test_all_forms_tell_the_same() -> None:
    one = stored()
    atom, rss = (read(written(form, one)).entries[0] for form in ("atom", "rss"))
    [item] = json.loads(written("json", one))["items"]

    assert atom.id == rss.id == item["id"]
    assert atom.title == rss.title == item["title"]
    assert atom.content[0].value == rss.description == item["content_html"]
    assert item["_alerts"]["obligations"] == [
        {"role": "in-force", "date": "2026-04-01", "stated": True, "basis": "effective"}
    ]
    assert item["_alerts"]["cap"] == f"{SITE}/items/7.cap"


def test_a_feed_leads_to_its_other_forms_its_pages_and_its_hub() -> None:
    around = {
        "hub": "https://hub.example/",
        "next": f"{SITE}/feeds/US.x?before=7",
        "first": f"{SITE}/feeds/US.x",
    }
    other = ("application/rss+xml", f"{SITE}/feeds/US.rss")

    for form in ("atom", "rss"):
        links = {one.rel: one.href for one in read(written(form, stored(), **around)).feed.links}
        assert around.items() <= links.items()
    body = json.loads(written("json", stored(), **around))
    assert (body["next_url"], body["hubs"]) == (around["next"], [{"type": "WebSub", "url": around["hub"]}])
    atom = written("atom", forms=(other,))
    assert other in [(one.get("type"), one.href) for one in read(atom).feed.links]


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_without_items_is_a_feed(form: str) -> None:
    body = written(form)

    assert json.loads(body)["items"] == [] if form == "json" else judged(body) == set()


@pytest.mark.parametrize(
    "at", [MONDAY + timedelta(days=2), datetime(1899, 12, 31, tzinfo=UTC)], ids=["in the future", "long ago"]
)
def test_a_day_that_cannot_be_is_not_told_as_the_day_of_publication(at: datetime) -> None:
    entry = entry_of(stored(published=Dated(at, DateOrigin.SOURCE)), setting())

    assert entry.published == MONDAY


def test_a_reader_is_told_why_and_in_chinese() -> None:
    entry: Entry = entry_of(stored(), setting(Language.CHINESE), [Reason("region", "US", "US")])

    assert "生效：2026年4月1日（载明：effective）" in entry.body
    assert entry.body.count("美国") == 2
    assert {label.text for label in entry.labels} >= {"重大", "商标", "美国"}


def test_what_looks_like_markup_is_told_to_readers_of_titles_by_its_like() -> None:
    assert (
        unmistakable("<b>Order</b> on AT&T &copy; 5 < 6 &#8217;")
        == "‹b>Order‹/b> on AT&T ＆copy; 5 < 6 ＆#8217;"
    )
    assert unmistakable("专利（2026）第1号") == "专利（2026）第1号"


@given(st.text())
def test_an_address_is_written_in_the_letters_of_addresses_or_not_at_all(text: str) -> None:
    for url in (text, f"https://{text}", f"https://office.example/{text}"):
        found = uri(url)
        assert found is None or (found.isascii() and " " not in found and uri(found) == found)


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://office.example/a b?q=商标#x", "https://office.example/a%20b?q=%E5%95%86%E6%A0%87#x"),
        ("https://商标.example/", "https://xn--czr694b.example/"),
        ("https://office.example/50%&c=%e4", "https://office.example/50%25&c=%e4"),
        ("javascript:alert(1)", None),
        ("ftp://office.example/", None),
        ("https://[::1", None),
        ("//office.example", None),
    ],
)
def test_addresses_of_sources(url: str, written: str | None) -> None:
    assert uri(url) == written


@pytest.mark.parametrize(
    ("site", "tagged"),
    [
        ("https://alerts.example", "tag:alerts.example,2026:items/1"),
        ("http://ALERTS.example:8000/ip/", "tag:alerts.example,2026:ip/items/1"),
        ("http://[::1]:8000", "tag:1,2026:items/1"),
    ],
)
def test_an_identity_does_not_change_with_scheme_and_port(site: str, tagged: str) -> None:
    assert tag(site, "items/1") == tagged


def test_what_xml_cannot_hold_is_taken_out_also_of_links() -> None:
    body = written("atom", stored(), next="https://alerts.example/\x00\x1bq")

    assert ET.fromstring(body) is not None
