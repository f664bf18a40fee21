"""The index of watches finds every criteria that an item fits, by whatever they are found."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.domain.items import StoredItem
from alerts.domain.vocabulary import Event, Kind, Right
from alerts.domain.watches import Criteria, Facets, StoredCriteria
from alerts.match import WatchIndex, fits
from alerts.match.criteria import check
from alerts.match.names import pattern, spaced
from alerts.match.terms import BETWEEN, PlainTerms, build_terms, load_terms
from tests.unit.domain.identifier_table import SPELLINGS
from tests.unit.match.test_fits import CODES, REGIONS, an_item, some

WORDS = ("acme", "Acme Labs", "商标", "华为 Mate60", "标", "Globex Ltd.", "ab", "专利池", "Über", "a b c")
NUMBERS = ("337-TA-1234", "Inv. No. 337-TA-1234", "2026-01234", "ZL 202310012345.6")

facets = st.builds(
    Facets, regions=some(REGIONS), rights=some(Right), terms=some(WORDS), identifiers=some(NUMBERS)
)
wishes = st.builds(
    Criteria, regions=some(REGIONS), kinds=some(Kind), rights=some(Right), events=some(Event), terms=some(WORDS),
    exclude=some(WORDS), publishers=some(("US Office", "f")), identifiers=some(NUMBERS), all_of=facets,
    none_of=facets, pinyin=st.booleans(),
)  # fmt: skip
texts = st.lists(st.sampled_from((*WORDS, *NUMBERS, "of", "hua wei", "。")), max_size=6).map(" ".join)


def a_stored(title: str, summary: str, codes: Iterable[str], identifiers: Iterable[str]) -> StoredItem:
    return an_item(title or "x", summary, jurisdictions=tuple(codes), identifiers=tuple(identifiers))


items = st.builds(a_stored, texts, texts, some(CODES), some(NUMBERS))


@given(items, st.lists(wishes, max_size=8))
def test_whatever_fits_is_a_candidate(stored: StoredItem, criteria: list[Criteria]) -> None:
    index = WatchIndex()
    index.take(StoredCriteria(number, each) for number, each in enumerate(criteria, 1))
    fitting = {number for number, each in enumerate(criteria, 1) if fits(each, stored) is not None}
    assert fitting <= set(index.candidates(stored))


@settings(max_examples=200)
@given(
    st.lists(st.text("ab 商标专é", min_size=1, max_size=6), max_size=12), st.text("ab 商标专é,", max_size=60)
)
def test_table_and_automaton_find_what_stands_in_the_text(terms: list[str], text: str) -> None:
    forms = [pattern(term) for term in terms]
    owned: dict[str, list[int]] = {}
    plain = PlainTerms()
    for number, form in enumerate(forms):
        if len(form.strip()) >= 2:
            owned.setdefault(form, []).append(number)
            plain.add(form, number)
    searched = f"{spaced(text)}{BETWEEN}{spaced(text[::-1])}"
    expected = {number for form, numbers in owned.items() if form in searched for number in numbers}
    assert plain.owners(searched) == expected
    built = build_terms(owned)
    assert built.owners(searched) == expected
    assert load_terms(list(built.pieces())).owners(searched) == expected


def test_a_term_does_not_reach_from_the_title_into_the_text() -> None:
    index = WatchIndex()
    index.take([StoredCriteria(1, Criteria(terms=("acme labs",)))])
    assert index.candidates(an_item("by Acme", "Labs close")) == []
    assert index.candidates(an_item("Acme Labs", "")) == [1]


def test_equal_criteria_of_any_number_of_subscribers_are_one_candidate() -> None:
    index = WatchIndex()
    index.take([StoredCriteria(7, Criteria(regions=("US",)))])
    assert index.candidates(an_item(jurisdictions=("US",))) == [7]
    assert index.candidates(an_item(jurisdictions=("CN",))) == []


def test_an_index_that_has_the_version_asks_for_nothing() -> None:
    index, asked = WatchIndex(), []

    def load(after: int) -> list[StoredCriteria]:
        asked.append(after)
        return [StoredCriteria(after + 1, Criteria())]

    for version in (1, 1, 2):
        index.follow(version, load)
    assert asked == [0, 1]
    assert index.candidates(an_item()) == [1, 2]


def test_every_spelling_of_an_identifier_follows_it() -> None:
    for kept, *others in SPELLINGS:
        wishes = [Criteria(identifiers=(each,)) for each in (kept, *others)]
        index = WatchIndex()
        index.take(StoredCriteria(number, wish) for number, wish in enumerate(wishes, 1))
        item = an_item("News", identifiers=(kept,))
        assert index.candidates(item) == [*range(1, len(wishes) + 1)], kept
        assert all(fits(wish, item) for wish in wishes), kept
        assert not any(check(wish) for wish in wishes), kept


@pytest.mark.parametrize(
    ("followed", "found"),
    [
        ("337-TA-1234", "Inv. No. 337-TA-1234"),
        ("Investigation 337-TA-1234", "337-TA-1234"),
        ("337 ta 1234", "337-TA-1234"),
        ("９９３１８２３", "US 9931823"),
        ("26-cv-01234", "1:26-cv-01234"),
        ("EU 2026/711", "Regulation (EU) 2026/711"),
        ("总统令第801号", "总统令801号"),
    ],
)
def test_an_identifier_is_followed_however_it_is_written(followed: str, found: str) -> None:
    wish = Criteria(identifiers=(followed,))
    item = an_item("News", identifiers=(found,))
    index = WatchIndex()
    index.take([StoredCriteria(1, wish)])
    assert index.candidates(item) == [1]
    assert [reason.facet for reason in fits(wish, item) or ()] == ["identifier"]


@pytest.mark.parametrize(
    ("followed", "found"),
    [
        ("37-TA-1234", "337-TA-1234"),
        ("1234", "337-TA-1234"),
        ("337-TA-123", "337-TA-1234"),
        ("6-cv-01234", "1:26-cv-01234"),
    ],
)
def test_a_part_of_a_number_is_another_number(followed: str, found: str) -> None:
    assert fits(Criteria(identifiers=(followed,)), an_item("News", identifiers=(found,))) is None


def test_all_must_be_met_and_none_may() -> None:
    item = an_item("Acme and Globex", jurisdictions=("US", "CN"), rights=(Right.PATENT, Right.DESIGN))
    both = Criteria(
        all_of=Facets(regions=("US", "CN"), rights=(Right.PATENT, Right.DESIGN), terms=("acme", "globex"))
    )
    assert {reason.facet for reason in fits(both, item) or ()} == {"region", "right", "term"}
    assert fits(replace(both, all_of=Facets(regions=("US", "DE"))), item) is None
    assert fits(replace(both, all_of=Facets(terms=("acme", "initech"))), item) is None
    assert fits(Criteria(none_of=Facets(regions=("CN",))), item) is None
    assert (
        fits(Criteria(none_of=Facets(rights=(Right.TRADEMARK,), kinds=(Kind.INFORMATION,))), item) is not None
    )


def test_a_publisher_is_named_by_words_of_its_name_or_by_the_feed() -> None:
    item = replace(an_item(), item=replace(an_item().item, publisher="U.S. International Trade Commission"))
    assert fits(Criteria(publishers=("International Trade Commission",)), item) is not None
    assert fits(Criteria(publishers=("f",)), item) is not None
    assert fits(Criteria(publishers=("Trade",), none_of=Facets(publishers=("f",))), item) is None
    assert fits(Criteria(publishers=("Patent Office",)), item) is None


def test_chinese_terms_are_found_in_latin_letters_where_that_is_wished() -> None:
    item = an_item("Huawei sues, Xiao Mi answers")
    assert fits(Criteria(terms=("华为",), pinyin=True), item) is not None
    assert fits(Criteria(terms=("小米",), pinyin=True), item) is not None
    assert fits(Criteria(terms=("华为",)), item) is None


@pytest.mark.parametrize(
    ("code", "state"), [("EM", "DE"), ("BX", "NL"), ("OA", "CM"), ("AP", "KE"), ("EA", "KZ"), ("GC", "SA")]
)
def test_law_of_a_union_concerns_its_member_states(code: str, state: str) -> None:
    item = an_item(jurisdictions=(code,))
    assert [reason.value for reason in fits(Criteria(regions=(state,)), item) or ()] == [state]
    assert fits(Criteria(regions=("JP",)), item) is None
