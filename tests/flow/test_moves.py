"""A redirect is believed after days of the same evidence, and one registrable domain is never hurried."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from alerts.fetch import Saved, SavedFetcher
from alerts.flow.poll import poll_due
from tests.clocks import NOON, MovedClock
from tests.manners import DAY, HOUR, document, live, open_service, row
from tests.servers import Answer, Scripted, in_turn, redirect

FEED = document("a", "b", ETag='"1"')


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_move_is_believed_after_five_polls_over_two_days(tmp_path: Path, status: int) -> None:
    places: dict[str, Scripted] = {"/feed": redirect("/new", status), "/new": FEED}

    life = live(tmp_path, places, hours=72, extra="interval: 6h")

    asked = [one.at for one in life.asked if one.seen.target == "/feed"]
    assert asked[-1] - asked[0] >= 2 * DAY
    assert 5 <= len(asked) < len([path for path in life.paths if path == "/new"])
    assert life.paths[-2:] == ["/new", "/new"], "the old address is not asked any more"
    assert life.events == ("feed.moved",)
    assert life.state.moved.original and life.state.moved.original.endswith("/feed")


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_is_followed_for_ever_and_told_once_after_a_week(
    tmp_path: Path, status: int
) -> None:
    places: dict[str, Scripted] = {"/feed": redirect("/new", status), "/new": FEED}

    life = live(tmp_path, places, hours=24 * 9, extra="interval: 12h")

    assert life.paths[-2:] == ["/feed", "/new"]
    assert life.events == ("feed.redirected",)
    assert life.state.moved.original is None


def test_a_move_to_a_place_without_a_known_item_is_not_believed(tmp_path: Path) -> None:
    asked: list[int] = []

    def parked(_: object) -> Answer:
        asked.append(0)
        return FEED if len(asked) == 1 else document(head=f"<generator>{len(asked)}</generator>")

    places: dict[str, Scripted] = {"/feed": redirect("/new", 301), "/new": parked}

    life = live(tmp_path, places, hours=96, extra="interval: 6h")

    assert (life.state.items, life.state.moved.original) == (2, None)
    assert life.state.moved.count > 5


def test_a_move_that_ends_badly_is_taken_back(tmp_path: Path) -> None:
    asked: list[int] = []

    def dies(_: object) -> Answer:
        asked.append(0)
        return FEED if len(asked) < 12 else Answer(404)

    places: dict[str, Scripted] = {"/feed": in_turn(*[redirect("/new", 301)] * 9, FEED), "/new": dies}
    life = live(tmp_path, places, hours=24 * 8, extra="interval: 6h")

    assert life.events == ("feed.moved", "feed.moved-back")
    assert life.paths[-1] == "/feed"
    assert life.state.failures == 0


async def many(folder: Path, clock: MovedClock, count: int, seconds: int) -> list[datetime]:
    """Return when each of so many feeds of one registrable domain was asked within the seconds."""
    names = [f"f{number}" for number in range(count)]
    rows = [row(f"https://{name}.office.example/feed", name, private=False) for name in names]
    async with open_service(folder, clock, *rows) as service:
        body = document("a").body
        assert isinstance(body, bytes)
        saved = replace(service, fetcher=SavedFetcher({}, clock, Saved(body)))
        for _ in range(seconds):
            await poll_due(saved, patient=False)
            clock.move(timedelta(seconds=1))
        return sorted(poll.started_at for name in names for poll in service.store.feeds.polls(name))


def test_a_registrable_domain_is_asked_one_at_a_time_with_pauses_also_after_an_outage(tmp_path: Path) -> None:
    clock = MovedClock()

    asked = asyncio.run(many(tmp_path, clock, 30, 90))
    clock.set(NOON + 30 * HOUR)
    late = asyncio.run(many(tmp_path, clock, 30, 90))

    assert (len(asked), len(late)) == (30, 60)
    assert min(later - earlier for earlier, later in pairwise(late)) >= timedelta(seconds=2)


def test_two_services_never_ask_one_feed_twice_within_its_interval(tmp_path: Path) -> None:
    async def story() -> int:
        clock = MovedClock()
        line = row("https://www.office.example/feed", private=False)
        body = document("a").body
        assert isinstance(body, bytes)
        async with open_service(tmp_path, clock, line) as one, open_service(tmp_path, clock, line) as two:
            fetcher = SavedFetcher({}, clock, Saved(body))
            both = [replace(each, fetcher=fetcher) for each in (one, two)]
            for _ in range(6):
                await asyncio.gather(*(poll_due(each, patient=False) for each in both))
                clock.move(HOUR / 6)
            return len(one.store.feeds.polls("office"))

    assert asyncio.run(story()) == 1
