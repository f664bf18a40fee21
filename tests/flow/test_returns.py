"""A reader whose address is dead: the relay says so, and nobody mails there again."""

import asyncio
import email
import smtplib
import sqlite3
from contextlib import suppress

import pytest

from alerts.intake import receiving
from tests.deployment import Deployment, Entry, free_port, rss, text_of, until
from tests.mailbox import Script, Security, smtp_server

OLD = Entry("Annual report on patents", "old", "Mon, 05 Feb 2024 09:00:00 GMT")


def order(number: int) -> Entry:
    return Entry(
        f"USITC issues limited exclusion order in section 337 investigation 337-TA-{number}",
        f"337-{number}",
        "Mon, 02 Mar 2026 15:00:00 GMT",
        "The Commission has issued a limited exclusion order against infringing patent-protected chargers.",
    )


def test_a_dead_address_is_suspended_and_the_others_are_told(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-itc", "US", "/us.xml"))
    for name in ("gone", "here"):
        enter = ("subscribe", f"{name}@acme.example", "--company", "Acme", "--region", "US")
        service.good(*enter, "--now", "2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    service.mail.script = Script(rcpt={"gone@acme.example": "550 5.1.1 user unknown"})
    service.source.answers["/us.xml"] = rss(order(1501), OLD)
    service.round("2026-03-02T15:05Z")
    service.mail.script = Script()
    service.round("2026-03-02T15:06Z")
    (_, notice) = service.mails("here@acme.example")
    assert len(service.mails()) == 2
    assert "g***@acme.example" in text_of(notice) and "colleague" in str(notice["Subject"])
    assert "Jurisdictions: United States" in text_of(notice), "what it watched is named"
    assert "gone@acme.example" not in text_of(notice)

    service.source.answers["/us.xml"] = rss(order(1502), order(1501), OLD)
    service.round("2026-03-02T18:05Z")

    assert [str(mail["To"]) for mail in service.mails()] == ["here@acme.example"] * 3


def test_a_bounce_that_comes_back_by_mail_is_piped_in(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-itc", "US", "/us.xml"))
    service.subscribe("gone@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(order(1501), OLD)
    service.round("2026-03-02T15:05Z")
    (mail,) = service.mails()
    bounce = (
        f"From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\n\n"
        f"<gone@acme.example>: 550 5.1.1 user unknown\n\nMessage-ID: {mail['Message-ID']}\n"
    )

    outcome = service.alerts("bounce", "--format", "json", "--at", "2026-03-02T16:00Z", stdin=bounce.encode())

    assert outcome.lines[0]["done"] == "suspended"
    service.source.answers["/us.xml"] = rss(order(1502), order(1501), OLD)
    service.round("2026-03-02T18:05Z")
    service.round("2026-03-02T19:05Z")
    assert len(service.mails("gone@acme.example")) == 1
    (alarm,) = service.mails("ops@service.example")
    assert "told nothing any more" in str(alarm["Subject"]), "nobody else is there: the operator hears, once"
    assert "no longer reached" in service.alerts("status").out

    said = service.alerts("suppressions", "list", "--format", "json").lines
    assert [(one["address"], one["colleagues"]) for one in said] == [("g***@acme.example", 0)]
    assert service.alerts("suppressions", "lift", "x@acme.example", "--why", "back").code == 2
    service.good("suppressions", "lift", "gone@acme.example", "--why", "they called")
    service.source.answers["/us.xml"] = rss(order(1503), order(1502), order(1501), OLD)
    service.round("2026-03-03T18:05Z")
    assert "337-1503" in text_of(service.mails("gone@acme.example")[-1])


def test_a_person_who_answers_that_mails_shall_end_is_obeyed(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-itc", "US", "/us.xml"))
    for name in ("anna", "bo"):
        service.subscribe(f"{name}@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(order(1501), OLD)
    service.round("2026-03-02T15:05Z")
    ids = {str(mail["To"]): mail["Message-ID"] for mail in service.mails()}
    reply = (
        "From: {who}\nSubject: Re: order\nIn-Reply-To: {of}\n{more}\n{text}\n\n> wrote: Message-ID: {of}\n"
    )
    mails = [
        reply.format(who="anna@acme.example", of=ids["bo@acme.example"], more="", text="退订。"),
        reply.format(who="anna@acme.example", of=ids["anna@acme.example"], more="", text="Thanks a lot!"),
        reply.format(
            who="anna@acme.example",
            of=ids["anna@acme.example"],
            more="Auto-Submitted: auto-replied\n",
            text="Unsubscribe",
        ),
        reply.format(who="anna@acme.example", of=ids["anna@acme.example"], more="", text="退订。"),
    ]

    done = [
        service.alerts("bounce", "--format", "json", stdin=mail.encode()).lines[0]["done"] for mail in mails
    ]

    assert done == ["unknown", "unknown", "unknown", "left"]


def test_a_bounce_handed_over_by_lmtp_is_followed_by_its_token_alone(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-itc", "US", "/us.xml"))
    service.settings["ALERTS_RETURN_PATH"] = "bounces@service.example"
    service.subscribe("gone@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(order(1501), OLD)
    service.round("2026-03-02T15:05Z")
    (received,) = service.mail.messages
    bounce = b"From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail\n\n<moved@else.example>: 550 5.1.1 user unknown\n"
    forged = received.sender[: -len("@service.example") - 4] + "aaaa@service.example"
    port = free_port()

    with service.daemon("--no-web", settings={"ALERTS_RETURNS": f"lmtp://127.0.0.1:{port}"}):
        until(lambda: "returns.listening" in service.log())
        with smtplib.LMTP("127.0.0.1", port, timeout=10) as server:
            server.sendmail("", [forged], bounce)
            assert suppressed(service) == 0, "a token that is not ours ends it"
            server.sendmail("", ["someone@service.example"], b"\xff\x00 no mail at all\r\n" * 1000)
            server.sendmail("", [received.sender.upper()], bounce)
            server.sendmail("", [received.sender], bounce)
            with pytest.raises(smtplib.SMTPException):
                server.sendmail(
                    "",
                    [received.sender],
                    b"Subject: large\n\n" + b"x" * 900 + b"\n" + (b"y" * 900 + b"\n") * 6000,
                )

    assert suppressed(service) == 1


def test_a_report_that_is_piped_in_under_a_forged_token_changes_nothing(service: Deployment) -> None:
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-itc", "US", "/us.xml"))
    service.settings["ALERTS_RETURN_PATH"] = "bounces@service.example"
    service.subscribe("gone@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(order(1501), OLD)
    service.round("2026-03-02T15:05Z")
    (received,), (mail,) = service.mail.messages, service.mails()
    text = (
        "From: MAILER-DAEMON@mx.example\nDelivered-To: {to}\nSubject: Undelivered Mail\n\n"
        f"<gone@acme.example>: 550 5.1.1 user unknown\n\nMessage-ID: {mail['Message-ID']}\n"
    )
    forged = text.format(to="bounces+1-aaaaaaaaaaaaaaaaaaaa@service.example").encode()

    assert service.alerts("bounce", "--format", "json", stdin=forged).lines[0]["done"] == "unknown"
    assert suppressed(service) == 0
    true = text.format(to=received.sender).encode()
    assert service.alerts("bounce", "--format", "json", stdin=true).lines[0]["done"] == "suspended"


def asked_back(envelope_id: str, more: str = "") -> bytes:
    """Return a report that names neither the reader as we know it nor a mail of ours, only what it was asked for under."""
    return f"""From: MAILER-DAEMON@mx.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
{more}
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Original-Envelope-Id: {envelope_id}

Final-Recipient: rfc822; moved@else.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--b--
""".encode()


def test_a_report_without_a_token_in_its_address_is_followed_by_the_id_that_it_was_asked_for_under(
    service: Deployment,
) -> None:
    service.source.answers["/us.xml"] = rss(OLD)
    service.feeds(service.feed("us-itc", "US", "/us.xml"))
    for name in ("gone", "here"):
        service.subscribe(f"{name}@acme.example", "US", now="2026-03-01T00:00Z")
    service.round("2026-03-01T10:00Z")
    service.source.answers["/us.xml"] = rss(order(1501), OLD)
    with smtp_server(security=Security(dsn=True)) as relay:
        service.settings["ALERTS_MAIL"] = f"smtp://{relay.host}:{relay.port}"
        service.round("2026-03-02T15:05Z")
        (asked, others) = sorted(relay.messages, key=lambda mail: mail.recipients)
    (token, foreign) = (
        next(one.partition("=")[2] for one in mail.options if one.startswith("ENVID="))
        for mail in (asked, others)
    )
    assert asked.sender == "alerts@service.example", "no token stands in the address"
    number, _, mac = token.partition("-")
    quoted = f"Message-ID: {email.message_from_bytes(asked.content)['Message-ID']}"
    port = free_port()

    with service.daemon("--no-web", settings={"ALERTS_RETURNS": f"lmtp://127.0.0.1:{port}"}):
        until(lambda: "returns.listening" in service.log())
        with smtplib.LMTP("127.0.0.1", port, timeout=10) as server:
            to = ["alerts@service.example"]
            for forged in (f"{number}-{mac[:-4]}AAAA", f"{number}-{foreign.partition('-')[2]}", f"Z{token}"):
                server.sendmail("", to, asked_back(forged, quoted.replace("@", "@x.")))
                assert suppressed(service) == 0, forged
            server.sendmail("", to, asked_back("QQ314156@mx.example"))
            assert suppressed(service) == 0, "another relay's id says nothing"
            server.sendmail("", to, asked_back(token))
    assert suppressed(service) == 1
    said = service.alerts("suppressions", "list", "--format", "json").lines
    assert [one["address"] for one in said] == ["g***@acme.example"]


def test_each_recipient_of_a_mail_by_lmtp_gets_an_answer_and_an_endless_line_ends_the_connection() -> None:
    async def work() -> tuple[list[bytes], bytes]:
        taken: list[bytes] = []
        async with receiving("127.0.0.1", 0, lambda raw, _to: taken.append(raw)) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                b"LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"
            )
            writer.write(b"Subject: " + b"long " * 2000 + b"\r\n\r\nx\r\n.\r\nNOOP\r\nDATA\r\n")
            said = await reader.readuntil(b"503")
            writer.write(b"RSET\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n")
            with suppress(ConnectionError):
                for _ in range(30):
                    writer.write(b"x" * 1_000_000)
                    await writer.drain()
            with suppress(ConnectionError):
                while await reader.read(65536):
                    pass
            writer.close()
        assert len(taken) == 1
        return taken, said

    _, said = asyncio.run(asyncio.wait_for(work(), 20))
    assert said.count(b"250 2.0.0 Taken") == 2


def suppressed(service: Deployment) -> int:
    with sqlite3.connect(service.folder / "var" / "alerts.db") as database:
        return int(database.execute("SELECT count(*) FROM suppression").fetchone()[0])
