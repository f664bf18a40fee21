"""HTML pages become entries by their mapping; a page that changed or is a bot check says so."""

import pytest

from alerts.domain.collected import Parsed, RawDate
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import Outcome
from alerts.parse.page import parse_page
from tests.documents import document, page

LIST = """<!doctype html><html lang="en"><head><title>News</title><base href="/en/"></head><body><nav><a href="/about">About us</a></nav>
<ul id="news"><li><a href="n/1.html">New fees for designs</a> <span>20.11.2026</span><p>From January.</p></li>
<li><a href="n/2.html" title="Opposition periods are extended">Opposition per…</a> <span>19.11.2026</span></li>
<li><a href="n/2.html">More</a></li><li><a href="javascript:void(0)">Print this</a></li></ul></body></html>"""


def read(text: str | bytes, feed: Feed, content_type: str | None = "text/html") -> Parsed:
    return parse_page(document(text, content_type), feed)


def test_rows_are_read_by_selectors() -> None:
    parsed = read(LIST, page(rows="#news li", date="span", date_pattern=r"\d+\.\d+\.\d{4}", summary="p"))
    first, second, third = parsed.entries
    assert (first.title, first.link, first.published) == (
        "New fees for designs",
        "https://office.example/en/n/1.html",
        RawDate("20.11.2026"),
    )
    assert first.summary == "From January."
    assert first.raw_id == first.link
    assert second.title == "Opposition periods are extended"
    assert (third.title, third.link) == ("Print this", None)
    assert (parsed.title, parsed.language) == ("News", "en")


def test_links_are_named_by_a_pattern_and_their_row_is_found() -> None:
    parsed = read(LIST, page(link_pattern=r"/n/\d+\.html$"))
    assert [entry.link for entry in parsed.entries] == [
        "https://office.example/en/n/1.html",
        "https://office.example/en/n/2.html",
    ]
    assert parsed.entries[0].published == RawDate("20.11.2026")


def test_a_date_is_read_from_the_address() -> None:
    html = "<a href='/art/2026/11/20/art_74_1.html'>关于商标的公告</a>"
    assert read(html, page(link_pattern="/art/", date_from="url")).entries[0].published == RawDate(
        "2026-11-20"
    )
    named = page(
        link_pattern="/art/", date_from="url", date_pattern=r"/(?P<year>\d{4})/(?P<month>\d+)/(?P<day>\d+)/"
    )
    assert read(html, named).entries[0].published == RawDate("2026-11-20")


def test_a_region_and_words_to_leave_out_narrow_the_page() -> None:
    assert len(read(LIST, page(link_pattern=".", region="#news")).entries) == 2
    assert len(read(LIST, page(link_pattern=".", exclude_title=("^about",))).entries) == 2


@pytest.mark.parametrize(
    "block",
    [
        "<script type='text/xml'><datastore><record><![CDATA[<li><a href='/art/1.html'>Notice one</a><b>2026-11-20</b></li>]]></record></datastore></script>",
        '<script>var rows = [{"title": "Notice one", "url": "\\/art\\/1.html", "date": "2026-11-20"}]</script>',
        '<script>window.data={"name":"Notice \\u006fne","link":"https://office.example/art/1.html","on":"2026-11-20"}</script>',
    ],
    ids=["island", "escaped", "object"],
)
def test_links_in_data_blocks_are_found(block: str) -> None:
    (entry,) = read(f"<html><body>{block}</body></html>", page(link_pattern=r"/art/\d+\.html")).entries
    assert (entry.link, entry.title, entry.published) == (
        "https://office.example/art/1.html",
        "Notice one",
        RawDate("2026-11-20"),
    )


def test_an_xml_answer_with_html_inside_is_read_too() -> None:
    xml = "<?xml version='1.0'?><datastore><record><![CDATA[<a href='/art/1.html'>Notice one</a>]]></record></datastore>"
    assert len(read(xml, page(link_pattern="/art/", region="#list")).entries) == 1


def test_a_page_in_an_old_charset_is_read() -> None:
    raw = "<meta charset=gb2312><ul><li><a href='/1'>国家知识产权局公告</a></li></ul>".encode("gbk")
    assert read(raw, page(rows="li")).entries[0].title == "国家知识产权局公告"


def test_anchors_on_one_page_are_several_items() -> None:
    html = "<li><a href='/x#a'>Notice one</a></li><li><a href='/x#b'>Notice two</a></li>"
    assert len({entry.raw_id for entry in read(html, page(rows="li")).entries}) == 2


def test_a_whole_page_is_one_entry_of_its_region() -> None:
    html = "<html lang=pt><title>Lei 9.279</title><body><nav>Menu</nav><main><h1>Lei</h1><script>x()</script><p>Art. 1 Esta Lei regula direitos.</p></main></body></html>"
    (entry,) = read(html, page(mode="whole")).entries
    assert (entry.title, entry.summary) == ("Lei 9.279", "Lei\nArt. 1 Esta Lei regula direitos.")
    assert entry.raw_id == "https://office.example/news"
    with pytest.raises(ParseError, match="nothing to read"):
        read(html, page(mode="whole", region="#text"))


@pytest.mark.parametrize(
    ("html", "outcome"),
    [
        (
            "<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x'></script>",
            Outcome.CHALLENGE,
        ),
        ("<iframe src='/_Incapsula_Resource?x'></iframe>", Outcome.CHALLENGE),
        (
            "<noscript>Please enable JavaScript to continue.</noscript><div id='root'></div>",
            Outcome.CHALLENGE,
        ),
        ("<form><input type=password name=p></form>", Outcome.CHALLENGE),
        ("<div id='app'></div><script src=/a.js></script>", Outcome.CHALLENGE),
        ("<html><body><p>We have moved.</p></body></html>", Outcome.LAYOUT_CHANGED),
        ("", Outcome.LAYOUT_CHANGED),
    ],
)
def test_a_page_without_its_rows_says_what_it_is(html: str, outcome: Outcome) -> None:
    with pytest.raises(ParseError) as refusal:
        read(html, page(rows="#news li"))
    assert refusal.value.outcome is outcome


def test_a_login_box_beside_the_rows_is_no_challenge() -> None:
    login = "<form><input type='password'></form><noscript>enable JavaScript</noscript>"
    assert read(LIST + login, page(rows="#news li")).entries


def test_fewer_rows_than_the_page_always_has_are_a_changed_layout() -> None:
    with pytest.raises(ParseError, match="2 rows found by “/n/”, at least 5 expected"):
        read(LIST, page(link_pattern="/n/", min_rows=5))


def test_a_selector_that_is_none_is_a_fault_of_the_mapping() -> None:
    with pytest.raises(ParseError, match="selector"):
        read(LIST, page(rows="li[[["))


ASPX = """<!doctype html><html><body><form method="post" action="./notices.aspx" id="aspnetForm">
<input type="hidden" name="__VIEWSTATE" value="/wEPDwUKLTk5"><div class="wrap"><nav><a href="/">Home</a></nav>
<h1>Official fees</h1><p>{text}</p></div><div class="foot">Contact us</div></form>
<form action="/search"><label>Search the site</label><input name="q"></form></body></html>"""


def test_a_page_that_is_one_form_is_read_and_a_search_form_is_not() -> None:
    text = (
        "The fee for a renewal is 120 dollars from 1 January 2027, and the fee for an appeal stays as it was. "
        * 4
    )
    (entry,) = parse_page(document(ASPX.format(text=text), "text/html"), page(mode="whole")).entries

    said = entry.summary + (entry.title or "") + str(entry)
    assert "120 dollars" in said
    assert "Search the site" not in said
