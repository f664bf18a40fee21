"""Misuse: one clear sentence on standard error, exit code 2, nothing on standard output."""

from pathlib import Path

import pytest

from alerts.cli.app import run

SUBSCRIBE = ("subscribe", "ip@acme.example", "--company", "Acme")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "--onse"), "No such option"),
        (("nonsense",), "No such command"),
        (("run", "--roles", "poll,dance"), "--roles"),
        (("run", "--at", "2026-03-02"), "--at goes with --once"),
        (("run", "--once", "--at", "yesterday"), "not an ISO 8601 time"),
        ((*SUBSCRIBE,), "Missing option '--region'"),
        ((*SUBSCRIBE, "--region", "UK"), "did you mean 'GB'"),
        ((*SUBSCRIBE, "--region", "assean"), "did you mean 'asean'"),
        ((*SUBSCRIBE, "--region", "US", "--tz", "Asia/Shanghay"), "did you mean Asia/Shanghai"),
        ((*SUBSCRIBE, "--region", "US", "--at", "25:00"), "not a time of day"),
        ((*SUBSCRIBE, "--region", "US", "--right", "trademarks"), "did you mean 'trademark'"),
        ((*SUBSCRIBE, "--region", "US", "--severity", "urgent"), "choose from"),
        ((*SUBSCRIBE, "--region", "US", "--language", "fr"), "--language"),
        (("subscribe", "not an address", "--company", "A", "--region", "US"), "address"),
        (("subscribe", "a@b.example\r\nBcc: c@d.example", "--company", "A", "--region", "US"), "address"),
        (("items", "--since", "someday"), "--since"),
        (("items", "--format", "xml"), "Invalid value"),
        (("poll", "no-such-feed"), "No feed 'no-such-feed'"),
        (("feeds", "test", "us-uspto-rs"), "did you mean 'us-uspto-rss'"),
        (("parse", "--type", "tape"), "--type"),
        (("parse", "--jurisdiction", "XX", "/no/such/file"), "XX"),
        (("parse", "--jurisdiction", "asean", "/no/such/file"), "--jurisdiction: 'asean'"),
        (("items", "--jurisdiction", "XX"), "--jurisdiction: 'XX'"),
        (("feeds", "list", "--jurisdiction", "UK"), "--jurisdiction: 'UK' is not known; did you mean 'GB'?"),
        (("feeds", "import-opml", "--jurisdiction", "XX", "x.opml"), "--jurisdiction: 'XX'"),
        (("db", "restore", "/no/such/copy.db"), "No such file"),
        (("db", "restore", "."), "Is a directory"),
        (("parse", "/no/such/file"), "No such file"),
        (("check", "/no/such/feeds.yaml"), "feeds.yaml"),
        (("digest", "preview", "nobody@acme.example"), "No contact"),
    ],
)
def test_misuse_gets_one_sentence_and_exit_code_2(
    arguments: tuple[str, ...],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert sentence in said.err + said.out
    assert len((said.err or said.out).strip().splitlines()) == 1
    assert "Traceback" not in said.err


def test_faults_of_the_environment_are_told_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALERTS_LISTEN", "x")
    monkeypatch.setenv("ALERTS_MAIL", "y")
    assert run(["status"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["run"],
        ["feeds", "list"],
        ["db", "upgrade"],
        ["companies", "import"],
        ["digest", "preview"],
        ["doctor"],
    ):
        assert run([*words, "--help"]) == 0
        assert "Usage" in capsys.readouterr().out
