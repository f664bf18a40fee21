"""The next poll keeps every floor that the server set, adds a little jitter, and never gives up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.feeds import Feed
from alerts.domain.pace import PACES, Bounds, bounds, phase, promise
from alerts.domain.vocabulary import GOOD_OUTCOMES, Carries, FeedType, Outcome, Pace
from alerts.fetch import PaceInput, next_poll
from alerts.fetch.patience import freshness
from tests.clocks import NOON

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
GOOD = PaceInput(NOON, HOUR, Outcome.OK)
BAD = PaceInput(NOON, HOUR, Outcome.TIMEOUT, failures=1)

pauses = st.timedeltas(timedelta(minutes=5), timedelta(days=30))
jitters = st.floats(0, 1, exclude_max=True)
headers = st.fixed_dictionaries(
    {},
    optional={
        "cache-control": st.integers(0, 10**9).map("max-age={}".format),
        "age": st.integers(0, 10**6).map(str),
    },
)
instants = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 - Hypothesis wants naive bounds
    datetime(2060, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
inputs = st.builds(
    PaceInput,
    started_at=instants,
    interval=pauses,
    outcome=st.sampled_from(Outcome),
    failures=st.integers(0, 10_000),
    headers=headers,
    ttl=st.none() | st.timedeltas(timedelta(0), timedelta(days=400)),
    skip_hours=st.frozensets(st.integers(0, 24)),
    observed_rate=st.none() | st.floats(0, 1e6),
    window_size=st.none() | st.integers(0, 10_000),
)


def pause(pace: PaceInput, jitter: float = 0.0) -> timedelta:
    return next_poll(pace, jitter).at - pace.started_at


@given(inputs, jitters)
def test_no_floor_is_broken_and_no_source_given_up(pace: PaceInput, jitter: float) -> None:
    chosen = next_poll(pace, jitter)

    assert chosen.at - pace.started_at >= min(freshness(pace.headers), DAY)
    assert chosen.at - pace.started_at >= min(pace.ttl or timedelta(0), DAY)
    assert chosen.at - pace.started_at >= timedelta(minutes=5)
    assert chosen.at - pace.started_at <= max(pace.interval, DAY) * 1.1 + timedelta(hours=24)


@given(inputs, jitters, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_retry_after_is_kept_up_to_seven_days(pace: PaceInput, jitter: float, patience: timedelta) -> None:
    asked = replace(pace, retry_at=pace.started_at + patience)

    assert next_poll(asked, jitter).at - pace.started_at >= min(patience, timedelta(days=7))


@given(inputs, jitters)
def test_a_source_is_left_alone_in_its_hours_if_it_leaves_any(pace: PaceInput, jitter: float) -> None:
    hours = {hour % 24 for hour in pace.skip_hours}

    assert len(hours) == 24 or next_poll(pace, jitter).at.hour not in hours


@given(inputs, jitters)
def test_jitter_only_ever_adds_and_at_most_a_tenth(pace: PaceInput, jitter: float) -> None:
    plain = replace(pace, skip_hours=frozenset())

    assert pause(plain) <= pause(plain, jitter) <= pause(plain) * 1.1


def test_a_healthy_source_is_asked_at_its_interval() -> None:
    chosen = next_poll(GOOD, 0.0)

    assert (chosen.at, chosen.interval, chosen.reason) == (NOON + HOUR, HOUR, "the configured interval")
    assert pause(GOOD, 0.5) == HOUR * 1.05


@pytest.mark.parametrize("outcome", sorted(GOOD_OUTCOMES))
def test_every_good_outcome_keeps_the_interval(outcome: Outcome) -> None:
    assert pause(replace(GOOD, outcome=outcome)) == HOUR


@pytest.mark.parametrize(
    ("failures", "hours"), [(0, 2), (1, 2), (2, 4), (3, 8), (4, 16), (5, 24), (6, 24), (9999, 24)]
)
def test_failures_double_the_interval_up_to_a_day(failures: int, hours: int) -> None:
    assert pause(replace(BAD, failures=failures)) == HOUR * hours


def test_an_interval_longer_than_a_day_is_not_shortened_by_failing() -> None:
    assert pause(replace(BAD, interval=DAY * 7, failures=3)) == DAY * 7
    assert pause(replace(BAD, interval=DAY * 7, outcome=Outcome.GONE)) == DAY * 7


def test_a_source_that_is_gone_is_asked_once_a_day() -> None:
    assert pause(replace(BAD, outcome=Outcome.GONE)) == DAY


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ({"cache-control": "public, max-age=7200"}, 2),
        ({"cache-control": "max-age=7200, no-cache"}, 1),
        ({"cache-control": "s-maxage=7200"}, 1),
        ({"cache-control": 'MAX-AGE = "7200"'}, 2),
        ({"cache-control": "max-age=10800", "age": "3600"}, 2),
        ({"cache-control": "max-age=31536000"}, 24),
        ({"cache-control": "max-age=0", "expires": "Mon, 02 Mar 2026 15:00:00 GMT", "date": "Mon, 02 Mar 2026 12:00:00 GMT"}, 1),
        ({"expires": "Mon, 02 Mar 2026 15:00:00 GMT", "date": "Mon, 02 Mar 2026 12:00:00 GMT"}, 3),
        ({"expires": "Mon, 02 Mar 2026 15:00:00 GMT"}, 1),
        ({"expires": "0", "date": "Mon, 02 Mar 2026 12:00:00 GMT"}, 1),
        ({"expires": "Thu, 01 Dec 1978 16:00:00 GMT", "date": "Mon, 02 Mar 2026 12:00:00 GMT"}, 1),
        ({"cache-control": "max-age=-1"}, 1),
    ],
)  # fmt: skip
def test_freshness_is_a_floor_capped_at_a_day(said: dict[str, str], hours: int) -> None:
    assert pause(replace(GOOD, headers=said)) == HOUR * hours


def test_a_floor_above_the_configured_interval_is_named() -> None:
    urgent = replace(GOOD, interval=timedelta(minutes=15), headers={"cache-control": "max-age=7200"})

    assert (
        next_poll(urgent, 0.0).reason == "the answer calls itself fresh for 2 h 0 min, over the wanted 15 min"
    )
    assert "ttl" in next_poll(replace(GOOD, ttl=HOUR * 3), 0.0).reason


def test_the_feeds_own_ttl_is_a_floor_and_no_reason_to_hurry() -> None:
    assert pause(replace(GOOD, ttl=HOUR * 3)) == HOUR * 3
    assert pause(replace(GOOD, ttl=timedelta(minutes=1))) == HOUR
    assert pause(replace(GOOD, ttl=DAY * 40)) == DAY


def test_skip_hours_move_the_poll_on_and_keep_the_minute() -> None:
    pace = replace(GOOD, started_at=NOON.replace(minute=20), skip_hours=frozenset({13, 14}))

    assert next_poll(pace, 0.0).at == NOON.replace(hour=15, minute=20)
    assert next_poll(replace(pace, skip_hours=frozenset(range(24))), 0.0).at == NOON.replace(
        hour=13, minute=20
    )
    assert (
        next_poll(replace(GOOD, started_at=NOON.replace(hour=23), skip_hours=frozenset({24})), 0.0).at.hour
        == 1
    )


def test_a_window_that_soon_overflows_is_read_sooner() -> None:
    busy = replace(GOOD, interval=HOUR * 6, observed_rate=2.0, window_size=24)

    assert pause(busy) == HOUR * 4
    assert "24 items" in next_poll(busy, 0.0).reason
    assert pause(replace(busy, observed_rate=0.5)) == HOUR * 6
    assert pause(replace(busy, observed_rate=1e9)) == timedelta(minutes=5)
    assert pause(replace(busy, headers={"cache-control": "max-age=18000"})) == HOUR * 5


def test_retry_after_is_named_and_spread() -> None:
    asked = replace(BAD, outcome=Outcome.THROTTLED, retry_at=NOON + DAY * 2)
    chosen = next_poll(asked, 0.5)

    assert chosen.at == NOON + DAY * 2 + HOUR * 0.05
    assert chosen.reason == "the server's Retry-After"


LEARNT = replace(GOOD, bounds=Bounds(HOUR, HOUR * 6))


@pytest.mark.parametrize(
    ("gap", "hours", "reason"),
    [
        (None, 1, "no history yet"),
        (HOUR, 1, "comes often"),
        (HOUR * 8, 4, "half the median gap of 8 h 0 min"),
        (DAY * 3, 6, "comes seldom"),
    ],
)
def test_without_a_written_interval_half_the_median_gap_decides(
    gap: timedelta | None, hours: int, reason: str
) -> None:
    chosen = next_poll(replace(LEARNT, median_gap=gap), 0.0)

    assert chosen.at - NOON == HOUR * hours
    assert reason in chosen.reason


@given(inputs, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_an_interval_that_was_learnt_keeps_within_an_hour_and_its_class(
    pace: PaceInput, gap: timedelta
) -> None:
    plain = PaceInput(pace.started_at, HOUR, Outcome.OK, bounds=Bounds(HOUR, HOUR * 6), median_gap=gap)

    assert HOUR <= pause(plain) <= HOUR * 6


def test_without_working_validators_a_learnt_interval_is_a_day_and_a_written_one_stays() -> None:
    assert pause(replace(LEARNT, unconditional=True)) == DAY
    assert pause(replace(GOOD, unconditional=True)) == HOUR
    short = replace(LEARNT, unconditional=True, observed_rate=2.0, window_size=24)
    assert pause(short) == HOUR * 4, "losing items would be worse than asking"


def test_a_source_that_said_goodbye_is_asked_once_a_month() -> None:
    gone = replace(BAD, outcome=Outcome.GONE, gone_for_good=True)

    assert pause(gone) == timedelta(days=30)


@given(inputs, jitters, st.frozensets(st.integers(0, 6)))
def test_a_source_is_left_alone_on_its_days_if_it_leaves_any(
    pace: PaceInput, jitter: float, days: frozenset[int]
) -> None:
    chosen = next_poll(replace(pace, skip_days=days), jitter)

    assert len(days) == 7 or chosen.at.weekday() not in days
    assert chosen.at >= pace.started_at + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("pace", "floor", "ceiling"),
    [("urgent", 5, 60), ("prompt", 15, 360), ("steady", 60, 360), ("archive", 60, 1440)],
)
def test_a_class_bounds_what_the_rhythm_suggests(pace: str, floor: int, ceiling: int) -> None:
    within = replace(GOOD, bounds=PACES[Pace(pace)])

    assert pause(replace(within, median_gap=timedelta(minutes=1))) == timedelta(minutes=floor)
    assert pause(replace(within, median_gap=DAY * 90)) == timedelta(minutes=ceiling)
    assert pause(within) == min(HOUR, timedelta(minutes=ceiling)), "nothing is known yet"


def test_where_nobody_chose_what_a_feed_carries_decides_and_never_below_an_hour() -> None:
    feed = Feed("a", {}, FeedType.FEED, "https://a.example/", "US", adaptive=True)

    assert bounds(feed) == Bounds(HOUR, HOUR)
    assert bounds(replace(feed, carries=Carries.LEGAL_RULE)) == Bounds(HOUR, HOUR * 6)
    assert promise(replace(feed, adaptive=False, interval=HOUR * 2)) == HOUR * 2.2


def test_an_urgent_feed_is_asked_in_its_quiet_hours_too() -> None:
    quiet = replace(GOOD, skip_hours=frozenset({13, 14}), skip_days=frozenset({0}))

    assert pause(quiet) > HOUR * 10
    assert pause(replace(quiet, urgent=True)) == HOUR


def test_what_a_server_does_not_let_us_keep_is_said() -> None:
    fresh = {"cache-control": "max-age=7200"}
    urgent = replace(GOOD, bounds=PACES[Pace.URGENT], median_gap=HOUR, headers=fresh)
    assert next_poll(urgent, 0.0).shortfall.startswith(
        "promised every 1 h 0 min, asked every 2 h 0 min: the answer calls"
    )
    assert next_poll(replace(urgent, headers={}), 0.0).shortfall == ""
    assert next_poll(replace(GOOD, headers={"cache-control": "max-age=3600"}), 0.9).shortfall == ""
    assert next_poll(replace(BAD, headers=fresh), 0.0).shortfall == "", "a failure has a word of its own"

    small = replace(LEARNT, observed_rate=10.0, window_size=20)
    assert next_poll(small, 0.0).shortfall == ""
    held = next_poll(replace(small, headers=fresh), 0.0)
    assert held.shortfall.startswith(
        "its 20 items may all be new within 2 h 0 min, but it is asked every 2 h 0 min"
    )
    assert "every 5 min" in next_poll(replace(small, observed_rate=600.0), 0.0).shortfall


def test_a_bot_check_is_left_alone_for_four_hours_at_least() -> None:
    blocked = replace(BAD, outcome=Outcome.CHALLENGE, interval=timedelta(minutes=10))

    assert pause(blocked) == HOUR * 4
    assert pause(replace(blocked, failures=20)) == DAY


def test_feeds_that_were_asked_together_drift_apart_by_their_ids() -> None:
    phases = sorted(phase(f"feed-{n}") for n in range(1000))

    assert phase("us-uspto-rss") == phase("us-uspto-rss")
    assert all(0 <= one < 1 for one in phases)
    assert max(later - earlier for earlier, later in pairwise(phases)) < 0.02
