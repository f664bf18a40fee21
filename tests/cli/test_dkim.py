"""Keys that sign mails: made, published, named in a setting, and what goes wrong with them in one sentence."""

import json
import re
from pathlib import Path

import dkim
import pytest

from alerts.cli.app import run
from alerts.domain.vocabulary import ChannelKind
from alerts.settings import read_settings
from alerts.wiring import make_channels, make_client
from tests.digests import NOW, a_claim


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALERTS_MAIL_FROM", "alerts@mail.alerts.example")
    monkeypatch.setenv("ALERTS_MAIL", "maildir:out")


def made(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Return the value of ALERTS_DKIM that `alerts dkim new` prints."""
    assert run(["dkim", "new", *options]) == 0
    return re.findall(r"^ALERTS_DKIM=(.+)$", capsys.readouterr().out, re.MULTILINE)[0]


def published(capsys: pytest.CaptureFixture[str]) -> dict[bytes, bytes]:
    assert run(["dkim", "records", "--format", "json"]) == 0
    rows = map(json.loads, capsys.readouterr().out.splitlines())
    return {f"{row['name']}.".encode(): row["value"].encode() for row in rows}


async def yes() -> bool:
    return True


def kept() -> bytes:
    (mail,) = Path("out/new").iterdir()
    return mail.read_bytes()


def test_two_keys_are_made_and_mails_bear_both_signatures(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    monkeypatch.setenv("ALERTS_DKIM", made(capsys, "2026a"))
    both = made(capsys, "2026e", "--ed25519")
    monkeypatch.setenv("ALERTS_DKIM", both)
    records = published(capsys)

    settings = read_settings()
    channel = make_channels(settings, make_client(settings))[ChannelKind.EMAIL]
    asyncio.run(channel.send(a_claim(), NOW, yes))

    assert [one.split(":")[:2] for one in both.split(",")] == [
        ["2026a", "mail.alerts.example"],
        ["2026e", "mail.alerts.example"],
    ]
    for number in range(2):
        assert dkim.DKIM(kept()).verify(idx=number, dnsfunc=lambda name, timeout=5: records.get(name))


def test_a_key_is_for_its_owner_only_and_never_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    made(capsys, "s1", "--ed25519", "--domain", "alerts.example", "--to", "keys/one.pem")
    file = Path("keys/one.pem")
    before = file.read_bytes()

    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert run(["dkim", "new", "s2", "--to", "keys/one.pem"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_the_printed_record_has_strings_that_the_dns_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dkim", "new", "s1"]) == 0

    line = re.findall(
        r"^s1\._domainkey\.mail\.alerts\.example\. IN TXT \( (.+) \)$", capsys.readouterr().out, re.M
    )[0]
    strings = re.findall(r'"([^"]*)"', line)
    assert len(strings) == 2 and max(map(len, strings)) <= 255
    assert "".join(strings).startswith("v=DKIM1; k=rsa; p=")


@pytest.mark.parametrize(
    "value", ["s1", "s1:d.example", "s1:d.example:", "a:b.example:k.pem,", ":b.example:k.pem"]
)
def test_a_list_of_keys_that_is_none_is_refused(
    value: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_DKIM", value)

    assert run(["dkim", "records"]) == 2
    assert "is not SELECTOR:DOMAIN:FILE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("s1:d.example:missing.pem", "missing.pem: No such file"),
        ("s1:d.example:.", "Is a directory"),
        ("s1:d.example:not.pem", "no private key in PEM form"),
        ("s 1:d.example:good.pem", "no selector"),
        ("s1:d..example:good.pem", "not a domain name"),
    ],
)
def test_a_key_that_cannot_sign_is_one_sentence(
    value: str, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("not.pem").write_text("hello")
    made(capsys, "x", "--ed25519", "--to", "good.pem")
    monkeypatch.setenv("ALERTS_DKIM", value)

    for command in (["dkim", "records"], ["send"]):
        assert run(command) == 2
        fault = capsys.readouterr().err
        assert said in fault and "ALERTS_DKIM" in fault
        assert len(fault.splitlines()) == 1


def test_without_keys_there_is_nothing_to_publish(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dkim", "records"]) == 0
    assert "unsigned" in capsys.readouterr().out
