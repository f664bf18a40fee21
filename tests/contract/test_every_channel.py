"""The contract that every channel keeps, over real connections on loopback: mail, webhook and each chat bot alike."""

import asyncio
import itertools
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from alerts.deliver import CHANNELS, SmtpChannel, SmtpSettings, Timeouts, sender_of
from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.vocabulary import ChannelKind, DeliveryState
from tests.digests import NOW, a_claim
from tests.mailbox import Script
from tests.posts import MANNERS, Post, post, said, yes
from tests.servers import Answer, endless, smtp_server, source_server, stall, truncated

SENT, DUE = DeliveryState.SENT, DeliveryState.DUE
FAILED, UNCERTAIN = DeliveryState.FAILED, DeliveryState.UNCERTAIN
EVERY = pytest.mark.parametrize("kind", list(CHANNELS))
QUICK = Timeouts(connect=0.3, command=0.15, data=0.15)
MailScripts = dict[str, Script]
May = Callable[[], Awaitable[bool]]

MAIL: MailScripts = {
    "taken": Script(),
    "busy": Script(rcpt="450 4.2.0 later"),
    "refused": Script(dot="554 5.6.0 not this text"),
    "cut": Script(drop="dot", keep=True),
    "silent": Script(stall="dot", keep=True),
    "garbage": Script(dot="hello"),
    "endless": Script(dot="250" + "x" * 200_000),
    "server fault": Script(rcpt="451 4.3.0 local error"),
}


def _posted(kind: ChannelKind) -> dict[str, Answer]:
    manner = MANNERS[kind]
    return {
        "taken": manner.taken,
        "busy": manner.busy,
        "refused": manner.refused or said("", 400),
        "cut": Answer(raw=b""),
        "silent": stall(),
        "garbage": Answer(raw=b"\x00\xff not http at all\r\n\r\n"),
        "endless": endless(),
        "server fault": said("oops", 500),
    }


@dataclass(frozen=True, slots=True)
class Heard:
    """How attempts ended, and what the other side got, byte for byte with its mark."""

    receipts: list[Receipt]
    copies: list[tuple[str, bytes]]
    connections: int


def run(kind: ChannelKind, *cases: str, may: May = yes) -> Heard:
    """Return what came of one message that is sent once for each case, under the same key."""
    if kind is ChannelKind.EMAIL:
        return _run_mail(cases, may)
    receipts: list[Receipt] = []
    answers = _posted(kind)
    with source_server() as server:
        for number, case in enumerate(cases):
            server.answers["/post"] = answers[case]
            way = post(kind, server)
            receipts += way.send(way.claim(attempt=number + 1, failures=number), may=may)
        copies = [(one.headers.get("webhook-id", ""), one.body) for one in server.requests]
        return Heard(receipts, copies, server.connections)


def _run_mail(cases: tuple[str, ...], may: May) -> Heard:
    receipts: list[Receipt] = []

    async def one(port: int, claim: DeliveryClaim) -> Receipt:
        channel = SmtpChannel(
            SmtpSettings("127.0.0.1", port, "none", timeouts=QUICK), sender_of("alerts@alerts.example")
        )
        try:
            return await channel.send(claim, NOW, may)
        finally:
            await channel.close()
            await asyncio.sleep(0.001)

    with smtp_server() as server:
        for number, case in enumerate(cases):
            server.script = MAIL[case]
            receipts.append(asyncio.run(one(server.port, a_claim(attempt=number + 1, failures=number))))
        return Heard(receipts, [("", mail.content) for mail in server.messages], server.connections)


@EVERY
def test_what_is_taken_is_sent_and_over(kind: ChannelKind) -> None:
    heard = run(kind, "taken")

    (receipt,) = heard.receipts
    assert (receipt.state, receipt.stage, receipt.retry_at, receipt.shut) == (SENT, "done", None, None)
    assert len(heard.copies) == 1


@EVERY
@pytest.mark.parametrize("case", ["busy", "server fault"])
def test_what_is_not_taken_now_is_tried_again_later(kind: ChannelKind, case: str) -> None:
    (receipt,) = run(kind, case).receipts

    assert (receipt.state, receipt.counted, receipt.shut) == (DUE, True, None)
    assert receipt.retry_at is not None and NOW < receipt.retry_at <= NOW + timedelta(hours=1)
    assert receipt.answer or receipt.code


@EVERY
def test_a_message_that_is_refused_for_what_it_is_fails_alone(kind: ChannelKind) -> None:
    (receipt,) = run(kind, "refused").receipts

    assert receipt.shut is None
    if kind is ChannelKind.WEBHOOK:  # has no word for it: 2xx, 410 or again
        assert receipt.state is DUE
    else:
        assert (receipt.state, receipt.retry_at) == (FAILED, None)


@EVERY
@pytest.mark.parametrize("case", ["cut", "silent", "garbage"])
def test_what_may_have_been_taken_is_uncertain_and_comes_again(kind: ChannelKind, case: str) -> None:
    (receipt,) = run(kind, case).receipts

    assert (receipt.state, receipt.counted, receipt.shut) == (UNCERTAIN, True, None)
    assert receipt.retry_at is not None and receipt.retry_at > NOW


@EVERY
def test_an_answer_without_end_is_cut_and_never_held(kind: ChannelKind) -> None:
    (receipt,) = run(kind, "endless").receipts

    # A status of success that is readable counts for a webhook; elsewhere nobody can say.
    assert receipt.state in (SENT, UNCERTAIN)
    assert len(receipt.answer) <= 500


@EVERY
def test_a_repeat_under_the_same_key_is_the_same_message(kind: ChannelKind) -> None:
    heard = run(kind, "taken", "taken")

    (first_mark, first), (second_mark, second) = heard.copies
    assert first_mark == second_mark
    assert first == second  # the clock that Feishu's signature is made with stood still


@EVERY
def test_nothing_leaves_when_the_lease_is_gone(kind: ChannelKind) -> None:
    async def no() -> bool:
        return False

    heard = run(kind, "taken", may=no)

    (receipt,) = heard.receipts
    assert (receipt.state, receipt.counted) == (DUE, False)
    assert heard.copies == []


@EVERY
def test_a_place_where_nobody_listens_is_tried_again(kind: ChannelKind) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    if kind is ChannelKind.EMAIL:
        channel = SmtpChannel(
            SmtpSettings("127.0.0.1", port, "none", timeouts=QUICK), sender_of("alerts@alerts.example")
        )
        receipt = asyncio.run(channel.send(a_claim(), NOW, yes))
    else:
        (receipt,) = Post(kind, f"http://127.0.0.1:{port}/post").send()

    assert (receipt.state, receipt.stage) == (DUE, "connect")


# What is posted, by every status there is.
POSTED = [kind for kind in CHANNELS if kind is not ChannelKind.EMAIL]
STATUSES = [
    *range(200, 208),
    226,
    *range(300, 309),
    *range(400, 419),
    421,
    422,
    423,
    425,
    426,
    428,
    429,
    431,
    451,
    *range(500, 512),
    599,
]


def _with_status(taken: Answer, status: int) -> Answer:
    return Answer(status, b"" if status in (204, 304) else taken.body, {"Location": "/inside"})


@pytest.mark.parametrize("kind", POSTED)
def test_no_status_is_taken_for_success_but_2xx_and_none_is_lost(kind: ChannelKind) -> None:
    taken = MANNERS[kind].taken
    with source_server() as server:
        way, claims = post(kind, server), []
        answers = iter([_with_status(taken, status) for status in STATUSES])
        server.answers["/post"] = lambda _seen: next(answers)
        claims = [way.claim(idempotency_key=str(status)) for status in STATUSES]
        receipts = way.send(*claims)

    for status, receipt in zip(STATUSES, receipts, strict=True):
        good = 200 <= status < 300
        assert (receipt.state is SENT) <= good, (status, receipt)
        assert receipt.state is SENT or receipt.retry_at or receipt.state is FAILED, (status, receipt)
        assert receipt.code is not None
    assert {one.target.partition("?")[0] for one in server.requests} == {"/post"}, "no redirect is followed"


@pytest.mark.parametrize("status", STATUSES)
def test_a_webhook_is_taken_by_2xx_ended_by_410_and_asked_again_by_all_else(status: int) -> None:
    with source_server({"/post": Answer(status, headers={"Location": "/inside"})}) as server:
        (receipt,) = post(ChannelKind.WEBHOOK, server).send()

    if 200 <= status < 300:
        assert (receipt.state, receipt.shut) == (SENT, None)
    else:
        assert (receipt.state, receipt.shut) == (DUE, "gone" if status == 410 else None)
        assert receipt.retry_at is not None
        wait = receipt.retry_at - NOW
        assert (
            wait == timedelta(minutes=1)
            if status == 429
            else timedelta(seconds=5) <= wait <= timedelta(seconds=5.5)
        )


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("90", 90),
        ("0", 5),
        ("Sun, 22 Nov 2026 00:02:05 GMT", 120),
        ("9" * 30, 86_400),
        ("soon", 5),
        ("-4", 5),
    ],
)
def test_the_patience_that_is_asked_for_is_kept_within_reason(value: str, wait: int) -> None:
    with source_server({"/post": Answer(503, headers={"Retry-After": value})}) as server:
        (receipt,) = post(ChannelKind.WEBHOOK, server).send()

    assert receipt.retry_at is not None
    assert 0 <= (receipt.retry_at - NOW).total_seconds() - wait <= 0.5
    assert value in ("soon", "-4") or receipt.until is not None


@pytest.mark.parametrize("kind", [kind for kind in POSTED if MANNERS[kind].misconfigured])
def test_what_somebody_has_to_mend_shuts_the_endpoint_and_keeps_the_message(kind: ChannelKind) -> None:
    manner = MANNERS[kind]
    answers = {"gone": manner.gone, "misconfigured": manner.misconfigured}
    for shut, answer in answers.items():
        assert answer is not None
        with source_server({"/post": answer}) as server:
            (receipt,) = post(kind, server).send()
        assert (receipt.state, receipt.shut) == (DUE, shut)
        assert receipt.retry_at is not None


@pytest.mark.parametrize("kind", [kind for kind in POSTED if kind is not ChannelKind.WEBHOOK])
@pytest.mark.parametrize(
    "body",
    [
        "<html>please log in</html>",
        "",
        "[]",
        "{}",
        '{"errcode":"0","code":"0"}',
        '{"errcode":true,"code":true}',
        "[" * 9000,
    ],
)
def test_a_200_that_is_not_the_platforms_own_is_no_success(kind: ChannelKind, body: str) -> None:
    if kind is ChannelKind.TEAMS:  # says nothing of its own
        return
    with source_server({"/post": said(body)}) as server:
        (receipt,) = post(kind, server).send()

    assert receipt.state is UNCERTAIN


@pytest.mark.parametrize("kind", POSTED)
def test_no_part_of_an_address_or_a_secret_comes_back_in_an_answer(kind: ChannelKind) -> None:
    body = "no robot at /post?key=5ecret-of-the-b0t for SECabc or MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    with source_server({"/post": said(body, 500)}) as server:
        (receipt,) = post(kind, server).send()
        claim = post(kind, server).claim()

    assert "5ecret" not in receipt.answer
    assert "5ecret" not in repr(claim) and (claim.sealed or "") not in repr(claim)


def test_an_address_that_turns_inward_between_two_looks_is_never_reached() -> None:
    """DNS rebinding: what counts is the address that is dialled."""
    names = itertools.cycle([["127.0.0.1"], ["169.254.169.254"], ["::1"], ["10.0.0.1"]])
    with source_server() as server:
        way = Post(
            ChannelKind.WEBHOOK,
            f"http://hooks.acme.example:{server.port}/",
            frozenset(),
            lambda _host: next(names),
        )
        receipts = way.send(*[way.claim() for _ in range(4)])

    assert {(one.state, one.stage) for one in receipts} == {(DUE, "guard")}
    assert all("must not be dialled" in one.answer for one in receipts)
    assert server.connections == 0


def test_an_answer_that_breaks_off_after_its_status_still_counts() -> None:
    with source_server({"/post": truncated(b"thanks")}) as server:
        (receipt,) = post(ChannelKind.WEBHOOK, server).send()

    assert receipt.state is SENT
