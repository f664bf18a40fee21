"""OPML lists in and out."""

import json
from pathlib import Path

import pytest

from alerts.catalogue import check, opml, read, written
from alerts.domain.errors import InputError

LIST = b"""<opml version="1.0"><body><outline text="IP"><outline text="Blog &amp; news" type="rss" xmlUrl="https://a.example/feed"/>
<outline title="Again" xmlUrl="https://a.example/feed"/><outline text="No address"/><outline text="File" xmlUrl="file:///etc/passwd"/>
<outline text="Blog &amp; news" xmlUrl="https://b.example/feed"/></outline></body></opml>"""
CATALOGUE = """version: 1
defaults: {interval: 30m, headers: {Accept: text/xml}}
feeds:
  - id: us-one
    name: {en: 'A <b> & c', zh-Hans: 甲}
    url: https://a.example/?x=1&y=2
    jurisdiction: US
    filter: {include: ['\\bpatent\\b', '商标'], exclude: ["it's"]}
    headers: {X-Key: {env: A_KEY}, Authorization: Bearer 0123}
    allow_private_networks: true
  - {id: no-page, name: {en: Page}, type: page, url: https://b.example/, jurisdiction: NO, page: {rows: 'li > a', min_rows: 2}}
  - id: de-api
    name: {en: "true"}
    type: json
    url: https://c.example/{since:%Y-%m-%d}
    jurisdiction: DE
    enabled: false
    json: {items: "a[?b=='x']", fields: {title: t, url: u}, method: POST, body: "{\\n}"}
"""


def test_each_address_is_read_once_and_only_http() -> None:
    listed = opml.read(LIST, "list.opml")
    assert [(o.title, o.url) for o in listed.outlines] == [
        ("Blog & news", "https://a.example/feed"),
        ("Blog & news", "https://b.example/feed"),
    ]
    assert listed.again == ("https://a.example/feed",)


def test_rows_have_distinct_ids_also_from_those_that_are_taken(tmp_path: Path) -> None:
    rows = opml.as_rows(opml.read(LIST, "list.opml").outlines, "US", {"us-blog-news"})
    file = tmp_path / "feeds.yaml"
    file.write_text(f"version: 1\n{rows}", encoding="utf-8")
    assert [feed.id for feed in read(file).feeds] == ["us-blog-news-2", "us-blog-news-3"]


def test_what_is_written_is_read_back_without_loss(tmp_path: Path) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text(CATALOGUE, encoding="utf-8")
    listed = opml.read(opml.write(written(first)).encode(), "x")
    second.write_text("version: 1\n" + opml.as_rows(listed.outlines, "WO", trusted=True), encoding="utf-8")

    before, after = ({row["id"]: row for row in written(file)} for file in (first, second))
    secret = before["us-one"]["headers"]
    assert isinstance(secret, dict) and secret.pop("Authorization") == "Bearer 0123"
    assert after == before
    keys = {"A_KEY": "k"}
    feeds = [{feed.id: feed for feed in read(file, environment=keys).feeds} for file in (first, second)]
    assert feeds[0]["no-page"] == feeds[1]["no-page"]
    assert feeds[0]["de-api"] == feeds[1]["de-api"]


def test_the_shipped_catalogue_survives_the_journey(tmp_path: Path) -> None:
    shipped, back = Path(__file__).parents[2] / "feeds.yaml", tmp_path / "feeds.yaml"
    text = opml.as_rows(opml.read(opml.write(written(shipped)).encode(), "x").outlines, "WO", trusted=True)
    back.write_text(f"version: 1\n{text}", encoding="utf-8")
    assert [one for one in check([back]) if one.severity == "error"] == []
    first, second = ({feed.id: feed for feed in read(file).feeds} for file in (shipped, back))
    assert first == second


def test_a_strange_list_reaches_no_private_network_and_sends_no_secret_by_itself() -> None:
    row = {
        "id": "xx",
        "url": "http://10.0.0.1/",
        "allow_private_networks": True,
        "headers": {"X": {"env": "KEY"}},
    }
    data = (
        f"<opml xmlns:a='{opml.NAMESPACE}'><body><outline text='x' a:row='{json.dumps(row)}'/></body></opml>"
    ).encode()
    (outline,) = opml.read(data, "x").outlines

    assert opml.guarded(outline) == ["allow_private_networks", "headers"]
    assert "private" not in opml.as_rows([outline], "US")
    assert "KEY" not in opml.as_rows([outline], "US")
    assert "KEY" in opml.as_rows([outline], "US", trusted=True)


def test_a_key_cannot_smuggle_a_row_in() -> None:
    row = json.dumps({"id": "xx", "url": "https://a.example/", "a: 1\n  - id": "evil"})
    data = f"<opml xmlns:a='{opml.NAMESPACE}'><body><outline text='x' a:row='{row}'/></body></opml>"
    assert "evil" not in opml.as_rows(opml.read(data.encode(), "x").outlines, "US", trusted=True)


def test_bare_ampersands_are_mended() -> None:
    data = b"<opml><body><outline text='Law & IP &amp; more &#x4e2d;' xmlUrl='https://a.example/?x=1&y=2'/></body></opml>"
    (outline,) = opml.read(data, "x").outlines
    assert (outline.title, outline.url) == ("Law & IP & more 中", "https://a.example/?x=1&y=2")


@pytest.mark.parametrize("row", ["[1]", "{", "7", '{"url": 7}', "[" * 5000, "null"])
def test_settings_that_cannot_be_read_leave_the_address(row: str) -> None:
    data = f"<opml xmlns:a='{opml.NAMESPACE}'><body><outline text='x' xmlUrl='https://a.example/' a:row='{row}'/></body></opml>"
    (outline,) = opml.read(data.encode(), "x").outlines
    assert outline.url == "https://a.example/"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<html/>", "not <opml>"),
        (b"<opml>", "not well-formed"),
        (b"", "not well-formed"),
        (b"<?xml version='1.0' encoding='nonsense'?><opml/>", "not well-formed"),
        (b'<!DOCTYPE o [<!ENTITY a "b">]><opml/>', "document type"),
        (b" " * 70_000 + b'<!DOCTYPE o [<!ENTITY a "b">]><opml/>', "document type"),
        ('<!DOCTYPE o [<!ENTITY a "b">]><opml/>'.encode("utf-16"), "document type"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        opml.read(data, "list.opml")
