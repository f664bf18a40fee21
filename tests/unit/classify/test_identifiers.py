"""Numbers a lawyer would search by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.classify.identifiers import read_identifiers
from alerts.classify.reading import passage


def identifiers(text: str, where: str = "title") -> tuple[str, ...]:
    return read_identifiers([passage(where, text)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Inv. No. 337-TA-1234", ("337-TA-1234",)),
        ('U.S. Patent Nos. 1,234,567 ("the \'567 patent") and 7,654,321', ("US1234567", "US7654321")),
        ("injunction over EP 1 234 567 B1", ("EP1234567",)),
        ("[FR Doc. 2026-01234]", ("2026-01234",)),
        ("see 90 FR 12345", ("90 FR 12345",)),
        ("Docket No. PTO-P-2026-0001", ("PTO-P-2026-0001",)),
        ("37 CFR Part 2", ("37 CFR Part 2",)),
        ("Case T‑123/25 Foo v EUIPO", ("T-123/25",)),
        ("ECLI:EU:C:2026:12.", ("ECLI:EU:C:2026:12",)),
        ("Foo v Bar [2026] EWHC 12 (Pat)", ("[2026] EWHC 12 (Pat)",)),
        ("UPC_CFI_12/2026", ("UPC_CFI_12/2026",)),
        ("WIPO case D2026-0123", ("D2026-0123",)),
        ("法释〔2026〕3号", ("法释〔2026〕3号",)),
        ("国务院令 第 12 号", ("国务院令第12号",)),
        ("国家知识产权局令（第12号）", ("国家知识产权局令第12号",)),
        ("指导性案例12号", ("指导性案例12号",)),
        ("IPR2026-00012", ("IPR2026-00012",)),
    ],
)
def test_an_identifier_is_read_in_one_form(text: str, expected: tuple[str, ...]) -> None:
    assert identifiers(text) == expected


@pytest.mark.parametrize(
    "text", ["section 337", "in 2026", "1,234,567 units sold", "EP talks in 2026", "第3号楼"]
)
def test_a_bare_number_is_no_identifier(text: str) -> None:
    assert identifiers(text) == ()


def test_an_identifier_inside_a_longer_one_is_not_told_twice() -> None:
    assert identifiers("国家知识产权局令第12号和令第12号") == ("国家知识产权局令第12号",)


@given(st.text(max_size=300))
def test_any_text_is_read_without_repetition(text: str) -> None:
    found = identifiers(text, "summary")
    assert len(found) == len(set(found))


def test_an_act_that_a_judgment_applies_is_not_its_own() -> None:
    title, summary = (
        "Judgment of the General Court in Case T-471/25",
        "Article 7(1)(c) of Regulation (EU) 2017/1001",
    )
    assert read_identifiers([passage("title", title), passage("summary", summary)]) == ("T-471/25",)
    assert read_identifiers([passage("title", "Changes to Regulation (EU) 2017/1001")]) == (
        "Regulation (EU) 2017/1001",
    )
