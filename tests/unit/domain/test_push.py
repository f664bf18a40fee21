"""Rules of subscriptions at hubs: leases, pauses, seals, words."""

import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.push import LEASE, LONGEST_WAIT, Pushed, granted, readable, renewal, spread_of, wait_after
from alerts.domain.push_words import describe, standing
from alerts.domain.seals import read_seal

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FRESH = Pushed(
    key="k",
    feed_id="us",
    wanted=True,
    hub="https://hub.example/",
    topic="https://us.example/feed",
    created_at=NOW,
)
SERVING = replace(FRESH, expires_at=NOW + timedelta(days=1))


@given(st.text(max_size=40) | st.integers().map(str) | st.none())
def test_no_lease_is_longer_than_ten_days_or_ends_before_it_begins(text: str | None) -> None:
    lease = granted(text)
    assert lease is None or timedelta(0) < lease <= LEASE


@pytest.mark.parametrize("text", ["", "0", "-1", "+5", "1.5", "1e3", "٣", "9" * 31, "five"])
def test_what_is_no_number_of_seconds_is_no_lease(text: str) -> None:
    assert granted(text) is None


@given(st.integers(1, 10**9), st.text(max_size=20))
def test_a_renewal_is_due_before_the_lease_ends_and_not_before_three_quarters(seconds: int, key: str) -> None:
    lease = granted(str(seconds))
    assert lease is not None
    due = renewal(lease, NOW, spread_of(key)) - NOW
    assert lease * 0.75 <= due and (due < lease or due == timedelta(hours=1))


@given(st.integers(-5, 10**6), st.text(max_size=20))
def test_pauses_grow_up_to_a_day_and_are_only_lengthened_by_chance(attempts: int, key: str) -> None:
    wait = wait_after(attempts, spread_of(key))
    assert timedelta(minutes=5) <= wait <= LONGEST_WAIT * 1.1
    assert wait_after(attempts + 1, 0) >= wait_after(attempts, 0)


@given(st.binary(max_size=200), st.sampled_from(["sha256", "sha384", "sha512"]))
def test_a_seal_holds_for_its_bytes_in_any_pieces_and_for_no_others(body: bytes, method: str) -> None:
    header = f"{method}={hmac.new(b's', body, method).hexdigest()}"
    whole, pieces, other = (read_seal(header, "s", sha1=False) for _ in range(3))
    assert whole is not None and pieces is not None and other is not None
    whole.add(body)
    for byte in body:
        pieces.add(bytes([byte]))
    other.add(body + b"x")
    assert whole.holds() and pieces.holds() and not other.holds()


@given(st.text(max_size=200))
def test_no_header_is_an_exception(header: str) -> None:
    seal = read_seal(header, "s", sha1=True)
    assert seal is None or not seal.holds()


def test_sha1_counts_only_with_permission() -> None:
    header = f"sha1={hmac.new(b's', b'', 'sha1').hexdigest()}"
    assert read_seal(header, "s", sha1=False) is None
    seal = read_seal(header, "s", sha1=True)
    assert seal is not None and seal.holds()


@pytest.mark.parametrize(
    ("pushed", "word", "says"),
    [
        (replace(FRESH, hub=None), "no-hub", "names no hub"),
        (FRESH, "asked", "is asked soon"),
        (replace(FRESH, asked_at=NOW, attempts=1), "asked", "has to verify"),
        (SERVING, "verified", "until 2026-03-03 12:00 UTC"),
        (replace(SERVING, unannounced=5), "deaf", "announces nothing"),
        (replace(SERVING, unannounced=5, hits=1), "verified", "5 polls found news"),
        (replace(FRESH, denied_at=NOW, detail="no"), "denied", "(no)"),
        (replace(FRESH, attempts=3, detail="it answered 500"), "failing", "after 3 requests (it answered 500)"),
        (replace(SERVING, expires_at=NOW), "failing", "no subscription"),
        (replace(SERVING, wanted=False), "leaving", "given up"),
    ],
)  # fmt: skip
def test_each_state_has_a_word_and_a_sentence(pushed: Pushed, word: str, says: str) -> None:
    assert standing(pushed, NOW) == word
    assert says in describe(pushed, NOW)


def test_addresses_that_can_be_none_are_left_out() -> None:
    given_ = [
        "https://a.example",
        "https://a.example",
        "HTTP://b.example",
        "ftp://c",
        "",
        "https://d e",
        "x" * 3000,
    ]
    assert readable(given_) == ("https://a.example", "HTTP://b.example")
