"""An exchange ends within its limits, whatever the server does, and gives nothing away on the road."""

import asyncio
import time
import zlib
from collections.abc import Iterator
from datetime import timedelta

import pytest

from alerts.domain.errors import FetchError
from alerts.domain.vocabulary import Outcome
from alerts.net import Answer, Ask, Client, Limits
from tests.servers import Answer as Says
from tests.servers import (
    Scripted,
    SourceServer,
    double_gzip,
    drip,
    endless,
    gzipped,
    in_turn,
    inflate,
    loopback_tls,
    redirect,
    source_server,
    stall,
    truncated,
)

MIB = 1024 * 1024
SHORT = timedelta(milliseconds=150)
NAMES = {"a.example": ["127.0.0.1"], "b.example": ["127.0.0.1"]}


@pytest.fixture
def server() -> Iterator[SourceServer]:
    with source_server() as running:
        yield running


def exchange(ask: Ask, limits: Limits | None = None) -> Answer:
    async def go() -> Answer:
        async with Client("Tester/1", limits=limits, resolve=lambda host: NAMES.get(host, [host])) as client:
            return await client.exchange(ask)

    return asyncio.run(go())


def get(server: SourceServer, says: Scripted, **ask: object) -> Answer:
    server.answers["/"] = says
    return exchange(Ask(server.url(), private=True, **ask))  # type: ignore[arg-type]


def refused(server: SourceServer, says: Scripted, **ask: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(server, says, **ask)
    return caught.value


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        pytest.param(inflate(64 * MIB), Outcome.TOO_LARGE, id="gzip-bomb"),
        pytest.param(double_gzip(256 * MIB), Outcome.TOO_LARGE, id="gzip-of-gzip-bomb"),
        pytest.param(endless(), Outcome.TOO_LARGE, id="endless"),
        pytest.param(Says(body=b"x", length=11 * MIB), Outcome.TOO_LARGE, id="declared-too-long"),
        pytest.param(Says(headers={"X": "y" * 5 * MIB}), Outcome.TOO_LARGE, id="header-of-5-megabytes"),
        pytest.param(Says(headers=tuple((f"X{n}", "y") for n in range(500))), Outcome.TOO_LARGE, id="500-headers"),
        pytest.param(truncated(b"<rss>"), Outcome.CONNECTION, id="broken-off"),
        pytest.param(Says(raw=b""), Outcome.CONNECTION, id="closed-without-a-word"),
        pytest.param(Says(raw=b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), Outcome.CONNECTION, id="not-http"),
        pytest.param(Says(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), Outcome.CONNECTION, id="chunk-cut"),
        pytest.param(redirect("/"), Outcome.HTTP_ERROR, id="redirect-loop"),
        pytest.param(redirect("file:///etc/passwd"), Outcome.DENIED_ADDRESS, id="redirect-to-file"),
        pytest.param(redirect("//[::1"), Outcome.DENIED_ADDRESS, id="redirect-to-nonsense"),
        pytest.param(Says(body=b"x", headers={"Content-Encoding": "br"}), Outcome.HTTP_ERROR, id="brotli"),
        pytest.param(Says(body=b"x", headers={"Content-Encoding": ", ".join(["gzip"] * 200)}), Outcome.HTTP_ERROR, id="200-codings"),
        pytest.param(Says(body=zlib.compress(b"x" * 999)[:9], headers={"Content-Encoding": "deflate"}), Outcome.CONNECTION, id="deflate-cut"),
        pytest.param(Says(body=b"\x1f\x8bnonsense", headers={"Content-Encoding": "gzip"}), Outcome.CONNECTION, id="gzip-damaged"),
    ],
)  # fmt: skip
def test_a_hostile_answer_ends_quickly_with_its_name(
    server: SourceServer, says: Scripted, outcome: Outcome
) -> None:
    began = time.monotonic()

    fault = refused(server, says)

    assert fault.outcome is outcome
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "says",
    [
        pytest.param(stall(), id="silent"),
        pytest.param(drip(b"x" * 1000), id="one-byte-at-a-time"),
        pytest.param(Says(body=(b"a", b"b"), every=3600), id="silent-after-the-first-byte"),
        pytest.param(lambda _seen: Says(302, headers={"Location": "/"}, wait=0.06), id="slow-redirects"),
    ],
)
def test_one_deadline_covers_the_whole_exchange(server: SourceServer, says: Scripted) -> None:
    began = time.monotonic()

    fault = refused(server, says, timeout=SHORT)

    assert fault.outcome is Outcome.TIMEOUT
    assert time.monotonic() - began < 1


def test_silence_between_two_reads_has_a_limit_of_its_own(server: SourceServer) -> None:
    server.answers["/"] = stall()
    with pytest.raises(FetchError) as caught:
        exchange(Ask(server.url(), private=True), Limits(idle=timedelta(milliseconds=50)))

    assert caught.value.outcome is Outcome.TIMEOUT
    assert "fell silent" in caught.value.detail


def test_a_bomb_costs_little_memory(server: SourceServer) -> None:
    import tracemalloc

    tracemalloc.start()
    refused(server, double_gzip(256 * MIB))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 8 * MIB


@pytest.mark.parametrize("length", [0, 1, 2, 65535, 65536, 65537, 10 * MIB])
def test_a_body_up_to_the_limit_arrives_whole(server: SourceServer, length: int) -> None:
    body = (b"<item/>\n" * (length // 8 + 1))[:length]

    assert get(server, Says(body=body)).body == body


def test_a_body_one_byte_past_the_limit_is_refused(server: SourceServer) -> None:
    assert get(server, Says(body=b"12345"), max_bytes=5).body == b"12345"
    assert refused(server, Says(body=(b"123456",)), max_bytes=5).outcome is Outcome.TOO_LARGE
    assert get(server, Says(body=(b"123456",)), max_bytes=5, cut=True).body == b"12345"


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503, 201, 302])
def test_an_answer_that_is_no_document_is_read_up_to_64_kib(server: SourceServer, status: int) -> None:
    answer = get(server, Says(status, (b"x" * 60000, b"y" * 60000, b"z" * 60000)))

    assert answer.status == status
    assert len(answer.body) == 64 * 1024


def test_a_broken_error_page_is_still_an_answer(server: SourceServer) -> None:
    answer = get(server, Says(503, b"busy", length=900, headers={"Retry-After": "60"}))

    assert (answer.status, answer.body, answer.headers["retry-after"]) == (503, b"busy", "60")


def test_the_request_is_plain_and_names_its_sender(server: SourceServer) -> None:
    get(server, Says())
    seen = server.requests[0]

    assert seen.headers == {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": "Tester/1",
        "accept": "*/*",
        "accept-encoding": "gzip, deflate",
        "connection": "close",
    }


@pytest.mark.parametrize(
    "path",
    [
        "/a[1]'b?x[]=1&y='z'", "/%7Euser/%2f%2F/%e4%b8%ad", "/a//b/../c/./d", "/?q=a+b%20c&empty=&&=", "/;p=1,2!$*()~",
        "/a|b^c`{d}", '/"quoted"<x>', "/?a?b=c/d:e@f", "/100%", "/%zz",
    ],
)  # fmt: skip
def test_the_target_goes_out_byte_for_byte(server: SourceServer, path: str) -> None:
    exchange(Ask(server.url(path), private=True))

    assert server.requests[0].target == path


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("", "/"),
        ("?a=1", "/?a=1"),
        ("/x#part", "/x"),
        ("/a b", "/a%20b"),
        ("/商标?q=é", "/%E5%95%86%E6%A0%87?q=%C3%A9"),
    ],
)
def test_only_what_http_cannot_carry_is_encoded(server: SourceServer, path: str, target: str) -> None:
    exchange(Ask(server.url(path), private=True))

    assert server.requests[0].target == target


def test_redirects_are_followed_and_told(server: SourceServer) -> None:
    server.answers |= {
        "/a": redirect("/b?x=1", 301),
        "/b": redirect("c", 308),
        "/c": redirect(server.url("/d"), 307),
        "/d": Says(body=b"here"),
    }
    answer = exchange(Ask(server.url("/a"), private=True))

    assert (answer.body, answer.final_url) == (b"here", server.url("/d"))
    assert [(hop.status, hop.target) for hop in answer.hops] == [
        (301, server.url("/b?x=1")),
        (308, server.url("/c")),
        (307, server.url("/d")),
    ]


def test_the_fifth_redirect_is_followed_and_the_sixth_is_not(server: SourceServer) -> None:
    for step in range(6):
        server.answers[f"/{step}"] = redirect(f"/{step + 1}")
    server.answers["/6"] = Says(body=b"end")

    assert exchange(Ask(server.url("/1"), private=True)).body == b"end"
    with pytest.raises(FetchError) as caught:
        exchange(Ask(server.url("/0"), private=True))
    assert caught.value.outcome is Outcome.HTTP_ERROR


def test_a_redirect_can_be_left_alone(server: SourceServer) -> None:
    answer = get(server, redirect("/elsewhere", 307), method="POST", body=b"secret", follow=False)

    assert (answer.status, answer.headers["location"]) == (307, "/elsewhere")
    assert len(server.requests) == 1


def test_https_is_never_left_for_http() -> None:
    serving, trusting = loopback_tls()
    with (
        source_server({"/": Says()}) as plain,
        source_server({"/": redirect(plain.url())}, tls=serving) as secure,
    ):

        async def go() -> None:
            async with Client("Tester/1", tls=trusting) as client:
                await client.exchange(Ask(secure.url(), private=True))

        with pytest.raises(FetchError) as caught:
            asyncio.run(go())

        assert caught.value.outcome is Outcome.DENIED_ADDRESS
        assert plain.requests == []


def test_a_certificate_of_a_stranger_is_refused() -> None:
    serving, _ = loopback_tls()
    with source_server({"/": Says()}, tls=serving) as secure:
        with pytest.raises(FetchError) as caught:
            exchange(Ask(secure.url(), private=True))

        assert caught.value.outcome is Outcome.CONNECTION
        assert "certificate" in caught.value.detail
        assert secure.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "a.example"])
def test_a_cookie_lives_as_long_as_its_exchange(server: SourceServer, host: str) -> None:
    given = redirect("/", 303, headers={"Set-Cookie": "session=ab=c; Path=/"})
    server.answers["/"] = lambda seen: Says(body=b"in") if "cookie" in seen.headers else given

    async def go() -> list[bytes]:
        async with Client("Tester/1", resolve=NAMES.get) as client:  # type: ignore[arg-type]
            ask = Ask(server.url(host=host), private=True)
            return [(await client.exchange(ask)).body for _ in range(2)]

    assert asyncio.run(go()) == [b"in", b"in"]
    assert [seen.headers.get("cookie") for seen in server.requests] == [None, "session=ab=c"] * 2


def test_a_cookie_is_not_shown_to_another_host(server: SourceServer) -> None:
    server.answers["/"] = redirect(server.url("/x", "b.example"), headers={"Set-Cookie": "session=1"})
    server.answers["/x"] = Says()
    exchange(Ask(server.url("/", "a.example"), private=True))

    assert "cookie" not in server.requests[1].headers


def test_set_cookie_is_not_handed_on(server: SourceServer) -> None:
    assert "set-cookie" not in get(server, Says(headers={"Set-Cookie": "a=1"})).headers


def test_credentials_stay_with_their_origin(server: SourceServer) -> None:
    secrets = {"Authorization": "Bearer x", "X-Api-Key": "k", "Cookie": "c=1", "Accept": "text/xml"}
    server.answers |= {
        "/": redirect("/same"),
        "/same": redirect(server.url("/other", "b.example")),
        "/other": Says(),
    }
    exchange(Ask(server.url("/", "a.example"), headers=secrets, private=True))
    first, same, other = (seen.headers for seen in server.requests)

    assert {"authorization", "x-api-key", "cookie"} <= set(first) & set(same)
    assert not {"authorization", "x-api-key", "cookie"} & set(other)
    assert other["accept"] == "text/xml"


@pytest.mark.parametrize(
    ("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")]
)
def test_a_body_is_sent_again_only_where_the_status_says_so(
    server: SourceServer, status: int, method: str
) -> None:
    server.answers["/to"] = Says()
    get(
        server,
        redirect("/to", status),
        method="POST",
        body=b"{}",
        headers={"Content-Type": "application/json"},
    )
    seen = server.requests[1]

    assert (seen.method, seen.body) == (method, b"{}" if method == "POST" else b"")
    assert ("content-type" in seen.headers) == (method == "POST")


@pytest.mark.parametrize("name", ["X\r\nY", "", "X\x00", "Ü", "X"])
def test_a_header_that_cannot_be_sent_is_a_fault_not_a_crash(server: SourceServer, name: str) -> None:
    assert refused(server, Says(), headers={name: "a\r\nb"}).outcome is Outcome.HTTP_ERROR
    assert server.requests == []


def test_headers_that_only_the_client_may_write_are_dropped(server: SourceServer) -> None:
    get(
        server,
        Says(),
        headers={"Host": "evil.example", "Content-Length": "99", "Transfer-Encoding": "chunked"},
    )

    assert server.requests[0].headers["host"] == f"127.0.0.1:{server.port}"
    assert not {"content-length", "transfer-encoding"} & set(server.requests[0].headers)


def test_answer_headers_are_lower_case_joined_and_readable(server: SourceServer) -> None:
    lines = (("ETag", '"é"'), ("X-Two", "1"), ("x-two", "2"), ("X-Utf8", "中".encode().decode("latin-1")))
    headers = get(server, Says(headers=lines)).headers

    assert headers["x-two"] == "1, 2"
    assert headers["x-utf8"] == "中"
    assert "etag" not in headers  # latin-1: it could not be sent back as it came


def test_gzip_is_read_declared_undeclared_twice_and_falsely_declared(server: SourceServer) -> None:
    text = b"<rss>" + b"notice " * 2000 + b"</rss>"
    once, twice = gzipped(text), gzipped(gzipped(text).body)  # type: ignore[arg-type]

    assert get(server, once).body == text
    assert get(server, Says(body=once.body)).body == text
    assert get(server, twice).body == text
    assert get(server, Says(body=text, headers={"Content-Encoding": "gzip"})).body == text


@pytest.mark.parametrize(("method", "times"), [("GET", 2), ("POST", 1)])
def test_a_dropped_question_is_asked_once_more_and_a_dropped_message_is_not(
    server: SourceServer, method: str, times: int
) -> None:
    assert refused(server, Says(raw=b""), method=method).outcome is Outcome.CONNECTION
    assert len(server.requests) == times


def test_a_name_without_an_address_is_a_connection_fault() -> None:
    def nowhere(host: str) -> list[str]:
        raise OSError("no such name")

    async def go() -> None:
        async with Client("Tester/1", resolve=nowhere) as client:
            await client.exchange(Ask("http://nowhere.example/"))

    with pytest.raises(FetchError) as caught:
        asyncio.run(go())
    assert caught.value.outcome is Outcome.CONNECTION


def test_a_client_may_be_used_again_after_it_was_closed(server: SourceServer) -> None:
    server.answers["/"] = in_turn(Says(body=b"1"), Says(body=b"2"))
    client = Client("Tester/1")

    async def go() -> bytes:
        async with client:
            return (await client.exchange(Ask(server.url(), private=True))).body

    assert [asyncio.run(go()), asyncio.run(go())] == [b"1", b"2"]
