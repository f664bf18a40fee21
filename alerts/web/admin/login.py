"""``/admin/login`` and ``/admin/logout``: name, password and code on one page, one answer to whatever does not fit."""

import asyncio
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from alerts.domain.admins import Session
from alerts.flow.admins import Shut, Tried, log_in
from alerts.passwords import AT_ONCE
from alerts.web.admin.desk import READ, Desk
from alerts.web.looks import Reader


class LoginDoor:
    """Answers at the door."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._turn = asyncio.Semaphore(AT_ONCE)  # those who wait for a hash hold no thread that pages need

    def routes(self) -> APIRouter:
        """Return the addresses."""
        router = APIRouter()
        router.add_api_route("/admin/login", self.look, methods=READ)
        router.add_api_route("/admin/login", self.enter, methods=["POST"])
        router.add_api_route("/admin/logout", self._desk.posted(self.leave), methods=["POST"])
        return router

    def look(self, request: Request) -> Response:
        """Return the form."""
        return self._page(request, "ask" if self._desk.is_safe(request) else "plain")

    async def enter(self, request: Request) -> Response:
        """Open a session, or say that something does not fit."""
        self._desk.sent_here(request)
        form = await request.form(max_files=0, max_fields=10)
        if not self._desk.is_safe(request):
            return self._page(request, "plain")
        async with self._turn:
            return await run_in_threadpool(self._enter, request, form)

    def _enter(self, request: Request, form: FormData) -> Response:
        desk = self._desk
        name, password, code = (str(form.get(field, "")) for field in ("name", "password", "code"))
        done = log_in(desk.office.gate, Tried(name, password, code, desk.visit(request)), desk.now)
        if isinstance(done, Shut):
            return self._page(request, "wait" if done.until else "wrong", done.until)
        return desk.let_in(desk.to(request, "/admin"), done)

    def leave(self, request: Request, session: Session, _form: FormData) -> Response:
        """End the session."""
        desk = self._desk
        desk.site.store.sessions.leave(session, desk.actor(request, session), desk.now)
        return desk.let_out(desk.to(request, "/admin/login", left="yes"))

    def _page(self, request: Request, state: str, until: datetime | None = None) -> Response:
        left = state == "ask" and request.query_params.get("left") == "yes"
        values = {"state": "left" if left else state, "until": until, "here": "/admin/login"}
        status = {"wrong": 401, "wait": 429, "plain": 403}.get(state, 200)
        answer = self._desk.bare("login.html", Reader.of(request), values, status)
        if until is not None:
            answer.headers["Retry-After"] = str(max(1, int((until - self._desk.now).total_seconds()) + 1))
        return answer
