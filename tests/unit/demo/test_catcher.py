"""The mail catcher: every mail is kept and shown as its reader would see it, and can do no harm there."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from alerts.cli.demo.catcher import Catcher


@pytest.fixture(scope="module")
def catcher() -> Iterator[Catcher]:
    with Catcher() as running:
        send(
            running,
            "First <b>",
            html="<html><head></head><body><a href='https://a.example'>go</a></body></html>",
        )
        send(running, "第二封：商标", text="正文")
        yield running


def send(catcher: Catcher, subject: str, text: str = "Plain & simple", html: str | None = None) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "a@sender.example", "b@reader.example"
    message["Date"] = "Mon, 02 Mar 2026 12:00:00 +0000"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", catcher.smtp_port, timeout=5) as connection:
        connection.send_message(message)


def get(catcher: Catcher, path: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
    connection = HTTPConnection(urlsplit(catcher.url).netloc, timeout=5)
    connection.request(method, path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text


def test_mails_are_kept_in_the_order_they_came(catcher: Catcher) -> None:
    assert [mail.subject for mail in catcher.mails] == ["First <b>", "第二封：商标"]
    assert catcher.mails[0].recipients == ("b@reader.example",)
    assert catcher.mails[0].sender == "a@sender.example"
    assert catcher.mails[0].raw.startswith(b"Subject: First")


def test_the_list_shows_the_newest_first_and_renews_itself(catcher: Catcher) -> None:
    _, headers, text = get(catcher, "/")

    assert text.index("第二封") < text.index("First &lt;b&gt;")
    assert '<meta http-equiv="refresh"' in text and "2026-03-02 12:00:00" in text
    assert headers["cache-control"] == "no-store"


def test_a_mail_is_shown_in_a_sandbox(catcher: Catcher) -> None:
    page, frame = get(catcher, "/1"), get(catcher, "/1/html")

    assert '<iframe title="First &lt;b&gt;" src="/1/html" sandbox=' in page[2]
    assert "script" not in page[1]["content-security-policy"]
    assert (
        "; sandbox allow-popups " in frame[1]["content-security-policy"]
        and "allow-scripts" not in frame[1]["content-security-policy"]
    )
    assert '<head><base target="_blank"></head>' in frame[2]


def test_the_other_views_show_text_and_source_escaped(catcher: Catcher) -> None:
    assert "Plain &amp; simple" in get(catcher, "/1?view=text")[2]
    assert "Subject: First &lt;b&gt;" in get(catcher, "/1?view=source")[2]
    assert 'class="phone"' in get(catcher, "/1?view=phone")[2]
    assert get(catcher, "/1?view=<x>")[2] == get(catcher, "/1")[2]


def test_a_mail_without_html_shows_its_text(catcher: Catcher) -> None:
    assert "<pre>正文" in get(catcher, "/2/html")[2]


@pytest.mark.parametrize("path", ["/0", "/3", "/-1", "/x", "/1/raw", "/1/html/x", "/9999999999999", "/%31"])
def test_what_is_not_there_is_not_found(catcher: Catcher, path: str) -> None:
    assert get(catcher, path)[0] == 404


def test_a_head_has_no_body(catcher: Catcher) -> None:
    assert get(catcher, "/", "HEAD")[::2] == (200, "")


def test_bytes_that_are_hardly_a_mail_are_kept_all_the_same() -> None:
    with Catcher() as catcher:
        with smtplib.SMTP("127.0.0.1", catcher.smtp_port, timeout=5) as connection:
            connection.sendmail("a@a.example", ["b@b.example"], b"\xff\xfe no header\r\n\x00")
        assert len(catcher.mails) == 1
        assert get(catcher, "/")[0] == get(catcher, "/1")[0] == get(catcher, "/1?view=source")[0] == 200


def test_stopping_keeps_the_mails_and_frees_the_ports() -> None:
    catcher = Catcher()
    catcher.start()
    port = catcher.smtp_port
    send(catcher, "Kept")
    catcher.stop()

    assert [mail.subject for mail in catcher.mails] == ["Kept"]
    with pytest.raises(OSError):
        smtplib.SMTP("127.0.0.1", port, timeout=1)
