"""What a feed's arrivals say: gaps need four arrivals, and a first minute is no rate."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.store.rhythm import Arrival, learnt
from tests.clocks import NOON

HOUR = timedelta(hours=1)


def every(hours: int, count: int, batch: int = 1) -> list[Arrival]:
    return [(NOON - HOUR * hours * number, batch) for number in range(count)]


def test_a_steady_feed_has_its_gap_and_rate() -> None:
    assert learnt(every(8, 4), NOON) == {"median_gap_s": 8 * 3600, "rate_per_hour": 4 / 24, "batch_p95": 1}


def test_few_arrivals_make_no_gap_and_one_burst_no_endless_rate() -> None:
    assert learnt([], NOON) == {}
    assert learnt([(NOON, 20)], NOON) == {"median_gap_s": None, "rate_per_hour": 20.0, "batch_p95": 20}


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 50)), min_size=4, max_size=30))
def test_the_usual_gap_lies_between_the_least_and_the_greatest(steps: list[tuple[int, int]]) -> None:
    at, arrivals = NOON, []
    for hours, batch in steps:
        arrivals.append((at, batch))
        at -= HOUR * hours
    found = learnt(arrivals, NOON)

    gaps = [hours * 3600 for hours, _ in steps[:-1]]
    gap, batch = found["median_gap_s"], found["batch_p95"]
    assert isinstance(gap, int) and min(gaps) <= gap <= max(gaps)
    assert batch in {count for _, count in arrivals}
