"""The archive's filters, as addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.jurisdictions import JURISDICTIONS, REGIONS
from alerts.domain.vocabulary import Event, Kind, Right, Severity
from alerts.web.archive import NOWHERE, Filter, UnknownValue, read_filter
from tests.builders import a_feed

wishes = st.builds(
    Filter,
    jurisdiction=st.sampled_from(sorted(JURISDICTIONS | REGIONS)),
    region=st.none() | st.sampled_from(sorted(REGIONS)),
    publisher=st.none() | st.sampled_from(["USPTO", "国家知识产权局"]),
    since=st.none() | st.dates(),
    until=st.none() | st.dates(),
    kind=st.none() | st.sampled_from(Kind),
    right=st.none() | st.sampled_from(Right),
    event=st.none() | st.sampled_from(Event),
    severity=st.none() | st.sampled_from(Severity),
    search=st.none() | st.from_regex(r"[a-z专利]{1,20}( [a-z]{1,9}){0,2}", fullmatch=True),
)


@given(wishes)
def test_a_wish_written_into_an_address_is_read_back(wish: Filter) -> None:
    assert read_filter(wish.params()) == wish


@given(
    st.dictionaries(
        st.sampled_from(
            ["kind", "right", "q", "before", "jurisdiction", "severity", "since", "until", "publisher"]
        ),
        st.text(),
    )
)
def test_any_address_is_a_wish_or_is_refused(params: dict[str, str]) -> None:
    try:
        query = read_filter(params).query({})
    except UnknownValue as refused:
        assert len(refused.value) <= 40
    else:
        assert query.limit == 25 and len(query.search or "") <= 100


def test_a_region_is_all_of_its_jurisdictions_and_the_world_leaves_nothing_out() -> None:
    assert {"VN", "TH"} < set(read_filter({"jurisdiction": "asean"}).query({}).jurisdictions)
    assert read_filter({"jurisdiction": "world"}).query({}).jurisdictions == ()


def test_a_region_and_a_jurisdiction_must_both_hold() -> None:
    both = read_filter({"jurisdiction": "rcep", "region": "asean"}).query({}).jurisdictions
    assert {"VN", "TH"} <= set(both) and "CN" not in both
    assert read_filter({"jurisdiction": "US", "region": "asean"}).query({}).jurisdictions == (NOWHERE,)
    assert read_filter({"jurisdiction": "US", "region": "world"}).query({}).jurisdictions == ("US",)
    assert read_filter({"region": "asean"}) == read_filter({"jurisdiction": "asean"})


def test_a_publisher_is_a_feed_by_any_of_its_names_or_who_an_item_names() -> None:
    feeds = {feed.id: feed for feed in (a_feed("us"), a_feed("cn"))}

    query = read_filter({"publisher": "来源 us"}).query(feeds)

    assert (query.feeds, query.publishers) == (("us",), ("来源 us",))


def test_empty_fields_of_a_form_ask_for_nothing() -> None:
    assert read_filter({"kind": "", "q": "  ", "before": "", "unknown": "x"}) == Filter()


def test_control_characters_and_long_texts_are_no_search() -> None:
    assert read_filter({"q": "a\x00b\n c" + "x" * 200}).search == ("a b c" + "x" * 200)[:100]


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "٣", "1" * 19, " 1"])
def test_a_place_in_the_list_is_a_row_number(text: str) -> None:
    with pytest.raises(UnknownValue):
        read_filter({"before": text})
