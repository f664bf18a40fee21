"""What comes back, in the words of those who send it back."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.deliver.bounces import read_report
from alerts.domain.returns import ReportKind

OURS = "Message-ID: <d.0123456789abcdef0123456789@alerts.example>\nSubject: 6 IP notices\n"


def dsn(status: str, said: str, action: str = "failed") -> bytes:
    """Return a report by RFC 3464 that quotes a mail of ours."""
    return f"""From: MAILER-DAEMON@mx.example
To: bounce@alerts.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver your mail.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; reader@company.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--b
Content-Type: text/rfc822-headers

{OURS}
--b--
""".encode()


def plain(
    text: str, subject: str = "Undelivered Mail Returned to Sender", sender: str = "postmaster@mx.example"
) -> bytes:
    return f"From: {sender}\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n{OURS}".encode()


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (dsn("5.1.1", "550 5.1.1 <reader@company.example>: user unknown"), ReportKind.DEAD_ADDRESS),
        (dsn("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found"), ReportKind.DEAD_ADDRESS),
        (dsn("5.0.0", "550 No such user"), ReportKind.DEAD_ADDRESS),
        (dsn("5.1.2", "550 host not found"), ReportKind.DEAD_DOMAIN),
        (dsn("5.4.4", "Host or domain name not found. Name service error"), ReportKind.DEAD_DOMAIN),
        (dsn("5.2.2", "552 5.2.2 mailbox full"), ReportKind.SOFT),
        (dsn("4.2.2", "452 4.2.2 over quota"), ReportKind.SOFT),
        (dsn("5.2.1", "550 5.2.1 the account is disabled"), ReportKind.SOFT),
        (dsn("5.7.1", "550 5.7.1 rejected for policy reasons"), ReportKind.POLICY),
        (dsn("5.7.515", "550 5.7.515 Access denied, sending domain does not meet the level"), ReportKind.POLICY),
        (dsn("5.0.0", "550 Domain frequency limited"), ReportKind.POLICY),
        (dsn("5.0.0", "554 DT:SPM 163 smtp, please see http://mail.163.com"), ReportKind.POLICY),
        (dsn("4.7.1", "421 HL:ICC too many connections"), ReportKind.POLICY),
        (dsn("4.4.1", "connection timed out", "delayed"), ReportKind.TRANSIENT),
        (dsn("2.0.0", "250 ok", "delivered"), ReportKind.AUTOMATIC),
        (plain("550 User not found: reader@163.com"), ReportKind.DEAD_ADDRESS),
        (plain("很抱歉，您的邮件被退回。收件人邮件地址（reader@qq.com）不存在，邮件无法送达。 550", "系统退信"), ReportKind.DEAD_ADDRESS),
        (plain("I am away until Monday.", "Out of office: 6 IP notices", "reader@company.example"), ReportKind.AUTOMATIC),
        (plain("Thank you for the digest.", "Re: 6 IP notices", "reader@company.example"), ReportKind.NONE),
    ],
)  # fmt: skip
def test_what_a_report_says_is_told_by_its_words(raw: bytes, kind: ReportKind) -> None:
    assert read_report(raw).kind is kind


def test_a_report_names_the_reader_and_the_mail() -> None:
    report = read_report(dsn("5.1.1", "550 5.1.1 user unknown"))

    assert report.recipients == ("reader@company.example",)
    assert report.message_ids == ("<d.0123456789abcdef0123456789@alerts.example>",)


def test_a_complaint_is_one_and_a_failed_authentication_is_none() -> None:
    def arf(kind: str) -> bytes:
        return f"""From: fbl@provider.example
Subject: complaint
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}

--b
Content-Type: text/rfc822-headers

{OURS}
--b--
""".encode()

    assert read_report(arf("abuse")).kind is ReportKind.COMPLAINT
    assert read_report(arf("abuse")).message_ids
    assert read_report(arf("auth-failure")).kind is ReportKind.POLICY
    assert read_report(arf("not-spam")).kind is ReportKind.AUTOMATIC


@pytest.mark.parametrize("ends", [b"\r\n", b"\r"])
def test_line_ends_do_not_matter(ends: bytes) -> None:
    raw = dsn("5.1.1", "550 5.1.1 user unknown").replace(b"\n", ends)

    assert read_report(raw).kind is ReportKind.DEAD_ADDRESS


@given(
    st.binary(max_size=400)
    | st.text(max_size=400).map(lambda text: f"Content-Type: {text}\n\n{text}".encode())
)
def test_nothing_that_comes_in_breaks_the_reader(raw: bytes) -> None:
    assert read_report(raw).kind in ReportKind


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 200_000 + b"--b--\n",
        b"Content-Type: message/rfc822\n\n" * 30_000 + b"\nhi",
        b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(10_000)),
        b"Subject: undeliverable\n\n" + b"x" * 2_000_000,
        b"Content-Type: multipart/mixed; " + b"a*0=b; " * 200_000 + b"\n\nx",
        b"Content-Type: text/plain; charset=idna\n\n" + b"a" * 2_000_000,
    ],
    ids=["parts", "mails inside mails", "parts inside parts", "one line", "parameters", "charset"],
)
def test_a_mail_made_to_be_slow_is_read_as_far_as_time_allows(raw: bytes) -> None:
    begun = time.process_time()

    assert read_report(b"From: mailer-daemon@mx.example\n" + raw).kind in ReportKind
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Original-Envelope-Id: 2s-abcdefghijklmnopqrst", "2s-abcdefghijklmnopqrst"),
        ("original-envelope-id:2S-ABC  ", "2S-ABC"),
        ("Original-Envelope-Id: two words", ""),
        ("Original-Envelope-Id: " + "x" * 101, ""),
        ("X-Original-Envelope-Id: 2s-abc", ""),
    ],
)
@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_the_id_that_a_report_was_asked_for_under_is_read_from_its_machine_readable_part(
    line: str, found: str, ends: bytes
) -> None:
    raw = dsn("5.1.1", "550 5.1.1 user unknown").replace(
        b"Reporting-MTA:", f"{line}\nReporting-MTA:".encode()
    )

    assert read_report(raw.replace(b"\n", ends)).envelope_id == found
    told = f"Subject: Undelivered\n\n{line}\n550 5.1.1 user unknown\n".encode()
    assert read_report(told).envelope_id == "", "what stands in a text proves nothing"
