"""A move is believed after five equal permanent redirects over two days, and a server's validators are found out."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.collected import Document, Hop, Moved, Validators
from alerts.domain.vocabulary import ValidatorMode
from alerts.fetch import (
    after_same_bytes,
    after_unchanged,
    are_useless,
    is_proven,
    is_steady,
    sighted,
    to_send,
)
from tests.clocks import NOON

OLD, NEW = "https://old.example/feed", "https://new.example/feed"
HOUR = timedelta(hours=1)
BOTH = Validators('"1"', "Mon, 02 Mar 2026 11:00:00 GMT")


def answer(*hops: Hop, at: datetime = NOON) -> Document:
    """Return a document at the end of these hops."""
    return Document(OLD, hops[-1].target if hops else OLD, 200, {}, b"x", at, hops)


def polls(*hops: Hop, count: int, every: timedelta) -> tuple[Moved, datetime]:
    """Return what is known after so many polls, and when the last one was."""
    moved, at = Moved(), NOON
    for number in range(count):
        at = NOON + every * number
        moved = sighted(moved, answer(*hops), OLD, at)
    return moved, at


@given(
    st.integers(1, 20),
    st.integers(1, 60),
    st.lists(st.sampled_from([301, 302, 303, 307, 308]), min_size=1, max_size=3),
)
def test_only_permanent_hops_prove_a_move_and_only_five_over_two_days(
    count: int, hours: int, statuses: list[int]
) -> None:
    moved, at = polls(*(Hop(status, NEW) for status in statuses), count=count, every=HOUR * hours)

    permanent = set(statuses) <= {301, 308}
    assert is_proven(moved, at) == (permanent and count >= 5 and (count - 1) * hours >= 48)
    assert is_steady(moved, at) == (not permanent and (count - 1) * hours >= 24 * 7)


def test_a_fall_from_https_to_http_is_never_a_move() -> None:
    moved, at = polls(Hop(301, "http://new.example/feed"), count=9, every=HOUR * 24)

    assert not is_proven(moved, at)


@pytest.mark.parametrize("break_", [(), (Hop(301, "https://third.example/"),), (Hop(302, NEW),)])
def test_any_other_sighting_starts_the_count_afresh(break_: tuple[Hop, ...]) -> None:
    moved, at = polls(Hop(301, NEW), count=4, every=HOUR * 24)

    moved = sighted(moved, answer(*break_), OLD, at + HOUR)
    moved = sighted(moved, answer(Hop(301, NEW)), OLD, at + HOUR * 2)

    assert (moved.count, moved.since) == (1, at + HOUR * 2)


def test_what_was_adopted_stays_whatever_comes_after() -> None:
    adopted = Moved(NEW, NOON, 5, OLD)

    assert sighted(adopted, answer(), NEW, NOON + HOUR) == adopted
    assert not is_proven(adopted, NOON + HOUR * 99)


@given(st.sampled_from(ValidatorMode))
def test_what_is_sent_is_always_what_was_given(mode: ValidatorMode) -> None:
    sent = to_send(BOTH, mode)

    assert sent.etag in (None, BOTH.etag) and sent.last_modified in (None, BOTH.last_modified)
    assert sent != Validators()
    assert to_send(Validators(etag='"1"'), mode) == Validators(etag='"1"')


def test_three_whole_answers_try_the_next_way_of_asking() -> None:
    mode, ignored, seen = ValidatorMode.BOTH, 0, []
    for _ in range(12):
        mode, ignored = after_same_bytes(BOTH, mode, ignored)
        seen.append(str(mode))

    assert seen[2::3] == ["last-modified", "etag", "ignored", "ignored"]
    assert are_useless(BOTH, ignored) and not are_useless(BOTH, 2) and are_useless(Validators(), 0)
    assert after_same_bytes(Validators(etag='"1"'), ValidatorMode.BOTH, 2) == (ValidatorMode.IGNORED, 3)
    assert after_same_bytes(Validators(), ValidatorMode.BOTH, 2) == (ValidatorMode.BOTH, 2)
    assert after_unchanged(ValidatorMode.IGNORED) is ValidatorMode.BOTH
    assert after_unchanged(ValidatorMode.ETAG) is ValidatorMode.ETAG
