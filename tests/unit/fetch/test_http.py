"""A source is asked politely: validators go back byte for byte, and nothing else is asked or told."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts import __version__
from alerts.domain.collected import Document, Request, Unchanged, Validators
from alerts.domain.errors import FetchError
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import FeedType, Outcome
from alerts.fetch import HttpFetcher
from alerts.fetch.http import request_headers
from alerts.net import Client
from tests.clocks import NOON, MovedClock
from tests.servers import Answer, Scripted, SourceServer, in_turn, redirect, source_server
from tests.unit.fetch.feeds import API, PLAIN

RSS = b"<rss version='2.0'/>"
LONG = '"' + "e" * 298 + '"'


@pytest.fixture(scope="module")
def running() -> Iterator[SourceServer]:
    with source_server() as server:
        yield server


@pytest.fixture
def server(running: SourceServer) -> SourceServer:
    running.answers.clear()
    running.requests.clear()
    return running


def fetch(request: Request, feed: Feed = PLAIN) -> Document | Unchanged:
    async def go() -> Document | Unchanged:
        async with Client("unused") as client:
            fetcher = HttpFetcher(client, MovedClock(), "ops@example.com", "https://alerts.example")
            return await fetcher.fetch(request, feed)

    return asyncio.run(go())


def ask(server: SourceServer, says: Scripted, validators: Validators = Validators()) -> Document | Unchanged:  # noqa: B008 - frozen
    server.answers["/feed"] = says
    return fetch(Request(server.url("/feed"), validators=validators))


def refused(server: SourceServer, says: Scripted) -> FetchError:
    with pytest.raises(FetchError) as caught:
        ask(server, says)
    return caught.value


def test_a_first_request_is_unconditional_and_names_the_operator(server: SourceServer) -> None:
    ask(server, Answer(body=RSS))
    headers = server.requests[0].headers

    assert headers["user-agent"] == f"IP-Risk-Alerts/{__version__} (+https://alerts.example; ops@example.com)"
    assert not {"if-none-match", "if-modified-since", "cookie", "referer"} & set(headers)
    assert [seen.target for seen in server.requests] == ["/feed"]


@pytest.mark.parametrize(
    ("etag", "modified"),
    [
        ('"abc"', "Mon, 02 Mar 2026 11:00:00 GMT"),
        ('W/"abc-gzip"', "Monday, 02-Mar-26 11:00:00 GMT"),
        ("unquoted", "2026-03-02T11:00:00+08:00"),
        (LONG, "0"),
        ('"中文 é"', "Mon, 2 Mrz 2026"),
        ('""', "Thu, 01 Jan 1970 00:00:00 GMT"),
        ('"a", "b"', "Mon,  02 Mar 2026  11:00:00 GMT"),
    ],
)
def test_validators_go_back_byte_for_byte(server: SourceServer, etag: str, modified: str) -> None:
    as_bytes = {"ETag": etag.encode().decode("latin-1"), "Last-Modified": modified.encode().decode("latin-1")}
    first = ask(server, Answer(body=RSS, headers=as_bytes))
    assert isinstance(first, Document)
    ask(server, Answer(body=RSS), first.validators)
    again = server.requests[1].headers

    assert (again["if-none-match"], again["if-modified-since"]) == (
        as_bytes["ETag"],
        as_bytes["Last-Modified"],
    )


@settings(max_examples=25, deadline=None)
@given(
    etag=st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_characters="\x7f"), min_size=1)
)
def test_any_printable_validator_survives_the_round(running: SourceServer, etag: str) -> None:
    wire = etag.strip().encode().decode("latin-1") or "x"
    running.requests.clear()
    first = ask(running, Answer(body=RSS, headers={"ETag": wire}))
    assert isinstance(first, Document)
    ask(running, Answer(body=RSS), first.validators)

    assert running.requests[1].headers["if-none-match"].encode("latin-1") == wire.strip(" \t").encode(
        "latin-1"
    )


def test_a_304_renews_what_it_brings_and_clears_nothing(server: SourceServer) -> None:
    old = Validators('"1"', "Mon, 02 Mar 2026 11:00:00 GMT")

    assert ask(server, Answer(304), old) == Unchanged(old, {"connection": "close"}, NOON, server.url("/feed"))
    renewed = ask(server, Answer(304, headers={"ETag": '"2"'}), old)
    assert renewed.validators == Validators('"2"', old.last_modified)


def test_a_200_without_a_validator_clears_the_stored_one(server: SourceServer) -> None:
    document = ask(server, Answer(body=RSS, headers={"ETag": '"2"'}), Validators('"1"', "yesterday"))

    assert document.validators == Validators('"2"', None)


def test_a_touched_document_is_compared_by_its_new_validators(server: SourceServer) -> None:
    script = in_turn(
        Answer(body=RSS, headers={"ETag": '"1"', "Last-Modified": "one"}),
        Answer(body=RSS, headers={"ETag": '"2"', "Last-Modified": "two"}),
    )
    first = ask(server, script)
    second = ask(server, script, first.validators)

    assert second.validators == Validators('"2"', "two")


def test_a_304_to_an_unconditional_question_is_not_believed(server: SourceServer) -> None:
    assert refused(server, Answer(304)).outcome is Outcome.HTTP_ERROR


def test_a_document_says_where_it_came_from(server: SourceServer) -> None:
    server.answers["/moved"] = Answer(body=RSS, headers={"Content-Type": "application/rss+xml"})
    document = ask(server, redirect("/moved", 301))

    assert isinstance(document, Document)
    assert (document.url, document.final_url) == (server.url("/feed"), server.url("/moved"))
    assert [hop.status for hop in document.hops] == [301]
    assert document.headers["content-type"] == "application/rss+xml"
    assert (document.body, document.status, document.fetched_at) == (RSS, 200, NOON)


@pytest.mark.parametrize("status", [200, 203, 226])
def test_a_document_may_come_under_three_names(server: SourceServer, status: int) -> None:
    assert isinstance(ask(server, Answer(status, RSS)), Document)


def test_headers_of_the_feed_win_whatever_their_case(server: SourceServer) -> None:
    server.answers["/feed"] = Answer(body=RSS)
    feed = replace(
        PLAIN, headers={"ACCEPT": "text/xml", "X-Api-Key": "k"}, user_agent="Mozilla/5.0 (allowed by mail)"
    )
    fetch(Request(server.url("/feed")), feed)
    lines = [(name.lower(), value) for name, value in server.requests[0].lines]

    assert "Accept" not in request_headers(Request(feed.url), feed, "agent")
    assert [value for name, value in lines if name == "accept"] == ["text/xml"]
    assert ("x-api-key", "k") in lines
    assert ("user-agent", "Mozilla/5.0 (allowed by mail)") in lines


@pytest.mark.parametrize("kind", FeedType)
def test_each_type_says_what_it_reads(server: SourceServer, kind: FeedType) -> None:
    server.answers["/feed"] = Answer(body=RSS)
    fetch(Request(server.url("/feed")), replace(PLAIN, type=kind, robots=False))

    words = {FeedType.FEED: "rss+xml", FeedType.JSON: "application/json", FeedType.PAGE: "text/html"}
    assert words[kind] in server.requests[0].headers["accept"]


def test_an_api_is_posted_its_body_without_conditions(server: SourceServer) -> None:
    server.answers["/feed"] = Answer(body=b"{}")
    request = Request(server.url("/feed"), "POST", b'{"page": 1}', Validators('"1"', "one"))
    fetch(request, API)
    seen = server.requests[0]

    assert (seen.method, seen.body, seen.headers["content-type"]) == (
        "POST",
        b'{"page": 1}',
        "application/json",
    )
    assert not {"if-none-match", "if-modified-since"} & set(seen.headers)


def test_the_limits_of_the_feed_hold(server: SourceServer) -> None:
    server.answers["/feed"] = Answer(body=b"x" * 1001)
    with pytest.raises(FetchError) as caught:
        fetch(Request(server.url("/feed")), replace(PLAIN, max_bytes=1000))

    assert caught.value.outcome is Outcome.TOO_LARGE


def test_permission_for_own_networks_belongs_to_its_feed(server: SourceServer) -> None:
    server.answers["/feed"] = Answer(body=RSS)
    closed = replace(PLAIN, id="other", allow_private_networks=False)

    async def go() -> list[object]:
        async with Client("unused") as client:
            fetcher = HttpFetcher(client, MovedClock())
            request = Request(server.url("/feed"))
            asks = [fetcher.fetch(request, feed) for feed in (PLAIN, closed, PLAIN, closed)]
            return await asyncio.gather(*asks, return_exceptions=True)

    first, second, third, fourth = asyncio.run(go())
    assert isinstance(first, Document) and isinstance(third, Document)
    assert all(
        isinstance(fault, FetchError) and fault.outcome is Outcome.DENIED_ADDRESS
        for fault in (second, fourth)
    )
    assert len(server.requests) == 2


def test_no_cookie_outlives_its_exchange(server: SourceServer) -> None:
    says = Answer(body=RSS, headers={"Set-Cookie": "track=1; Max-Age=99999"})
    ask(server, says)
    ask(server, says)

    assert all("cookie" not in seen.headers for seen in server.requests)
