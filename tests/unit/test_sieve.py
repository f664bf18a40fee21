"""An expression of the admin's meets anybody's text: the search is bounded, and what is undecided is kept."""

import time

import pytest

from alerts.domain.feeds import ItemFilter
from alerts.normalise.sieve import PATIENCE, TIMEOUT, Sieve

SLOW = r"(?:\w\s|\d\s)+$"  # two readings of each digit: exponential, and not seen by looking at it
TEXT = "1 " * 40 + "!"


def test_an_entry_is_kept_by_what_it_says() -> None:
    sieve = Sieve(ItemFilter(("patent", "trade ?mark"), ("webinar",)))

    assert sieve.keeps("New PATENT fees", "")
    assert sieve.keeps("News", "a trademark rule")
    assert not sieve.keeps("Patent webinar", "")
    assert not sieve.keeps("Holiday", "closed")


@pytest.mark.parametrize(
    "wanted", [ItemFilter((SLOW,), ()), ItemFilter((), (SLOW,)), ItemFilter(("1", SLOW), (SLOW,))]
)
def test_an_expression_that_runs_away_costs_little_and_loses_nothing(wanted: ItemFilter) -> None:
    sieve = Sieve(wanted)
    began = time.process_time()

    assert all(sieve.keeps(TEXT, "") for _ in range(500))

    assert time.process_time() - began < 2 * PATIENCE * TIMEOUT + 0.5


def test_an_expression_that_ran_away_does_not_silence_the_others() -> None:
    sieve = Sieve(ItemFilter((), (SLOW, "webinar")))
    for _ in range(PATIENCE):
        sieve.keeps(TEXT, "")

    assert not sieve.keeps("A webinar", "")
