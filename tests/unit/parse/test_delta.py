"""A feed read by what is new in it reads as it would whole."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.domain.collected import Document, Parsed
from alerts.domain.feeds import Feed
from alerts.parse import parse_here
from alerts.parse.cuts import cut_feed
from alerts.parse.delta import CHECK_EVERY, Memory
from alerts.parse.pool import ParserPool
from tests.documents import api, document, rss, source

ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Office</title><updated>{}</updated>{}</feed>'


class Reader:
    """Reads documents in this process and remembers how long each was that a reader saw."""

    def __init__(self, memory: Memory | None = None, feed: Feed | None = None) -> None:
        self.memory = memory or Memory()
        self.feed = feed or source()
        self.seen: list[int] = []

    def whole(self, given_: Document) -> Parsed:
        self.seen.append(given_.body.count(b"<item") + given_.body.count(b"<entry"))
        return parse_here(given_, self.feed)

    def read(self, given_: Document) -> Parsed:
        plan = self.memory.plan(given_, self.feed)
        short = self.memory.complete(plan, self.whole(plan.document), self.feed) if plan else None
        if short is None:
            short = self.whole(given_)
            self.memory.learn(given_, self.feed, short)
        return short


def item(number: int, more: str = "") -> str:
    return f"<title>Notice {number}</title><link>/{number}</link><guid>n{number}</guid>{more}"


def feed_of(numbers: range | list[int], head: str = "") -> Document:
    return document(rss(*map(item, numbers), head=head))


_TEXTS = st.sampled_from(
    [
        "",
        "<description>Plain</description>",
        "<description>&lt;p&gt;escaped&lt;/p&gt;</description>",
        "<description><![CDATA[<item>quoted</item>]]></description>",
        "<description><![CDATA[a </item> in data]]></description>",
        "<!-- <title>hidden</title> -->",
        "<description>商标 – “quoted”</description>",
        "<description>broken <b></description>",
        "<category>a</category><pubDate>Fri, 20 Nov 2026 10:00:00 +0100</pubDate>",
        '<source url="http://a.example/">Elsewhere</source>',
    ]
)
_ITEMS = st.lists(st.builds(item, st.integers(0, 30), _TEXTS), min_size=0, max_size=12)
_HEADS = st.sampled_from(
    ["", "<lastBuildDate>1</lastBuildDate>", "<lastBuildDate>2</lastBuildDate>", "<language>fr</language>",
     "<link>http://a.example/</link>", "<title><![CDATA[News]]></title>", "<!-- made -->"]
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(st.tuples(_ITEMS, _HEADS), min_size=2, max_size=5))
def test_every_poll_of_a_series_reads_as_the_whole_document_does(series: list[tuple[list[str], str]]) -> None:
    reader = Reader()
    for items, head in series:
        given_ = document(rss(*items, head=head))
        assert reader.read(given_) == parse_here(given_, source())


@settings(max_examples=40)
@given(st.lists(st.sets(st.integers(0, 15), min_size=1), min_size=2, max_size=5))
def test_atom_reads_the_same_by_parts(series: list[set[int]]) -> None:
    reader = Reader()
    for turn, numbers in enumerate(series):
        entries = "".join(
            f'<entry xml:lang="de"><id>urn:{n}</id><title type="html">Nr. &amp;lt; {n}</title><link href="/{n}"/></entry>'
            for n in sorted(numbers)
        )
        given_ = document(ATOM.format(turn, entries))
        assert reader.read(given_) == parse_here(given_, source())


@settings(max_examples=60)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.lists(st.integers(0, 9), max_size=12))
def test_what_stood_in_the_last_document_changes_nothing_in_how_the_next_is_cut(
    now: list[int], before: list[int]
) -> None:
    texts = ["", "<description><![CDATA[</item> <item>]]></description>", "<!-- </item> -->"]
    body, last = (document(rss(*(item(n, texts[n % 3]) for n in numbers))).body for numbers in (now, before))
    cuts = cut_feed(last)
    known = [(cut.name, cut.end - cut.start) for cut in cuts.entries] if cuts else []
    assert cut_feed(body, known) == cut_feed(body)
    again = cut_feed(body)
    assert again is not None
    assert [body[cut.start : cut.end] for cut in again.entries] == [
        f"<item>{item(n, texts[n % 3])}</item>".encode() for n in now
    ]


def test_of_a_known_feed_only_new_entries_go_to_the_reader() -> None:
    reader = Reader()
    reader.read(feed_of(range(100)))
    assert len(reader.read(feed_of(range(-1, 99))).entries) == 100
    assert reader.seen == [100, 1]


def test_a_new_build_date_is_no_change_of_the_head_but_a_new_language_is() -> None:
    reader = Reader()
    reader.read(feed_of(range(9), "<lastBuildDate>a</lastBuildDate>"))
    reader.read(feed_of(range(9), "<lastBuildDate>b</lastBuildDate>"))
    reader.read(feed_of(range(9), "<language>de</language>"))
    assert reader.seen == [9, 0, 9]


def test_an_edited_entry_is_read_again() -> None:
    reader = Reader()
    reader.read(feed_of(range(9)))
    edited = document(rss(*map(item, range(8)), item(8, "<description>Corrected</description>")))
    assert reader.read(edited).entries[8].summary == "Corrected"
    assert reader.seen == [9, 1]


def test_every_tenth_poll_reads_everything() -> None:
    reader = Reader()
    for _ in range(CHECK_EVERY + 1):
        reader.read(feed_of(range(9)))
    assert reader.seen == [9, *[0] * (CHECK_EVERY - 1), 9]


def test_a_feed_whose_entries_differ_at_the_check_is_read_whole_from_then_on() -> None:
    reader = Reader()
    given_ = feed_of(range(9))
    reader.read(given_)
    other = parse_here(document(rss(*(item(n + 50) for n in range(9)))), reader.feed)
    reader.memory.learn(given_, reader.feed, other)
    for _ in range(3):
        assert reader.read(given_) == parse_here(given_, reader.feed)
    assert reader.seen == [9, 9, 9, 9]


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE rss>" + rss(*map(item, range(5))),
        rss(*map(item, range(5))).replace("</item><item>", "</item><link>/x</link><item>"),
        rss(*map(item, range(5))).replace("Notice 3", "<item>Notice 3</item>"),
        rss(*map(item, range(5))).replace("Notice 3", "<![CDATA[ Notice 3"),
        rss(*map(item, range(5))).replace("Notice 3", "<?x </item> ?>"),
        rss(*map(item, range(5))).replace("<item>", "<!-- <item>", 1),
    ],
    ids=["doctype", "between entries", "nested", "open data", "instruction", "comment from the head"],
)
def test_what_cannot_be_cut_safely_is_not_cut(body: str) -> None:
    assert cut_feed(body.encode()) is None


def test_a_document_that_is_not_utf_8_is_not_cut() -> None:
    assert cut_feed(rss(*map(item, range(5)), head="<x>é</x>").encode("cp1252")) is None
    assert cut_feed(rss(*map(item, range(5))).encode("utf-16")) is None


def test_apis_and_broken_feeds_are_not_remembered() -> None:
    memory = Memory()
    broken = document(rss(*map(item, range(9))).replace("</channel>", ""))
    memory.learn(broken, source(), parse_here(broken, source()))
    answer = document('{"results": [{"title": "One", "id": 1}]}')
    memory.learn(answer, api(), parse_here(answer, api()))
    assert memory.size == 0


def test_memory_stays_within_its_budget_and_forgets_the_longest_unused() -> None:
    reader = Reader(Memory(budget=20_000))
    for number in range(30):
        reader.feed = source(id=f"feed-{number}")
        reader.read(feed_of(range(9)))
        assert 0 < reader.memory.size <= 20_000
    assert reader.memory.plan(feed_of(range(9)), source(id="feed-29")) is not None
    assert reader.memory.plan(feed_of(range(9)), source(id="feed-0")) is None


def test_the_pool_gives_the_same_by_parts_through_its_children() -> None:
    polls = [feed_of(range(n, n + 20)) for n in (3, 2, 2, 0)]

    async def run(check: Callable[[Document, Parsed], None]) -> None:
        pool = ParserPool(1)
        try:
            for given_ in polls:
                check(given_, await pool.parse(given_, source()))
        finally:
            await pool.close()

    def check(given_: Document, read: Parsed) -> None:
        assert read == parse_here(given_, source())

    asyncio.run(run(check))
