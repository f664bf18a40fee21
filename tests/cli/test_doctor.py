"""``alerts doctor``: what it says of the relay and of the sender's DNS, and its exit code."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.cli.app import run
from tests.servers import smtp_server
from tests.zones import Zone, zone_server

NAMES = {
    "mail.alerts.example": {"TXT": ["v=spf1 ip4:192.0.2.7 -all"], "MX": ["10 mx.alerts.example."]},
    "_dmarc.alerts.example": {"TXT": ["v=DMARC1; p=reject; rua=mailto:dmarc@alerts.example"]},
    "mx.alerts.example": {"A": ["192.0.2.7"]},
    "7.2.0.192.in-addr.arpa": {"PTR": ["mx.alerts.example."]},
}


@pytest.fixture(autouse=True)
def deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALERTS_MAIL_FROM", "alerts@mail.alerts.example")
    monkeypatch.setenv("ALERTS_MAIL_ADDRESSES", "192.0.2.7")
    with smtp_server() as relay:
        monkeypatch.setenv("ALERTS_MAIL", f"smtp://{relay.host}:{relay.port}")
        yield


def said(zone: Zone, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, list[dict[str, str]]]:  # fmt: skip
    """Return exit code and findings of the doctor with a DNS server that has the zone."""
    with zone_server(zone) as server:
        monkeypatch.setenv("ALERTS_DNS", str(server.listen))
        code = run(["doctor", *words, "--format", "json"])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def with_key(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Zone:
    """Make a key, set it, and return the zone in which it is published as the command printed it."""
    assert run(["dkim", "new", "2026a"]) == 0
    monkeypatch.setenv("ALERTS_DKIM", capsys.readouterr().out.split("ALERTS_DKIM=")[1].strip())
    assert run(["dkim", "records", "--format", "json"]) == 0
    row = json.loads(capsys.readouterr().out)
    return {**NAMES, row["name"]: {"TXT": [row["value"]]}}


def test_a_sender_whose_records_are_right_is_good(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, found = said(with_key(capsys, monkeypatch), capsys, monkeypatch, "mail")

    assert (code, {one["state"] for one in found}) == (0, {"good"}), found
    assert {one["part"] for one in found} == {"mail", "spf", "dkim", "dmarc", "alignment", "mx", "ptr"}


@pytest.mark.parametrize("name", ["mail.alerts.example", "_dmarc.alerts.example", "mx.alerts.example", "7.2.0.192.in-addr.arpa"])  # fmt: skip
def test_a_record_that_is_missing_makes_the_exit_code_1(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = {key: kinds for key, kinds in with_key(capsys, monkeypatch).items() if key != name}
    for words in ([], ["mail"]):
        code, found = said(zone, capsys, monkeypatch, *words)
        assert code == 1
        assert {"spf", "dkim", "dmarc", "mx", "ptr"} & {
            one["part"] for one in found if one["state"] == "wrong"
        }


def test_a_note_leaves_the_exit_code_0(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, found = said(NAMES, capsys, monkeypatch, "mail")

    assert code == 0
    assert [one["part"] for one in found if one["state"] == "note"] == ["dkim"]


def test_a_key_that_cannot_be_read_is_told_beside_the_rest(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_DKIM", "s1:mail.alerts.example:gone.pem")
    code, found = said(NAMES, capsys, monkeypatch, "mail")

    assert code == 1
    assert any(one["part"] == "dkim" and "gone.pem: No such file" in one["text"] for one in found)
    assert any(one["part"] == "spf" and one["state"] == "good" for one in found)


def test_the_return_path_is_looked_at_where_it_is_another(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_RETURN_PATH", "bounces@back.alerts.example")
    code, found = said(NAMES, capsys, monkeypatch, "mail")

    texts = [one["text"] for one in found if one["state"] == "wrong"]
    assert code == 1
    assert any(text.startswith("back.alerts.example has no SPF record") for text in texts)
    assert any(text.startswith("back.alerts.example is not in the DNS") for text in texts)


def test_a_domain_in_other_letters_is_looked_up_in_ascii(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_MAIL_FROM", "alerts@提醒.example")
    zone = {"xn--o0uo23h.example": NAMES["mail.alerts.example"], "_dmarc.xn--o0uo23h.example": NAMES["_dmarc.alerts.example"]}  # fmt: skip
    _, found = said({**NAMES, **zone}, capsys, monkeypatch, "mail")

    assert not [one for one in found if one["state"] == "wrong"], found


def test_people_read_a_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with zone_server(NAMES) as server:
        monkeypatch.setenv("ALERTS_DNS", f"127.0.0.1:{server.listen.port}")
        assert run(["doctor", "mail"]) == 0
    assert "dmarc" in capsys.readouterr().out


def test_a_sender_on_this_machine_is_asked_for_its_name_and_nothing_is_looked_up(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_MAIL_FROM", "alerts@localhost")
    with zone_server(NAMES) as server:
        monkeypatch.setenv("ALERTS_DNS", str(server.listen))
        assert run(["doctor", "mail", "--format", "json"]) == 0
        assert server.asked == []
    assert "set ALERTS_MAIL_FROM" in capsys.readouterr().out


@pytest.mark.parametrize("value", ["dns.example", "127.0.0.1:x", "127.0.0.1:99999", "localhost:53"])
def test_a_dns_server_is_an_address(
    value: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_DNS", value)

    assert run(["doctor", "mail"]) == 2
    fault = capsys.readouterr().err
    assert fault.startswith("alerts: ALERTS_DNS: ") and len(fault.splitlines()) == 1


def test_an_unknown_part_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "male"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
