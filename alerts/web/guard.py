"""What every answer carries and what no request may do: the outermost layer of both listeners.

- A Host that is not the public one or loopback is answered 421 (RFC 9110 section 15.5.20), so that no
  page can be fetched under a borrowed name.
- A request body larger than 64 KiB is answered 413; no form here needs more. What hubs push is larger, and limited there.
- Every answer forbids scripts, foreign resources, framing and type guessing. Links are never built
  from the request, so forwarded headers are not read at all.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alerts.web.push import PREFIX

HOST = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<name>[A-Za-z0-9.-]+))(?::[0-9]{1,5})?")
MAX_BODY = 64 * 1024
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=(), camera=(), microphone=(), geolocation=()",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


class Guard:
    """Wraps an application of ours. ``any_host`` is for the inner listener, which is asked by many names."""

    def __init__(self, app: ASGIApp, public_url: str, *, any_host: bool = False) -> None:
        self._app = app
        self._names = frozenset({"localhost", (urlsplit(public_url).hostname or "localhost").rstrip(".")})
        self._any_host = any_host
        secure = {"Strict-Transport-Security": STRICT_TRANSPORT} if public_url.startswith("https:") else {}
        self._headers = {**HEADERS, **secure}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, by the wrapped application where the request may pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        dressed = _dressed(send, self._headers.items())
        if not self._is_ours(Headers(scope=scope).getlist("host")):
            await PlainTextResponse("This is not the address of this service.\n", 421)(
                scope, receive, dressed
            )
            return
        limited = receive if scope["path"].startswith(PREFIX) else _limited(receive)
        await self._app(scope, limited, dressed)

    def _is_ours(self, hosts: list[str]) -> bool:
        if self._any_host:
            return True
        written = HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if written is None:
            return False
        name = (written["six"] or written["name"]).lower().rstrip(".")
        return name in self._names or _is_loopback(name)


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _dressed(send: Send, headers: Iterable[tuple[str, str]]) -> Send:
    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = MutableHeaders(scope=message)
            for name, value in headers:
                given.setdefault(name, value)
        await send(message)

    return dressed


def _limited(receive: Receive) -> Receive:
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY:
            raise HTTPException(413)
        return message

    return limited
