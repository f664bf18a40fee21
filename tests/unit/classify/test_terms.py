"""How a term is written and found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.classify.reading import passage
from alerts.classify.terms import Sense, Term, fault, find, index


def found(text: str, *terms: str, facet: str = "event") -> list[str]:
    """The words of the hits; a term ``slug=text`` has that slug."""
    senses = [Term(term, Sense(facet, "none" if term.startswith("not ") else "any", 1.0)) for term in terms]
    plain = [Term(term.text.removeprefix("not "), term.sense) for term in senses]
    return [hit.words for hit in find(index(plain), passage("title", text)) if hit.sense.value != "none"]


def test_a_word_stands_alone_and_in_its_plural() -> None:
    assert found("Patents, a PATENT and policies", "patent", "policy") == ["Patents", "PATENT", "policies"]
    assert found("patented patentee", "patent") == []


def test_a_stem_finds_every_word_that_begins_so() -> None:
    assert found("infringing, infringement", "infring*") == ["infringing", "infringement"]


def test_an_exact_term_keeps_its_case() -> None:
    assert found("the US tells us", "=US") == ["US"]


def test_a_gap_stays_within_its_sentence() -> None:
    assert found("grants Acme Corp an injunction", "grant* … injunction") == [
        "grants Acme Corp an injunction"
    ]
    assert found("The grant ended. An injunction came", "grant* … injunction") == []


def test_chinese_is_found_as_substring_in_both_scripts() -> None:
    assert found("发布《專利審查指南》修改", "专利审查指南") == ["專利審查指南"]
    assert found("美国对多家公司发起337调查", "发起…调查") == ["发起337调查"]


def test_the_longer_term_hides_the_shorter_and_a_lookalike_hides_what_it_holds() -> None:
    assert found("a design patent", "patent", "design patent") == ["design patent"]
    assert found("a land patent", "patent", "not land patent") == []


def test_a_term_with_a_gap_hides_nothing() -> None:
    assert found("seeks written comments", "seek* … comment", "written comment") == [
        "seeks written comments",
        "written comments",
    ]


@pytest.mark.parametrize("term", ["a*", "专", "…word", "word…", "--", "获…奖"])
def test_a_term_without_meaning_is_refused(term: str) -> None:
    assert fault(term)


@given(st.text(max_size=80), st.sampled_from(["patent", "专利", "상표", "seiz* … goods"]))
def test_a_hit_quotes_the_text_it_was_found_in(text: str, term: str) -> None:
    read = passage("summary", f"{text} {term.replace('*', 'e').replace('…', 'x')} {text}")
    terms = index([Term(term, Sense("event", "any", 1.0))])
    for hit in find(terms, read):
        assert read.text[hit.start : hit.end] == hit.words


@given(st.text(max_size=60))
def test_folding_keeps_positions(text: str) -> None:
    read = passage("title", text)
    assert len(read.folded) == len(read.text)
