"""The middleware that has pages made elsewhere."""

from starlette.types import ASGIApp, Receive, Scope, Send

from alerts.web.makers.pool import Makers
from alerts.web.makers.wire import Question
from alerts.web.whole import send_whole

KEPT_HERE = frozenset({b"cookie", b"authorization"})


class Elsewhere:
    """Wraps an application. ``paths``: beginnings of the addresses that are handed on when somebody reads them; ``exact``: whole ones."""

    def __init__(
        self, app: ASGIApp, makers: Makers, paths: tuple[str, ...], exact: frozenset[str] = frozenset()
    ) -> None:
        self._app = app
        self._makers = makers
        self._paths = paths
        self._exact = exact

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, by a process of its own where that is possible."""
        answer = await self._makers.make(_question(scope)) if self._is_made(scope) else None
        if answer is None:
            await self._app(scope, receive, send)
            return
        await send_whole(answer, send, without_body=scope["method"] == "HEAD")

    def _is_made(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return False
        return scope["path"] in self._exact or scope["path"].startswith(self._paths)


def _question(scope: Scope) -> Question:
    headers = [(name, value) for name, value in scope["headers"] if name not in KEPT_HERE]
    client = scope.get("client")
    return Question(scope["path"], scope["query_string"], headers, (client[0], client[1]) if client else None)
