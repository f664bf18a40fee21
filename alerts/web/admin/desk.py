"""What every page of the admins goes through: the session behind a cookie, forms that only these pages can send.

The cookie holds 128 random bits and nothing else. A form carries a word made from them, so that no other session's form fits, and
the browser has to say that it comes from here. Nobody who is not logged in learns whether what an address names exists.
"""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alerts.domain.admins import Session, Visit
from alerts.domain.audit import Actor
from alerts.domain.lockout import is_here
from alerts.domain.text import one_line
from alerts.flow.admins import visitor
from alerts.web.admin.speech import speech
from alerts.web.archive import is_digits
from alerts.web.looks import PERSONAL, Looks, Reader
from alerts.web.origin import from_our_page, network
from alerts.web.site import Office, Site

READ = ["GET", "HEAD"]
HEADERS = {
    **PERSONAL,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
}  # so that forms name their origin
MOST_FIELDS = 20
Work = Callable[[Request, Session, FormData], Response]


class LoggedOut(Exception):
    """Nobody is logged in here; whatever was asked, the log-in page follows."""


class Desk:
    """What the doors of all rooms share."""

    def __init__(self, site: Site, office: Office, looks: Looks) -> None:
        self.site = site
        self.office = office
        self._looks = looks
        self._secure = site.public_url.startswith("https:")
        self._cookie = "__Host-alerts-admin" if self._secure else "alerts-admin"

    @property
    def now(self) -> datetime:
        """Return the present instant."""
        return self.site.clock.now()

    def is_safe(self, request: Request) -> bool:
        """Return whether a password may be typed: over TLS, or on this machine."""
        name = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        return self._secure or name == "localhost" or is_here(name)

    def visit(self, request: Request) -> Visit:
        """Return where a request comes from."""
        agent = one_line(request.headers.get("user-agent", ""), 120)
        return Visit(network(request, self.site.proxies), agent)

    def session(self, request: Request) -> Session:
        """Return the session of a request.

        Raises:
            LoggedOut: it has none that is open.
        """
        found = visitor(self.office.gate, request.cookies.get(self._cookie), self.now)
        if found is None:
            raise LoggedOut
        return found

    async def form(self, request: Request) -> tuple[Session, FormData]:
        """Return session and fields of a form that one of these pages sends for this very session.

        Raises:
            LoggedOut: there is no session.
            HTTPException: 403, it may come from elsewhere.
        """
        self.sent_here(request)
        session = await run_in_threadpool(self.session, request)
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        given = str(form.get("csrf", "")).encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._word(request).encode()):
            raise HTTPException(403)
        return session, form

    def posted(self, work: Work) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers a form: ``work``, away from the loop, once session and form have passed :meth:`form`."""

        async def answer(request: Request) -> Response:
            session, form = await self.form(request)
            return await run_in_threadpool(work, request, session, form)

        return answer

    def sent_here(self, request: Request) -> None:
        """Let a form pass that the browser says comes from a page of ours.

        Raises:
            HTTPException: 403, it does not say so.
        """
        from_our_page(request, self.site.public_url, strict=True)

    def actor(self, request: Request, session: Session) -> Actor:
        """Return who acts, for the log."""
        return Actor(session.name, network(request, self.site.proxies), session.admin_id)

    def page(
        self,
        request: Request,
        template: str,
        session: Session,
        values: Mapping[str, object],
        status: int = 200,
    ) -> HTMLResponse:
        """Return a page of the desk."""
        shared = {
            "csrf": self._word(request),
            "me": session,
            "fault": "",
            "done": request.query_params.get("done", ""),
            "here": request.url.path,
        }
        return self.bare(template, Reader.of(request), {**shared, **values}, status)

    def bare(
        self, template: str, reader: Reader, values: Mapping[str, object], status: int = 200
    ) -> HTMLResponse:
        """Return a page for whoever asks."""
        answer = self._looks.personal(
            f"admin/{template}", reader, {**speech(reader.language), **values}, status
        )
        answer.headers.update(HEADERS)
        return answer

    def to(self, request: Request, path: str, **query: str) -> Response:
        """Return the way to another page of the desk, in the language of this one."""
        reader = Reader.of(request)
        asked = ({"lang": reader.language.value} if reader.chosen else {}) | query
        tail = f"?{urlencode(asked)}" if asked else ""
        return RedirectResponse(f"{self.site.prefix}{path}{tail}", 303, HEADERS)

    def let_in(self, answer: Response, token: str) -> Response:
        """Return an answer that gives the browser a session."""
        answer.set_cookie(
            self._cookie, token, path="/", secure=self._secure, httponly=True, samesite="strict"
        )
        return answer

    def let_out(self, answer: Response) -> Response:
        """Return an answer that takes the session from the browser."""
        answer.delete_cookie(self._cookie, path="/", secure=self._secure, httponly=True, samesite="strict")
        return answer

    def _word(self, request: Request) -> str:
        """Return what a form of this session carries."""
        key = request.cookies.get(self._cookie, "").encode("utf-8", "replace")
        return hmac.new(key, b"form", sha256).hexdigest()[:32]


def cursor(request: Request) -> int | None:
    """Return where a page of a list begins; None for the first, also for what is no number."""
    text = request.query_params.get("before", "")
    return int(text) if is_digits(text) else None
