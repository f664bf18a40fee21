"""What a server may say that is no honest HTTP: each is named, none costs more time, CPU or memory than it may."""

import asyncio
import gzip
import itertools
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from alerts.domain.errors import FetchError
from alerts.domain.vocabulary import Outcome
from alerts.net import Answer, Ask, Client
from tests.servers import Answer as Says
from tests.servers import Scripted, SourceServer, redirect, source_server

MIB = 1024 * 1024
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = {"Content-Encoding": "gzip"}
DEFLATE = {"Content-Encoding": "deflate"}
EMPTY_MEMBER = gzip.compress(b"", mtime=0)


def squeezed(size: int, window: int) -> bytes:
    """Return ``size`` zero bytes as deflate, with (15) or without (-15) its wrapper."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, window)
    return squeeze.compress(bytes(size)) + squeeze.flush()


@pytest.fixture(scope="module")
def server() -> Iterator[SourceServer]:
    with source_server() as running:
        yield running


def ended(server: SourceServer, says: Scripted, seconds: float = 5.0) -> Answer | FetchError:
    """Return how an exchange with a server that says this ends."""
    server.answers = {"/": says}

    async def go() -> Answer | FetchError:
        async with Client("Tester/1") as client:
            try:
                return await client.exchange(
                    Ask(server.url(), private=True, timeout=timedelta(seconds=seconds))
                )
            except FetchError as fault:
                return fault

    return asyncio.run(go())


LIES: dict[str, bytes] = {
    "HTTP/0.9": b"<rss></rss>",
    "a version to come": b"HTTP/9.9 200 OK\r\n\r\nx",
    "a negative status": b"HTTP/1.1 -20 OK\r\n\r\n",
    "a status of four digits": b"HTTP/1.1 2000 OK\r\n\r\nx",
    "two lengths": OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n123456",
    "a negative length": OK + b"Content-Length: -1\r\n\r\n123456",
    "a signed length": OK + b"Content-Length: +6\r\n\r\n123456",
    "a length of thirty digits": OK + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n123456",
    "a length and chunks": OK
    + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n0\r\n\r\n",
    "more than its length": OK + b"Content-Length: 3\r\n\r\n123456",
    "less than its length": OK + b"Content-Length: 9\r\n\r\n123456",
    "a negative chunk": CHUNKED + b"-5\r\n123456\r\n0\r\n\r\n",
    "a chunk past 64 bits": CHUNKED + b"FFFFFFFFFFFFFFFFFF\r\n123456\r\n0\r\n\r\n",
    "a chunk longer than it says": CHUNKED + b"3\r\n1234560\r\n\r\n",
    "a chunk shorter than it says": CHUNKED + b"9\r\n123\r\n0\r\n\r\n",
    "chunks without an end": CHUNKED + b"3\r\n123\r\n",
    "a NUL in a header": OK + b"X: a\0b\r\n\r\nx",
    "a bare carriage return in a header": OK + b"X: a\rSet-Cookie: b\r\n\r\nx",
    "a blank before the colon": OK + b"X : a\r\n\r\nx",
}


@pytest.mark.parametrize("name", LIES)
def test_an_answer_that_lies_about_itself_is_no_document(server: SourceServer, name: str) -> None:
    fault = ended(server, Says(raw=LIES[name]))

    assert isinstance(fault, FetchError)
    assert fault.outcome is Outcome.CONNECTION
    assert "\n" not in fault.detail


FLOODS: dict[str, Callable[[], Says]] = {
    "empty gzip members": lambda: Says(body=itertools.repeat(EMPTY_MEMBER * 3000), headers=GZIP),
    "bytes after the end": lambda: Says(
        body=itertools.chain([gzip.compress(b"<rss/>")], itertools.repeat(bytes(65536))), headers=GZIP
    ),
    "an endless file name": lambda: Says(
        body=itertools.chain([b"\x1f\x8b\x08\x08" + bytes(6)], itertools.repeat(b"a" * 65536)), headers=GZIP
    ),
    "empty deflate blocks": lambda: Says(body=itertools.repeat(b"\0\0\0\xff\xff" * 13000), headers=DEFLATE),
    "many gzip members": lambda: Says(body=gzip.compress(bytes(MIB)) * 2000, headers=GZIP),
    "deflate without wrapper": lambda: Says(body=squeezed(64 * MIB, -15), headers=DEFLATE),
    "deflate with wrapper": lambda: Says(body=squeezed(64 * MIB, 15), headers=DEFLATE),
    "trailers": lambda: Says(raw=CHUNKED + b"1\r\nx\r\n0\r\n" + b"A: b\r\n" * 500_000 + b"\r\n"),
    "a reason of a megabyte": lambda: Says(raw=b"HTTP/1.1 200 " + b"A" * MIB + b"\r\n\r\nx"),
    "headers without end": lambda: Says(raw=itertools.chain([OK], itertools.repeat(b"X: yyyyyyyy\r\n" * 1000))),
    "one header without end": lambda: Says(raw=itertools.chain([OK + b"X: "], itertools.repeat(b"y" * 65536))),
}  # fmt: skip


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_ends_at_the_limit_and_not_at_the_deadline(server: SourceServer, name: str) -> None:
    says = FLOODS[name]()
    tracemalloc.start()
    fault = ended(server, says, 60.0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert isinstance(fault, FetchError)
    assert fault.outcome is Outcome.TOO_LARGE
    assert peak < 24 * MIB  # the answer's own chunks are part of it


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param((bytes([byte]) for byte in OK + b"X: y\r\n" * 1000), id="headers-byte-by-byte"),
        pytest.param(itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"), id="wait-for-it"),
        pytest.param(itertools.repeat(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"), id="hints-for-ever"),
        pytest.param(itertools.chain([CHUNKED], itertools.repeat(b"1\r\nx\r\n")), id="chunks-byte-by-byte"),
    ],
)
def test_a_drip_of_any_part_of_an_answer_ends_at_the_one_deadline(server: SourceServer, raw: object) -> None:
    began = time.monotonic()

    fault = ended(server, Says(raw=raw, every=0.01), 0.15)  # type: ignore[arg-type]

    assert isinstance(fault, FetchError)
    assert fault.outcome is Outcome.TIMEOUT
    assert time.monotonic() - began < 2


def test_ten_thousand_different_redirects_end_after_five(server: SourceServer) -> None:
    count = itertools.count(1)
    says = lambda _seen: redirect(f"/{next(count)}")  # noqa: E731 - the script is the counter
    server.requests.clear()

    fault = ended(server, says)
    server.answers = {f"/{number}": says for number in range(10_000)} | {"/": says}
    again = ended_at(server)

    assert isinstance(fault, Answer) and fault.status == 404, "only the first address answers"
    assert isinstance(again, FetchError) and again.outcome is Outcome.HTTP_ERROR
    assert "more than 5 redirects" in again.detail


def ended_at(server: SourceServer) -> Answer | FetchError:
    """Return how an exchange with the server as it stands ends."""

    async def go() -> Answer | FetchError:
        async with Client("Tester/1") as client:
            try:
                return await client.exchange(Ask(server.url(), private=True))
            except FetchError as fault:
                return fault

    return asyncio.run(go())


@pytest.mark.parametrize(
    "value",
    ["a=\x01b", "__Host-x=1", "a=b; Domain=.com", "=", "; ; ;", "\xe9=\xfc", "a" * 4000 + "=1", "x=1; Expires=Tue, 99 Foo 2020"],
)  # fmt: skip
def test_a_cookie_that_cannot_be_read_is_passed_over(server: SourceServer, value: str) -> None:
    answer = ended(server, Says(body=b"in", headers={"Set-Cookie": value}))

    assert isinstance(answer, Answer)
    assert answer.body == b"in"


def test_percent_codes_of_line_ends_in_a_redirect_stay_percent_codes(server: SourceServer) -> None:
    server.requests.clear()
    ended(server, redirect("/a%0d%0aX-Evil:%20y"))

    assert server.requests[-1].target == "/a%0d%0aX-Evil:%20y"
    assert "x-evil" not in server.requests[-1].headers
