"""The editor's desk, run as an editor runs it."""

import json
from pathlib import Path

import pytest

from alerts.cli.app import run
from alerts.cli.context import store
from tests.builders import MONDAY, a_revision
from tests.contract.steps import collect

AT = ["--at", "2026-03-02T14:00:00Z"]


@pytest.fixture(autouse=True)
def with_two_that_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["db", "upgrade"]) == 0
    with store() as opened:
        collect(opened, a_revision("k1", held="review"), a_revision("k2", held="review"), at=MONDAY)
    capsys.readouterr()


def waiting(capsys: pytest.CaptureFixture[str]) -> list[int]:
    assert run(["review", "list", "--format", "json"]) == 0
    return sorted(json.loads(line)["id"] for line in capsys.readouterr().out.splitlines())


def test_what_is_released_is_seen_and_what_is_refused_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = waiting(capsys)
    assert run(["review", "release", str(first), "--by", "Li", "--note", "checked", *AT]) == 0
    assert run(["review", "reject", str(second), "--by", "Wang", "--note", "no such case", *AT]) == 0
    capsys.readouterr()
    assert waiting(capsys) == []
    with store() as opened:
        assert opened.items.get(first) is not None
        assert opened.items.get(second) is None
        lines = [(line.event, json.loads(line.detail)) for line in opened.ledger.tail(2)]
        assert opened.ledger.verify()
    assert lines == [
        ("item-released", {"agreed": 1, "by": "Li", "needed": 1, "note": "checked", "revision": 1}),
        ("item-rejected", {"by": "Wang", "note": "no such case"}),
    ]


def test_an_item_shows_what_waits_and_what_readers_see(capsys: pytest.CaptureFixture[str]) -> None:
    number = waiting(capsys)[0]
    assert run(["review", "show", str(number), "--format", "json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert (body["seen"], body["held"]) == (False, "review")


@pytest.mark.parametrize(
    "words", [["release", "99"], ["reject", "99"], ["show", "99"], ["release", "1", "--by", " "]]
)
def test_what_cannot_be_decided_is_one_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", *words]) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.strip().splitlines()) == 1
    assert len(waiting(capsys)) == 2
