"""A provider that slows us down is obeyed, forgiven step by step, and never taken for a reader's fault."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.providers import FIRST_GAP, LONGEST_GAP, Pace, provider_of, slowed, slows, taken, turn

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
ICC = "421 HL:ICC 101.0.0.1 too many concurrent connections"


@pytest.mark.parametrize(
    ("address", "provider"),
    [
        ("a@qq.com", "qq"),
        ("a@FoxMail.com", "qq"),
        ("a@vip.163.com", "netease"),
        ("a@googlemail.com", "google"),
        ("a@firm.example", "firm.example"),
        ("a@xn--fiqs8s.example.", "xn--fiqs8s.example"),
    ],
)
def test_domains_of_one_house_are_one_provider(address: str, provider: str) -> None:
    assert provider_of(address) == provider


@pytest.mark.parametrize(
    "answer",
    [
        "MI:DMC 163 smtp, too many mails on one connection",
        "HL:ICC",
        "Domain frequency limited [rate]",
        "Sender frequency limited",
        "4.7.28 Gmail has detected an unusual rate of unsolicited mail",
        "Too many concurrent connections",
        "发信频率过高",
        "DT:SPM 163 smtp",
    ],
)
def test_words_of_impatience_are_known(answer: str) -> None:
    assert slows(answer)


@pytest.mark.parametrize("answer", ["5.1.1 no such user", "mailbox full", "User not found: a@163.com", ""])
def test_other_refusals_slow_nothing(answer: str) -> None:
    assert not slows(answer)


def test_limits_of_hours_wait_hours_and_the_others_minutes() -> None:
    assert slowed(None, "qq", "550 Domain frequency limited", NOW).until == NOW + timedelta(hours=1)
    assert slowed(None, "netease", ICC, NOW).until == NOW + timedelta(minutes=2)


def test_what_was_under_way_at_a_refusal_counts_no_more() -> None:
    first = slowed(None, "netease", ICC, NOW)
    assert slowed(first, "netease", ICC, NOW + timedelta(seconds=3)) is first


@given(st.integers(1, 30))
def test_each_further_refusal_waits_at_least_as_long_and_spaces_further(times: int) -> None:
    pace: Pace | None = None
    waits, gaps, now = [], [], NOW
    for _ in range(times):
        pace = slowed(pace, "netease", ICC, now)
        waits.append(pace.until - now)
        gaps.append(pace.gap)
        now = pace.until
    assert waits == sorted(waits) and gaps == sorted(gaps)
    assert gaps[0] >= FIRST_GAP and gaps[-1] <= LONGEST_GAP


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_turns_never_fall_closer_than_the_gap(asked: list[int]) -> None:
    pace = slowed(None, "qq", ICC, NOW)
    times, now = [], pace.until
    for seconds in asked:
        now += timedelta(seconds=seconds)
        at, pace = turn(pace, now)
        times.append(at)
        assert at >= now
    assert all(later - earlier >= timedelta(seconds=FIRST_GAP) for earlier, later in pairwise(times))


def test_mails_that_are_taken_make_the_provider_like_any_other_again() -> None:
    pace: Pace | None = slowed(None, "qq", ICC, NOW)
    count = 0
    while pace is not None:
        pace, count = taken(pace), count + 1
    assert 40 < count < 100
