"""The mail channel against every answer a relay can give, over real connections on loopback."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from alerts.deliver import (
    CHANNELS,
    DIALECTS,
    SmtpChannel,
    SmtpSettings,
    Timeouts,
    encode,
    open_mail,
    parse_mail_url,
    return_path_of,
    sender_of,
)
from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.vocabulary import ChannelKind, DeliveryState
from tests.digests import NOW, a_claim
from tests.mailbox import PLAIN, MailServer, Script, Security, smtp_server
from tests.tls import loopback_tls

SENDER = sender_of("alerts@alerts.example")
PIPELINING = Security(pipelining=True)
QUICK = Timeouts(connect=2, command=0.15, data=0.15)
SENT, DUE = DeliveryState.SENT, DeliveryState.DUE
FAILED, UNCERTAIN = DeliveryState.FAILED, DeliveryState.UNCERTAIN


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class FirstConnectionEnds(Script):
    """Says at MAIL that the first connection was idle for too long, and takes all on the next."""

    server: MailServer | None = None

    def line(self, stage: str, address: str = "") -> str | None:
        return "421 4.4.2 idle" if stage == "mail" and self.server and self.server.connections == 1 else None


def settings(server: MailServer, **fields: object) -> SmtpSettings:
    usual: dict[str, object] = {"port": server.port, "tls": "none", "timeouts": QUICK}
    return SmtpSettings(server.host, **(usual | fields))  # type: ignore[arg-type]


async def _send(
    relay: SmtpSettings, claims: Sequence[DeliveryClaim], may: Callable[[], Awaitable[bool]]
) -> list[Receipt]:
    channel = SmtpChannel(relay, SENDER)
    try:
        return [await channel.send(claim, NOW, may) for claim in claims]
    finally:
        await channel.close()
        await asyncio.sleep(0.001)  # lets the transports close


def send(
    relay: SmtpSettings, *claims: DeliveryClaim, may: Callable[[], Awaitable[bool]] = yes
) -> list[Receipt]:
    return asyncio.run(_send(relay, claims or (a_claim(),), may))


@pytest.mark.parametrize(
    ("script", "state", "stage", "code", "kept"),
    [
        pytest.param(Script(), SENT, "done", 250, 1, id="taken"),
        pytest.param(Script(stall="connect"), DUE, "connect", None, 0, id="no-banner"),
        pytest.param(Script(mail="451 4.7.1 later"), DUE, "mail", 451, 0, id="mail-4xx"),
        pytest.param(Script(mail="550 5.7.1 not you"), DUE, "mail", 550, 0, id="mail-5xx"),
        pytest.param(Script(mail="421 4.3.2 closing"), DUE, "mail", 421, 0, id="mail-421"),
        pytest.param(Script(drop="mail"), DUE, "mail", None, 0, id="mail-lost"),
        pytest.param(Script(stall="mail"), DUE, "mail", None, 0, id="mail-silent"),
        pytest.param(Script(rcpt="450 4.2.0 greylisted"), DUE, "rcpt", 450, 0, id="rcpt-4xx"),
        pytest.param(Script(rcpt="550 5.1.1 no such user"), FAILED, "rcpt", 550, 0, id="rcpt-5xx"),
        pytest.param(Script(drop="rcpt"), DUE, "rcpt", None, 0, id="rcpt-lost"),
        pytest.param(Script(stall="rcpt"), DUE, "rcpt", None, 0, id="rcpt-silent"),
        pytest.param(Script(data="451 4.3.0 later"), DUE, "data", 451, 0, id="data-4xx"),
        pytest.param(Script(data="554 5.6.0 no"), FAILED, "data", 554, 0, id="data-5xx"),
        pytest.param(Script(drop="data"), DUE, "data", None, 0, id="data-lost"),
        pytest.param(Script(dot="451 4.3.0 later"), DUE, "text", 451, 0, id="dot-4xx"),
        pytest.param(Script(dot="554 5.7.1 content"), FAILED, "text", 554, 0, id="dot-5xx"),
        pytest.param(
            Script(dot="421 4.3.2 closing", keep=True), UNCERTAIN, "text", 421, 1, id="dot-421-kept"
        ),
        pytest.param(Script(drop="dot", keep=True), UNCERTAIN, "text", None, 1, id="dot-lost-kept"),
        pytest.param(Script(stall="dot", keep=True), UNCERTAIN, "text", None, 1, id="dot-silent-kept"),
    ],
)
@pytest.mark.parametrize("relay", [PLAIN, PIPELINING], ids=["step-by-step", "together"])
def test_every_answer_of_a_relay_has_its_receipt(
    relay: Security, script: Script, state: DeliveryState, stage: str, code: int | None, kept: int
) -> None:
    timeouts = Timeouts(connect=0.15, command=0.15, data=0.15)
    with smtp_server(script, relay) as server:
        (receipt,) = send(settings(server, timeouts=timeouts))

    assert (receipt.state, receipt.code) == (state, code)
    # Of commands that left together, a cut connection may take the answers to the first ones with it.
    assert receipt.stage == stage or (relay.pipelining and script.drop in ("rcpt", "data"))
    assert len(server.messages) == kept
    assert (receipt.retry_at is None) == (state in (SENT, FAILED))


def test_a_relay_that_nobody_runs_uses_up_no_attempt() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    (receipt,) = send(SmtpSettings("127.0.0.1", port, "none", timeouts=QUICK))

    assert (receipt.state, receipt.stage, receipt.counted) == (DUE, "connect", False)
    assert receipt.retry_at == NOW + timedelta(seconds=60)


def test_what_arrives_is_byte_for_byte_what_was_encoded() -> None:
    with smtp_server() as server:
        send(settings(server))

    (mail,) = server.messages
    assert mail.content == encode(a_claim(), SENDER)
    assert (mail.sender, mail.recipients) == ("alerts@alerts.example", ("reader@company.example",))


def test_an_uncertain_mail_comes_again_as_the_same_mail() -> None:
    with smtp_server(Script(drop="dot", keep=True)) as server:
        send(settings(server))
        server.script = Script()
        send(settings(server), a_claim(attempt=2, failures=1, first_attempt_at=NOW))

    first, second = server.messages
    assert first.content == second.content


def test_one_connection_carries_many_mails_also_after_a_refusal() -> None:
    refuse = Script(rcpt={"gone@company.example": "550 5.1.1 no such user"})
    claims = [a_claim(address=f"{name}@company.example") for name in ("a", "gone", "b")]
    with smtp_server(refuse) as server:
        receipts = send(settings(server), *claims)

    assert [receipt.state for receipt in receipts] == [SENT, FAILED, SENT]
    assert server.connections == 1


def test_a_kept_connection_that_the_relay_closes_is_replaced_unseen() -> None:
    async def twice(relay: SmtpSettings, server: MailServer) -> list[Receipt]:
        channel = SmtpChannel(relay, SENDER)
        first = await channel.send(a_claim(), NOW, yes)
        server.script = FirstConnectionEnds(server=server)
        second = await channel.send(a_claim(idempotency_key="digest:2"), NOW, yes)
        await channel.close()
        await asyncio.sleep(0.001)
        return [first, second]

    with smtp_server() as server:
        receipts = asyncio.run(twice(settings(server), server))

    assert [receipt.state for receipt in receipts] == [SENT, SENT]
    assert (server.connections, len(server.messages)) == (2, 2)


def test_a_new_connection_that_is_lost_too_is_not_tried_a_third_time() -> None:
    async def twice(relay: SmtpSettings, server: MailServer) -> Receipt:
        channel = SmtpChannel(relay, SENDER)
        await channel.send(a_claim(), NOW, yes)
        server.script = Script(drop="mail")
        receipt = await channel.send(a_claim(idempotency_key="digest:2"), NOW, yes)
        await channel.close()
        await asyncio.sleep(0.001)
        return receipt

    with smtp_server() as server:
        receipt = asyncio.run(twice(settings(server), server))

    assert (receipt.state, receipt.stage, server.connections) == (DUE, "mail", 2)


def test_lanes_work_side_by_side_and_never_more_than_allowed() -> None:
    async def many(relay: SmtpSettings) -> list[Receipt]:
        channel = SmtpChannel(relay, SENDER)
        claims = [a_claim(idempotency_key=str(number)) for number in range(12)]
        receipts = await asyncio.gather(*(channel.send(claim, NOW, yes) for claim in claims))
        await channel.close()
        await asyncio.sleep(0.001)
        return receipts

    with smtp_server() as server:
        receipts = asyncio.run(many(settings(server, lanes=3, timeouts=Timeouts(2, 5, 5))))

    assert {receipt.state for receipt in receipts} == {SENT}
    assert len(server.messages) == 12
    assert server.connections == 3


def test_nothing_is_transmitted_when_the_lease_is_gone_and_the_connection_lives_on() -> None:
    with smtp_server() as server:
        (receipt, again) = send(settings(server), a_claim(), a_claim(), may=no)

    assert (receipt.state, receipt.counted) == (again.state, again.counted) == (DUE, False)
    assert (server.messages, server.connections) == ([], 1)
    assert "data" not in server.log


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_relay_whose_certificate_nobody_vouches_for_gets_nothing(tls: str) -> None:
    context, _ = loopback_tls()
    security = Security(starttls=context) if tls == "starttls" else Security(implicit=context)
    with smtp_server(security=security) as server:
        (receipt,) = send(settings(server, tls=tls))

    assert (receipt.state, receipt.stage, receipt.counted) == (DUE, "connect", False)
    assert (server.messages, server.log) == ([], [])


def test_a_relay_that_offers_no_tls_gets_nothing_when_tls_is_asked_for() -> None:
    with smtp_server(security=PLAIN) as server:
        (receipt,) = send(settings(server, tls="starttls"))

    assert (receipt.state, receipt.stage) == (DUE, "connect")
    assert server.messages == []


@pytest.mark.parametrize(("password", "state"), [("right", SENT), ("wrong", DUE)])
def test_a_relay_that_wants_a_login_gets_it_and_a_wrong_one_is_our_fault(
    password: str, state: DeliveryState
) -> None:
    with smtp_server(security=Security(login=("me", "right"))) as server:
        (receipt,) = send(settings(server, username="me", password=password))

    assert receipt.state is state
    assert state is SENT or (receipt.counted, receipt.stage) == (False, "connect")


def test_other_letters_before_the_at_sign_go_out_where_the_relay_can() -> None:
    with smtp_server() as server:
        (receipt,) = send(settings(server), a_claim(address="联系@公司.example"))

    (mail,) = server.messages
    assert receipt.state is SENT
    assert mail.recipients == ("联系@xn--55qx5d.example",)
    assert "SMTPUTF8" in mail.options


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nRCPT TO:<c@d.example>", "a,b@c.example", '"a b"@c.example', "none"]
)
def test_an_address_that_is_not_one_plain_mailbox_fails_before_any_connection(address: str) -> None:
    with smtp_server() as server:
        (receipt,) = send(settings(server), a_claim(address=address))

    assert (receipt.state, receipt.stage) == (FAILED, "rcpt")
    assert server.connections == 0


def test_every_kind_of_channel_opens_from_its_settings() -> None:
    assert set(CHANNELS) == set(ChannelKind)
    assert CHANNELS.keys() == DIALECTS.keys() | {ChannelKind.EMAIL}
    channel = open_mail(parse_mail_url("smtp://127.0.0.1:2525"), SENDER)

    assert isinstance(channel, SmtpChannel)


async def send_many(relay: SmtpSettings, number: int) -> list[Receipt]:
    """Return what became of messages to r0@x.example, r1@x.example, … that were all handed over at once."""
    channel = SmtpChannel(relay, SENDER)
    claims = [a_claim(idempotency_key=str(n), address=f"r{n}@x.example") for n in range(number)]
    receipts = await asyncio.gather(*(channel.send(claim, NOW, yes) for claim in claims))
    await channel.close()
    await asyncio.sleep(0.001)
    return receipts


def test_a_relay_that_takes_commands_together_gets_the_next_envelope_behind_a_text() -> None:
    with smtp_server(security=PIPELINING) as server:
        receipts = asyncio.run(send_many(settings(server, lanes=1, timeouts=Timeouts(2, 5, 5)), 20))

    assert [receipt.state for receipt in receipts] == [SENT] * 20
    assert sorted(mail.recipients[0] for mail in server.messages) == sorted(
        f"r{n}@x.example" for n in range(20)
    )
    assert server.connections == 1


@pytest.mark.parametrize("relay", [PLAIN, PIPELINING], ids=["step-by-step", "together"])
def test_one_refused_among_many_takes_no_other_with_it(relay: Security) -> None:
    refuse = Script(rcpt={"r3@x.example": "550 5.1.1 no such user", "r7@x.example": "450 4.2.0 later"})

    with smtp_server(refuse, relay) as server:
        receipts = asyncio.run(send_many(settings(server, lanes=2, timeouts=Timeouts(2, 5, 5)), 12))

    wanted = [FAILED if n == 3 else DUE if n == 7 else SENT for n in range(12)]
    assert [receipt.state for receipt in receipts] == wanted
    assert len(server.messages) == 10


def test_a_text_without_a_wish_behind_it_never_leaves_a_relay_that_takes_commands_together() -> None:
    with smtp_server(security=PIPELINING) as server:
        receipts = send(settings(server), a_claim(), a_claim(), may=no)

    assert [(receipt.state, receipt.counted) for receipt in receipts] == [(DUE, False)] * 2
    assert server.messages == []


def test_what_is_urgent_has_connections_of_its_own() -> None:
    async def both(relay: SmtpSettings, server: MailServer) -> Receipt:
        channel = SmtpChannel(relay, SENDER)
        slow = asyncio.ensure_future(channel.send(a_claim(), NOW, yes))
        while "dot" not in server.log:
            await asyncio.sleep(0.001)
        server.script = Script()
        receipt = await channel.send(a_claim(idempotency_key="urgent", urgent=True), NOW, yes)
        assert not slow.done()
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        return receipt

    with smtp_server(Script(stall="dot")) as server:
        receipt = asyncio.run(both(settings(server, lanes=1, timeouts=Timeouts(2, 5, 5)), server))

    assert receipt.state is SENT


@pytest.mark.parametrize(
    "nonsense", ["hello", "2x0 what", "999", "250" + "x" * 70_000], ids=["words", "letters", "999", "endless"]
)
def test_a_relay_that_speaks_nonsense_at_rcpt_is_tried_again(nonsense: str) -> None:
    with smtp_server(Script(rcpt=nonsense)) as server:
        (receipt,) = send(settings(server))

    assert (receipt.state, receipt.stage) == (DUE, "rcpt")
    assert server.messages == []


@pytest.mark.parametrize("pipelining", [False, True])
def test_each_delivery_has_its_own_return_address_and_asks_for_reports(pipelining: bool) -> None:
    path = return_path_of("bounces@alerts.example", (b"k" * 32,), tagged=True)
    claims = [replace(a_claim(), id=number, message_id=f"<m{number}@alerts.example>") for number in (1, 2, 2)]
    with smtp_server(Script(), Security(pipelining=pipelining, dsn=True)) as server:

        async def work() -> None:
            channel = SmtpChannel(settings(server, lanes=1), replace(SENDER, returns=path))
            await asyncio.gather(*(channel.send(claim, NOW, yes) for claim in claims))
            await channel.close()
            await asyncio.sleep(0.001)

        asyncio.run(work())

    senders = [mail.sender for mail in server.messages]
    assert senders == [path.address(claim.id, claim.message_id) for claim in claims]
    assert senders[1] == senders[2] != senders[0]
    for mail, claim in zip(server.messages, claims, strict=True):
        token = path.token(claim.id, claim.message_id)
        assert {"RET=HDRS", f"ENVID={token}".upper()} <= set(mail.options)
        assert set(mail.wishes) == {"NOTIFY=FAILURE,DELAY", f"ORCPT=RFC822;{claim.address}".upper()}


def test_a_relay_without_reports_is_asked_for_none() -> None:
    with smtp_server(Script()) as server:
        send(settings(server))

    assert server.messages[0].sender == SENDER.address
    assert not server.messages[0].wishes and not any("ENVID" in one for one in server.messages[0].options)
