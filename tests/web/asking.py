"""Asks an application without a listener."""

from starlette.types import ASGIApp

from alerts.web.whole import Taken, nothing

Reply = tuple[int, dict[str, str], bytes]


async def ask(app: ASGIApp, address: str = "/items", method: str = "GET", **headers: str) -> Reply:
    """Return status, headers and body of one answer; header names are written with underscores."""
    path, _, query = address.partition("?")
    given = {"host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "root_path": "", "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1), "server": None,
    }  # fmt: skip
    taken = Taken()
    await app(scope, nothing, taken)
    status, told, body = taken.answer()
    return status, {name.decode().lower(): value.decode() for name, value in told}, body
