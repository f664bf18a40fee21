"""Answers of APIs become entries by their mapping; what is no answer says why."""

import json
from dataclasses import replace

import pytest

from alerts.domain.collected import Parsed, RawDate, Request
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed, JsonMapping, Paging
from alerts.domain.vocabulary import FeedType, Outcome, Role
from alerts.parse.api import parse_api
from tests.documents import ADDRESS, api, document, source


def read(answer: object, feed: Feed, url: str = ADDRESS) -> Parsed:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return parse_api(document(text, url=url), feed)


def test_a_record_is_read_by_its_paths_with_its_dates() -> None:
    feed = api(
        fields={
            "id": "no",
            "title": "name.rendered",
            "url": "links[0]",
            "author": "agencies[].name",
            "category": "tags",
            "published": "at",
        },
        dates={Role.COMMENTS_CLOSE: "close", Role.IN_FORCE: "force"},
    )
    record = {
        "no": 20260117.0, "name": {"rendered": "Fees &amp; forms"}, "links": ["/d/1", "/d/2"], "agencies": [{"name": "A"}, {"name": "B"}],
        "tags": "fees", "at": 1795168800, "close": "2026-12-20", "force": None,
    }  # fmt: skip
    (entry,) = read({"results": [record]}, feed).entries
    assert (entry.raw_id, entry.link, entry.title, entry.title_is_html) == (
        "20260117",
        "https://office.example/d/1",
        "Fees &amp; forms",
        True,
    )
    assert (entry.author, entry.categories, entry.published) == ("A, B", ("fees",), RawDate("1795168800"))
    assert entry.dates == ((Role.COMMENTS_CLOSE, "2026-12-20"),)


def test_a_single_object_counts_as_a_list_of_one() -> None:
    assert len(read({"results": {"id": 1, "title": "One"}}, api()).entries) == 1


def test_an_address_is_built_where_no_field_holds_it() -> None:
    feed = api(
        fields={"id": "id", "title": "title"}, url_template="https://office.example/view/{id}?y={year}"
    )
    entries = read(
        {"results": [{"id": "a b/1", "year": 2026, "title": "T"}, {"id": "2", "title": "U"}]}, feed
    ).entries
    assert [entry.link for entry in entries] == ["https://office.example/view/a%20b/1?y=2026", None]


def test_an_answer_that_counts_nothing_is_empty() -> None:
    assert read({"count": 0, "description": "none"}, api()).entries == ()
    assert read({"results": []}, api()).entries == ()
    assert read({"response": {"totalResults": "0"}}, api("response.list")).entries == ()


@pytest.mark.parametrize(
    ("answer", "outcome", "said"),
    [
        ({"documents": []}, Outcome.LAYOUT_CHANGED, "no records at “results”; the answer has: documents"),
        (
            {"errors": {"cursor": ["is invalid"]}},
            Outcome.LAYOUT_CHANGED,
            "answered with an error: is invalid",
        ),
        ({"results": [{"name": "renamed"}]}, Outcome.LAYOUT_CHANGED, "neither title nor address"),
        ({"pages": False, "page": 0}, Outcome.LAYOUT_CHANGED, "no records"),
        (
            "<!doctype html><title>App</title>",
            Outcome.NOT_A_FEED,
            "an HTML page titled “App” came instead of JSON",
        ),
        (
            "<!doctype html><title>Attention Required! | Cloudflare</title>",
            Outcome.CHALLENGE,
            "instead of JSON",
        ),
        ("<rss/>", Outcome.NOT_A_FEED, "XML"),
        ('{"results": [}', Outcome.PARSE_ERROR, "not valid JSON"),
        ('{"results": ' + "[" * 100_000, Outcome.HOSTILE, "nested"),
    ],
)
def test_what_is_no_answer_says_why(answer: object, outcome: Outcome, said: str) -> None:
    with pytest.raises(ParseError) as refusal:
        read(answer, api())
    assert refusal.value.outcome is outcome
    assert said in refusal.value.detail


def test_xml_is_read_as_nested_mappings() -> None:
    feed = api("list.law", {"id": '"@id"', "title": "name", "published": 'date."#text"'}, answer="xml")
    parsed = read(
        "<?xml version='1.0'?><x:list xmlns:x='urn:x'><x:law id='1'><x:name>상표법 &amp; 법</x:name><date form='d'>20261120</date></x:law>"
        "<x:law id='2'><x:name>Two</x:name></x:law></x:list>",
        feed,
    )
    assert [(entry.raw_id, entry.title) for entry in parsed.entries] == [("1", "상표법 & 법"), ("2", "Two")]
    assert parsed.entries[0].published == RawDate("20261120")


def test_html_records_inside_xml_are_read_by_selectors() -> None:
    feed = source(
        FeedType.JSON,
        json=JsonMapping(
            "datastore.recordset.record",
            {"title": "a@title", "url": "a@href", "published": "span.date"},
            answer="xml",
            record="html",
        ),
    )
    record = "<record><![CDATA[<li><a href='/art/{0}' title='公告{0}'>公告…</a><span class=date>2026-11-{0}</span></li>]]></record>"
    text = f"<datastore><recordset>{record.format(20)}{record.format(21)}</recordset></datastore>"
    entries = read(text, feed).entries
    assert [(e.title, e.link) for e in entries] == [
        ("公告20", "https://office.example/art/20"),
        ("公告21", "https://office.example/art/21"),
    ]
    assert entries[0].published == RawDate("2026-11-20")


RECORDS = [{"id": n, "title": f"T{n}"} for n in range(3)]


@pytest.mark.parametrize(
    ("paging", "answer", "asked", "following"),
    [
        (Paging("next", path="next"), {"next": "/p2"}, ADDRESS, "https://office.example/p2"),
        (Paging("next", path="next"), {"next": None}, ADDRESS, None),
        (Paging("page", param="p", start=0), {}, ADDRESS, f"{ADDRESS}?p=1"),
        (Paging("page", param="p"), {}, f"{ADDRESS}?q=x&p=4", f"{ADDRESS}?q=x&p=5"),
        (Paging("page", param="p", size=20), {}, ADDRESS, None),
        (Paging("offset", param="skip", size=3), {}, f"{ADDRESS}?skip=6", f"{ADDRESS}?skip=9"),
        (Paging("offset", param="skip"), {}, ADDRESS, f"{ADDRESS}?skip=3"),
        (
            Paging("cursor", path="meta.after", param="after"),
            {"meta": {"after": "a b"}},
            ADDRESS,
            f"{ADDRESS}?after=a+b",
        ),
        (Paging("cursor", path="meta.after", param="after"), {"meta": {}}, ADDRESS, None),
        (None, {"next": "/p2"}, ADDRESS, None),
    ],
)
def test_the_next_page_is_asked_for_as_the_api_hands_it_out(
    paging: Paging | None, answer: dict[str, object], asked: str, following: str | None
) -> None:
    parsed = read({"results": RECORDS, **answer}, api(paging=paging), asked)
    assert parsed.next_request == (Request(following) if following else None)


def test_a_page_without_records_is_the_last() -> None:
    assert read({"results": [], "next": "/p2"}, api(paging=Paging("next", path="next"))).next_request is None


def test_a_post_keeps_its_body_on_the_next_page() -> None:
    feed = api(paging=Paging("page"), method="POST", body='{"q": 1}')
    assert read({"results": RECORDS}, feed).next_request == Request(f"{ADDRESS}?page=2", "POST", b'{"q": 1}')


def test_an_odd_record_does_not_spoil_the_others() -> None:
    feed = api(fields={"title": "join('', parts)", "url": "url"})
    records = [{"parts": 3, "url": "/1"}, {"parts": ["a", "b"], "url": "/2"}, None, "text", {"x": 1}]
    parsed = read({"results": records}, feed)
    assert [entry.title for entry in parsed.entries] == ["", "ab"]
    assert parsed.skipped == 2


@pytest.mark.parametrize(
    ("paging", "before", "body", "following"),
    [
        (Paging("page"), 0, '{"q": {"p": {page}}}', b'{"q": {"p": 2}}'),
        (Paging("page", start=0), 3, "p={page}&s=1", b"p=4&s=1"),
        (Paging("offset", size=2), 2, '{"from": {offset}}', b'{"from": 6}'),
        (Paging("cursor", path="next"), 0, '{"after": "{cursor}", "since": "{since}"}',
         b'{"after": "a\\"b&c", "since": "{since}"}'),
        (Paging("cursor", path="next"), 0, "after={cursor}", b"after=a%22b%26c"),
    ],
)  # fmt: skip
def test_a_place_in_the_body_carries_the_next_page(
    paging: Paging, before: int, body: str, following: bytes
) -> None:
    feed = api(paging=paging, method="POST", body=body)
    given = replace(document(json.dumps({"results": RECORDS, "next": 'a"b&c'})), page=before)
    assert parse_api(given, feed).next_request == Request(ADDRESS, "POST", following)


def test_the_last_page_of_a_body_paging_is_told_by_its_size_or_its_missing_cursor() -> None:
    body = '{"from": {offset}, "after": "{cursor}"}'
    for paging in (Paging("offset", size=20), Paging("cursor", path="next")):
        assert read({"results": RECORDS}, api(paging=paging, method="POST", body=body)).next_request is None
