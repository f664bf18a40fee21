"""`alerts feeds discover`: what an address offers, tried before it is proposed, with few requests."""

import json
from pathlib import Path

import pytest

from alerts import catalogue
from alerts.cli.app import run
from tests.documents import rss
from tests.servers import Answer, Scripted, SourceServer, source_server

HTML = {"content-type": "text/html"}
ROWS = "".join(
    f"<li><a href='/n/{n}'>Notice number {n} on fees</a> <time>{n + 11} November 2026</time></li>"
    for n in range(5)
)
FEED = rss(*(f"<title>Notice {n}</title><link>/n/{n}</link>" for n in range(4))).encode()


def page(head: str = "") -> Answer:
    return Answer(
        200, f"<html><head><title>Office</title>{head}</head><ul class=news>{ROWS}</ul></html>".encode(), HTML
    )


def discover(source: SourceServer, *more: str) -> int:
    return run(("feeds", "discover", source.url("/news"), "--pause", "0", "--allow-private-networks", *more))


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_declared_feed_and_a_list_are_proposed_with_their_first_items(
    capsys: pytest.CaptureFixture[str],
) -> None:
    head = "<link rel=alternate type='application/rss+xml' href='/all.rss'>"
    answers: dict[str, Scripted] = {"/news": page(head), "/all.rss": Answer(200, FEED)}
    with source_server(answers) as source:
        assert discover(source, "--format", "json", "--jurisdiction", "GB") == 0
        feed, listed = lines(capsys)
        assert len(source.requests) <= 6
    assert (feed["type"], feed["url"], feed["entries"]) == ("feed", source.url("/all.rss"), 4)
    assert (listed["type"], listed["entries"], listed["dated"]) == ("page", 5, 5)
    assert listed["page"] == {"rows": "ul.news > li"}
    first = listed["first"]
    assert isinstance(first, list)
    assert first[0] == {
        "title": "Notice number 0 on fees",
        "date": "11 November 2026",
        "url": source.url("/n/0"),
    }
    assert len(first) == 3


def test_the_printed_row_is_a_row_of_feeds_yaml(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with source_server({"/news": page()}) as source:
        assert discover(source, "--jurisdiction", "GB") == 0
    file = tmp_path / "feeds.yaml"
    file.write_text("version: 1\nfeeds:\n" + capsys.readouterr().out, encoding="utf-8")
    (feed,) = catalogue.read((file,)).feeds
    assert (feed.jurisdiction, feed.page.rows if feed.page else None) == ("GB", "ul.news > li")


def test_usual_places_are_tried_and_only_what_answers_as_a_feed_is_proposed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answers: dict[str, Scripted] = {
        "/news": Answer(200, b"<html><title>Office</title><p>Welcome to the office.</p></html>", HTML),
        "/feed": Answer(200, b"<html><title>Not found</title></html>", HTML),
        "/atom.xml": Answer(200, FEED),
    }
    with source_server(answers) as source:
        assert discover(source, "--format", "json") == 0
        assert [one["url"] for one in lines(capsys)] == [source.url("/atom.xml")]
        assert len(source.requests) <= 6


def test_an_address_that_is_a_feed_needs_no_second_look(capsys: pytest.CaptureFixture[str]) -> None:
    with source_server({"/news": Answer(200, FEED)}) as source:
        assert discover(source, "--format", "json") == 0
        assert [seen.target for seen in source.requests] == ["/robots.txt", "/news"]
    assert lines(capsys)[0]["type"] == "feed"


def test_robots_txt_is_honoured(capsys: pytest.CaptureFixture[str]) -> None:
    with source_server(
        {"/robots.txt": Answer(200, b"User-agent: *\nDisallow: /"), "/news": page()}
    ) as source:
        assert discover(source) == 1
        assert [seen.target for seen in source.requests] == ["/robots.txt"]
    assert "robots" in capsys.readouterr().err


def test_what_is_no_address_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(("feeds", "discover", "ftp://office.example/")) == 2
    assert "is no address" in capsys.readouterr().err
