"""A change of address: the new one confirms, the old one is told and can keep the alerts."""

from dataclasses import dataclass

import pytest

from alerts.domain.requests import Request
from tests.clocks import NOON
from tests.web.world import SUBSCRIBER, Browser, World, move_to

NEW, OTHER = "fresh@firm.example", "thief@evil.example"


@dataclass
class Mover:
    """A subscriber who wants the alerts elsewhere."""

    world: World
    browser: Browser

    def ask(self, address: str = NEW) -> tuple[Request, Request]:
        """Return the request that the new address confirms, and the one by which the old one keeps the alerts."""
        contact = self.world.site.store.subscribers.contact(SUBSCRIBER)
        assert contact is not None
        mine = self.world.asked("my", "/my/{session}")
        answer = self.browser.post(mine, contact=str(contact.id), action="move", email=address)
        assert answer.status == 200 and "a mail is on its way" in answer.text
        found = self.world.site.store.requests.claim(NOON, 10)
        (asked,) = (one for one in found if one.moves is not None)
        (notice,) = (one for one in found if one.undoes is not None)
        return asked, notice

    def press(self, door: str, request: Request, action: str) -> int:
        """Return the status after a button was pressed."""
        return self.browser.post(
            f"/{door}/{self.world.site.tokens.request(request.public_id)}", action=action
        ).status

    @property
    def mailed(self) -> list[str]:
        """Return the addresses that are mailed."""
        people = self.world.site.store.subscribers.contacts()
        return [at.address for one in people for at in one.endpoints if at.active]


@pytest.fixture
def mover(world: World, browser: Browser) -> Mover:
    return Mover(world, browser)


def test_nothing_moves_before_the_new_address_says_so(mover: Mover) -> None:
    asked, notice = mover.ask()

    assert (asked.address, notice.address) == (NEW, SUBSCRIBER)
    assert mover.mailed == [SUBSCRIBER]


def test_the_new_address_confirms_and_everything_else_stays(mover: Mover) -> None:
    store = mover.world.site.store
    before = store.subscribers.contact(SUBSCRIBER)
    asked, _ = mover.ask()

    assert mover.press("confirm", asked, "confirm") == 303

    after = store.subscribers.contact(NEW)
    assert before is not None and after is not None
    assert mover.mailed == [NEW]
    assert (after.id, after.watches, after.consent) == (before.id, before.watches, before.consent)
    assert after.endpoints[0].public_id == before.endpoints[0].public_id, "links in old mails go on working"
    assert store.ledger.tail()[-1].event == "moved"
    assert NEW not in store.ledger.tail()[-1].detail


def test_the_old_address_keeps_them_before_or_after_and_all_pages_are_closed(mover: Mover) -> None:
    asked, notice = mover.ask()
    assert mover.press("keep", notice, "keep") == 200
    assert mover.press("confirm", asked, "confirm") == 410
    assert mover.mailed == [SUBSCRIBER]


def test_a_thief_who_moves_twice_keeps_nothing(mover: Mover) -> None:
    asked, notice = mover.ask(OTHER)
    assert mover.press("confirm", asked, "confirm") == 303
    store = mover.world.site.store
    contact = store.subscribers.contact(OTHER)
    assert contact is not None
    move_to(store, contact, "second@evil.example", NOON)
    again = next(
        one for one in store.requests.claim(NOON, 10) if one.moves is not None and one.used_at is None
    )
    assert mover.press("confirm", again, "confirm") == 303
    assert mover.mailed == ["second@evil.example"]

    assert mover.press("keep", notice, "keep") == 200

    assert mover.mailed == [SUBSCRIBER]
    session = mover.world.site.tokens.session(again.public_id, int(NOON.timestamp()) + 600)
    assert mover.browser.get(f"/my/{session}").status == 404
    assert mover.press("keep", notice, "keep") == 410, "once"


def test_a_colleagues_address_is_not_taken_over(mover: Mover) -> None:
    asked, _ = mover.ask()
    store = mover.world.site.store
    wish = asked.subscription
    assert wish is not None
    store.subscribers.subscribe(wish, NOON, NOON, "other")

    mover.press("confirm", asked, "confirm")

    assert sorted(mover.mailed) == sorted([NEW, SUBSCRIBER])


@pytest.mark.parametrize("address", [SUBSCRIBER, SUBSCRIBER.upper(), "nobody", "a@b.example, c@d.example"])
def test_an_address_that_is_none_or_the_same_is_refused(mover: Mover, address: str) -> None:
    contact = mover.world.site.store.subscribers.contact(SUBSCRIBER)
    assert contact is not None
    mine = mover.world.asked("my", "/my/{session}")
    before = mover.world.fingerprint()

    assert mover.browser.post(mine, contact=str(contact.id), action="move", email=address).status == 422
    assert mover.world.fingerprint() == before
