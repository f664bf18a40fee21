"""Plain text is broken by display columns, and addresses are not broken at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.text import display_width
from alerts.render.columns import COLUMNS, wrap

words = st.lists(
    st.one_of(
        st.from_regex(r"[a-z]{1,20}", fullmatch=True),
        st.from_regex(r"[知识产权预警]{1,30}[，。；]?", fullmatch=True),
        st.just("https://www.office.example/" + "a" * 90),
    ),
    max_size=40,
)


@given(words)
def test_no_line_is_wider_than_the_limit_but_for_addresses(parts: list[str]) -> None:
    for line in wrap(" ".join(parts), "  ").split("\n"):
        assert display_width(line) <= COLUMNS + 1 or "https://" in line


@given(words, st.sampled_from(["", "  ", "- "]))
def test_wrapping_loses_nothing_but_blanks(parts: list[str], indent: str) -> None:
    wrapped = wrap(" ".join(parts), indent, " " * len(indent))

    assert "".join(wrapped.removeprefix(indent.rstrip()).split()) == "".join("".join(parts).split())


def test_an_address_is_never_broken() -> None:
    url = "https://www.office.example/" + "notice/" * 30

    assert url in wrap(f"Read it at {url} today.").split("\n")[1]


@pytest.mark.parametrize("closing", "，。、；：！？）》”")
def test_no_line_begins_with_closing_punctuation(closing: str) -> None:
    text = "中" * 36 + closing + "国"

    assert all(line[0] != closing for line in wrap(text).split("\n"))


def test_no_line_ends_with_an_opening_mark() -> None:
    wrapped = wrap("中" * 35 + "《商标法》")

    assert wrapped.split("\n")[0] == "中" * 35


def test_later_lines_hang() -> None:
    assert wrap("word " * 20, "- ", "  ").split("\n")[1].startswith("  word")


def test_nothing_becomes_an_empty_line() -> None:
    assert wrap("  ") == ""
