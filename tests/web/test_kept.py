"""Pages that many ask for at once are made once, and given to nobody a moment too late."""

import asyncio
import gzip
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from starlette.types import Receive, Scope, Send

from alerts.web.kept import Kept
from tests.builders import MONDAY
from tests.web.asking import Reply, ask

MOMENT = timedelta(seconds=2)


@dataclass
class Maker:
    """An application that counts how often it is asked, and takes a while."""

    control: bytes = b"no-cache"
    status: int = 200
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    now: datetime = MONDAY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append((scope["path"], scope["query_string"]))
        await asyncio.sleep(0.01)
        headers = [
            (b"cache-control", self.control),
            (b"content-type", b"text/html"),
            (b"content-length", b"2000"),
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"%1d" % len(self.asked) * 2000})


def get(app: Kept, address: str = "/items", method: str = "GET", **headers: str) -> Reply:
    """Return status, headers and body of one answer."""
    return asyncio.run(ask(app, address, method, **headers))


def kept(maker: Maker, moment: timedelta = MOMENT) -> Kept:
    """Return the layer over an application."""
    return Kept(maker, moment, lambda: maker.now)


def test_a_crowd_that_asks_at_once_costs_one_page() -> None:
    maker = Maker()
    app = kept(maker)

    async def crowd() -> list[Reply]:
        return await asyncio.gather(*(ask(app) for _ in range(20)))

    answers = asyncio.run(crowd())

    assert len(maker.asked) == 1
    assert {body for _, _, body in answers} == {b"1" * 2000}


def test_a_page_is_made_anew_when_its_moment_has_passed() -> None:
    maker = Maker()
    app = kept(maker)
    get(app)
    maker.now += MOMENT - timedelta(milliseconds=1)
    assert (get(app))[2] == b"1" * 2000
    maker.now += timedelta(milliseconds=1)

    assert (get(app))[2] == b"2" * 2000


def test_without_a_moment_each_page_is_made_anew() -> None:
    maker = Maker()
    app = kept(maker, timedelta())
    get(app)

    assert (get(app))[2] == b"2" * 2000


def test_another_filter_or_language_is_another_page() -> None:
    maker = Maker()
    app = kept(maker)
    for address in ("/items", "/items?kind=legal-rule", "/items?kind=information"):
        get(app, address)
    get(app, accept_language="zh-CN")

    assert len(maker.asked) == 4


@pytest.mark.parametrize("control", [b"private, no-store", b"no-store", b"private"])
def test_what_only_one_reader_may_see_is_never_given_to_another(control: bytes) -> None:
    maker = Maker(control)
    app = kept(maker)
    get(app, accept_encoding="gzip")
    _, headers, body = get(app, accept_encoding="gzip")

    assert body == b"2" * 2000
    assert "content-encoding" not in headers and "etag" not in headers


@pytest.mark.parametrize(
    "address", ["/my/token", "/u/token", "/confirm/token", "/private/token", "/subscribe"]
)
def test_addresses_that_may_hold_a_secret_pass_by(address: str) -> None:
    maker = Maker()
    app = kept(maker)
    get(app, address)

    assert (get(app, address, accept_encoding="gzip"))[1].keys() == {
        "cache-control",
        "content-type",
        "content-length",
    }
    assert len(maker.asked) == 2


def test_a_fault_is_not_kept() -> None:
    maker = Maker(status=503)
    app = kept(maker)
    get(app)
    maker.status = 200

    assert (get(app))[0] == 200


def test_an_asker_who_has_the_page_gets_nothing_but_word_of_it() -> None:
    app = kept(Maker())
    _, plain, _ = get(app)
    _, packed, _ = get(app, accept_encoding="gzip")

    for mark in (plain["etag"], packed["etag"], f'"other", {plain["etag"]}'):
        status, headers, body = get(app, if_none_match=mark)
        assert (status, body) == (304, b"") and headers["etag"] == plain["etag"]
    assert (get(app, if_none_match='"other"'))[0] == 200


def test_who_understands_gzip_gets_the_same_page_packed() -> None:
    app = kept(Maker())
    _, plain, body = get(app, accept_encoding="identity")
    _, packed, small = get(app, accept_encoding="gzip, br")

    assert gzip.decompress(small) == body and len(small) < len(body)
    assert packed["content-length"] == str(len(small)) and packed["content-encoding"] == "gzip"
    assert plain["vary"] == packed["vary"] == "Accept-Encoding"
    assert packed["etag"] == f"W/{plain['etag']}"


def test_head_tells_of_the_page_without_it() -> None:
    app = kept(Maker())
    _, whole, _ = get(app)

    assert get(app, method="HEAD") == (200, whole, b"")


def test_who_asks_by_date_alone_is_answered_by_the_page_itself() -> None:
    maker = Maker()
    app = kept(maker)
    for _ in range(2):
        get(app, if_modified_since="Mon, 02 Mar 2026 12:00:00 GMT")

    assert len(maker.asked) == 2


def test_what_was_longest_unasked_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerts.web.kept.MOST", 8000)
    maker = Maker()
    app = kept(maker)
    for address in ("/items?n=1", "/items?n=2", "/items?n=1", "/items?n=3"):
        get(app, address)
    get(app, "/items?n=1")
    assert len(maker.asked) == 3
    get(app, "/items?n=2")

    assert len(maker.asked) == 4


def test_one_who_leaves_does_not_take_the_page_from_the_others() -> None:
    maker = Maker()
    app = kept(maker)

    async def two() -> Reply:
        first, second = asyncio.create_task(ask(app)), asyncio.create_task(ask(app))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(two())[2] == b"1" * 2000
