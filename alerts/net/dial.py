"""Open the sessions that exchanges go through, with the guard where sockets are made.

aiohttp asks a resolver only for names, never for literal addresses, and there are a score of ways to write
127.0.0.1. All of them end in ``socket_factory`` with the very address that is about to be dialled, so the
guard stands there, and no second look-up can give another answer in between. Of a name with several addresses
the refused ones are passed over.

A connection once made may be used again, and permission for private networks belongs to one request. So
there are two sessions that share nothing, one guarded and one for private sources, and each exchange dials for
itself (``force_close``): no connection outlives the check that allowed it.

When a server hangs up without a byte, aiohttp asks once more, on a new connection and under the same deadline;
only with methods that may be repeated (RFC 9110 section 9.2.2), so never a POST.

Names are looked up by the system (``getaddrinfo``), once per connection; ``Resolve`` replaces that, for tests
and for deployments with their own names.
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from ssl import SSLContext

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from alerts.domain.dialled import allowed

Resolve = Callable[[str], Sequence[str]]
AddressInfo = tuple[
    int | socket.AddressFamily,
    int | socket.SocketKind,
    int,
    str,
    tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes],
]


@dataclass(frozen=True, slots=True)
class Limits:
    """What an exchange may take besides its own deadline and size.

    ``connect`` covers the TCP and TLS handshakes of one address, ``idle`` the silence between two reads.
    ``aside`` is how much is read of an answer that is not the document (bytes), ``header`` the longest header
    line, ``per_host`` how many connections one public host gets at a time.
    """

    connect: timedelta = timedelta(seconds=10)
    idle: timedelta = timedelta(seconds=15)
    hops: int = 5
    aside: int = 64 * 1024
    header: int = 32 * 1024
    per_host: int = 4


class RefusedAddressError(OSError):
    """The guard refused; an OSError, so that aiohttp goes on to the host's next address."""

    def __init__(self) -> None:
        # the same words for every address: aiohttp then raises this very error when all are refused
        super().__init__("the guard refused the address")


class NamedHosts(AbstractResolver):
    """Answers of a ``Resolve``, in the form that aiohttp takes."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of ``host``."""
        results = [self._result(host, ip, port) for ip in self._resolve(host)]
        return [result for result in results if family in (socket.AF_UNSPEC, result["family"])]

    async def close(self) -> None:
        """Let go of nothing: there is nothing held."""

    def _result(self, host: str, ip: str, port: int) -> ResolveResult:
        family = socket.AF_INET6 if ":" in ip else socket.AF_INET
        return ResolveResult(hostname=host, host=ip, port=port, family=family, proto=0, flags=0)


def guarded_socket(info: AddressInfo, *, private: bool) -> socket.socket:
    """Return a socket for the address in ``info``.

    Raises:
        RefusedAddressError: that address may not be dialled.
    """
    family, kind, protocol, _, address = info
    if not allowed(str(address[0]), private=private):
        raise RefusedAddressError
    return socket.socket(family, kind, protocol)


def open_session(
    user_agent: str, limits: Limits, resolve: Resolve | None, tls: SSLContext | None, *, private: bool
) -> aiohttp.ClientSession:
    """Return a session whose every connection passes the guard; to be called inside the event loop."""
    connector = aiohttp.TCPConnector(
        resolver=NamedHosts(resolve) if resolve else aiohttp.ThreadedResolver(),
        socket_factory=partial(guarded_socket, private=private),
        use_dns_cache=False,
        force_close=True,
        limit=0,
        limit_per_host=0 if private else limits.per_host,
        ssl=tls or True,
    )
    return aiohttp.ClientSession(
        connector=connector,
        headers={"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"},
        skip_auto_headers=("Content-Type",),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=_silences(limits),
        auto_decompress=False,
        trust_env=False,
        max_line_size=limits.header,
        max_field_size=limits.header,
        max_headers=200,
    )


def _silences(limits: Limits) -> aiohttp.ClientTimeout:
    """Return the inner time limits; the whole exchange has its own deadline outside."""
    return aiohttp.ClientTimeout(
        total=None, sock_connect=limits.connect.total_seconds(), sock_read=limits.idle.total_seconds()
    )
