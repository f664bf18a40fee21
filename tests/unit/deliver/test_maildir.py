"""Mail kept in a folder: the bytes a relay would get, once for each key."""

import asyncio
from pathlib import Path

from alerts.deliver import MaildirChannel, encode, sender_of
from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.vocabulary import DeliveryState
from tests.digests import NOW, a_claim

SENDER = sender_of("alerts@alerts.example")


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


def keep(path: Path, claim: DeliveryClaim, may: object = yes) -> Receipt:
    return asyncio.run(MaildirChannel(path, SENDER).send(claim, NOW, may))  # type: ignore[arg-type]


def test_a_mail_appears_in_new_with_the_bytes_that_a_relay_would_get(tmp_path: Path) -> None:
    receipt = keep(tmp_path / "outbox", a_claim())

    (file,) = (tmp_path / "outbox" / "new").iterdir()
    assert receipt.state is DeliveryState.SENT
    assert file.read_bytes() == encode(a_claim(), SENDER)
    assert not list((tmp_path / "outbox" / "tmp").iterdir())


def test_a_repeat_under_the_same_key_makes_no_second_file(tmp_path: Path) -> None:
    keep(tmp_path, a_claim())
    receipt = keep(tmp_path, a_claim(attempt=2))
    keep(tmp_path, a_claim(idempotency_key="digest:2"))

    assert receipt.state is DeliveryState.SENT
    assert len(list((tmp_path / "new").iterdir())) == 2


def test_a_repeat_finds_what_a_mail_reader_has_moved(tmp_path: Path) -> None:
    keep(tmp_path, a_claim())
    (file,) = (tmp_path / "new").iterdir()
    file.rename(tmp_path / "cur" / f"{file.name}:2,S")

    keep(tmp_path, a_claim())

    assert not list((tmp_path / "new").iterdir())


def test_a_draft_that_a_crash_left_behind_does_not_count(tmp_path: Path) -> None:
    keep(tmp_path, a_claim())
    (file,) = (tmp_path / "new").iterdir()
    file.rename(tmp_path / "tmp" / f"{file.name}.1")

    keep(tmp_path, a_claim(attempt=2))

    assert len(list((tmp_path / "new").iterdir())) == 1


def test_nothing_is_kept_when_it_may_not_be_transmitted(tmp_path: Path) -> None:
    receipt = keep(tmp_path, a_claim(), no)

    assert (receipt.state, receipt.counted) == (DeliveryState.DUE, False)
    assert not list(tmp_path.iterdir())


def test_an_address_that_cannot_be_mailed_to_fails_at_once(tmp_path: Path) -> None:
    assert keep(tmp_path, a_claim(address="a,b@c.example")).state is DeliveryState.FAILED


def test_a_folder_that_cannot_be_written_is_tried_again_without_counting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    receipt = keep(tmp_path / "file", a_claim())

    assert (receipt.state, receipt.counted, receipt.stage) == (DeliveryState.DUE, False, "connect")
