"""Text from outside is safe to keep, show and send after cleaning."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.text import changed_share, clean, cut, cut_width, display_width, one_line

STEERING = "\x00\x07\x1b\x7f\x85\xad\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff\U000e0041\ud800"
alphabet = st.one_of(st.characters(), st.sampled_from(STEERING + "\u200c\u200d\u0301 \n\ré한が👩"))
texts = st.text(alphabet, max_size=80)


@given(texts, st.integers(2, 60))
def test_cleaning_twice_changes_nothing_more(text: str, limit: int) -> None:
    once, line = clean(text, limit), one_line(text, limit)
    assert clean(once, limit) == once
    assert one_line(line, limit) == line


@given(texts, st.integers(0, 60))
def test_a_line_is_one_line_in_nfc_within_its_limit_and_without_steering_characters(
    text: str, limit: int
) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert unicodedata.is_normalized("NFC", line)
    assert not set(STEERING) & set(line)
    line.encode("utf-8")


@given(texts, st.integers(0, 40))
def test_a_text_cut_to_a_width_takes_no_more_columns(text: str, width: int) -> None:
    assert display_width(cut_width(one_line(text), width)) <= width


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Patent\x00 fees\u2028rise\v now", "Patent fees rise now"),
        ("\u202egnp.exe\u202c invoice", "gnp.exe invoice"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("  many \t\u3000 spaces\xa0here ", "many spaces here"),
        ("e\u0301tat", "état"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d⚖️", "👩\u200d⚖️"),
        ("a\u200db", "ab"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("知识产权", "知识产权"),
    ],
)
def test_what_steers_goes_and_what_spells_stays(text: str, plain: str) -> None:
    assert one_line(text) == plain


def test_lines_of_a_summary_are_kept_and_blank_ones_are_not() -> None:
    assert clean("one\r\n\r\n  two \u2028three\n", 100) == "one\ntwo\nthree"


def test_a_cut_ends_at_a_word_where_one_ends_near() -> None:
    assert cut("the opposition period ends soon", 23) == "the opposition period…"
    assert cut("知识产权海关保护条例", 5) == "知识产权…"
    assert cut("short", 5) == "short"


def test_a_title_of_ten_thousand_characters_is_cut_to_its_limit() -> None:
    assert len(one_line("word " * 2000)) <= 500


def test_a_wide_character_takes_two_columns_and_a_mark_none() -> None:
    assert display_width("专利 a\u0301") == 6
    assert cut_width("专利法修订", 7) == "专利法…"


def test_marks_piled_on_one_letter_are_thinned() -> None:
    assert len(one_line("a" + "\u0335" * 500)) < 10


def test_the_changed_share_of_a_text_ignores_case_spacing_and_points() -> None:
    text = " ".join(f"word{n}" for n in range(100))
    assert changed_share(text, text.upper().replace(" ", ", ")) == 0.0
    assert changed_share(text, text.replace("word50", "other")) == pytest.approx(0.01)
    assert changed_share("商标法第一条", "商标法第二条") == pytest.approx(1 / 6)
    assert changed_share("", "new") == 1.0
