"""Subscriptions as code: what an import shows, enters, and leaves alone."""

import json
from pathlib import Path

import pytest

from alerts.cli.app import run
from alerts.cli.context import clock, store

FILE = """companies:
- name: Acme
  contacts:
  - email: one@acme.example
    watches:
    - regions: [us]
"""


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("c.yaml").write_text(FILE)


def changes(capsys: pytest.CaptureFixture[str], *more: str) -> list[tuple[str, str]]:
    capsys.readouterr()
    assert run(["companies", "import", "c.yaml", "--format", "json", *more]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [(line["change"], line["email"]) for line in lines]


def leave(email: str) -> None:
    with store() as opened:
        contact = opened.subscribers.contact(email)
        assert contact is not None
        assert opened.subscribers.leave(contact.endpoints[0].public_id, clock().now(), "test")


def test_what_the_file_leaves_out_is_shown_and_stays_in_force(capsys: pytest.CaptureFixture[str]) -> None:
    run(["subscribe", "two@acme.example", "--company", "Acme", "--region", "CN"])
    expected = [("new", "one@acme.example"), ("left out", "two@acme.example")]
    assert changes(capsys, "--dry-run") == changes(capsys) == expected
    assert changes(capsys) == [("same", "one@acme.example"), ("left out", "two@acme.example")]
    assert run(["companies", "import", "c.yaml"]) == 0
    assert "stays in force" in capsys.readouterr().out


def test_a_file_brings_nobody_back_who_left(capsys: pytest.CaptureFixture[str]) -> None:
    assert changes(capsys) == [("new", "one@acme.example")]
    leave("one@acme.example")
    assert changes(capsys) == [("left", "one@acme.example")]
    assert run(["companies", "export"]) == 0
    assert "one@acme" not in capsys.readouterr().out


def test_every_fault_of_a_file_is_told_and_nothing_is_entered(capsys: pytest.CaptureFixture[str]) -> None:
    Path("c.yaml").write_text(FILE.replace("one@", "one ").replace("[us]", "us"))
    assert run(["companies", "import", "c.yaml"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[:2] for line in said] == [
        ["c.yaml:4:12", "error[address]"],
        ["c.yaml:6:16", "error[type]"],
    ]
    assert run(["companies", "export"]) == 0
    assert capsys.readouterr().out.endswith("companies: []\n")


def test_an_export_for_programs_is_one_subscription_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["companies", "export", "--format", "json"]) == 0
    assert capsys.readouterr().out == ""
    changes(capsys)
    assert run(["companies", "export", "--format", "json"]) == 0
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["email"], line["criteria"]["regions"]) == ("one@acme.example", ["US"])
