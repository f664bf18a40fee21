"""The one door out: an HTTP exchange with limits on every side.

An exchange is a request, up to five redirects followed by hand, and an answer read piece by piece. Each hop
is read and checked anew; cookies that the servers set live as long as the exchange (the German federal gazette
sets one in a 303 and expects it back) and are then forgotten; credentials stay with the origin they were meant for.
No proxy of the environment is used, no Referer sent, nothing stored.

Units: sizes in bytes after decoding. Source: RFC 9110 (redirects: section 15.4), RFC 6265 (cookies).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ssl import SSLContext

import aiohttp
from yarl import URL

from alerts.domain.collected import Hop
from alerts.domain.errors import FetchError
from alerts.domain.vocabulary import Outcome
from alerts.net.body import Body, Room
from alerts.net.dial import Limits, Resolve, open_session
from alerts.net.faults import as_fetch_error
from alerts.net.headers import answer_headers, onward_headers, sendable_headers
from alerts.net.target import Target, check_port, next_target, read_target

WHOLE = frozenset({200, 203, 226})  # answers that are the document
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Ask:
    """One exchange to make.

    ``headers`` are sent as given, over the client's own. ``timeout`` is for the whole exchange with its redirects.
    ``private`` lets this exchange reach own networks. With ``cut`` an answer past ``max_bytes`` is cut
    there instead of refused. Answers other than 200, 203 and 226 are always cut, at 64 KiB. Without ``follow`` a
    redirect is the answer: for bodies that are meant for one receiver only.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    timeout: timedelta = timedelta(seconds=60)
    max_bytes: int = 10 * 1024 * 1024
    private: bool = False
    cut: bool = False
    follow: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status. Header names are lower case; ``body`` is decoded."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    final_url: str
    hops: tuple[Hop, ...] = ()


@dataclass(frozen=True, slots=True)
class _Step:
    """One request of an exchange."""

    target: Target
    method: str
    headers: Mapping[str, str]
    body: bytes | None

    def onward(self, status: int, location: str) -> "_Step":
        """Return the request that a redirect asks for; a form is not posted twice save where 307 and 308 say so."""
        target = next_target(self.target, location)
        same = target.origin == self.target.origin
        keeps = status in (307, 308) or self.method in ("GET", "HEAD")
        headers = onward_headers(self.headers, same_origin=same, with_body=keeps)
        return _Step(target, self.method if keeps else "GET", headers, self.body if keeps else None)


class Client:
    """Makes exchanges. Sessions open with the first one; ``close`` ends them, and a later exchange opens new ones."""

    def __init__(
        self,
        user_agent: str,
        *,
        limits: Limits | None = None,
        resolve: Resolve | None = None,
        tls: SSLContext | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._limits = limits or Limits()
        self._resolve = resolve
        self._tls = tls
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of all connections."""
        while self._sessions:
            _, session = self._sessions.popitem()
            await session.close()

    async def exchange(self, ask: Ask) -> Answer:
        """Return the answer at the end of all redirects, whatever its status.

        Raises:
            FetchError: TIMEOUT, CONNECTION, TOO_LARGE, DENIED_ADDRESS; HTTP_ERROR for a redirect loop and for
                a request or a coding that HTTP does not carry.
        """
        seconds = ask.timeout.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                return await self._follow(ask)
        except TimeoutError:
            raise FetchError(Outcome.TIMEOUT, f"no complete answer within {seconds:g} seconds") from None

    async def _follow(self, ask: Ask) -> Answer:
        step = _Step(read_target(ask.url), ask.method, sendable_headers(ask.headers), ask.body)
        configured = step.target.port
        cookies = _Cookies()
        hops: list[Hop] = []
        while True:
            check_port(step.target, configured, private=ask.private)
            answer = await self._turn(step, ask, cookies, tuple(hops))
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or location is None or not ask.follow:
                return answer
            if len(hops) == self._limits.hops:
                raise FetchError(
                    Outcome.HTTP_ERROR, f"more than {self._limits.hops} redirects", status=answer.status
                )
            step = step.onward(answer.status, location)
            hops.append(Hop(answer.status, step.target.url))

    async def _turn(self, step: _Step, ask: Ask, cookies: "_Cookies", hops: tuple[Hop, ...]) -> Answer:
        """Return the answer to one request."""
        url = URL(step.target.url, encoded=True)
        headers = cookies.added(step.headers, url)
        try:
            async with self._session(ask.private).request(
                step.method, url, headers=headers, data=step.body, allow_redirects=False
            ) as response:
                cookies.take(response, url)
                body = await _read(response, self._room(response.status, ask))
                return Answer(
                    response.status, answer_headers(response.raw_headers), body, step.target.url, hops
                )
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            raise as_fetch_error(fault, step.target.host) from fault

    def _room(self, status: int, ask: Ask) -> Room:
        if status in WHOLE:
            return Room(ask.max_bytes, cut=ask.cut)
        return Room(min(self._limits.aside, ask.max_bytes), cut=True)

    def _session(self, private: bool) -> aiohttp.ClientSession:
        session = self._sessions.get(private)
        if session is None or session.closed:
            session = open_session(self._user_agent, self._limits, self._resolve, self._tls, private=private)
            self._sessions[private] = session
        return session


async def _read(response: aiohttp.ClientResponse, room: Room) -> bytes:
    """Return the decoded body of ``response`` within ``room``."""
    if not room.cut and (response.content_length or 0) > room.size:
        raise FetchError(Outcome.TOO_LARGE, f"the answer is larger than {room.size:,} bytes")
    body = Body(response.headers.get("Content-Encoding", ""), room)
    try:
        async for chunk in response.content.iter_any():
            body.add(chunk)
            if body.full:
                break
    except aiohttp.ClientPayloadError:
        if not room.cut:
            raise
    return body.done()


class _Cookies:
    """The cookies of one exchange; most have none, so the jar is made with the first."""

    def __init__(self) -> None:
        self._jar: aiohttp.CookieJar | None = None

    def take(self, response: aiohttp.ClientResponse, url: URL) -> None:
        """Keep what an answer sets."""
        if "Set-Cookie" not in response.headers:
            return
        if self._jar is None:
            # unsafe: also for hosts that are addresses; unquoted: a value goes back as it came
            self._jar = aiohttp.CookieJar(unsafe=True, quote_cookie=False)
        self._jar.update_cookies(response.cookies, url)

    def added(self, headers: Mapping[str, str], url: URL) -> Mapping[str, str]:
        """Return ``headers`` with the cookies that this exchange was given for ``url``."""
        if self._jar is None:
            return headers
        given = [f"{name}={morsel.coded_value}" for name, morsel in self._jar.filter_cookies(url).items()]
        if not given:
            return headers
        kept = {name: value for name, value in headers.items() if name.lower() != "cookie"}
        configured = [value for name, value in headers.items() if name.lower() == "cookie"]
        return {**kept, "Cookie": "; ".join([*configured, *given])}
