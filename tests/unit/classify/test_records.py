"""Items as JSON lines."""

import json
from datetime import UTC, datetime

import pytest

from alerts.classify import item_from_record, judge, label, load
from alerts.domain.errors import InputError

RECORD = {
    "id": "a", "title": "Copyright Office seeks comments", "summary": "Comments are due May 4, 2026.", "lang": "en",
    "feed_jurisdiction": "US", "publisher": "Copyright Office", "url": "https://example.org/a", "published": "2026-04-01",
}  # fmt: skip


def test_a_record_becomes_an_item_and_its_source() -> None:
    item, context = item_from_record(RECORD)
    assert (item.key, item.language, item.jurisdiction, context.jurisdiction) == ("a", "en", "US", "US")
    assert item.published is not None
    assert item.published.at == datetime(2026, 4, 1, tzinfo=UTC)


def test_only_the_title_must_be_there() -> None:
    item, context = item_from_record({"title": "x", "feed_jurisdiction": None})
    assert (item.summary, item.published, context.jurisdiction) == ("", None, None)


@pytest.mark.parametrize(
    "change",
    [{"title": ""}, {"title": None}, {"summary": 3}, {"published": "yesterday"}, {"publisher": ["a"]}],
)
def test_a_record_that_cannot_be_read_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InputError, match="record 'a'"):
        item_from_record(RECORD | change)


def test_the_label_is_json_with_its_reasons() -> None:
    item, context = item_from_record(RECORD)
    found = json.loads(json.dumps(label(judge(item, context, load()))))
    assert (found["kind"], found["event"], found["jurisdictions"]) == ("legal-rule", "consultation", ["US"])
    assert found["obligations"] == [{"date": "2026-05-04", "role": "comments-close"}]
    assert {reason["facet"] for reason in found["reasons"]} >= {"relevant", "kind", "event"}


def test_what_is_not_relevant_has_no_kind() -> None:
    item, context = item_from_record({"title": "Bus timetable", "publisher": "Bus company"})
    found = label(judge(item, context, load()))
    assert (found["relevant"], found["kind"], found["event"], found["severity"]) == (False, None, None, None)
