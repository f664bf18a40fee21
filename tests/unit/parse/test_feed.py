"""RSS, RDF, Atom and JSON Feed become entries, with what each says and nothing it does not."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax import make_parser
from xml.sax.handler import ContentHandler

import feedparser
import pytest

from alerts.domain.collected import Parsed, RawDate, Request
from alerts.domain.errors import ParseError
from alerts.domain.vocabulary import Outcome
from alerts.parse.feed import parse_feed
from tests.documents import ADDRESS, document, rss, source

ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Amt</title>{}</feed>'


def read(text: str, content_type: str | None = None) -> Parsed:
    return parse_feed(document(text, content_type), source())


def test_an_item_of_rss_is_read_with_its_fields() -> None:
    parsed = read(
        rss(
            "<title>Fees &amp; forms</title><link>/fees?a=1</link><guid isPermaLink='false'> F-1 </guid><category>Fees</category>"
            "<description>&lt;p&gt;New fees&lt;/p&gt;</description><pubDate>Fri, 20 Nov 2026 10:00:00 EST</pubDate><author>Office</author>",
            head="<language>en-gb</language><ttl>90</ttl><skipHours><hour>0</hour><hour>24</hour><hour>7</hour></skipHours>"
            "<skipDays><day>Sunday</day><day> monday </day><day>Someday</day></skipDays>",
        )
    )
    (entry,) = parsed.entries
    assert (entry.raw_id, entry.link, entry.title) == (
        "F-1",
        "https://office.example/fees?a=1",
        "Fees & forms",
    )
    assert (entry.summary, entry.summary_is_html) == ("<p>New fees</p>", True)
    assert entry.published == RawDate("Fri, 20 Nov 2026 10:00:00 EST", datetime(2026, 11, 20, 15, tzinfo=UTC))
    assert (entry.author, entry.categories) == ("Office", ("Fees",))
    assert (parsed.title, parsed.language, parsed.ttl) == ("Office", "en-gb", timedelta(minutes=90))
    assert parsed.skip_hours == {0, 7}
    assert parsed.skip_days == {6, 0}
    assert not parsed.malformed


def test_a_guid_decides_the_link_when_it_is_one_and_is_itself_never_resolved() -> None:
    parsed = read(
        '<rss version="2.0" xml:base="https://other.example/"><channel><item><title>a</title><guid>/relative</guid></item></channel></rss>'
    )
    assert parsed.entries[0].raw_id == "/relative"
    assert (
        read(rss("<title>a</title><guid>https://office.example/p</guid>")).entries[0].link
        == "https://office.example/p"
    )


def test_the_alternate_link_of_atom_is_preferred() -> None:
    links = '<link rel="self" href="/self"/><link rel="enclosure" href="/x.mp3"/><link rel="alternate" href="page"/>'
    parsed = read(
        ATOM.format(f"<entry><id>tag:1</id><title>T</title>{links}<updated>2026-11-20</updated></entry>")
    )
    (entry,) = parsed.entries
    assert entry.link == f"{ADDRESS}page"
    assert entry.language == "de"
    assert entry.published == entry.updated == RawDate("2026-11-20")


def test_of_several_links_the_last_counts_in_rss_and_the_first_page_in_atom() -> None:
    parsed = read(rss('<title>T</title><link>/one</link><link>/two</link><link href="/three"/>'))
    assert parsed.entries[0].link == "https://office.example/three"
    links = '<link href="/page"/><link href="/page.pdf" type="application/pdf"/><link href="/copy" type="text/html"/>'
    parsed = read(ATOM.format(f"<entry><id>tag:1</id><title>T</title>{links}</entry>"))
    assert parsed.entries[0].link == "https://office.example/page"


def test_a_date_without_zone_is_left_as_text() -> None:
    parsed = read(rss("<title>a</title><pubDate>20 November 2026 10:00</pubDate>"))
    assert parsed.entries[0].published == RawDate("20 November 2026 10:00")


def test_the_next_page_of_a_feed_is_named() -> None:
    parsed = read(ATOM.format('<link rel="next" href="?page=2"/>'))
    assert parsed.next_request == Request(f"{ADDRESS}?page=2")
    assert read(ATOM.format('<link rel="self" href="?page=2"/>')).next_request is None


def test_a_feed_without_entries_is_empty_and_fine() -> None:
    assert read(rss()).entries == ()
    assert read(ATOM.format("")).entries == ()


def test_rdf_is_read_and_its_dublin_core_date_is_the_date_of_the_item() -> None:
    parsed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<item rdf:about="https://office.example/9"><title>お知らせ</title><link>https://office.example/9</link><dc:date>2026-11-20T09:00:00+09:00</dc:date></item></rdf:RDF>'
    )
    (entry,) = parsed.entries
    assert entry.raw_id == "https://office.example/9"
    assert entry.published is not None
    assert entry.published.parsed == datetime(2026, 11, 20, tzinfo=UTC)


def test_an_ill_formed_feed_is_read_with_tolerance_and_says_so() -> None:
    parsed = read(
        "<rss version='2.0'><channel><item><title>Fees&nbsp;rise & fall</title><link>/a</item></channel>"
    )
    assert parsed.malformed
    assert parsed.entries[0].title.startswith("Fees")


def test_a_wrong_charset_in_the_header_does_not_make_a_feed_malformed() -> None:
    parsed = read(rss("<title>Gebühren</title>"), "text/html; charset=iso-8859-1")
    assert (parsed.entries[0].title, parsed.malformed) == ("Gebühren", False)


def test_an_entry_with_nothing_to_show_is_counted_and_left_out() -> None:
    parsed = read(rss("<guid isPermaLink='false'>1</guid>", "<title>a</title>"))
    assert (len(parsed.entries), parsed.skipped) == (1, 1)


def test_a_feed_inside_an_html_page_is_found() -> None:
    parsed = read(f"<html><body>{ATOM.format('<entry><id>1</id><title>T</title></entry>')}</body></html>")
    assert parsed.entries[0].title == "T"


def test_a_json_feed_is_read() -> None:
    parsed = read(
        '{"version": "https://jsonfeed.org/version/1.1", "title": "Office", "language": "en", "next_url": "/2.json", "items": ['
        '{"id": 7, "url": "/7", "title": "Seven", "content_html": "<p>x</p>", "date_published": "2026-11-20T10:00:00Z",'
        ' "tags": ["fees"], "authors": [{"name": "A"}, {"name": "B"}]}, {"id": "8"}]}',
        "application/feed+json",
    )
    (entry,) = parsed.entries
    assert (entry.raw_id, entry.link, entry.summary, entry.summary_is_html) == (
        "7",
        "https://office.example/7",
        "<p>x</p>",
        True,
    )
    assert (entry.author, entry.categories) == ("A, B", ("fees",))
    assert parsed.next_request == Request("https://office.example/2.json")
    assert parsed.skipped == 1


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("<!DOCTYPE html><html><title>News</title><body>Welcome</body></html>", Outcome.NOT_A_FEED),
        ("<!-- x -->\n<HTML><title>Just a moment...</title></HTML>", Outcome.CHALLENGE),
        ("<html><body><form><input name=p type='password'></form></body></html>", Outcome.CHALLENGE),
        ("<ops:world-patent-data xmlns:ops='http://ops.example'/>", Outcome.NOT_A_FEED),
        ('{"results": []}', Outcome.NOT_A_FEED),
        ('{"items": [', Outcome.PARSE_ERROR),
        ("{" * 3 + '"a":' + "[" * 200_000, Outcome.PARSE_ERROR),
        ('{"a":' + "[" * 200_000, Outcome.HOSTILE),
        ("no feed at all", Outcome.NOT_A_FEED),
        ("<unclosed><mess", Outcome.PARSE_ERROR),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused_with_its_reason(text: str, outcome: Outcome) -> None:
    with pytest.raises(ParseError) as refusal:
        read(text)
    assert refusal.value.outcome is outcome
    assert refusal.value.detail


def test_a_body_that_spells_a_path_or_an_address_is_never_opened(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text(rss("<title>secret</title>"))
    with pytest.raises(ParseError):
        read(str(feed))


def test_an_address_in_another_scheme_beside_the_link_does_not_hide_it() -> None:
    text = rss(
        '<title>x</title><link uri="at://did:plc:x/app.bsky.feed.post/1">https://office.example/1</link>'
    )
    assert parse_feed(document(text), source()).entries[0].link == "https://office.example/1"


def test_a_title_in_base64_is_read_as_markup() -> None:
    text = (
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry>'
        '<title type="application/octet-stream" mode="base64">PHA+RmVlczwvcD4=</title></entry></feed>'
    )
    entry = parse_feed(document(text), source()).entries[0]
    assert (entry.title, entry.title_is_html) == ("<p>Fees</p>", True)


def test_texts_reach_feedparser_whole_by_the_reader_that_it_is_given() -> None:
    class Pieces(ContentHandler):
        def __init__(self) -> None:
            super().__init__()
            self.texts: list[str] = []

        def characters(self, content: str) -> None:
            self.texts.append(content)

    pieces = Pieces()
    reader = make_parser(feedparser.api.PREFERRED_XML_PARSERS)
    reader.setContentHandler(pieces)
    reader.parse(io.BytesIO(b"<r>one &lt;p&gt;\n&#233; <![CDATA[two]]> <!-- no --> three<a/>four</r>"))
    assert pieces.texts == ["one <p>\n\xe9 two  three", "four"]
