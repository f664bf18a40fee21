"""Names of companies against the spellings of real texts, counted over a table of pairs."""

from alerts.match.names import patterns
from tests.unit.match.names_table import pairs, wrong


def test_the_table_holds_three_hundred_pairs() -> None:
    assert len(pairs()) >= 300


def test_variants_are_found_and_near_names_are_not() -> None:
    missed, mistaken = wrong()
    found = sum(pair.same for pair in pairs()) - len(missed)
    assert found / (found + len(missed)) >= 0.95, missed
    assert found / (found + len(mistaken)) >= 0.98, mistaken


def test_terms_that_differ_in_case_only_are_looked_for_as_the_same() -> None:
    for pair in pairs():
        assert set(patterns(pair.term.upper().lower())) == set(patterns(pair.term.lower()))


def test_a_place_before_the_words_of_a_trade_is_part_of_the_name() -> None:
    assert patterns("青岛啤酒") == ("青岛啤酒",)
    assert "小米科技" in patterns("北京小米科技有限责任公司")
    assert "汽车制造" not in patterns("北京汽车制造有限公司")
