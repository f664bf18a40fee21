"""OPML lists in and out."""

import pytest

from alerts.catalogue import opml
from alerts.domain.errors import InputError
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import FeedType, Language

LIST = b"""<opml version="1.0"><body><outline text="IP"><outline text="Blog &amp; news" type="rss" xmlUrl="https://a.example/feed"/>
<outline title="Again" xmlUrl="https://a.example/feed"/><outline text="No address"/><outline text="File" xmlUrl="file:///etc/passwd"/>
<outline text="Blog &amp; news" xmlUrl="https://b.example/feed"/></outline></body></opml>"""


def test_each_address_is_read_once_and_only_http() -> None:
    assert [(o.title, o.url) for o in opml.read(LIST, "list.opml")] == [
        ("Blog & news", "https://a.example/feed"),
        ("Blog & news", "https://b.example/feed"),
    ]


def test_rows_have_distinct_ids() -> None:
    rows = opml.as_rows(opml.read(LIST, "list.opml"), "US")
    assert "id: us-blog-news\n" in rows
    assert "id: us-blog-news-2\n" in rows


def test_what_is_written_is_read_back() -> None:
    feed = Feed(
        "x",
        {Language.ENGLISH: "A <b> & c", Language.CHINESE: "甲"},
        FeedType.FEED,
        "https://a.example/?x=1&y=2",
        "US",
    )
    (outline,) = opml.read(opml.write([feed]).encode(), "x")
    assert (outline.title, outline.url) == ("A <b> & c", feed.url)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<html/>", "not <opml>"),
        (b"<opml>", "not well-formed"),
        (b"", "not well-formed"),
        (b'<!DOCTYPE o [<!ENTITY a "b">]><opml/>', "document type"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        opml.read(data, "list.opml")
