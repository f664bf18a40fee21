"""When our own network is down no endpoint is blamed for it; one that is dead by itself is."""

from types import SimpleNamespace
from typing import Any

from alerts.domain.digests import Receipt
from alerts.domain.vocabulary import ChannelKind, DeliveryState
from alerts.flow.send import without_blame
from alerts.flow.surroundings import Surroundings
from tests.clocks import MovedClock
from tests.digests import NOW, a_claim

UNREACHED = Receipt(DeliveryState.DUE, "connect", None, "no connection", NOW)
ANSWERED = Receipt(DeliveryState.DUE, "answer", 500, "no", NOW)


def a_service() -> Any:
    return SimpleNamespace(surroundings=Surroundings(), clock=MovedClock(NOW))


def counted(service: Any, host: str, receipt: Receipt, channel: ChannelKind = ChannelKind.WEBHOOK) -> bool:
    claim = a_claim(channel=channel, address=f"https://{host}.example/…12345678")
    return without_blame(service, claim, receipt).counted


def test_six_hosts_in_a_row_that_nobody_reaches_are_our_own_fault_until_one_answers() -> None:
    service = a_service()

    assert [counted(service, f"h{n}", UNREACHED) for n in range(8)] == [True] * 5 + [False] * 3
    assert counted(service, "h9", ANSWERED)
    assert counted(service, "h1", UNREACHED)


def test_one_dead_host_is_to_blame_however_often_it_is_tried() -> None:
    service = a_service()

    assert all(counted(service, "dead", UNREACHED) for _ in range(20))


def test_mails_and_refusals_of_our_own_guard_say_nothing_about_the_network() -> None:
    service = a_service()
    guard = Receipt(DeliveryState.DUE, "guard", None, "must not be dialled", NOW)

    assert all(counted(service, f"h{n}", guard) for n in range(10))
    assert all(counted(service, f"h{n}", UNREACHED, ChannelKind.EMAIL) for n in range(10))
    assert not service.surroundings.cut_off
