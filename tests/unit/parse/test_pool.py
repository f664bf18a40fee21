"""A document can waste one child's time and nothing else."""

import asyncio
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

import alerts
from alerts.domain.collected import Parsed
from alerts.domain.errors import ParseError
from alerts.domain.vocabulary import Outcome
from alerts.parse import parse_here
from alerts.parse.pool import Limits, ParserPool
from tests.documents import api, document, page, rss, source

GOOD = document(rss("<title>Notice</title><link>/1</link>"))
# Passes the guard, and takes feedparser minutes: each author is quadratic.
SLOW = document(rss(*["<title>x</title><author>a@" + "a." * 1_900 + "</author>"] * 2_000))


def with_pool(
    story: Callable[[ParserPool], Awaitable[None]], size: int = 1, limits: Limits | None = None
) -> None:
    async def run() -> None:
        pool = ParserPool(size, limits)
        try:
            await story(pool)
        finally:
            await pool.close()

    asyncio.run(run())


def test_a_child_reads_what_this_process_would_read() -> None:
    readings = [
        (GOOD, source()),
        (
            document('{"results": [{"id": 1, "title": "\\ud83d\\ude00 \\ud800", "date": "2026-11-20"}]}'),
            api(),
        ),
        (document("<ul><li><a href=/1>Notice one</a> 2026-11-20</li></ul>"), page(rows="li")),
    ]

    async def story(pool: ParserPool) -> None:
        for given, feed in readings:
            assert await pool.parse(given, feed) == parse_here(given, feed)

    with_pool(story)


def test_a_refusal_crosses_the_pipe_with_its_reason() -> None:
    async def story(pool: ParserPool) -> None:
        for text, outcome in (("", Outcome.EMPTY), ("<html><title>News</title></html>", Outcome.NOT_A_FEED)):
            with pytest.raises(ParseError) as refusal:
                await pool.parse(document(text), source())
            assert refusal.value.outcome is outcome
            assert refusal.value.detail

    with_pool(story)


def test_a_document_that_takes_too_long_is_ended_and_the_next_is_read() -> None:
    async def story(pool: ParserPool) -> None:
        await pool.parse(GOOD, source())
        started = time.monotonic()
        with pytest.raises(ParseError, match=r"took longer than 0.5 s") as refusal:
            await pool.parse(SLOW, source())
        assert time.monotonic() - started < 2
        assert refusal.value.outcome is Outcome.HOSTILE
        assert (await pool.parse(GOOD, source())).entries

    with_pool(story, limits=Limits(wall=0.5))


@pytest.mark.parametrize(
    "mapping",
    [
        {"link_pattern": r".*.*.*.*.*.*=z$"},
        {"rows": "li", "exclude_title": (r"(?:\w\s|a\s)+$",)},
        {"rows": "li", "date_pattern": r"(?:\d\s|1\s)+$"},
    ],
)
def test_an_expression_of_the_admins_that_runs_away_is_ended_and_named(mapping: dict[str, object]) -> None:
    row = f"<li><a href='/{'a' * 60}!'>{'a ' * 40}!</a> {'1 ' * 40}!</li>"

    async def story(pool: ParserPool) -> None:
        with pytest.raises(ParseError, match="regular expression of its mapping"):
            await pool.parse(document(f"<ul>{row * 200}</ul>"), page(**mapping))
        assert (await pool.parse(GOOD, source())).entries

    with_pool(story, limits=Limits(wall=0.5))


def test_a_document_that_burns_processor_time_is_ended_by_the_kernel() -> None:
    async def story(pool: ParserPool) -> None:
        with pytest.raises(ParseError, match="used up what a reader may use of CPU time") as refusal:
            await pool.parse(SLOW, source())
        assert refusal.value.outcome is Outcome.HOSTILE
        assert (await pool.parse(GOOD, source())).entries

    with_pool(story, limits=Limits(wall=60, cpu=1))


def test_the_kernel_holds_a_child_to_512_mib_five_seconds_and_no_file_of_its_own() -> None:
    async def story(pool: ParserPool) -> None:
        await pool.parse(GOOD, source())
        child = pool._idle[0]._process.pid
        assert resource.prlimit(child, resource.RLIMIT_AS)[0] == 512 * 1024 * 1024
        assert 5 <= resource.prlimit(child, resource.RLIMIT_CPU)[0] <= 7
        assert resource.prlimit(child, resource.RLIMIT_FSIZE) == (0, 0)

    if hasattr(resource, "prlimit"):
        with_pool(story)


def test_a_slow_document_does_not_hold_up_another_child() -> None:
    async def story(pool: ParserPool) -> None:
        slow = asyncio.create_task(pool.parse(SLOW, source()))
        read: list[Parsed] = [await pool.parse(GOOD, source()) for _ in range(3)]
        assert all(parsed.entries for parsed in read)
        assert not slow.done()
        with pytest.raises(ParseError):
            await slow

    with_pool(story, size=2, limits=Limits(wall=1.5))


def test_a_child_that_dies_takes_only_its_own_document_with_it() -> None:
    async def story(pool: ParserPool) -> None:
        await pool.parse(GOOD, source())
        pool._idle[0]._process.kill()
        with pytest.raises(ParseError) as refusal:
            await pool.parse(GOOD, source())
        assert refusal.value.outcome in {Outcome.HOSTILE, Outcome.INTERNAL}
        assert (await pool.parse(GOOD, source())).entries

    with_pool(story)


def test_a_child_is_replaced_after_its_share_of_documents() -> None:
    async def story(pool: ParserPool) -> None:
        ids = []
        for _ in range(4):
            await pool.parse(GOOD, source())
            ids.append(pool._idle[0]._process.pid if pool._idle else None)
        assert ids[0] is not None
        assert ids[1] is None
        assert ids[2] not in {None, ids[0]}

    with_pool(story, limits=Limits(recycle_after=2))


def test_a_reading_that_is_cancelled_leaves_a_usable_pool() -> None:
    async def story(pool: ParserPool) -> None:
        reading = asyncio.create_task(pool.parse(SLOW, source()))
        await asyncio.sleep(0.05)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert (await pool.parse(GOOD, source())).entries

    with_pool(story)


def test_no_child_is_started_before_the_first_document() -> None:
    async def story(pool: ParserPool) -> None:
        assert not pool._idle

    with_pool(story)


FENCED = """
import sys
sys.argv = ["worker", "5", "536870912"]
from alerts.parse import worker
worker._load_readers()
worker._limit(int(sys.argv[2]))
sys.addaudithook(worker._refuse)
try:
    {attempt}
except worker.FenceError as refused:
    print("refused:", refused)
except (OSError, MemoryError) as refused:
    print("refused:", type(refused).__name__)
else:
    print("done")
"""


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', {port}), 1)",
        "import socket; socket.getaddrinfo('office.example', 80)",
        "open({path!r}, 'w')",
        "import os; os.open({path!r}, os.O_WRONLY | os.O_CREAT)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "import os; os.remove({path!r})",
        "bytearray(1 << 30)",
    ],
)
def test_a_child_cannot_reach_the_network_write_run_programs_or_take_all_memory(
    attempt: str, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        filled = attempt.format(port=server.getsockname()[1], path=str(tmp_path / "x"))
        root = str(Path(alerts.__file__).parent.parent)
        done = subprocess.run(
            [sys.executable, "-c", FENCED.format(attempt=filled)],
            capture_output=True, text=True, env={"PYTHONPATH": root}, check=False,
        )  # fmt: skip
    assert done.stdout.startswith("refused"), done
    assert not (tmp_path / "x").exists()


def test_the_environment_of_a_child_holds_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTS_SECRET_KEY", "do-not-pass")

    async def story(pool: ParserPool) -> None:
        await pool.parse(GOOD, source())
        environment = Path(f"/proc/{pool._idle[0]._process.pid}/environ").read_bytes()
        assert b"do-not-pass" not in environment

    if Path("/proc/self/environ").exists():
        with_pool(story)
