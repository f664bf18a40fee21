"""What is in a text finds it, in every script, and nothing else does; a span of days is covered by its tokens exactly."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.facets import span
from alerts.domain.search import GAP, Phrase, sought, tokens

HAN = st.text("商标专利侵权海关知识产权局规则公告", min_size=2, max_size=30)
DAYS = st.dates(date(1999, 1, 1), date(2031, 12, 31))


def finds(search: str, *texts: str) -> bool:
    """Return whether the tokens of texts hold everything that is sought, as an index would tell."""
    held = tokens(*texts)
    written = f" {' '.join(held)} "
    wanted = sought(search)
    return bool(wanted) and all(f" {' '.join(phrase.tokens)} " in written for phrase in wanted)


@given(HAN, st.data())
def test_every_part_of_a_chinese_text_finds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    assert finds(text[start:end], text)


@given(HAN, HAN)
def test_chinese_words_that_are_not_there_find_nothing(search: str, text: str) -> None:
    assert finds(search, text) == (search in text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_tokens_can_stand_in_a_query_of_any_database(title: str, summary: str) -> None:
    held = [*tokens(title, summary), *(token for phrase in sought(title) for token in phrase.tokens)]
    assert all(
        token == GAP or (token and all(letter.isalnum() or not letter.isascii() for letter in token))
        for token in held
    ), held


@pytest.mark.parametrize(
    ("search", "text", "found"),
    [
        ("patents", "A patent rule", True),
        ("patent", "New fees for patents", True),
        ("MÜNCHEN", "Landgericht Munchen", True),
        ("fees rule", "Rule on fees", True),
        ('"fees rule"', "Rule on fees", False),
        ("“商标 侵权”", "商标侵权", True),
        ("侵權", "商标侵权案", True),
        ("ｗｉｐｏ", "WIPO notice", True),
        ("商标 fees", "关于商标 fees 的公告", True),
        ("특허", "한국특허청 공고", True),
        ("class", "classes", False),
        ("AND OR NOT", "and or not", True),
        ("%%", "100%", False),
    ],
)
def test_words_are_found_however_they_are_written(search: str, text: str, found: bool) -> None:
    assert finds(search, text) == found


def test_no_phrase_reaches_from_the_title_into_the_summary() -> None:
    assert not finds('"fees rule"', "On fees", "Rule of law")
    assert not finds("局规", "知识产权局", "规则")


def test_a_single_character_is_sought_as_it_is() -> None:
    assert sought("商") == (Phrase(("商",)),)
    assert sought("商标") == (Phrase(("商标",)),)


@given(DAYS, DAYS)
def test_a_span_of_days_is_covered_by_its_tokens_exactly(one: date, other: date) -> None:
    since, until = min(one, other), max(one, other)
    held = set(span(since, until))

    for day in {since, until, since - timedelta(days=1), until + timedelta(days=1), date(2010, 5, 17)}:
        own = {f"d={day:%Y%m%d}", f"m={day:%Y%m}", f"y={day.year}"}
        assert bool(own & held) == (since <= day <= until)
    assert len(held) < 62 + 22 + 40
