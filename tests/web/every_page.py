"""Every page of the site in every state that it can be in: for those who look at pages, whichever they are.

A new page is one line of ``LOOKED_AT`` or ``SENT``; ``test_every_page.py`` fails until each address that answers with a page has one.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from alerts.domain.errors import StoreError
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import Language
from tests.clocks import NOON
from tests.web.office import Furnished, Visitor, furnish
from tests.web.posting import posting
from tests.web.world import Browser, Reply, World, a_world, browsing, fail, settled

CHOSEN = "region=US&region=eu&right=trademark"
WISH = {"region": "US", "right": "trademark"}
ASKED = WISH | {"email": "new@firm.example", "company": "New Firm", "agree": "yes"}
LOOKED_AT: Mapping[str, tuple[str, int]] = {  # by name: the address, and the status of its answer
    "overview": ("/", 200),
    "archive": ("/items", 200),
    "archive-chosen": ("/items?severity=critical&q=order", 200),
    "archive-empty": ("/items?q=nowhere", 200),
    "archive-unknown": ("/items?kind=nonsense", 400),
    "item": ("/items/{item}", 200),
    "item-chinese": ("/items/{chinese}", 200),
    "matters": ("/matters", 200),
    "matters-empty": ("/matters?kind=information", 200),
    "matter": ("/matters/{matter}", 200),
    "dates": ("/dates", 200),
    "dates-empty": ("/dates?since=2031-01-01", 200),
    "regions": ("/subscribe", 200),
    "regions-missing": ("/subscribe/topics?from=regions", 422),
    "topics": (f"/subscribe/topics?{CHOSEN}", 200),
    "words": (f"/subscribe/words?{CHOSEN}", 200),
    "delivery": (f"/subscribe/delivery?{CHOSEN}", 200),
    "delivery-nothing": ("/subscribe/delivery?region=TH", 200),
    "address": (f"/subscribe/address?{CHOSEN}", 200),
    "api": ("/api/docs", 200),
    "manage": ("/manage", 200),
    "leave": ("/u/{unsubscribe}", 200),
    "confirm": ("/confirm/{join}", 200),
    "access": ("/access/{access}", 200),
    "access-used": ("/access/{used}", 410),
    "keep": ("/keep/{keep}", 200),
    "my": ("/my/{session}", 200),
    "my-watch": ("/my/{session}/watch/{watch}", 200),
    "missing": ("/nothing-here", 404),
}
SENT: Mapping[str, tuple[str, Mapping[str, str], int]] = {  # in this order: by name, address, fields, status
    "address-bad": ("/subscribe/address", ASKED | {"email": "not an address"}, 422),
    "address-disagrees": ("/subscribe/address", ASKED | {"agree": ""}, 422),
    "address-nowhere": ("/subscribe/address", ASKED | {"region": ""}, 422),
    "address-sent": ("/subscribe/address", ASKED, 200),
    "address-again": ("/subscribe/address", ASKED | {"again": "yes"}, 200),
    "manage-bad": ("/manage", {"email": "@"}, 422),
    "manage-sent": ("/manage", {"email": "new@firm.example"}, 200),
    "my-unsure": ("/my/{session}", {"action": "delete"}, 422),
    "my-no-day": ("/my/{session}", {"action": "pause", "contact": "{contact}", "until": "soon"}, 422),
    "my-bad-colleague": ("/my/{session}", {"action": "invite", "contact": "{contact}", "email": "@"}, 422),
    "my-same": (
        "/my/{session}",
        {"action": "move", "contact": "{contact}", "email": "legal@firm.example"},
        422,
    ),
    "my-no-region": ("/my/{session}", {"action": "watch", "contact": "{contact}", "watch": "{watch}"}, 422),
    "my-saved": ("/my/{session}", {"action": "schedule", "contact": "{contact}", "rhythm": "weekly"}, 200),
    "my-paused": ("/my/{session}", {"action": "pause", "contact": "{contact}", "until": "2026-03-20"}, 200),
    "my-asked": (
        "/my/{session}",
        {"action": "invite", "contact": "{contact}", "email": "b@firm.example"},
        200,
    ),
    "leave-left": ("/u/{unsubscribe}", {"action": "leave"}, 200),
    "leave-back": ("/u/{unsubscribe}", {"action": "rejoin"}, 200),
    "confirm-forbidden": ("/confirm/{new}", {"action": "forbid"}, 200),
    "confirm-nonsense": ("/confirm/{join}", {"action": "nonsense"}, 400),
    "wrong-method": ("/items", {}, 405),
    "too-much": ("/manage", {"email": "x" * 300_000}, 413),
}
ROOMS = (
    "/admin", "/admin/feeds", "/admin/feeds/{feed_id}", "/admin/review", "/admin/review/{number}", "/admin/deliveries",
    "/admin/deliveries/{number}", "/admin/suppressions", "/admin/suppressions/{number}", "/admin/audit", "/admin/sessions", "/admin/login",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it was answered."""

    name: str
    path: str
    status: int
    html: str


Look = Callable[[World, Browser, Language], Iterator[Seen]]


def gathered(folder: Path, language: Language, looks: Sequence[Look]) -> list[Seen]:
    """Return the pages that ``looks`` find in one language, each in a world of its own."""
    found: list[Seen] = []
    for number, look in enumerate(looks):
        database = settled(folder / f"{number}-{language}.db")
        with a_world(database) as world, browsing(world.site) as browser:
            found += look(world, browser, language)
    return found


def every_page(world: World, browser: Browser, language: Language) -> Iterator[Seen]:
    """Yield the public pages; what a form changes is changed, so the world is of no use afterwards."""
    filled = _filling(world)
    for name, (path, status) in LOOKED_AT.items():
        where = path.format_map(filled)
        yield _seen(name, where, browser.get(_in(where, language)), status)
    for name, (path, fields, status) in SENT.items():
        if "{new}" in path:
            filled["new"] = _newest(world)
        where = path.format_map(filled)
        form = {key: value.format_map(filled) for key, value in fields.items()}
        yield _seen(name, where, browser.post(_in(where, language), **form), status)
    yield from _posted(world, language, filled)
    yield from _later(world, browser, language, filled)


def rooms(world: World, browser: Browser, language: Language) -> Iterator[Seen]:
    """Yield the admins' pages, and the door as it is seen from outside."""
    visitor = Visitor(world, browser)
    assert visitor.given.codes
    furnished: Furnished = furnish(world.site.store)
    yield _seen("admin-login", "/admin/login", visitor.get(_in("/admin/login", language)), 200)
    yield _seen("admin-login-bad", "/admin/login", visitor.send(_in("/admin/login", language), {}), 401)
    assert visitor.log_in().status == 303
    for room in ROOMS:
        where = furnished.filled(room)
        yield _seen(room[1:].translate(_SAFE), where, visitor.get(_in(where, language)), 200)


def _posted(world: World, language: Language, filled: Mapping[str, str]) -> Iterator[Seen]:
    """The settings of a site that posts to webhooks."""
    mine = filled["mine"]
    with posting(world) as (site, server), browsing(site) as browser:
        yield _seen("my-hooks", mine, browser.get(_in(mine, language)), 200)
        for name, url, status in (
            ("hook-bad", "ftp://firm.example/x", 422), ("hook-silent", server.url("/silent"), 422), ("hook-added", server.url("/hook"), 200),
        ):  # fmt: skip
            form = {"action": "hook-add", "contact": filled["contact"], "channel": "webhook", "url": url}
            yield _seen(f"my-{name}", mine, browser.post(_in(mine, language), **form), status)


def _later(world: World, browser: Browser, language: Language, filled: Mapping[str, str]) -> Iterator[Seen]:
    """What is seen when something went wrong, or time has passed."""
    busy = _in("/manage", language)
    answers = (browser.post(busy, email=f"{number}@firm.example") for number in range(100))
    yield _seen("busy", "/manage", next(one for one in answers if one.status == 429), 429)
    fail(world.site.store, NOON + timedelta(hours=1))
    world.clock.move(timedelta(days=4))
    for name, path, status in (
        ("overview-dark", "/", 200), ("confirm-late", filled["late"], 410), ("my-over", filled["mine"], 404),
    ):  # fmt: skip
        yield _seen(name, path, browser.get(_in(path, language)), status)
    mine = world.asked("my", "/my/{session}")
    left = browser.post(_in(mine, language), action="leave", contact=filled["contact"])
    yield _seen("my-left", mine, left, 200)
    deleted = browser.post(_in(mine, language), action="delete", sure="yes")
    yield _seen("my-deleted", mine, deleted, 200)
    for name, feeds, status in (("overview-empty", dict, 200), ("broken", _broken, 503)):
        with browsing(replace(world.site, feeds=feeds)) as other:
            yield _seen(name, "/", other.get(_in("/", language)), status)


def _broken() -> Mapping[str, Feed]:
    raise StoreError("the database is away")


def _filling(world: World) -> dict[str, str]:
    tokens, (join, access, used, kept) = world.site.tokens, world.requests
    contact = world.site.store.subscribers.contact("legal@firm.example")
    assert contact is not None
    session = world.asked("my", "{session}")
    return {
        "item": str(world.items["337"]), "chinese": str(world.items["zh"]), "matter": str(world.matter), "unsubscribe": world.token,
        "join": tokens.request(join), "access": tokens.request(access), "used": tokens.request(used), "keep": tokens.request(kept), "session": session,
        "watch": str(contact.watches[0].id), "contact": str(contact.id), "late": f"/confirm/{tokens.request(join)}",
        "mine": f"/my/{session}",
    }  # fmt: skip


def _newest(world: World) -> str:
    """Return the word of the newest request to join."""
    with sqlite3.connect(world.path) as connection:
        [row] = connection.execute("SELECT public_id FROM account_request WHERE purpose = 'join' ORDER BY id DESC LIMIT 1").fetchall()  # fmt: skip
    connection.close()
    return world.site.tokens.request(str(row[0]))


def _in(path: str, language: Language) -> str:
    return f"{path}{'&' if '?' in path else '?'}{urlencode({'lang': language.value})}"


def _seen(name: str, path: str, answer: Reply, status: int) -> Seen:
    assert answer.status == status, f"{name}: {answer.status}"
    assert answer.headers["content-type"].startswith("text/html"), name
    return Seen(name, path.partition("?")[0], answer.status, answer.text)


_SAFE = str.maketrans({"/": "-", "{": None, "}": None})
