"""Codes, regions and their names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.errors import InputError
from alerts.domain.jurisdictions import (
    JURISDICTIONS,
    MEMBERS,
    REGIONS,
    expand,
    is_jurisdiction,
    is_region,
    name,
    suggest,
)
from alerts.domain.vocabulary import Language

CODES = st.sampled_from(sorted(JURISDICTIONS))
SLUGS = st.sampled_from(sorted(REGIONS))


@given(st.lists(CODES | SLUGS, max_size=6))
def test_expansion_holds_exactly_the_named_codes_and_the_members_of_the_named_regions(
    words: list[str],
) -> None:
    expanded = expand(words)
    wanted = {word for word in words if is_jurisdiction(word)}.union(
        *(MEMBERS[word] for word in words if is_region(word))
    )
    assert set(expanded) == wanted
    for code, via in expanded.items():
        assert (via is None) == (code in words)
        assert via is None or (via in words and code in MEMBERS[via])


@given(CODES | SLUGS)
def test_every_code_and_region_has_a_name_in_both_languages(word: str) -> None:
    english, chinese = name(word, Language.ENGLISH), name(word, Language.CHINESE)
    assert english and chinese and english != word
    assert english == english.strip() and not any("\u4e00" <= character <= "\u9fff" for character in english)
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese)


@given(CODES | SLUGS, st.sampled_from(list(Language)))
def test_a_name_leads_back_to_its_code_or_to_one_of_the_same_name(word: str, language: Language) -> None:
    found = suggest(name(word, language))
    assert found is not None and name(found, language) == name(word, language)


@given(st.text(max_size=20))
def test_a_suggestion_is_always_something_that_exists(word: str) -> None:
    found = suggest(word)
    assert found is None or is_jurisdiction(found) or is_region(found)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("UK", "GB"), ("EU", "EM"), ("usa", "US"), ("INT", "WO"), ("us", "US"), ("Germny", "DE"), ("中国", "CN"), ("EUIPO", "EM"),
     ("Chin", "CN"), ("lao", "LA"), ("XQ", None), ("latin america", "latin-america"), ("Viet-Nam", "VN"), ("", None)],
)  # fmt: skip
def test_what_people_write_is_understood(word: str, meant: str | None) -> None:
    assert suggest(word) == meant


def test_organisations_have_their_own_codes_and_not_those_of_iso() -> None:
    assert name("EA", Language.ENGLISH) == "Eurasian Patent Organization (EAPO)"
    assert name("EM", Language.ENGLISH) == "European Union (EUIPO)"
    assert {"AP", "BX", "EA", "EM", "EP", "GC", "OA", "WO"} <= set(JURISDICTIONS)
    assert not {"EU", "UK", "INT", "XX", "AN"} & set(JURISDICTIONS)


def test_names_of_parts_of_china_say_so() -> None:
    assert [name(code, Language.CHINESE) for code in ("HK", "MO", "TW")] == [
        "中国香港",
        "中国澳门",
        "中国台湾",
    ]
    assert [name(code, Language.ENGLISH) for code in ("HK", "MO", "TW")] == [
        "Hong Kong, China", "Macao, China", "Taiwan, Province of China",
    ]  # fmt: skip


def test_regions_have_the_size_that_treaties_give_them() -> None:
    assert len(MEMBERS["eu"] - {"EM", "EP", "BX", "QZ"}) == 27
    assert (len(MEMBERS["asean"]), len(MEMBERS["rcep"]), len(MEMBERS["gcc"] - {"GC"})) == (11, 15, 6)
    assert len(MEMBERS["africa"] - {"AP", "OA"}) == 54
    assert {"GC"} <= MEMBERS["gcc"] and {"AP", "OA"} <= MEMBERS["africa"] and "EA" in MEMBERS["central-asia"]
    assert MEMBERS["world"] == set(JURISDICTIONS) and set(MEMBERS) == set(REGIONS)
    assert all(members <= set(JURISDICTIONS) for members in MEMBERS.values())


def test_an_unknown_word_is_refused_with_a_suggestion() -> None:
    with pytest.raises(InputError, match="Did you mean 'GB'"):
        expand(["US", "UK"])


def test_a_word_without_name_is_shown_as_it_is() -> None:
    assert name("ZZ", Language.CHINESE) == "ZZ"
