"""Names as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.match.names import folded, pattern, patterns, spaced, spellings, stands_in


def stands(term: str, text: str) -> bool:
    return stands_in(pattern(term), spaced(text))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("Acme", "ACME wins"),
        ("Acme Co., Ltd.", "a suit against Acme, filed today"),
        ("Acme GmbH & Co. KG", "Acme verliert"),
        ("深圳市某某科技有限公司", "深圳市某某科技被诉"),
        ("華為", "华为提起诉讼"),
        ("Mate60", "华为Mate60专利"),
        ("Ｓｏｎｙ", "Sony's appeal"),
        ("C&A", "the C & A case"),
        ("삼성전자", "삼성전자가 제소"),
    ],
)
def test_a_name_is_found_however_it_is_spelt(term: str, text: str) -> None:
    assert stands(term, text)


@pytest.mark.parametrize(
    ("term", "text"), [("ACE", "a race"), ("Mate6", "Mate60"), ("Co., Ltd.", "Acme"), ("华为", "华中为")]
)
def test_a_name_is_not_found_inside_another_word(term: str, text: str) -> None:
    assert not stands(term, text)


def test_a_name_that_is_only_a_legal_form_stays() -> None:
    assert pattern("AG").strip() == "ag"
    assert pattern("公司") == "公司"


def test_a_term_without_letters_finds_nothing() -> None:
    assert pattern("…!") == ""
    assert not stands("…!", "anything …!")


@given(st.text(min_size=1, max_size=30))
def test_a_name_is_found_in_itself(name: str) -> None:
    if pattern(name):
        assert stands(name, f"x {name} y") or not folded(name).strip()


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


_TERMS = st.one_of(
    st.text(max_size=20),
    st.text(st.sampled_from("abeouABEOU '-&.19"), max_size=14),
    st.text(st.sampled_from("华为深圳市科技有限公司株式会社电子䷀股份广东"), max_size=9),
    st.lists(
        st.sampled_from(
            ["Anker", "Co", "Ltd", "the", "and", "Group", "Tech", "Müller", "Blue", "Intl", "PT"]
        ),
        max_size=5,
    ).map(" ".join),
)


@given(_TERMS)
def test_the_short_way_to_a_term_s_spellings_says_the_same_as_the_long_one(term: str) -> None:
    assert patterns(term) == spellings(term)
