"""Identifiers in every spelling, the numbers that only look like one, and the pages that they lead to."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.identifiers import identifier_key, identifiers_in, normalise, official_page, spellings
from tests.unit.domain.identifier_table import FALSE_FRIENDS, PAGES, SPELLINGS, WITHOUT_PAGE

KEPT = [row[0] for row in SPELLINGS]
WRITTEN = [(row[0], each) for row in SPELLINGS for each in row]
BARE = {"32017R1001", "2026-01234", "DN 3801", "ACT_12345/2026"}  # say what they are only beside other words
WIDE = str.maketrans("0123456789-/:()", "０１２３４５６７８９－／：（）")


@pytest.mark.parametrize(("kept", "spelling"), WRITTEN)
def test_every_spelling_is_one_identifier(kept: str, spelling: str) -> None:
    assert normalise(spelling) == kept


@pytest.mark.parametrize(
    ("kept", "spelling"), [pair for pair in WRITTEN if pair[0] != pair[1] or pair[0] not in BARE]
)
def test_a_text_tells_the_identifier_in_the_form_in_which_it_is_kept(kept: str, spelling: str) -> None:
    text = f"ITC complaint, see {spelling} of the WTO today"
    assert identifiers_in(text, title=True) == (kept,)


@given(
    st.sampled_from(KEPT),
    st.sampled_from(["\u00a0", "\u2009", "\u3000", "\n", " \t "]),
    st.sampled_from("‐‑–—－"),
    st.booleans(),
)
def test_width_dashes_and_spaces_change_nothing(kept: str, space: str, dash: str, wide: bool) -> None:
    written = kept.translate(WIDE) if wide else kept
    assert normalise(written.replace(" ", space).replace("-", dash)) == kept


@given(st.sampled_from(KEPT), st.sampled_from("\u00ad\u200b\u2060\ufeff"), st.data())
def test_marks_that_nobody_sees_change_nothing(kept: str, mark: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(kept)))
    assert normalise(kept[:place] + mark + kept[place:]) == kept


@given(st.text(max_size=150) | st.sampled_from([each for _, each in WRITTEN]))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.lists(st.sampled_from([each for _, each in WRITTEN]), max_size=4), st.text(max_size=40))
def test_what_was_read_from_any_text_is_kept_as_it_was_read(pieces: list[str], between: str) -> None:
    for found in identifiers_in(f" {between} ".join(pieces), title=True):
        assert normalise(found) == found


@pytest.mark.parametrize("text", FALSE_FRIENDS)
def test_dates_prices_telephones_and_versions_are_no_identifiers(text: str) -> None:
    assert identifiers_in(f"It was {text} as reported", title=False) == ()
    assert identifiers_in(text, title=False) == ()


@pytest.mark.parametrize(("text", "found"), [
    ("337-TA-1133/1134", ("337-TA-1133", "337-TA-1134")),
    ("Joined Cases C-1/25 P and C-2/25", ("C-1/25 P", "C-2/25")),
    ('U.S. Patent Nos. 11,365,026 ("the \'026 patent"), 11,794,952 and D1,012,345', ("US11365026", "US11794952", "USD1012345")),
    ("U.S. Trademark Registration Nos. 1,234,567; 2,345,678", ("US Reg. No. 1234567", "US Reg. No. 2345678")),
    ("国家知识产权局令第12号和令第12号", ("国家知识产权局令第12号",)),
])  # fmt: skip
def test_a_list_tells_each_of_its_members_once(text: str, found: tuple[str, ...]) -> None:
    assert identifiers_in(text, title=True) == found


def test_a_number_split_over_markup_is_read() -> None:
    from alerts.normalise.markup import as_plain

    for html in (
        "<p>337-<b>TA</b>-1501</p>",
        "337&#8209;TA&#8209;1501",
        "337-TA-<wbr>1501",
        "337-TA-&shy;1501",
        "<i>337&nbsp;TA</i>&nbsp;1501",
    ):
        assert identifiers_in(as_plain(html, is_html=True), title=False) == ("337-TA-1501",)


@pytest.mark.parametrize(("identifier", "address"), PAGES.items())
def test_an_identifier_leads_to_its_official_page(identifier: str, address: str) -> None:
    assert official_page(normalise(identifier), "US") == address


@pytest.mark.parametrize("identifier", WITHOUT_PAGE)
def test_no_page_is_guessed(identifier: str) -> None:
    assert official_page(identifier, "US") is None


def test_a_bare_number_belongs_to_the_federal_register_in_american_items_only() -> None:
    assert official_page("2026-01234", "US") == "https://www.federalregister.gov/d/2026-01234"
    assert official_page("2026-01234", "FR") is None
    assert official_page("2026-01234") is None


@given(st.text(max_size=80) | st.sampled_from(KEPT), st.sampled_from(["US", "DE", None]))
def test_a_page_has_a_safe_address(identifier: str, jurisdiction: str | None) -> None:
    if address := official_page(identifier, jurisdiction):
        parts = urlsplit(address)
        assert parts.scheme == "https" and parts.hostname and address.isascii()
        assert not set("\"'<>\\ ") & set(address)


def test_first_and_ordinal_marks_make_no_other_identifier() -> None:
    assert identifier_key("国务院令801号") == identifier_key("国務院令第801号".replace("務", "务"))
    assert set(spellings("国务院令801号")) == {"国务院令801号", "国务院令第801号"}
    assert spellings("Anker") == ()


def test_a_megabyte_is_read_at_once() -> None:
    for text in (
        "1-" * 500_000,
        "337-TA-" * 150_000,
        "号令公告第" * 200_000,
        "(2026) " * 150_000,
        "Case C-1/25, " * 80_000,
    ):
        assert len(identifiers_in(text, title=True)) < 20
