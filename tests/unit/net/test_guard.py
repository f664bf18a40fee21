"""However loopback is spelled and however it is reached, nothing arrives there without permission."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

import pytest

from alerts.domain.errors import FetchError
from alerts.domain.vocabulary import Outcome
from alerts.net import Answer, Ask, Client
from tests.servers import Answer as Says
from tests.servers import SourceServer, in_turn, redirect, source_server

SPELLINGS = [
    "127.0.0.1", "localhost", "LOCALHOST", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1",
    "0177.0.0.1", "017700000001", "0", "0.0.0.0", "127.000.000.001", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "１２７.0.0.1", "①②⑦.0.0.1", "127。0。0。1", "ｌｏｃａｌｈｏｓｔ",
]  # fmt: skip
ADDRESSES = [
    "127.0.0.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "192.0.0.8",
    "192.88.99.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::ffff:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b:1::1", "fec0::1", "fe80::1", "fc00::1", "2002:7f00:1::", "2001:0:7f00:1::1", "::127.0.0.1",
]  # fmt: skip
NOT_READ = [
    "http://user@127.0.0.1:{port}/", "http://a:b@localhost:{port}/", "http://example.com\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\x", "ftp://127.0.0.1:{port}/", "file:///etc/passwd", "gopher://127.0.0.1:{port}/",
    "http://%31%32%37.0.0.1:{port}/", "http://[::1%25lo]:{port}/", "http://127.0.0.1:{port}0000/", "http:///x",
    "http://:{port}/", "//127.0.0.1:{port}/", "127.0.0.1:{port}", "http://127.0.0.1 :{port}/", "http://a\nb:{port}/",
    "javascript:alert(1)", "data:,x", "", "http://[::1:{port}/",
]  # fmt: skip


@pytest.fixture(scope="module")
def canary() -> Iterator[SourceServer]:
    """A server on loopback that must not hear a thing."""
    with source_server({"/": Says(body=b"inside")}) as server:
        yield server


def outcome_of(ask: Ask, resolve: Callable[[str], Sequence[str]] | None = None) -> Outcome | Answer:
    async def go() -> Answer:
        async with Client("test", resolve=resolve) as client:
            return await client.exchange(ask)

    try:
        return asyncio.run(go())
    except FetchError as fault:
        return fault.outcome


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_loopback_is_dialled(canary: SourceServer, host: str) -> None:
    outcome = outcome_of(Ask(canary.url(host=host)))

    assert outcome is Outcome.DENIED_ADDRESS
    assert canary.connections == 0


def test_a_final_dot_does_not_open_the_way(canary: SourceServer) -> None:
    outcome = outcome_of(Ask(canary.url(host="localhost.")))

    assert outcome in (Outcome.DENIED_ADDRESS, Outcome.CONNECTION)  # some resolvers do not know the name
    assert canary.connections == 0


@pytest.mark.parametrize("address", NOT_READ)
def test_a_doubtful_address_is_refused_before_anything_is_dialled(canary: SourceServer, address: str) -> None:
    outcome = outcome_of(Ask(address.format(port=canary.port)))

    assert outcome is Outcome.DENIED_ADDRESS
    assert canary.connections == 0


@pytest.mark.parametrize("ip", ADDRESSES)
def test_a_name_that_resolves_inside_is_not_dialled(canary: SourceServer, ip: str) -> None:
    outcome = outcome_of(Ask(canary.url(host="feeds.example")), lambda _host: [ip])

    assert outcome is Outcome.DENIED_ADDRESS
    assert canary.connections == 0


def test_a_name_with_several_inner_addresses_is_not_dialled(canary: SourceServer) -> None:
    outcome = outcome_of(
        Ask(canary.url(host="feeds.example")), lambda _host: ["127.0.0.1", "10.0.0.1", "::1"]
    )

    assert outcome is Outcome.DENIED_ADDRESS
    assert canary.connections == 0


def test_each_dial_looks_the_name_up_once_and_judges_what_it_dials(canary: SourceServer) -> None:
    asked: list[str] = []

    def rebind(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) > 1 else ["::1"]

    outcome_of(Ask(canary.url(host="feeds.example")), rebind)

    assert asked == ["feeds.example"]
    assert canary.connections == 0


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/", "http://[fe80::1]/", "http://0/", "http://100.100.100.200/"]
)
def test_permission_for_own_networks_does_not_reach_metadata_by_redirect(target: str) -> None:
    with source_server({"/": redirect(target)}) as server:
        assert outcome_of(Ask(server.url(), private=True)) is Outcome.DENIED_ADDRESS


@pytest.mark.parametrize(
    "target", [spelled for spelled in NOT_READ if spelled.startswith("http://") or ":///" in spelled]
)
def test_a_redirect_to_a_doubtful_address_is_refused(canary: SourceServer, target: str) -> None:
    where = target.format(port=canary.port).replace("\n", "\t")
    with source_server({"/": redirect(where)}) as server:
        assert outcome_of(Ask(server.url(), private=True)) is Outcome.DENIED_ADDRESS

    assert canary.connections == 0


def test_permission_belongs_to_one_request_and_leaves_no_connection_behind() -> None:
    with source_server({"/": Says(body=b"inside")}) as server:

        async def go() -> list[Outcome | int]:
            async with Client("test") as client:
                return [await ended(client, private) for private in (False, True, False, True, False)]

        async def ended(client: Client, private: bool) -> Outcome | int:
            try:
                return (await client.exchange(Ask(server.url(), private=private))).status
            except FetchError as fault:
                return fault.outcome

        denied = Outcome.DENIED_ADDRESS
        assert asyncio.run(go()) == [denied, 200, denied, 200, denied]
        assert server.connections == 2


def test_permission_does_not_leak_between_exchanges_at_the_same_time() -> None:
    with source_server({"/": Says(body=b"inside", wait=0.02)}) as server:

        async def go() -> list[Answer | BaseException]:
            async with Client("test") as client:
                asks = [Ask(server.url(), private=bool(turn % 2)) for turn in range(20)]
                return await asyncio.gather(*map(client.exchange, asks), return_exceptions=True)

        results = asyncio.run(go())

    assert [isinstance(result, Answer) for result in results] == [False, True] * 10
    assert server.connections == 10


def test_the_environment_names_no_proxy(canary: SourceServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", canary.url())
    monkeypatch.delenv("no_proxy", raising=False)
    with source_server({"/": Says(body=b"direct")}) as server:
        answer = outcome_of(Ask(server.url(), private=True))

    assert isinstance(answer, Answer) and answer.body == b"direct"
    assert canary.connections == 0


def test_a_redirect_is_checked_anew_at_every_hop() -> None:
    script = in_turn(redirect("/again"), redirect("http://127.0.0.1:1/"))
    with source_server({"/": script, "/again": redirect("ftp://127.0.0.1/")}) as server:
        assert outcome_of(Ask(server.url(), private=True)) is Outcome.DENIED_ADDRESS
        assert [seen.target for seen in server.requests] == ["/", "/again"]
