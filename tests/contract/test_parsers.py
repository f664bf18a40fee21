"""What holds for every type of source: golden documents, hostile ones, and nothing but ParseError."""

import asyncio
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.collected import Parsed
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed, JsonMapping, PageMapping, Paging
from alerts.domain.items import Item
from alerts.domain.vocabulary import FeedType, IdentityPolicy, Outcome, Role
from alerts.normalise import normalise
from alerts.parse import KINDS, parse_here
from alerts.parse.pool import ParserPool
from tests.documents import NOW, api, document, page, rss, source

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = sorted(path.parent for path in GOLDEN.glob("*/*/case.json"))
FEEDS = {
    FeedType.FEED: source(),
    FeedType.JSON: api(),
    FeedType.PAGE: page(link_pattern="."),
}
READINGS = [
    *FEEDS.values(),
    api(answer="xml"),
    api(answer="xml", record="html"),
    page(rows="li"),
    page(mode="whole"),
]
FRAGMENTS = [b"<rss>", b"<item>", b"<title>", b"</title>", b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>", b"<![CDATA[", b"]]>",
             b"<!--", b"-->", b"&nbsp;", b"<a href='/x'>", b"<li>", b'{"results":', b"[", b"]", b"}", b'"id":1', b"<!DOCTYPE ", b"<?xml ",
             b"encoding='utf-16'", b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"<p ", b"='", b">", "é国".encode(), b"<guid>", b"<link>"]  # fmt: skip


def feed_of(case: dict[str, Any]) -> Feed:
    mapping, watched = case.get("json"), case.get("page")
    if mapping:
        paging, dates = mapping.pop("paging", None), mapping.pop("dates", {})
        roles = {Role(role): path for role, path in dates.items()}
        case["json"] = JsonMapping(**mapping, dates=roles, paging=Paging(**paging) if paging else None)
    if watched:
        case["page"] = PageMapping(**{**watched, "exclude_title": tuple(watched.get("exclude_title", ()))})
    return source(FeedType(case.pop("type")), **case)


def shown(item: Item) -> dict[str, Any]:
    return {
        "title": item.title,
        "summary": item.summary,
        "url": item.url,
        "language": item.language,
        "publisher": item.publisher,
        "jurisdiction": item.jurisdiction,
        "published": [item.published.at.isoformat(), item.published.origin.value, item.published.day_only]
        if item.published
        else None,
        "number": item.document_number,
        "dates": {stated.role.value: stated.date.isoformat() for stated in item.stated_dates},
    }


def reading(folder: Path) -> dict[str, Any]:
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    content_type = case.pop("content_type", None)
    (body,) = folder.glob("document.*")
    feed = feed_of(case)
    try:
        parsed = parse_here(document(body.read_bytes(), content_type), feed)
    except ParseError as refusal:
        return {"outcome": refusal.outcome.value, "detail": refusal.detail}
    normal = normalise(parsed, feed, NOW, IdentityPolicy.GUID)
    return {
        "items": [shown(item) for item in normal.items],
        "malformed": parsed.malformed,
        "filtered": normal.filtered,
        "skipped": parsed.skipped,
        "policy": normal.policy.value,
        "next": parsed.next_request.url if parsed.next_request else None,
    }


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_a_golden_document_becomes_what_stands_beside_it(folder: Path) -> None:
    assert reading(folder) == json.loads((folder / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", list(FeedType))
def test_every_type_has_a_reader_and_a_good_and_a_broken_golden_document(kind: FeedType) -> None:
    assert kind in KINDS
    expected = [
        json.loads((case / "expected.json").read_text(encoding="utf-8"))
        for case in CASES
        if case.parent.name == kind.value
    ]
    assert any("items" in one for one in expected)
    assert any("outcome" in one for one in expected)


@pytest.mark.parametrize("feed", READINGS, ids=lambda feed: feed.type.value)
@given(body=st.binary(max_size=200) | st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(b"".join))
def test_any_bytes_give_entries_or_a_parse_error(feed: Feed, body: bytes) -> None:
    try:
        parsed = parse_here(document(body), feed)
    except ParseError as refusal:
        assert refusal.detail
    else:
        normalise(parsed, feed, NOW, IdentityPolicy.GUID)


@pytest.mark.parametrize("feed", FEEDS.values(), ids=lambda feed: feed.type.value)
def test_an_answer_without_a_body_is_empty(feed: Feed) -> None:
    with pytest.raises(ParseError) as refusal:
        parse_here(document(b" \n"), feed)
    assert refusal.value.outcome is Outcome.EMPTY


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE: dict[str, Callable[[], str | bytes]] = {
    "billion laughs": lambda: f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "lol">{LAUGHS}]><rss><title>&a9;</title></rss>',
    "billion laughs in UTF-16": lambda: f'<!DOCTYPE l [<!ENTITY a0 "lol">{LAUGHS}]><rss><title>&a9;</title></rss>'.encode("utf-16"),
    "quadratic blow-up": lambda: f'<!DOCTYPE l [<!ENTITY a "{"x" * 100_000}">]><rss><title>{"&a;" * 1000}</title></rss>',
    "billion laughs in UTF-16 without a mark": lambda: f'<!DOCTYPE l [<!ENTITY a0 "lol">{LAUGHS}]><rss><title>&a9;</title></rss>'.encode("utf-16-le"),
    "billion laughs in UTF-32": lambda: f'<!DOCTYPE l [<!ENTITY a0 "lol">{LAUGHS}]><rss><title>&a9;</title></rss>'.encode("utf-32"),
    "billion laughs in UTF-7": lambda: f'<?xml version="1.0" encoding="utf-7"?><!DOCTYPE l [<!ENTITY a0 "lol">{LAUGHS}]><rss/>',
    "billion laughs in EBCDIC": lambda: f'<?xml version="1.0" encoding="cp037"?><!DOCTYPE l [<!ENTITY a0 "lol">{LAUGHS}]><rss/>'.encode("cp037"),
    "billion laughs past the root": lambda: f'<rss>&nbsp;<!DOCTYPE l [<!ENTITY a0 "lol">{LAUGHS}]><item><title>&a9;</title></item></rss>',
    "small expansion": lambda: "<!DOCTYPE l [<!ENTITY a 'lolol'>]><rss><channel><item><title>&a;</title></item></channel></rss>",
    "entity behind a comment": lambda: "<!DOCTYPE l [<!-- ]> --><!ENTITY a0 'lol'>]><rss><title>&a0;</title></rss>",
    "entity behind an instruction": lambda: "<!DOCTYPE l [<?pi ]> ?><!ENTITY a0 'lol'>]><rss><title>&a0;</title></rss>",
    "entity behind a quoted bracket": lambda: "<!DOCTYPE l [<!ATTLIST a b CDATA ']>'><!ENTITY a0 'lol'>]><rss><title>&a0;</title></rss>",
    "entity broken by a NUL": lambda: "<!DOCTYPE l [<!ENT\0ITY a0 'lol'>]><rss><title>&a0;</title></rss>",
    "external entity": lambda: '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]><rss><title>&a;</title></rss>',
    "parameter entity": lambda: '<!DOCTYPE l [<!ENTITY % a SYSTEM "http://192.0.2.1/a.dtd"> %a;]><rss/>',
    "nested elements": lambda: "<a>" * 200_000 + "</a>" * 200_000,
    "attributes": lambda: "<rss " + " ".join(f'a{n}="1"' for n in range(200_000)) + "><channel/></rss>",
    "attributes, ill-formed": lambda: "<rss><br><p " + " ".join(f"a{n}" for n in range(200_000)) + ">",
    "many items": lambda: rss(*["<title>x</title>"] * 200_000),
    "endless title": lambda: rss(f"<title>{'x ' * 5_500_000}</title>"),
    "escaped tags": lambda: rss(f"<title>x</title><description>{'&lt;b&gt;' * 600_000}</description>"),
    "comments in CDATA": lambda: rss(f"<title>x</title><description><![CDATA[{'<!--' * 300_000}]]></description>"),
    "open tags in CDATA": lambda: rss(f"<title>x</title><description><![CDATA[{'<a ' * 300_000}]]></description>"),
    "unclosed token": lambda: "<rss><channel><item><title " + "x" * 20_000_000,
    "ill-formed open tags": lambda: "<rss>" + "<a>" * 60_000,
    "blank lines before the root": lambda: "\n" * 200_000 + rss("<title>x</title>"),
    "author": lambda: rss(f"<title>x</title><author>a@{'a.' * 16_000}</author>"),
    "many authors": lambda: rss(*[f"<title>x</title><author>a@{'a.' * 1_900}</author>"] * 2_000),
    "declarations": lambda: "<rss><channel><item><title>x</title>&nbsp;" + "<!x " * 300_000,
    "ampersands": lambda: "<rss><channel><item><title>x</title>&nbsp;" + "&" * 1_000_000,
    "angles": lambda: "<rss><channel><item><title>x</title>&nbsp;" + "<" * 1_000_000,
    "nothing but angles": lambda: "<" * 1_000_000,
    "declarations before the root": lambda: "<!" * 500_000,
    "document types before the root": lambda: "<!DOCTYPE " * 100_000 + "<rss/>",
    "instructions before the root": lambda: "<?x " * 250_000 + "<rss/>",
    "comments before the root": lambda: "<!--" * 250_000 + "<rss/>",
    "CDATA never closed": lambda: "<rss>" + "<![CDATA[" * 100_000,
    "closing tags": lambda: "<rss>&nbsp;" + "</p>" * 250_000,
    "quotes in an open tag": lambda: "<rss>&nbsp;<channel a='" + 'x="' * 300_000 + "</channel></rss>",
    "character references": lambda: rss(f"<title>{'&#120;' * 300_000}</title>"),
    "a character reference of a megabyte": lambda: rss(f"<title>&nbsp;&#{'9' * 1_000_000};</title>"),
    "a name space for each item": lambda: "<rss><channel>" + "".join(f"<item xmlns:a{n}='u{n}'><title>x</title></item>" for n in range(20_000)) + "</channel></rss>",
    "bases of bases": lambda: "<rss><channel>" + f"<item xml:base='{'../' * 2000}'><link>a</link></item>" * 1000 + "</channel></rss>",
    "links up and up": lambda: rss(*[f"<title>x</title><link>http://a/{'../' * 100_000}</link>"] * 30),
    "many links of one entry": lambda: rss("<title>x</title>" + "<link>http://a/</link>" * 50_000),
    "dates of digits": lambda: rss(*[f"<title>x</title><pubDate>{'1' * 50_000}</pubDate>"] * 20),
    "tables in tables": lambda: rss(f"<title>x</title><description><![CDATA[{'<table><tr><td>' * 70_000}]]></description>"),
    "a path": lambda: "/etc/passwd",
    "an address": lambda: "http://127.0.0.1:1/feed",
    "many JSON items": lambda: '{"version":"https://jsonfeed.org/version/1","items":[' + '{"id":"1"},' * 400_000 + '{"id":1}]}',
    "a number of megabytes": lambda: '{"version":"https://jsonfeed.org/version/1","items":[{"id":' + "9" * 3_000_000 + "}]}",
    "nested JSON objects": lambda: '{"items":' + '{"a":' * 500_000,
    "nested JSON": lambda: '{"items":' + "[" * 1_000_000,
}  # fmt: skip


@pytest.mark.slow
def test_no_hostile_document_costs_more_than_six_seconds_or_harms_the_next() -> None:
    good = document(rss("<title>Notice</title>"))

    async def story() -> list[str]:
        pool, late = ParserPool(1), []
        try:
            for name, make in HOSTILE.items():
                body, started = make(), time.monotonic()
                with_error: Parsed | ParseError
                try:
                    with_error = await pool.parse(document(body), source())
                except ParseError as refusal:
                    with_error = refusal
                    if refusal.outcome is Outcome.INTERNAL:
                        late.append(f"{name}: {refusal}")
                if time.monotonic() - started > 6:
                    late.append(name)
                assert with_error is not None
                assert (await pool.parse(good, source())).entries
        finally:
            await pool.close()
        return late

    assert asyncio.run(story()) == []


@pytest.mark.parametrize(
    "name", [name for name in HOSTILE if "laughs" in name or "entity" in name or "expansion" in name]
)
def test_a_document_that_declares_an_entity_in_any_spelling_is_refused(name: str) -> None:
    body = HOSTILE[name]()
    with pytest.raises(ParseError) as refusal:
        parse_here(document(body), source())
    assert refusal.value.outcome is Outcome.HOSTILE


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "raw_unicode_escape", "punycode", "idna"])
def test_a_charset_that_can_hide_markup_is_refused(charset: str) -> None:
    head = f'<?xml version="1.0" encoding="{charset}"?>'
    with pytest.raises(ParseError, match="can hide markup") as refusal:
        parse_here(document(head + rss("<title>+ADw-script+AD4-</title>")), source())
    assert refusal.value.outcome is Outcome.HOSTILE


@pytest.mark.parametrize(
    "name",
    ["links up and up", "many links of one entry", "character references", "tables in tables", "author"],
)
def test_what_a_hostile_document_left_is_normalised_quickly(name: str) -> None:
    parsed = parse_here(document(HOSTILE[name]()), source())
    started = time.process_time()
    normalise(parsed, source(), NOW, IdentityPolicy.GUID)
    assert time.process_time() - started < 1


CORPUS = Path(os.environ.get("ALERTS_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.skipif(
    not (CORPUS / "feeds").is_dir(), reason="the captured documents are not beside the project"
)
def test_every_captured_feed_gives_items_or_a_recorded_error() -> None:
    items = 0
    for path in sorted((CORPUS / "feeds" / "real").rglob("*.xml")):
        try:
            parsed = parse_here(document(path.read_bytes()), source())
        except ParseError:
            continue
        normal = normalise(parsed, source(), NOW, IdentityPolicy.GUID)
        again = normalise(parsed, source(), NOW, IdentityPolicy.GUID)
        assert [item.key for item in normal.items] == [item.key for item in again.items]
        assert all(item.title for item in normal.items)
        items += len(normal.items)
    assert items > 3000
