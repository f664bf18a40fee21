"""Words that open something: forged, borrowed, used up and guessed ones are all answered alike, and none is in the database."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest

from alerts.domain.people import Subscription
from alerts.domain.requests import NewRequest, Purpose
from alerts.domain.vocabulary import Language
from alerts.domain.watches import Criteria
from alerts.match.criteria import criteria_hash
from alerts.web.failures import MOST, Failures
from tests.clocks import NOON
from tests.web.world import Browser, World, browsing

DOORS = (
    "/u/{}", "/confirm/{}", "/access/{}", "/keep/{}", "/my/{}", "/my/{}/export.json", "/my/{}/watch/1",
    "/calendar/{}.ics", "/private/{}.atom",
)  # fmt: skip


def words(world: World) -> dict[str, str]:
    """Return a good word for each door."""
    join, access, used, kept = world.requests
    tokens, end = world.site.tokens, int(world.site.clock.now().timestamp()) + 600
    return {
        "/u/{}": world.token,
        "/confirm/{}": tokens.request(join),
        "/access/{}": tokens.request(access),
        "/keep/{}": tokens.request(kept),
        "/my/{}": tokens.session(used, end),
        "/calendar/{}.ics": world.calendar,
    }


def forged(good: str) -> list[str]:
    named, _, mac = good.partition(".")
    other = "A" if mac[-2] != "A" else "B"
    return [
        f"{named}.{mac[:-2]}{other}{mac[-1]}",
        f"{named}.",
        named,
        f"{named}x.{mac}",
        f".{mac}",
        "x" * 2000,
    ]


def test_every_word_that_is_not_right_is_answered_alike(world: World) -> None:
    good = words(world)
    for door in DOORS:
        with browsing(world.site) as browser:
            answers = [browser.get(door.format(one)) for one in forged(good.get(door, good["/my/{}"]))]
        assert {answer.status for answer in answers} == {404}, door
        assert len({answer.text for answer in answers}) == 1, door


def test_a_word_of_one_door_opens_no_other(world: World) -> None:
    good = words(world)
    for home, word in good.items():
        with browsing(world.site) as browser:
            for door in DOORS:
                same = door.startswith(home.split("{")[0]) or {home, door} <= {
                    "/calendar/{}.ics",
                    "/private/{}.atom",
                }
                if not same:
                    assert browser.get(door.format(word)).status == 404, (home, door)
                    assert browser.post(door.format(word), action="confirm").status in (404, 405), (
                        home,
                        door,
                    )


def test_the_database_alone_opens_nothing(world: World) -> None:
    with sqlite3.connect(world.path) as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()

    assert world.requests[0] in dump, "the looking finds what is there"
    for word in words(world).values():
        assert word not in dump and word.partition(".")[2] not in dump


def test_a_session_ends_with_its_time_and_when_it_is_closed(world: World, browser: Browser) -> None:
    used, now = world.requests[2], int(world.site.clock.now().timestamp())
    over, open_ = (world.site.tokens.session(used, now + seconds) for seconds in (0, 600))

    assert browser.get(f"/my/{over}").status == 404
    assert browser.get(f"/my/{open_}").status == 200
    assert browser.post(f"/my/{open_}", action="close").status == 303
    assert browser.get(f"/my/{open_}").status == 404


def test_whoever_guesses_is_shut_out_and_others_are_not(world: World) -> None:
    site = replace(world.site, proxies=frozenset({"127.0.0.1"}))
    guesser, reader = {"X-Forwarded-For": "203.0.113.7"}, {"X-Forwarded-For": "198.51.100.7"}
    good = words(world)
    with browsing(site) as browser:
        guessed = [browser.ask("GET", f"/my/{n}", headers=guesser).status for n in range(MOST + 1)]
        assert guessed == [404] * MOST + [429]
        shut = browser.ask("GET", f"/my/{good['/my/{}']}", headers=guesser)
        assert (shut.status, shut.headers["retry-after"]) == (429, "600")
        assert browser.ask("GET", f"/my/{good['/my/{}']}", headers=reader).status == 200
        assert browser.ask("GET", "/items", headers=guesser).status == 200, (
            "what needs no word is there for all"
        )
        one_click = {**guesser, "Content-Type": "application/x-www-form-urlencoded"}
        left = browser.ask("POST", f"/u/{world.token}", b"List-Unsubscribe=One-Click", one_click)
        assert left.status == 200 and not world.active, "nobody is kept from leaving"


def test_failures_are_forgotten_after_ten_minutes() -> None:
    failures = Failures()
    for number in range(MOST):
        failures.add("net", number)

    assert failures.shut("net", MOST)
    assert not failures.shut("net", 600.0)


@pytest.fixture
def tenants(world: World) -> Iterator[tuple[World, str, int, int]]:
    """A second company: the way to its settings, its contact and its watch."""
    store, address = world.site.store, "other@rival.example"
    wish = Criteria(regions=("JP",), terms=("Secret plan",))
    store.subscribers.subscribe(Subscription("Rival KK", address, wish), NOON, NOON, criteria_hash(wish))
    store.requests.ask(NewRequest(Purpose.ACCESS, address, Language.ENGLISH, "rival"), NOON)
    (asked,) = store.requests.claim(NOON, 1)
    store.requests.done(asked.id)
    assert store.requests.use(asked, NOON, owes=False)
    contact = store.subscribers.contact(address)
    assert contact is not None
    mine = world.site.tokens.session(asked.public_id, int(NOON.timestamp()) + 600)
    yield world, f"/my/{mine}", contact.id, contact.watches[0].id


ACTIONS = ("schedule", "watch", "pause", "resume", "leave", "invite")


@pytest.mark.parametrize("action", ACTIONS)
def test_one_company_never_reaches_another(tenants: tuple[World, str, int, int], action: str) -> None:
    world, mine, contact, _ = tenants
    theirs = world.site.store.subscribers.contact("legal@firm.example")
    assert theirs is not None
    fields = {
        "action": action,
        "region": "CN",
        "until": "2026-12-31",
        "email": "x@y.example",
        "rhythm": "weekly",
    }
    before = world.fingerprint()
    with browsing(world.site) as browser:
        swapped = browser.post(mine, contact=str(theirs.id), watch=str(theirs.watches[0].id), **fields)
        nobody = browser.post(mine, contact="999999", watch="999999", **fields)
        mixed = browser.post(mine, contact=str(contact), watch=str(theirs.watches[0].id), **fields)

    assert (swapped.status, nobody.status) == (404, 404)
    assert swapped.text == nobody.text, "a number of somebody else's is like one that does not exist"
    if action == "watch":
        assert mixed.status == 404 and mixed.text == nobody.text
        assert world.fingerprint() == before


def test_the_page_of_anothers_watch_is_not_there(tenants: tuple[World, str, int, int]) -> None:
    world, mine, _, watch = tenants
    theirs = world.site.store.subscribers.contact("legal@firm.example")
    assert theirs is not None
    with browsing(world.site) as browser:
        assert browser.get(f"{mine}/watch/{watch}").status == 200
        swapped, nobody = (browser.get(f"{mine}/watch/{n}") for n in (theirs.watches[0].id, 999999))
        own = browser.get(mine).text + browser.get(f"{mine}/export.json").text

    assert (swapped.status, swapped.text) == (404, nobody.text)
    assert "Rival KK" in own and "Example GmbH" not in own and "legal@firm.example" not in own
