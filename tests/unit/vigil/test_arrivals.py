"""What becomes of new entries: old items under new names are recognised, and nothing new is taken for old."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.domain.events import Arrivals, EventKind, Seen
from alerts.vigil import ALLOWED, judge_arrivals

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORDS = (
    "fees",
    "opposition",
    "seizure",
    "injunction",
    "design",
    "hearing",
    "tariff",
    "appeal",
    "register",
    "scam",
)


def one(number: int, **changes: object) -> Seen:
    """Return an item that shares neither link, day nor words with another."""
    word = WORDS[number % len(WORDS)] * (1 + number // len(WORDS))
    item = Seen(
        f"k{number}", f"{word} at the office", f"{word} {word} {word} {word}",
        f"https://old.example/{number}", MONDAY - timedelta(days=number), number,
    )  # fmt: skip
    return replace(item, **changes)  # type: ignore[arg-type]


def renamed(item: Seen, **changes: object) -> Seen:
    return replace(item, key=f"new-{item.key}", number=0, **changes)  # type: ignore[arg-type]


OLD = tuple(one(n) for n in range(1, 41))


def kinds(arrivals: Arrivals) -> list[EventKind]:
    return [kind for kind, _ in judge_arrivals(arrivals).events]


@settings(max_examples=60)
@given(
    st.integers(5, 40), st.sampled_from(["link", "title and day", "words"]), st.randoms(use_true_random=False)
)
def test_every_item_of_a_re_keyed_feed_finds_its_own_old_item(count: int, kept: str, random: object) -> None:
    changes: dict[str, dict[str, object]] = {
        "link": {"title": "another title", "summary": ""},
        "title and day": {"url": None, "summary": "rewritten from scratch, in every word"},
        "words": {"url": "https://new.example/", "published": None},
    }
    fresh = [renamed(item, **changes[kept]) for item in OLD[:count]]
    random.shuffle(fresh)  # type: ignore[attr-defined]
    ruling = judge_arrivals(Arrivals(tuple(fresh), OLD, 0))
    assert ruling.aliases == {f"new-{item.key}": item.number for item in OLD[:count]}
    assert [kind for kind, _ in ruling.events] == [EventKind.RE_KEYED]


@given(st.integers(0, 200), st.integers(0, 40), st.integers(0, 60))
def test_nothing_is_both_an_old_item_and_held_and_twenty_always_go_on(
    fresh: int, known: int, usual: int
) -> None:
    arrivals = Arrivals(tuple(renamed(one(500 + n)) for n in range(fresh)), OLD[:20], known, usual)
    ruling = judge_arrivals(arrivals)
    assert not set(ruling.aliases) & ruling.held
    assert set(ruling.aliases) | ruling.held <= {item.key for item in arrivals.fresh}
    if ruling.held:
        assert len(arrivals.fresh) - len(ruling.held) == ALLOWED


def test_a_few_new_entries_are_never_compared() -> None:
    assert judge_arrivals(Arrivals(tuple(map(renamed, OLD[:4])), OLD, 0)).aliases == {}


def test_new_entries_beside_many_known_ones_are_never_compared() -> None:
    assert judge_arrivals(Arrivals(tuple(map(renamed, OLD[:9])), OLD[:9], 10)).aliases == {}


def test_less_than_four_fifths_is_no_re_keyed_feed() -> None:
    fresh = [*map(renamed, OLD[:7]), *(renamed(one(90 + n)) for n in range(3))]
    assert judge_arrivals(Arrivals(tuple(fresh), OLD[:10], 0)).aliases == {}


def test_the_next_number_of_a_gazette_is_not_the_last_one() -> None:
    numbers = [
        Seen(f"g{n}", f"Trade Marks Journal {n}", "The journal of the week.", None, None, n)
        for n in range(30)
    ]
    fresh = tuple(renamed(item) for item in numbers[15:])
    assert judge_arrivals(Arrivals(fresh, tuple(numbers[:15]), 0)).aliases == {}


def test_a_later_day_is_another_entry_under_the_same_link() -> None:
    """A docket keeps its address and title; each entry is another document."""
    later = [
        renamed(item, published=item.published and item.published + timedelta(days=90)) for item in OLD[:10]
    ]
    assert judge_arrivals(Arrivals(tuple(later), OLD[:10], 0)).aliases == {}


def test_a_link_that_all_entries_share_proves_nothing() -> None:
    home = "https://old.example/"
    old = tuple(replace(item, url=home) for item in OLD[:10])
    fresh = tuple(renamed(one(60 + n), url=home) for n in range(10))
    assert judge_arrivals(Arrivals(fresh, old, 0)).aliases == {}


def test_a_gap_needs_three_entries_and_none_known() -> None:
    fresh = tuple(renamed(one(60 + n)) for n in range(3))
    assert kinds(Arrivals(fresh, OLD, 0)) == [EventKind.GAP]
    assert kinds(Arrivals(fresh[:2], OLD, 0)) == []
    assert kinds(Arrivals(fresh, OLD, 1)) == []


def test_of_a_flood_the_newest_by_date_go_on() -> None:
    fresh = tuple(renamed(one(n), published=MONDAY + timedelta(hours=n)) for n in range(100, 130))
    ruling = judge_arrivals(Arrivals(fresh, (), 5, usual_batch=6))
    assert ruling.held == {item.key for item in fresh[:10]}
    assert judge_arrivals(Arrivals(fresh, (), 5, usual_batch=10)).held == frozenset()
