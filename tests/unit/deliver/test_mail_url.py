"""ALERTS_MAIL names a folder or a relay; mail never leaves the machine unencrypted unless somebody says so."""

from pathlib import Path

import pytest

from alerts.deliver import MaildirSettings, SmtpSettings, parse_mail_url
from alerts.deliver.mail_url import is_loopback
from alerts.domain.errors import InputError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("maildir:var/outbox", MaildirSettings(Path("var/outbox"))),
        ("smtp://relay.example", SmtpSettings("relay.example", 587, "starttls")),
        ("smtp://relay.example:2525?tls=implicit", SmtpSettings("relay.example", 2525, "implicit")),
        ("smtps://relay.example", SmtpSettings("relay.example", 465, "implicit")),
        ("smtp://127.0.0.1:1025", SmtpSettings("127.0.0.1", 1025, "none")),
        ("smtp://[::1]:1025", SmtpSettings("::1", 1025, "none")),
        ("smtp://localhost?tls=starttls", SmtpSettings("localhost", 587, "starttls")),
        ("smtp://relay.example?tls=none&plain=allowed", SmtpSettings("relay.example", 25, "none")),
        ("smtp://relay.example?lanes=8&hello=a.example", SmtpSettings("relay.example", lanes=8, hello="a.example")),
    ],
)  # fmt: skip
def test_a_mail_url_names_a_folder_or_a_relay(url: str, expected: object) -> None:
    assert parse_mail_url(url) == expected


def test_the_user_is_decoded_and_the_password_does_not_show() -> None:
    settings = parse_mail_url("smtp://me%40corp.example@relay.example", "s3cret")

    assert isinstance(settings, SmtpSettings)
    assert (settings.username, settings.password) == ("me@corp.example", "s3cret")
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("maildir:", "needs a folder"),
        ("http://relay.example", "Mail goes to"),
        ("relay.example", "Mail goes to"),
        ("smtp://", "A mail relay is written"),
        ("smtp://relay.example/path", "nothing behind the port"),
        ("smtp://relay.example:99999", "cannot be read"),
        ("smtp://[::1", "cannot be read"),
        ("smtp://user:pass@relay.example", "ALERTS_MAIL_PASSWORD"),
        ("smtp://user@relay.example", "needs ALERTS_MAIL_PASSWORD"),
        ("smtp://relay.example?tls=none", "unencrypted"),
        ("smtp://relay.example?tls=maybe", "not known"),
        ("smtp://relay.example?tsl=none", "not an option"),
        ("smtps://relay.example?tls=starttls", "implicit"),
        ("smtp://relay.example?lanes=0", "from 1 to 64"),
    ],
)
def test_a_mail_url_that_cannot_be_used_says_what_to_write(url: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        parse_mail_url(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["relay.example", "10.0.0.1", "localhost.example", "127.0.0.1.example"])
def test_other_machines_are_not_this_one(host: str) -> None:
    assert not is_loopback(host)
