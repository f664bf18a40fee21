"""The sample sources: real forms, honest validators, and something new every few seconds."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from alerts.catalogue import check, read
from alerts.cli.demo.library import DAYS, load, published
from alerts.cli.demo.publisher import Publisher
from alerts.domain.collected import Document
from alerts.domain.vocabulary import FeedType, Language
from alerts.parse import parse_here

START = datetime(2026, 3, 2, 12, 0, 0, 400_000, tzinfo=UTC)


class Stopwatch:
    """The seconds since the start, as a test says."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def publisher(watch: Stopwatch) -> Iterator[Publisher]:
    with Publisher(START, 5, watch) as running:
        yield running


def ask(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=5)
    connection.request(
        method, parts.path or "/", headers={key.replace("_", "-"): value for key, value in headers.items()}
    )
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


@pytest.fixture
def addresses(publisher: Publisher) -> dict[str, str]:
    return dict(re.findall(r'- id: (\S+)\n.*\n.*\n    url: "([^"]+)"', publisher.feeds_yaml()))


def test_its_catalogue_has_no_fault_and_every_type(publisher: Publisher, tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(publisher.feeds_yaml(), encoding="utf-8")
    feeds = read([path]).feeds

    assert [line for line in check([path]) if line.code != "short-interval"] == []
    assert {feed.type for feed in feeds} == set(FeedType)
    assert {"US", "EM", "GB", "VN", "TH", "ID", "SG", "CN"} == {feed.jurisdiction for feed in feeds}
    assert all(feed.allow_private_networks and feed.name[Language.CHINESE] for feed in feeds)


def test_each_document_is_read_as_what_the_catalogue_says(
    publisher: Publisher, watch: Stopwatch, tmp_path: Path
) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(publisher.feeds_yaml(), encoding="utf-8")
    watch.seconds = publisher.last_release
    stories = {source.id: source for source in publisher.sources}

    for feed in read([path]).feeds:
        status, headers, body = ask(feed.url)
        parsed = parse_here(Document(feed.url, feed.url, status, headers, body, START), feed)
        source = stories[feed.id]
        assert len(parsed.entries) == len(source.past) + len(source.coming), feed.id
        assert not parsed.malformed
        assert all(
            entry.title and entry.summary + entry.content and entry.published for entry in parsed.entries
        )
        assert all(ask(str(entry.link))[0] == 200 for entry in parsed.entries[:2])


def test_one_notice_appears_at_each_step_and_an_urgent_one_first(
    publisher: Publisher, watch: Stopwatch
) -> None:
    def out() -> int:
        return sum(len(publisher.articles(source)) for source in publisher.sources)

    back_catalogue, steps = out(), int(publisher.last_release / 5)
    assert back_catalogue > 20 and steps > 30
    for step in range(1, steps + 1):
        watch.seconds = step * 5.0
        assert out() == back_catalogue + step
        if step == 1:
            [trade] = [source for source in publisher.sources if source.id == "us-trade"]
            assert "Institution of Investigation" in publisher.articles(trade)[0].title
    watch.seconds *= 10
    assert out() == back_catalogue + steps


def test_an_unchanged_document_is_304_by_either_validator(
    addresses: dict[str, str], watch: Stopwatch
) -> None:
    url = addresses["us-trade"]
    _, headers, body = ask(url)

    assert ask(url, If_None_Match=headers["etag"])[::2] == (304, b"")
    assert ask(url, If_None_Match=f'"x", W/{headers["etag"]}')[0] == 304
    assert ask(url, If_Modified_Since=headers["last-modified"])[0] == 304
    assert ask(url, If_None_Match='"x"', If_Modified_Since=headers["last-modified"])[0] == 200
    assert ask(url, If_Modified_Since="yesterday")[0] == 200

    watch.seconds = 5
    status, renewed, changed = ask(url, If_None_Match=headers["etag"])
    assert status == 200 and changed != body
    assert renewed["etag"] != headers["etag"] and renewed["last-modified"] != headers["last-modified"]
    assert ask(addresses["us-office"], If_None_Match=ask(addresses["us-office"])[1]["etag"])[0] == 304


def test_the_same_moment_gives_the_same_bytes(addresses: dict[str, str]) -> None:
    for url in addresses.values():
        assert ask(url)[2] == ask(url)[2]


def test_a_head_tells_the_length_and_robots_are_welcome(
    publisher: Publisher, addresses: dict[str, str]
) -> None:
    url = addresses["em-office"]
    _, _, body = ask(url)

    assert ask(url, "HEAD")[1]["content-length"] == str(len(body))
    assert b"Allow: /" in ask(url.rpartition("/")[0] + "/robots.txt")[2]
    assert ask(publisher.url)[0] == 200
    assert ask(url + "/nothing")[0] == ask(publisher.url + "/nothing")[0] == 404


def test_a_notice_that_is_not_out_yet_cannot_be_read(addresses: dict[str, str], watch: Stopwatch) -> None:
    url = addresses["us-trade"] + "/us-trade-4"

    assert ask(url)[0] == 404
    watch.seconds = 5
    assert ask(url)[0] == 200


def test_deadlines_are_written_as_the_source_writes_days_and_lie_ahead() -> None:
    for source in load():
        for story in source.coming:
            text = published(source, story, START).title + published(source, story, START).text
            assert "{" not in text and "}" not in text
            assert source.days_as in DAYS


def test_the_register_states_its_dates_in_fields(addresses: dict[str, str]) -> None:
    assert b'"comments_close_on": "20' in ask(addresses["us-register"])[2]


def test_an_instant_in_another_zone_starts_the_same_world() -> None:
    there = START.astimezone(timezone(timedelta(hours=8)))

    def world(start: datetime) -> list[object]:
        publisher = Publisher(start, 5, lambda: 0)
        return [publisher.articles(source) for source in publisher.sources]

    assert world(there) == world(START)
