"""At most two mails at a time are under way to one mailbox provider, over real SMTP, while those to others go on."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from alerts.deliver import SmtpChannel, SmtpSettings, Timeouts, sender_of
from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.vocabulary import DeliveryState
from tests.digests import NOW, a_claim
from tests.mailbox import MailServer, Script, Security, busiest, smtp_server
from tests.posts import yes

SLOW = {"163.com": 0.02, "126.com": 0.01, "qq.com": 0.02}  # seconds
LANES = 6


def claims(*addresses: str, **more: object) -> list[DeliveryClaim]:
    return [replace(a_claim(), id=at, address=address, **more) for at, address in enumerate(addresses, 1)]  # type: ignore[arg-type]


@asynccontextmanager
async def opened(server: MailServer) -> AsyncIterator[SmtpChannel]:
    """Yield a channel to a server, and close it."""
    options = SmtpSettings("127.0.0.1", server.port, "none", lanes=LANES, timeouts=Timeouts(5, 5, 5))
    channel = SmtpChannel(options, sender_of("alerts@alerts.example"))
    try:
        yield channel
    finally:
        await channel.close()


def sent(server: MailServer, wanted: Sequence[DeliveryClaim]) -> list[Receipt]:
    """Send all at once over one channel; return the receipts."""

    async def work() -> list[Receipt]:
        async with opened(server) as channel:
            return await asyncio.gather(*(channel.send(claim, NOW, yes) for claim in wanted))

    return asyncio.run(work())


@pytest.mark.parametrize("pipelining", [False, True])
def test_two_mails_at_a_time_go_to_one_provider_and_others_go_on(pipelining: bool) -> None:
    slow = [f"r{at}@{domain}" for at in range(8) for domain in SLOW]
    firms = [f"r@firm{at}.example" for at in range(60)]
    pause = SLOW | {address.partition("@")[2]: 0.01 for address in firms}
    with smtp_server(Script(pause=pause), Security(pipelining=pipelining)) as server:
        receipts = sent(server, claims(*slow, *firms))

    assert {receipt.state for receipt in receipts} == {DeliveryState.SENT}
    peak = busiest(server)
    assert (peak["netease"], peak["qq"]) == (2, 2)
    assert peak["all"] > 4, "those to companies are not limited"
    ended = [address for step, address in server.steps if step < 0]
    first_half = ended[: len(ended) // 2]
    assert sum("firm" in address for address in first_half) > 20, "nobody waits behind a slow provider"


def test_what_is_urgent_counts_with_the_rest_and_gets_the_next_place() -> None:
    usual = claims(*(f"r{at}@qq.com" for at in range(10)))
    urgent = claims("u@qq.com", urgent=True)
    with smtp_server(Script(pause=SLOW)) as server:
        receipts = sent(server, [*usual, *urgent])

    assert {receipt.state for receipt in receipts} == {DeliveryState.SENT}
    assert busiest(server)["qq"] == 2
    ended = [address for step, address in server.steps if step < 0]
    assert ended.index("u@qq.com") < 6


def test_whoever_refuses_by_speed_is_one_of_them_from_then_on() -> None:
    many = [f"r{at}@firm.example" for at in range(12)]
    refused = Script(
        rcpt={"first@firm.example": "421 4.7.0 too many connections"}, pause={"firm.example": 0.02}
    )

    async def work(server: MailServer) -> None:
        async with opened(server) as channel:
            await channel.send(claims("first@firm.example")[0], NOW, yes)
            await asyncio.gather(*(channel.send(claim, NOW, yes) for claim in claims(*many)))

    with smtp_server(refused) as server:
        asyncio.run(work(server))
        assert len(server.messages) == 12
        assert busiest(server)["firm.example"] == 2


def test_a_mail_that_is_called_off_or_cut_gives_its_place_back() -> None:
    addresses = [f"r{at}@qq.com" for at in range(9)]
    with smtp_server(Script(drop="data")) as server:
        states = {receipt.state for receipt in sent(server, claims(*addresses))}

        async def no() -> bool:
            return False

        async def work() -> list[Receipt]:
            async with opened(server) as channel:
                off = await asyncio.gather(*(channel.send(claim, NOW, no) for claim in claims(*addresses)))
                server.script = Script()
                on = await asyncio.gather(*(channel.send(claim, NOW, yes) for claim in claims(*addresses)))
                return [*off, *on]

        receipts = asyncio.run(work())

    assert states == {DeliveryState.DUE}
    assert [receipt.state for receipt in receipts[9:]] == [DeliveryState.SENT] * 9
    assert len(server.messages) == 9
