"""A draft watch against the archive, run as an operator runs it."""

import json
from pathlib import Path

import pytest

from alerts.cli.app import run
from alerts.cli.context import store
from alerts.domain.vocabulary import Kind, Right
from tests.builders import MONDAY, a_revision
from tests.contract.steps import collect

AT = ["--at", "2026-03-10T12:00:00Z"]


@pytest.fixture(autouse=True)
def with_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["db", "upgrade"]) == 0
    with store() as opened:
        collect(opened, a_revision("k1"), a_revision("k2", title="Anker fined over marks"), at=MONDAY)


def test_a_draft_says_what_it_would_have_brought_and_stores_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    words = ["backtest", "--region", "US", "--right", "trademark", "--term", "Anker", *AT]
    assert run(words) == 0
    said = capsys.readouterr().out
    assert "1 of 2 relevant items of the last 90 days." in said
    assert "names 'Anker' in the title" in said
    assert "without term: 1 more" in said
    assert run([*words, "--format", "json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert (body["found"], body["verdict"]) == (1, "fine")
    assert sum(week["found"] for week in body["weeks"]) == 1
    with store() as opened:
        assert opened.subscribers.contacts() == []


def test_a_draft_that_brings_nothing_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["backtest", "--region", "US", "--term", "Nobody", *AT]) == 0
    assert "Nothing: this watch would have brought no item" in capsys.readouterr().out
    assert run(["backtest", "--region", "US", "--days", "3", *AT, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["looked_at"] == 0


@pytest.mark.parametrize(
    "words", [["--region", "Atlantis"], ["--region", "US", "--term", "x"], ["--region", "US", "--days", "0"]]
)
def test_a_draft_with_a_fault_is_refused_in_one_sentence(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["backtest", *words]) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.strip().splitlines()) == 1


def test_what_must_be_met_besides_and_what_may_not_are_said_as_facet_and_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["subscribe", "a@b.example", "--company", "C", "--region", "US"]

    assert run([*words, "--all", "right:patent", "--all", "term:battery", "--none", "kind:information"]) == 0
    with store() as opened:
        (contact,) = opened.subscribers.contacts()
    criteria = contact.watches[0].criteria
    assert (criteria.all_of.rights, criteria.all_of.terms) == ((Right.PATENT,), ("battery",))
    assert criteria.none_of.kinds == (Kind.INFORMATION,)

    capsys.readouterr()
    assert run([*words, "--all", "rigt:patent"]) == 2
    assert "facets are region" in capsys.readouterr().err
