"""Admins are entered on the machine and nowhere else; what they are given is shown once and kept nowhere readable."""

import io
import json
from pathlib import Path

import pytest

from alerts.cli.app import run
from alerts.cli.context import store
from alerts.domain.audit import Act, AuditQuery
from tests.builders import MONDAY, a_revision
from tests.contract.steps import collect

PASSWORD = "a long walk by the river"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")
    return tmp_path


def given(words: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert run(["admin", *words, "--password-file", "password", "--format", "json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def acts() -> list[tuple[Act, str, str]]:
    with store() as opened:
        lines = opened.audit.page(AuditQuery(limit=200)).lines
    return [(line.act, line.subject, line.network) for line in reversed(lines)]


def test_what_an_admin_is_given_is_shown_once_and_kept_nowhere(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = given(["add", "Li Wei"], capsys)

    kept = b"".join(path.read_bytes() for path in (folder / "var").rglob("*") if path.is_file())
    codes = [str(code) for code in one["codes"]]  # type: ignore[attr-defined]
    secrets = [PASSWORD, str(one["secret"]), *codes, *(code.replace("-", "") for code in codes)]
    assert len(set(codes)) == 10
    assert not [word for word in secrets if word.encode() in kept]
    assert b"$argon2id$" in kept
    assert run(["admin", "list", "--format", "json"]) == 0
    line = json.loads(capsys.readouterr().out)
    assert (line["name"], line["active"], line["codes"], line["sessions"]) == ("Li Wei", True, 10, 0)


def test_people_get_a_picture_and_the_key_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["admin", "add", "Li", "--password-file", "password"]) == 0
    said = capsys.readouterr().out
    assert "otpauth://totp/" in said
    assert "█" in said
    assert PASSWORD not in said


def test_the_password_comes_from_a_pipe_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PASSWORD.encode())))
    assert run(["admin", "add", "Li"]) == 0


@pytest.mark.parametrize(("second", "code"), [(PASSWORD, 0), ("another one entirely", 2)])
def test_a_terminal_is_asked_twice(
    second: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter([PASSWORD, second])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    assert run(["admin", "add", "Li"]) == code
    assert code == 0 or "differ" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["add", "Li", "--password-file", "short"], ["add", "Li", "--password-file", "missing"], ["add", "x", "--password-file", "password"],
        ["add", "<b>", "--password-file", "password"], ["add", "riverside walk", "--password-file", "named"], ["reset", "Nobody", "--password-file", "password"],
        ["disable", "Nobody"], ["enable", "Nobody"], ["sessions", "Nobody"], ["revoke", "Nobody"], ["add", "Li", "--password-file", "bytes"],
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_sentence_and_changes_nothing(
    words: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, body in (("short", b"x"), ("named", b"my riverside walk 77"), ("bytes", b"\xff\xfe")):
        (folder / name).write_bytes(body)
    assert run(["admin", *words]) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.strip().splitlines()) == 1
    assert acts() == []


def test_a_name_is_entered_once(capsys: pytest.CaptureFixture[str]) -> None:
    given(["add", "Li"], capsys)
    assert run(["admin", "add", "li", "--password-file", "password"]) == 2
    assert "already" in capsys.readouterr().err


def test_each_command_that_changes_something_makes_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    first = given(["add", "Li"], capsys)
    second = given(["reset", "Li"], capsys)
    assert first["secret"] != second["secret"]
    for word in ("disable", "enable"):
        assert run(["admin", word, "Li"]) == 0
    assert run(["admin", "sessions", "Li"]) == 0
    assert run(["admin", "revoke", "Li"]) == 2  # none is open

    words = [Act.ADMIN_ADDED, Act.ADMIN_RESET, Act.ADMIN_DISABLED, Act.ADMIN_ENABLED]
    assert acts() == [(word, "admin:Li", "command line") for word in words]


def test_an_admin_counts_once_as_an_editor_here_and_on_the_pages(capsys: pytest.CaptureFixture[str]) -> None:
    given(["add", "Li"], capsys)
    with store() as opened:
        from dataclasses import replace

        from alerts.domain.audit import Actor
        from alerts.domain.review import Hold

        collect(opened, replace(a_revision("k1"), hold=Hold("review", 2)), at=MONDAY)
        item = opened.desk.waiting()[0].stored.id
        me = opened.admins.all(MONDAY)[0]
        decision = opened.acts.approve(item, "", Actor("Li", "192.0.2.0/24", me.id), MONDAY)
        assert decision and not decision.released

    assert run(["review", "release", str(item), "--by", "ＬＩ"]) == 0
    assert "1 of 2" in capsys.readouterr().out
    for name in (f"admin:{me.id}", f"ADMIN:{me.id}", "ａdmin:9"):
        assert run(["review", "release", str(item), "--by", name]) == 2
    capsys.readouterr()
    assert run(["review", "release", str(item), "--by", "Wang", "--note", "seen"]) == 0
    assert "released" in capsys.readouterr().out
    assert [act for act, subject, _ in acts() if subject.startswith("item")] == [
        Act.ITEM_APPROVED, Act.ITEM_APPROVED, Act.ITEM_RELEASED,
    ]  # fmt: skip


def test_what_is_sent_again_and_let_in_again_from_here_has_its_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from alerts.domain.digests import Receipt
    from alerts.domain.vocabulary import DeliveryState
    from alerts.store import address_hash
    from tests.contract.steps import outbox, take_one

    with store() as opened:
        (endpoint,) = outbox(opened)
        claim = take_one(opened)
        opened.deliveries.started(claim, MONDAY)
        opened.deliveries.finish(claim, Receipt(DeliveryState.FAILED, "rcpt", 550, "no"), MONDAY)
        opened.ledger.suppress(address_hash(endpoint.address), "email", "dead-address", MONDAY)
    assert run(["digest", "resend", str(claim.id)]) == 0
    assert run(["digest", "resend", str(claim.id)]) == 2
    assert run(["suppressions", "lift", endpoint.address, "--why", "back"]) == 0
    assert run(["suppressions", "lift", endpoint.address, "--why", "back"]) == 2

    assert [act for act, _, _ in acts()] == [Act.DELIVERY_RESENT, Act.SUPPRESSION_LIFTED]
    assert endpoint.address not in str(acts())
