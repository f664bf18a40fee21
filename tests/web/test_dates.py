"""Dates that bind: the soonest first, however old the notice that has them."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.domain.items import ItemQuery, Obligation
from alerts.domain.vocabulary import Event, Kind, Right, Role, Severity
from alerts.web.agenda import agenda
from alerts.web.dates import SHOWN
from tests.clocks import NOON
from tests.web.world import Browser, World, a_revision, a_world, browsing, settled

TODAY = NOON.date()
DAYS = (0, 1, 5, 29, 30, 31, 60, 89, 90, 91, 200, -1)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Twelve notices, the soonest due in the oldest, and one day on which many are."""
    many = tuple(
        a_revision(
            f"k{number}", f"Notice {number}", Severity.HIGH if number % 2 else Severity.LOW, kind=Kind.RISK_WARNING,
            event=Event.EXCLUSION, rights=(Right.PATENT if number % 3 else Right.DESIGN,),
            obligations=(Obligation(Role.COMMENTS_CLOSE, TODAY + timedelta(days=days), stated=True, basis="words"),),
        )
        for number, days in enumerate(DAYS)
    )  # fmt: skip
    crowd = tuple(
        a_revision(
            f"c{number}",
            f"Crowd {number}",
            obligations=(
                Obligation(Role.RESPONSE_DUE, TODAY + timedelta(days=45), stated=False, basis="a rule"),
            ),
        )
        for number in range(SHOWN + 5)
    )
    with a_world(settled(tmp_path_factory.mktemp("dates") / "a.db", many + crowd)) as made:
        yield made


@pytest.fixture
def site(world: World) -> Iterator[Browser]:
    with browsing(world.site) as made:
        yield made


def days(text: str) -> list[date]:
    return [date.fromisoformat(day) for day in re.findall(r'class="when"><time datetime="([\d-]+)"', text)]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(start=st.integers(-5, 100), length=st.integers(0, 366), limit=st.sampled_from([1, 3, 50, 1000]))
def test_what_is_told_of_a_span_is_whole_up_to_where_it_ends(
    world: World, start: int, length: int, limit: int
) -> None:
    first = TODAY + timedelta(days=start)
    last = first + timedelta(days=length)
    every = [
        due.date for one in world.site.store.items.query(ItemQuery(limit=1000)).items for due in one.judgement.obligations
        if first <= due.date <= last
    ]  # fmt: skip
    found = agenda(world.site.store, ItemQuery(limit=limit), (first, last))

    told = [one.obligation.date for one in found.dues]
    assert told == sorted(told)
    if found.complete:
        assert told == sorted(every)
    else:
        whole = max(told, default=first).replace(day=1)
        assert [day for day in told if day < whole] == sorted(day for day in every if day < whole)
        assert set(told) <= set(every)


def test_the_first_page_names_the_soonest_of_all_not_of_the_newest(world: World, site: Browser) -> None:
    text = site.get("/").text
    ahead = text[text.index('id="ahead"') : text.index("All dates ahead")]

    assert [date.fromisoformat(day) for day in re.findall(r'<time datetime="([\d-]+)"', ahead)][:4] == [
        TODAY + timedelta(days=number) for number in DAYS[:4]
    ]
    assert 'href="/dates"' in text


def test_every_date_is_on_one_page_and_those_of_a_day_stay_together(site: Browser) -> None:
    path, told, pages = "/dates?lang=en", [], 0
    while path and pages < 5:
        text = site.get(path.replace("&amp;", "&")).text
        here = days(text)
        assert here == sorted(here) and (not told or not here or here[0] > told[-1])
        told += here
        later = re.search(r'href="([^"]*)" rel="next"', text)
        path, pages = later[1] if later else "", pages + 1

    wanted = [TODAY + timedelta(days=number) for number in DAYS if number >= 0]
    assert told == sorted([*wanted, *[TODAY + timedelta(days=45)] * (SHOWN + 5)])


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("jurisdiction=US&severity=high", 4),
        ("kind=risk-warning&right=design", 3),
        ("jurisdiction=asean", 0),
        ("q=notice&until=2026-03-07", 3),
        ("since=2027-01-01", 0),
    ],
)
def test_dates_are_narrowed_like_the_archive(site: Browser, query: str, count: int) -> None:
    text = site.get(f"/dates?{query}").text

    assert len(days(text)) == count
    assert ("No date in these days fits" in text) == (count == 0)


@pytest.mark.parametrize(
    "query", ["since=9999-12-31", "since=x", "kind=foo", "jurisdiction=UK", "until=2026-02-30"]
)
def test_a_wish_that_is_none_is_refused(site: Browser, query: str) -> None:
    assert site.get(f"/dates?{query}").status == 400


def test_the_api_tells_the_same_dates(site: Browser) -> None:
    answer = json.loads(site.get("/api/v1/obligations?right=design").text)

    assert [one["obligation"]["date"] for one in answer["obligations"]] == [
        day.isoformat() for day in days(site.get("/dates?right=design").text)
    ]
    assert answer["complete"]
