"""What crosses the pipe arrives as it left, and nothing else is believed."""

import json
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.domain.collected import Entry, Parsed, RawDate, Request
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed, JsonMapping, PageMapping, Paging
from alerts.domain.vocabulary import FeedType, Outcome, Role
from alerts.parse.wire import (
    LENGTH,
    WireError,
    pack_answer,
    pack_error,
    pack_question,
    unpack_answer,
    unpack_question,
)
from tests.documents import api, document, page, source

words = st.none() | st.text(max_size=20)
dates = st.none() | st.builds(RawDate, st.text(max_size=20), st.none() | st.datetimes(timezones=st.just(UTC)))
entries = st.builds(
    Entry,
    raw_id=words, link=words, title=st.text(max_size=20), summary=st.text(max_size=20), published=dates, updated=dates, author=words,
    summary_is_html=st.booleans(), categories=st.lists(st.text(max_size=5)).map(tuple), jurisdiction=words,
    dates=st.lists(st.tuples(st.sampled_from(Role), st.text(max_size=9))).map(tuple),
)  # fmt: skip
results = st.builds(
    Parsed,
    entries=st.lists(entries, max_size=4).map(tuple),
    title=words,
    next_request=st.none()
    | st.builds(Request, st.text(max_size=9), st.just("POST"), st.none() | st.binary(max_size=9)),
    malformed=st.booleans(),
    ttl=st.none() | st.integers(0, 10**6).map(lambda n: timedelta(seconds=n)),
    skip_hours=st.frozensets(st.integers(0, 23)),
)


@given(results)
def test_a_result_arrives_as_it_left(parsed: Parsed) -> None:
    assert unpack_answer(pack_answer(parsed)[LENGTH.size :]) == parsed


def test_a_refusal_arrives_as_it_left() -> None:
    with pytest.raises(ParseError) as refusal:
        unpack_answer(pack_error(ParseError(Outcome.HOSTILE, "too deep", status=200))[LENGTH.size :])
    assert (refusal.value.outcome, refusal.value.detail, refusal.value.status) == (
        Outcome.HOSTILE,
        "too deep",
        200,
    )


@pytest.mark.parametrize(
    "feed",
    [
        source(language="de", date_order="DMY"),
        api(dates={Role.IN_FORCE: "x"}, paging=Paging("page", param="p"), body="{}", method="POST"),
        page(rows="li", exclude_title=("a", "b"), min_rows=3),
    ],
    ids=["feed", "json", "page"],
)
def test_a_question_carries_what_a_reader_needs(feed: Feed) -> None:
    given_document = document(b"\x00\xff body", "text/html; charset=gbk")
    packed = pack_question(given_document, feed)
    (length,) = LENGTH.unpack(packed[:4])
    head, body = packed[4 : 4 + length], packed[8 + length :]
    told, told_feed = unpack_question(head, body)
    assert told == given_document
    assert isinstance(told_feed.type, FeedType)
    assert (told_feed.json, told_feed.page) == (feed.json, feed.page)
    assert isinstance(told_feed.json, JsonMapping | None)
    assert isinstance(told_feed.page, PageMapping | None)
    assert (told_feed.language, told_feed.date_order, told_feed.max_bytes) == (
        feed.language,
        feed.date_order,
        feed.max_bytes,
    )


@given(st.binary(max_size=60) | st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5).map(
    lambda value: json.dumps({"entries": value}).encode()
))  # fmt: skip
def test_anything_else_is_a_broken_child(frame: bytes) -> None:
    with pytest.raises(WireError):
        unpack_answer(frame)
