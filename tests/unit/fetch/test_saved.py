"""Saved answers are judged like live ones."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from alerts.domain.collected import Document, Request, Unchanged, Validators
from alerts.domain.errors import FetchError, InputError
from alerts.domain.vocabulary import Outcome
from alerts.fetch import Saved, SavedFetcher, read_folder
from tests.clocks import NOON, MovedClock
from tests.unit.fetch.feeds import PLAIN

URL = "https://office.example/feed"
SAVED = Saved(b"<rss/>", headers={"ETag": '"1"', "Content-Type": "text/xml"})


def fetch(
    fetcher: SavedFetcher, validators: Validators | None = None, url: str = URL
) -> Document | Unchanged:
    return asyncio.run(fetcher.fetch(Request(url, validators=validators or Validators()), PLAIN))


def outcome(saved: Saved) -> Outcome:
    with pytest.raises(FetchError) as caught:
        fetch(SavedFetcher({URL: saved}, MovedClock()))
    return caught.value.outcome


def test_a_saved_answer_is_a_document() -> None:
    document = fetch(SavedFetcher({URL: SAVED}, MovedClock()))

    assert isinstance(document, Document)
    assert (document.body, document.fetched_at, document.headers["content-type"]) == (
        b"<rss/>",
        NOON,
        "text/xml",
    )
    assert document.validators == Validators('"1"', None)


@pytest.mark.parametrize(
    ("validators", "known"),
    [
        (Validators('"1"'), True), (Validators('"1"', "whatever"), True), (Validators('"2"'), False),
        (Validators(None, "never"), False), (Validators(), False),
    ],
)  # fmt: skip
def test_a_known_answer_is_unchanged(validators: Validators, known: bool) -> None:
    assert isinstance(fetch(SavedFetcher({URL: SAVED}, MovedClock()), validators), Unchanged) == known


def test_a_saved_refusal_is_a_fault() -> None:
    assert outcome(Saved(b"", 410)) is Outcome.GONE
    assert outcome(Saved(b"", 429)) is Outcome.THROTTLED
    assert outcome(Saved(b"")) is Outcome.EMPTY
    assert outcome(Saved(b"x" * (PLAIN.max_bytes + 1))) is Outcome.TOO_LARGE


def test_what_was_not_saved_is_out_of_reach_unless_anything_will_do() -> None:
    with pytest.raises(FetchError) as caught:
        fetch(SavedFetcher({}, MovedClock()))
    assert caught.value.outcome is Outcome.CONNECTION

    assert isinstance(fetch(SavedFetcher({}, MovedClock(), anything=SAVED)), Document)


def test_a_folder_is_read_by_its_index(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(b"<rss/>")
    entry = {
        "file": "feed.xml",
        "status": 200,
        "headers": {"ETag": '"1"'},
        "final_url": "https://new.example/",
    }
    (tmp_path / "answers.json").write_text(json.dumps({URL: entry, "https://b.example/": "feed.xml"}))

    answers = read_folder(tmp_path)

    assert answers[URL] == Saved(b"<rss/>", 200, {"ETag": '"1"'}, "https://new.example/")
    assert answers["https://b.example/"] == Saved(b"<rss/>")
    document = fetch(SavedFetcher(answers, MovedClock()))
    assert isinstance(document, Document) and document.final_url == "https://new.example/"


@pytest.mark.parametrize(
    "index",
    [
        None, "", "[]", '{"u": 1}', '{"u": {}}', '{"u": "missing.xml"}', '{"u": "../outside.xml"}',
        '{"u": {"file": "feed.xml", "status": "ok"}}', '{"u": {"file": "feed.xml", "headers": [1]}}',
        '{"u": {"file": "feed.xml", "final_url": 5}}',
    ],
)  # fmt: skip
def test_a_folder_that_cannot_be_used_is_refused(tmp_path: Path, index: str | None) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    for path in (folder / "feed.xml", tmp_path / "outside.xml"):
        path.write_bytes(b"<rss/>")
    if index is not None:
        (folder / "answers.json").write_text(index)

    with pytest.raises(InputError):
        read_folder(folder)


def test_the_limit_is_the_feeds_own() -> None:
    fetcher = SavedFetcher({URL: SAVED}, MovedClock())
    with pytest.raises(FetchError) as caught:
        asyncio.run(fetcher.fetch(Request(URL), replace(PLAIN, max_bytes=3)))

    assert caught.value.outcome is Outcome.TOO_LARGE
