"""Pages are asked only where robots.txt lets us, and the file is fetched once a day."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.domain.collected import Request
from alerts.domain.errors import FetchError
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import Outcome
from alerts.fetch import HttpFetcher
from alerts.net import Client
from tests.clocks import MovedClock
from tests.servers import Answer, SourceServer, in_turn, redirect, source_server
from tests.unit.fetch.feeds import API, PAGE, PLAIN

OPEN = Answer(body=b"User-agent: *\nDisallow: /private\n")
CLOSED = Answer(body=b"User-agent: *\nDisallow: /\n")
TODAY, TOMORROW = timedelta(0), timedelta(hours=24)


@pytest.fixture
def server() -> Iterator[SourceServer]:
    with source_server({"/page": Answer(body=b"<html>"), "/private": Answer(body=b"<html>")}) as running:
        yield running


def ask(
    server: SourceServer, feed: Feed = PAGE, path: str = "/page", after: Sequence[timedelta] = (TODAY,)
) -> list[str]:
    """Ask once after each pause; return the outcomes."""
    clock = MovedClock()

    async def once(fetcher: HttpFetcher, pause: timedelta) -> str:
        clock.move(pause)
        try:
            await fetcher.fetch(Request(server.url(path)), feed)
        except FetchError as fault:
            return fault.outcome
        return "ok"

    async def go() -> list[str]:
        async with Client("unused") as client:
            fetcher = HttpFetcher(client, clock, "bad-bot@example.com")
            return [await once(fetcher, pause) for pause in after]

    return asyncio.run(go())


def asked_for_rules(server: SourceServer) -> int:
    return sum(seen.target == "/robots.txt" for seen in server.requests)


def test_a_refused_page_is_not_asked(server: SourceServer) -> None:
    server.answers["/robots.txt"] = OPEN

    assert ask(server, path="/private") == [Outcome.ROBOTS]
    assert [seen.target for seen in server.requests] == ["/robots.txt"]


def test_an_open_page_is_asked_and_the_rules_serve_for_a_day(server: SourceServer) -> None:
    server.answers["/robots.txt"] = OPEN

    assert ask(server, after=(TODAY, TODAY, TOMORROW - timedelta(seconds=1))) == ["ok", "ok", "ok"]
    assert asked_for_rules(server) == 1


def test_rules_are_fetched_again_after_a_day(server: SourceServer) -> None:
    server.answers["/robots.txt"] = in_turn(OPEN, CLOSED)

    assert ask(server, after=(TODAY, TOMORROW)) == ["ok", Outcome.ROBOTS]
    assert asked_for_rules(server) == 2


@pytest.mark.parametrize("feed", [PLAIN, API, replace(PAGE, robots=False)])
def test_feeds_that_are_offered_to_machines_need_no_leave(server: SourceServer, feed: Feed) -> None:
    server.answers["/robots.txt"] = CLOSED

    assert ask(server, feed) == ["ok"]
    assert asked_for_rules(server) == 0


def test_a_feed_may_be_told_to_honour_the_rules(server: SourceServer) -> None:
    server.answers["/robots.txt"] = CLOSED

    assert ask(server, replace(PLAIN, robots=True)) == [Outcome.ROBOTS]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429])
def test_no_rules_allow_everything(server: SourceServer, status: int) -> None:
    server.answers["/robots.txt"] = Answer(status, b"Disallow: /")

    assert ask(server) == ["ok"]


@pytest.mark.parametrize(
    ("says", "times"),
    [
        (Answer(500), 1),
        (Answer(503, b"User-agent: *\nAllow: /"), 1),
        (Answer(raw=b""), 2),  # a dropped GET is asked once more
        (redirect("/robots.txt"), 6),
    ],
)
def test_rules_out_of_reach_refuse_and_are_tried_again_after_ten_minutes(
    server: SourceServer, says: Answer, times: int
) -> None:
    server.answers["/robots.txt"] = in_turn(*[says] * times, OPEN)
    nine, one = timedelta(minutes=9), timedelta(minutes=1)

    assert ask(server, after=(TODAY, nine, one)) == [Outcome.ROBOTS, Outcome.ROBOTS, "ok"]


def test_an_older_copy_serves_while_the_rules_are_out_of_reach(server: SourceServer) -> None:
    server.answers["/robots.txt"] = in_turn(OPEN, Answer(500))

    assert ask(server, after=(TODAY, TOMORROW, TOMORROW)) == ["ok", "ok", "ok"]
    assert asked_for_rules(server) == 3


def test_rules_may_name_us(server: SourceServer) -> None:
    server.answers["/robots.txt"] = Answer(
        body=b"User-agent: ip-risk-alerts\nDisallow: /\n\nUser-agent: *\nAllow: /\n"
    )

    assert ask(server) == [Outcome.ROBOTS]


def test_rules_for_another_do_not_mean_us_though_our_contact_has_its_name(server: SourceServer) -> None:
    server.answers["/robots.txt"] = Answer(body=b"User-agent: bad-bot\nDisallow: /\n")

    assert ask(server) == ["ok"]


def test_a_vast_file_of_rules_is_read_up_to_its_limit(server: SourceServer) -> None:
    server.answers["/robots.txt"] = Answer(body=CLOSED.body + b"# filler\n" * 100_000)  # type: ignore[operator]

    assert ask(server) == [Outcome.ROBOTS]


def test_the_guard_speaks_for_itself(server: SourceServer) -> None:
    assert ask(server, replace(PAGE, allow_private_networks=False)) == [Outcome.DENIED_ADDRESS]
    assert server.connections == 0


@settings(max_examples=20, deadline=None)
@given(rules=st.binary(max_size=200) | st.text("UDAserdialo-gnt: /*$%\n\r#?", max_size=200).map(str.encode))
def test_any_file_of_rules_is_read(rules: bytes) -> None:
    with source_server({"/robots.txt": Answer(body=rules), "/page": Answer(body=b"<html>")}) as server:
        assert set(ask(server)) <= {"ok", Outcome.ROBOTS}
