"""What changed between two texts of a watched page, in words."""

import time

from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.worddiff import Edit, word_diff

_TEXTS = st.text(alphabet="ab \n商标e", max_size=60)


def letters(text: str) -> str:
    return "".join(text.split())


@given(_TEXTS, _TEXTS)
def test_nothing_is_lost_and_nothing_invented(old: str, new: str) -> None:
    changes = word_diff(old, new)
    gone, come = (sum(len(letters(getattr(one, side))) for one in changes) for side in ("removed", "added"))
    assert len(letters(old)) - gone == len(letters(new)) - come >= 0
    assert all(letters(one.removed) in letters(old) and letters(one.added) in letters(new) for one in changes)


@given(_TEXTS)
def test_white_space_is_no_change(text: str) -> None:
    assert word_diff(text, f"  {text.replace(' ', '   ')}\n\n") == ()


def test_a_changed_word_is_told_with_what_it_was() -> None:
    old = "Fees\nThe filing fee is EUR 850 from 1 May.\nContact"
    assert word_diff(old, old.replace("850", "900")) == (Edit("850", "900"),)


def test_chinese_is_compared_by_character() -> None:
    assert word_diff("商标注册费为三百元", "商标续展注册费为五百元") == (
        Edit("", "续展"),
        Edit("三", "五"),
    )


def test_added_and_removed_lines_are_changes_of_their_own() -> None:
    assert word_diff("a\nb\nc", "a\nc\nd e") == (Edit("b", ""), Edit("", "d e"))


def test_two_long_texts_without_a_common_line_are_one_change_and_take_no_time() -> None:
    old, new = (" ".join(f"{letter}{n}" for n in range(20_000)) for letter in "xy")
    started = time.process_time()
    assert len(word_diff(old, new)) == 1
    assert time.process_time() - started < 1
