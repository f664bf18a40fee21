"""Entries become items that are safe to keep and show, whatever the source wrote."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.collected import Entry, Parsed, RawDate
from alerts.domain.feeds import Feed, ItemFilter, PageMapping
from alerts.domain.identity import content_hash
from alerts.domain.items import Dated, Item, Obligation
from alerts.domain.vocabulary import DateOrigin, FeedType, IdentityPolicy, Role
from alerts.normalise import Normalised, normalise
from alerts.normalise.links import safe_link
from alerts.normalise.markup import as_plain
from alerts.normalise.tongue import language_of
from tests.documents import ADDRESS, NOW, entry, source


def run(*entries: Entry, feed: Feed | None = None, language: str | None = None) -> Normalised:
    return normalise(Parsed(entries, language=language), feed or source(), NOW, IdentityPolicy.GUID)


def one(feed: Feed | None = None, **changes: Any) -> Item:
    (item,) = run(entry(**changes), feed=feed).items
    return item


words = st.text(max_size=60)
raw = st.builds(
    Entry,
    raw_id=st.none() | words, link=st.none() | words | words.map(lambda w: f"https://{w}"), title=words, summary=words, content=words,
    title_is_html=st.booleans(), summary_is_html=st.booleans(), published=st.none() | st.builds(RawDate, words), language=st.none() | words,
    author=st.none() | words, categories=st.lists(words, max_size=3).map(tuple), jurisdiction=st.none() | words,
    dates=st.lists(st.tuples(st.sampled_from(Role), words), max_size=2).map(tuple),
)  # fmt: skip


@given(st.lists(raw, max_size=5))
def test_any_entry_becomes_an_item_with_a_title_a_key_and_clean_text(entries: list[Entry]) -> None:
    normal = run(*entries)
    assert len({item.key for item in normal.items}) == len(normal.items)
    for item in normal.items:
        assert item.title
        assert len(item.title) <= 500
        assert len(item.summary) <= 4000
        assert not set("\x00\n\r\u2028\u202e") & set(item.title)
        assert not set("\x00\r\u2028\u202e") & set(item.summary)
        assert item.url is None or item.url.startswith(("http://", "https://"))
        f"{item}".encode()


@given(st.lists(raw, max_size=5))
def test_the_same_document_twice_gives_the_same_items(entries: list[Entry]) -> None:
    assert run(*entries) == run(*entries)


@given(st.text(max_size=200))
def test_markup_is_gone_after_one_reading(text: str) -> None:
    plain = as_plain(f"<p>{text}</p><script>steal()</script>", is_html=True)
    assert "steal()" not in plain


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("<p>One</p><p>Two<br>Three</p>", "One\nTwo\nThree"),
        ("<style>p{}</style><b>Fees</b>&nbsp;&amp; forms<!-- x -->", "Fees & forms"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("<table><tr><td>HS</td><td>8471</td></tr></table>", "HS 8471"),
        ("<img src=x onerror=alert(1)>Text", "Text"),
        ('<!\' <a href="foo">shown</a>', "<!' shown"),
        ("<!doctype html><![if x]>Text<![endif]><!'<script>steal()</script>", "Text<!'"),
        ("unclosed <b text", "unclosed"),
    ],
)
def test_html_becomes_the_text_that_a_browser_shows(markup: str, plain: str) -> None:
    assert one(summary=markup).summary == plain


def test_text_that_is_no_html_is_left_alone() -> None:
    assert one(summary="a < b & c > d", summary_is_html=False).summary == "a < b & c > d"
    assert one(title="Class <9> &amp; 42").title == "Class <9> &amp; 42"


def test_deeply_nested_markup_costs_little() -> None:
    import time

    started = time.process_time()
    as_plain("<div>" * 200_000, is_html=True)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://office.example/a?b=1#c", "https://office.example/a?b=1#c"),
        ("http://office.example:80/a", "http://office.example/a"),
        ("/a b/ü", "https://office.example/a%20b/%C3%BC"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("https://user:pass@office.example/", "https://office.example/"),
        ("https://专利.example/", "https://xn--ohq82h.example/"),
        ("https://office.example:8443/", None),
        ("https://192.0.2.7/", None),
        ("https://2130706433/", None),
        ("https://0x7f.1/", None),
        ("https://[2001:db8::1]/", None),
        ("https://１２７.0.0.1/", None),
        ("https://good.example\\@evil.example/", None),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("mailto:a@office.example?bcc=x@y.example", None),
        ("data:text/html,x", None),
        ("ftp://office.example/a", None),
        ("https:///a", None),
        ("https:evil.example", None),
        ("https://intranet/", None),
        ("https://office.example/\u202egpj.exe", "https://office.example/gpj.exe"),
        ("https://office.example:99999/", None),
        ("https://office.example/" + "a" * 5000, None),
        ("", None),
        (None, None),
    ],
)
def test_a_link_is_shown_only_where_it_says_where_it_leads(link: str | None, shown: str | None) -> None:
    assert safe_link(link, ADDRESS, private=False) == shown


def test_a_feed_of_a_private_network_may_link_to_it() -> None:
    assert safe_link("http://127.0.0.1:8080/a", ADDRESS, private=True) == "http://127.0.0.1:8080/a"
    assert safe_link("http://intranet/a", ADDRESS, private=True) == "http://intranet/a"


def test_an_entry_without_title_gets_one() -> None:
    assert one(title="").title == "Text of notice 1."
    assert one(title=" ", summary="", document_number="2026-0117").title == "2026-0117"
    assert one(title="", summary="", link="https://office.example/d/fee%20table.pdf").title == "fee table.pdf"
    assert (
        one(title="", summary="", link="https://office.example/").title == "Office news 2026-11-20T10:00:00Z"
    )


def test_a_poisoned_title_comes_out_clean() -> None:
    title = "Fees\x00 \u202eesir\u202c\u2028 now " + "x" * 10_000
    assert one(title=title).title.startswith("Fees esir now x")
    assert len(one(title=title).title) <= 500


def test_dates_are_read_in_the_feeds_zone_and_order_with_their_origin() -> None:
    tokyo = source(timezone="Asia/Tokyo", date_order="DMY")
    assert one(tokyo, published=RawDate("03/11/2026")).published == Dated(
        datetime(2026, 11, 2, 15, tzinfo=UTC), DateOrigin.ZONE_INFERRED, day_only=True
    )
    assert one(published=RawDate("03/11/2026")).published is None
    stated = one(published=RawDate("2026-11-20T10:00:00Z")).published
    assert stated == Dated(datetime(2026, 11, 20, 10, tzinfo=UTC), DateOrigin.SOURCE)


def test_dates_of_a_page_say_where_on_it_they_stood() -> None:
    row = source(FeedType.PAGE, page=PageMapping(rows="li"))
    address = source(FeedType.PAGE, page=PageMapping(link_pattern="x", date_from="url"))
    for feed, origin in ((row, DateOrigin.TEXT), (address, DateOrigin.ADDRESS)):
        published = one(feed, published=RawDate("2026-11-20")).published
        assert published is not None
        assert published.origin is origin


def test_an_absurd_date_is_no_date() -> None:
    ahead = (NOW + timedelta(hours=40)).isoformat()
    assert one(published=RawDate(ahead), updated=RawDate("0001-01-01T00:00:00Z")).published is None


def test_a_rare_form_of_date_is_read_with_its_language() -> None:
    hindi = one(source(language="id"), published=RawDate("Jumat, 20 Nopember 2026"))
    assert hindi.published is not None
    assert hindi.published.at.date() == date(2026, 11, 20)


def test_dates_in_fields_are_stated_obligations() -> None:
    item = one(
        dates=(
            (Role.COMMENTS_CLOSE, "2026-12-20"),
            (Role.IN_FORCE, "to be announced"),
            (Role.HEARING, "1795168800"),
        )
    )
    assert item.stated_dates == (
        Obligation(Role.COMMENTS_CLOSE, date(2026, 12, 20), stated=True, basis="field comments-close"),
        Obligation(Role.HEARING, date(2026, 11, 20), stated=True, basis="field hearing"),
    )


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        (("en-GB",), "New fees for designs", "en"),
        (("en",), "国家知识产权局关于商标的公告", "zh"),
        (("zh_CN",), "国家知识产权局关于商标的公告", "zh-Hans"),
        (("zh-tw",), "智慧財產局公告", "zh-Hant"),
        (("en", "ja"), "特許庁からのお知らせ", "ja"),
        ((None,), "특허청 공고", "ko"),
        (("bg",), "Патентно ведомство", "bg"),
        (("en",), "Роспатент сообщает", "ru"),
        (("zh",), "US Patent and Trademark Office", None),
        ((None, "fr"), "Nouvelles taxes", "fr"),
        (("x-default", "de"), "Neue Gebühren", "de"),
        ((None,), "New fees", None),
        (("de",), "2026/117", "de"),
        (("en",), "ข่าวทรัพย์สินทางปัญญา", "th"),
    ],
)
def test_a_language_is_the_declared_one_unless_the_script_says_otherwise(
    declared: tuple[str | None, ...], text: str, language: str | None
) -> None:
    assert language_of(declared, text) == language


def test_the_language_of_the_entry_goes_before_the_feeds() -> None:
    feed = source(language="en")
    assert one(feed, language="de", title="Neue Gebühren").language == "de"
    (item,) = run(entry(title="Neue Taxen"), language="de").items
    assert item.language == "de"


def test_a_record_that_names_its_jurisdiction_keeps_it_where_it_is_known() -> None:
    assert one(jurisdiction="jp").jurisdiction == "JP"
    assert one(jurisdiction="Japan").jurisdiction == "JP"
    assert one(jurisdiction="Atlantis").jurisdiction == "EP"
    assert one().jurisdiction == "EP"


def test_the_publisher_is_the_feeds_own_word_or_its_name_or_the_author_of_a_record_among_many() -> None:
    assert one(source(publisher="EPO"), author="J. Doe").publisher == "EPO"
    assert one(author="J. Doe").publisher == "Office news"
    assert one(author="JPO", jurisdiction="JP").publisher == "JPO"


def test_the_filter_keeps_what_is_included_and_not_excluded() -> None:
    feed = source(filter=ItemFilter(include=("patent", "商标"), exclude=(r"^correction\b", "[broken")))
    titles = ("PATENT fees", "Correction: patent fees", "Fishing quotas", "商标公告")
    normal = run(*[entry(n, title=title, summary="") for n, title in enumerate(titles)], feed=feed)
    assert [item.title for item in normal.items] == ["PATENT fees", "商标公告"]
    assert normal.filtered == 2


def test_an_expression_that_takes_for_ever_counts_as_wanted() -> None:
    feed = source(filter=ItemFilter(include=("(a|aa)+$",), exclude=("(b|bb)+$",)))
    normal = run(entry(title="a" * 60 + "b" * 60 + "!", summary=""), feed=feed)
    assert len(normal.items) == 1


def test_exact_duplicates_are_one_item_and_the_policy_comes_back() -> None:
    assert len(run(entry(1), entry(1), entry(2)).items) == 2
    dockets = [entry(n, title=f"Line {line}") for n in (1, 2) for line in (1, 2)]
    assert run(*dockets).policy is IdentityPolicy.CONTENT


def test_an_item_remembers_the_key_that_it_has_where_its_identifier_is_taken_the_other_way() -> None:
    plain = one()
    (content,) = normalise(Parsed((entry(),)), source(), NOW, IdentityPolicy.CONTENT).items
    assert plain.key == content.guid_key
    assert len({plain.key, content.key, plain.guid_key}) == 3


def test_a_longer_body_stands_in_for_a_very_short_summary() -> None:
    body = "<p>" + "The fees rise. " * 30 + "</p>"
    assert one(summary="Fees.", content=body).summary.startswith("The fees rise.")
    long = "x " * 150
    assert one(summary=long, content=body).summary == long.strip()


def test_an_edit_late_in_a_watched_page_is_seen() -> None:
    feed = source(FeedType.PAGE, page=PageMapping(mode="whole"))
    text = "Article. " * 1000
    before, after = (one(feed, summary=text + end, summary_is_html=False) for end in ("Old.", "New."))
    assert before.summary == after.summary
    assert content_hash(before) != content_hash(after)


def test_what_a_reader_does_not_see_does_not_move_an_item() -> None:
    later = one(published=RawDate("2026-11-21"))
    assert replace(one(), published=None, guid_key=None) == replace(later, published=None, guid_key=None)
