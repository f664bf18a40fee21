"""The grid and the timeline show each notice where it belongs, and say the same in a table."""

import re
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.vocabulary import Severity
from alerts.web.lately import Lately
from alerts.web.tiles import PLACES, Got, bars, tiles
from tests.web.world import Browser

TODAY = date(2026, 3, 2)
GOT = st.lists(
    st.tuples(
        st.dates(TODAY - timedelta(days=29), TODAY),
        st.sampled_from(list(Severity)),
        st.sets(st.sampled_from(["US", "CN", "WO", "FJ", "EM"]), min_size=1).map(tuple),
    ),
    max_size=30,
)


@given(GOT, st.sets(st.sampled_from(["US", "TH", "QZ"])))
def test_every_notice_counts_once_in_each_of_its_jurisdictions_and_no_two_tiles_overlap(
    got: list[Got], watched: set[str]
) -> None:
    found = tiles(got, watched)
    assert {tile.code for tile in found} == watched | {code for _, _, codes in got for code in codes}
    assert sum(tile.total for tile in found) == sum(len(codes) for _, _, codes in got)
    assert len({(tile.x, tile.y) for tile in found}) == len(found)


@given(GOT)
def test_the_bars_hold_every_day_and_never_leave_the_drawing(got: list[Got]) -> None:
    found = bars(got, TODAY, 30)
    assert [bar.day for bar in found] == [TODAY - timedelta(days=29 - number) for number in range(30)]
    assert sum(bar.total for bar in found) == len(got)
    assert all(top >= 0 for bar in found for _, top, _ in bar.parts)


def test_no_place_of_the_grid_is_taken_twice() -> None:
    assert len(set(PLACES.values())) == len(PLACES)


def test_figures_are_asked_for_again_when_something_is_stored() -> None:
    newest, asked = [1], []

    def ask(since: datetime) -> list[Got]:
        asked.append(since)
        return []

    lately = Lately(ask, lambda: newest[0])
    now = datetime(2026, 3, 2, tzinfo=UTC)
    lately.got(now)
    lately.got(now + timedelta(seconds=5))
    assert len(asked) == 1
    newest[0] = 2
    lately.got(now + timedelta(seconds=6))
    lately.got(now + timedelta(minutes=2))
    assert len(asked) == 3


def test_where_something_new_is_always_stored_what_came_in_lately_is_gathered_once_a_moment() -> None:
    asked: list[datetime] = []
    lately = Lately(asked.append, lambda: len(asked), timedelta(seconds=10))
    now = datetime(2026, 3, 2, tzinfo=UTC)

    for second in (0, 3, 9, 10, 12, 19, 20):
        lately.got(now + timedelta(seconds=second))

    assert asked == [now, now + timedelta(seconds=10), now + timedelta(seconds=20)]


def test_each_tile_has_words_and_the_table_the_same_figures(reader: Browser) -> None:
    text = reader.get("/").text
    drawn = dict(re.findall(r'aria-label="([^":]+): (\d+) notices?', text))
    table = dict(
        re.findall(
            r'<tr><th scope="row"><a [^>]*>([^<]+)</a></th>.*?<td class="number">(\d+)</td></tr>', text
        )
    )
    assert drawn and drawn == table
    assert "style=" not in text and "<script" not in text
