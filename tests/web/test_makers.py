"""Pages that are made in processes of their own: the same as those of the daemon, and never missed where a process fails."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import pytest
from starlette.types import ASGIApp

from alerts.domain.errors import StoreError
from alerts.domain.vocabulary import Language
from alerts.store import Store
from alerts.web import Makers, Site, create_app
from alerts.web.makers import pool
from alerts.web.makers.wire import (
    Question,
    pack_answer,
    pack_feeds,
    pack_question,
    unpack,
    unpack_answer,
)
from alerts.web.whole import Answer
from tests.web.asking import Reply, ask
from tests.web.every_page import LOOKED_AT
from tests.web.world import FEED, QUIET, World

T = TypeVar("T")
COMMAND = (sys.executable, "-m", "tests.web.making")
READ = [
    *LOOKED_AT,
    "feed",
    "json-feed",
    "warning",
    "api",
    "api-item",
    "api-refused",
    "api-unknown",
    "description",
]
MORE = {
    "feed": "/feeds/us.atom?lang=zh-Hans", "json-feed": "/feeds/world.json?kind=legal-rule", "warning": "/items/{item}.cap", "api": "/api/v1/items?limit=2",
    "api-item": "/api/v1/items/{item}", "api-refused": "/api/v1/items?limit=no", "api-unknown": "/api/v1/nothing", "description": "/api/v1/openapi.json",
}  # fmt: skip


class Counting(Makers):
    """Makers that note what they were asked and how many answers they had."""

    asked: list[Question]
    had: int = 0

    async def make(self, question: Question) -> Answer | None:
        self.__dict__.setdefault("asked", []).append(question)
        answer = await super().make(question)
        self.had += answer is not None
        return answer


def with_makers(
    world: World,
    work: Callable[[ASGIApp, Counting], Awaitable[T]],
    command: Sequence[str] = COMMAND,
    most: int = 1,
) -> T:
    """Return what ``work`` returns of a site whose pages are made elsewhere."""

    async def go() -> T:
        makers = Counting(command, str(world.path).encode(), world.site.feeds, most)
        app = create_app(world.site, makers)
        await ask(app, "/items")  # the first is made here, and starts a process
        if command is COMMAND:
            await up(makers)
        try:
            return await work(app, makers)
        finally:
            await makers.close()
            assert not makers._all

    return asyncio.run(go())


async def up(makers: Makers) -> None:
    """Wait until no process is being started any more."""
    while makers._starting is not None:
        await asyncio.sleep(0.01)


def address(world: World, name: str) -> str | None:
    """Return the address of a page that is for everybody."""
    shown = {"item": world.items["337"], "chinese": world.items["zh"], "matter": world.matter}
    try:
        return (MORE.get(name) or LOOKED_AT[name][0]).format(**shown)
    except KeyError:  # somebody's own
        return None


def test_a_page_is_the_same_wherever_it_is_made(world: World) -> None:
    paths = [path for name in READ if (path := address(world, name))]

    async def all_of_them(app: ASGIApp, _: object = None) -> list[Reply]:
        return [await ask(app, path, accept_language=tongue) for path in paths for tongue in ("en", "zh-CN")]

    async def elsewhere(app: ASGIApp, makers: Counting) -> tuple[list[Reply], int]:
        before = makers.had
        return await all_of_them(app), makers.had - before

    found, had = with_makers(world, elsewhere)
    assert found == asyncio.run(all_of_them(create_app(world.site)))
    assert had > len(paths)  # most of them in both languages


@pytest.mark.parametrize(
    "headers", [{"if_none_match": "*"}, {"if_modified_since": "Fri, 01 Jan 2038 00:00:00 GMT"}]
)
def test_what_somebody_has_is_not_sent_again(world: World, headers: dict[str, str]) -> None:
    async def twice(app: ASGIApp, makers: Counting) -> Reply:
        answer = await ask(app, "/feeds/us.atom", **headers)
        assert makers.had
        return answer

    status, _, body = with_makers(world, twice)
    assert (status, body) == (304, b"")


def test_who_asks_for_the_head_gets_no_body(world: World) -> None:
    async def both(app: ASGIApp, _: Counting) -> tuple[Reply, Reply]:
        path = "/subscribe/topics?region=US"
        return await ask(app, path, "HEAD"), await ask(app, path)

    head, whole = with_makers(world, both)
    assert head[2] == b"" and whole[2] and head[:2] == whole[:2]


def test_nothing_secret_is_handed_on(world: World) -> None:
    secret = [f"/u/{world.token}", f"/calendar/{world.calendar}.ics", "/manage", "/admin", "/static/site.css", world.asked("my", "/my/{session}"),
              world.asked("confirm", "/confirm/{token}")]  # fmt: skip

    async def look(app: ASGIApp, makers: Counting) -> list[Question]:
        for path in secret:
            await ask(app, path, cookie="session=secret")
        await ask(app, "/subscribe/address", "POST")
        makers.asked.clear()
        for path in [*secret, "/items?kind=legal-rule"]:
            await ask(app, path, cookie="session=secret", authorization="Basic secret")
        return makers.asked

    [question] = with_makers(world, look)
    assert question.path == "/items" and not {name for name, _ in question.headers} & {
        b"cookie",
        b"authorization",
    }


def test_a_page_whose_process_broke_is_made_here_and_the_next_one_elsewhere_again(world: World) -> None:
    async def breaking(app: ASGIApp, makers: Counting) -> None:
        assert (await ask(app, "/items/the/end"))[0] == 404
        assert not makers._all
        had = makers.had
        assert (await ask(app, "/dates"))[0] == 200 and makers.had == had
        await up(makers)
        assert (await ask(app, "/dates"))[0] == 200 and makers.had == had + 1

    with_makers(world, breaking)


def test_who_waits_for_a_process_that_breaks_is_answered_here(world: World) -> None:
    async def together(app: ASGIApp, _: Counting) -> list[int]:
        answers = await asyncio.gather(
            *(ask(app, path) for path in ("/items/the/end", "/items", "/", "/matters", "/feeds/us.rss"))
        )
        return [status for status, _, _ in answers]

    assert with_makers(world, together) == [404, 200, 200, 200, 200]


@pytest.mark.parametrize("program", [
    "import sys; sys.exit(3)", "raise SystemExit", "import sys; sys.stdout.write('!'); sys.stdout.flush(); sys.stdin.read(1)",
    "import sys; sys.stdout.write('!\\xff\\xff\\xff\\xff'); sys.stdout.flush(); sys.stdin.read()",
    "import sys; sys.stdout.buffer.write(b'!\\0\\0\\0\\1x'); sys.stdout.flush(); sys.stdin.read()",
])  # fmt: skip
def test_a_process_that_is_no_maker_costs_no_page(world: World, program: str) -> None:
    async def look(app: ASGIApp, makers: Counting) -> list[int]:
        found = []
        for path in ("/items", "/matters", "/items"):
            await up(makers)
            found.append((await ask(app, path))[0])
        assert makers.had == 0
        return found

    assert with_makers(world, look, (sys.executable, "-c", program)) == [200, 200, 200]


def test_a_program_that_is_not_there_costs_no_page(world: World) -> None:
    async def look(app: ASGIApp, makers: Counting) -> int:
        await up(makers)
        return (await ask(app, "/items"))[0]

    assert with_makers(world, look, ("/nowhere/python",)) == 200


def test_a_page_that_takes_too_long_is_made_here(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LIMIT", 0.05)
    hangs = (
        sys.executable,
        "-c",
        "import sys, time; sys.stdout.write('!'); sys.stdout.flush(); time.sleep(60)",
    )

    async def look(app: ASGIApp, makers: Counting) -> int:
        await up(makers)
        return (await ask(app, "/items"))[0]

    assert with_makers(world, look, hangs) == 200


def test_a_changed_catalogue_shows_with_the_next_page(world: World) -> None:
    feeds = {"now": {FEED.id: FEED, QUIET.id: QUIET}}
    renamed = replace(FEED, name={Language.ENGLISH: "Renamed office", Language.CHINESE: "改名"})

    async def go() -> tuple[bytes, bytes]:
        site: Site = replace(world.site, feeds=lambda: feeds["now"])
        makers = Makers(COMMAND, str(world.path).encode(), site.feeds, 1)
        app = create_app(site, makers)
        await ask(app, "/items")
        await up(makers)
        before = (await ask(app, "/"))[2]
        feeds["now"] = {FEED.id: renamed, QUIET.id: QUIET}
        after = (await ask(app, "/"))[2]
        await makers.close()
        return before, after

    before, after = asyncio.run(go())
    assert b"US office" in before and b"Renamed office" in after and b"US office" not in after


def test_as_many_are_started_as_are_busy_and_no_more(world: World) -> None:
    async def crowd(app: ASGIApp, makers: Counting) -> int:
        for _ in range(4):
            await asyncio.gather(*(ask(app, f"/items?q=word{n}") for n in range(6)))
            await up(makers)
        return len(makers._all)

    assert with_makers(world, crowd, most=2) == 2


def test_makers_end_with_the_daemon_s_pipe(world: World) -> None:
    async def look(_: ASGIApp, makers: Counting) -> int:
        [maker] = makers._all
        assert maker._process.stdin is not None
        maker._process.stdin.close()
        return await maker._process.wait()

    assert with_makers(world, look) == 0


def test_what_goes_through_the_pipe_comes_out_as_it_went_in() -> None:
    question, answer = (
        Question("/items", b"q=\xff", [(b"accept", b"*/*")], ("::1", 9)),
        Answer(200, [(b"etag", b'"x"')], b"\0\xff"),
    )

    assert unpack(pack_question(question)) == question and unpack_answer(pack_answer(answer)) == answer
    asked = replace(FEED, headers={"Authorization": "secret"})
    assert unpack(pack_feeds({FEED.id: asked})) == {FEED.id: replace(FEED, headers={})}


@pytest.mark.parametrize(
    "payload", [b"", b"x", pack_question(Question("/", b"", [], None)), b"\xe9\x01\x00\x00\x00"]
)
def test_what_is_no_answer_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError, match="not an answer"):
        unpack_answer(payload)


def test_a_store_that_only_reads_changes_nothing(world: World) -> None:
    before = world.fingerprint()
    store = Store.open(f"sqlite:///{world.path}", read_only=True)
    assert store.items.count() == 3
    with pytest.raises(StoreError, match=r"readonly|read-only"):
        store.feeds.sync([FEED], world.clock.now())
    store.close()
    assert world.fingerprint() == before
