"""What a page offers: its feeds, and its lists by what repeats."""

from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.vocabulary import FeedType
from alerts.parse import parse_here
from alerts.parse.discover import Proposal, feed_links, page_title, proposals
from tests.documents import document, source

MENU = "".join(f'<li class="menu-item"><a href="/about/{n}">About {n}</a></li>' for n in range(12))
TITLES = (
    "Fees for designs change",
    "Opposition periods are extended",
    "Warning of false invoices",
    "Office closed",
)


def offered(body: str) -> tuple[Proposal, ...]:
    page = f"<html><head><title>News of the office</title></head><body><nav><ul>{MENU}</ul></nav>{body}</body></html>"
    return proposals(document(page), source(FeedType.PAGE))


def titles(proposal: Proposal) -> list[str]:
    return [entry.title for entry in proposal.parsed.entries]


def test_rows_with_dates_are_found_and_the_menu_is_not() -> None:
    rows = "".join(
        f'<li class="row-{n}"><a href="/n/{n}">{title}</a> <span>{n + 11}.11.2026</span></li>'
        for n, title in enumerate(TITLES)
    )
    best, *others = offered(f'<ul class="news-list">{rows}</ul>')
    assert titles(best) == list(TITLES)
    assert (best.dated, best.feed.date_order) == (4, "DMY")
    assert best.feed.page
    assert best.feed.page.rows == "ul.news-list > li"
    assert not others


def test_a_table_whose_links_say_pdf_gets_its_title_from_another_cell_and_its_head_is_no_row() -> None:
    rows = "".join(
        f"<tr class='{'odd' if n % 2 else 'even'}'><td>2026/11/1{n}</td><td>{title}</td><td><a href='/f/{n}.pdf'>PDF</a></td></tr>"
        for n, title in enumerate(TITLES)
    )
    best = offered(f"<table class='views'><tr><td>Date</td><td>Case</td><td>File</td></tr>{rows}</table>")[0]
    assert titles(best) == list(TITLES)
    assert best.dated == 4
    assert best.feed.page
    assert best.feed.page.title == "td:nth-child(2)"


def test_a_list_in_a_data_block_is_named_by_its_addresses() -> None:
    records = ",".join(
        f'{{"title": "{title}", "url": "/art/2026/11/{n + 11}/art_74_{n}.html"}}'
        for n, title in enumerate(TITLES * 2)
    )
    best = offered(f"<div id='app'></div><script>var list = [{records}]</script>")[0]
    assert titles(best)[:4] == list(TITLES)
    assert (len(titles(best)), best.dated) == (8, 8)
    assert best.feed.page
    assert best.feed.page.link_pattern


def test_a_page_without_a_list_gives_no_proposal() -> None:
    assert offered("<p>One text with <a href='/a'>a link</a>.</p>") == ()


def test_what_is_proposed_reads_the_page_as_it_was_shown() -> None:
    rows = "".join(
        f"<div><h3><a href='/n/{n}'>{t}</a></h3><p>1{n} May 2026</p></div>" for n, t in enumerate(TITLES)
    )
    page = document(f"<title>x</title><main>{rows}</main>")
    for proposal in proposals(page, source(FeedType.PAGE)):
        assert parse_here(page, proposal.feed) == proposal.parsed


def test_feeds_are_those_the_page_declares_then_links_that_look_like_one() -> None:
    page = document(
        """<title> The  office </title><link rel="alternate" type="application/rss+xml" href="news.rss">
        <link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" type="text/css" href="/a.css">
        <a href="/feed/">All news</a><a href="/x.atom">Atom</a><a href="mailto:x@y.example">x</a><a href="/feedback">f</a>"""
    )
    assert feed_links(page) == (
        "https://office.example/news/news.rss",
        "https://office.example/feed/",
        "https://office.example/x.atom",
    )
    assert page_title(page) == "The office"


@given(
    st.lists(
        st.sampled_from(
            ["<li>", "</li>", "<a href='/1'>", "<a href='//['>x</a>", "</a>", "<tr>", "<td>", "2026-11-20", "<div class='a.b c:d'>",
             "</div>", "<script>", "'/x/1.html'", "<p id='\"'>", "é", "\0", "<table>", "<a href='/2?a=1'>y</a>"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_no_page_breaks_the_search(parts: list[str]) -> None:
    page = document("".join(parts) * 3)
    for proposal in proposals(page, source(FeedType.PAGE)):
        assert len(proposal.parsed.entries) >= 3
