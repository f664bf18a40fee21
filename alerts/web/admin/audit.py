"""``/admin/audit``: who did what, on what, from where. It is read; nothing changes it."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from alerts.domain.audit import Act, AuditQuery
from alerts.domain.text import one_line
from alerts.web.admin.desk import READ, Desk, cursor
from alerts.web.admin.speech import place
from alerts.web.archive import member


class AuditDoor:
    """Answers for the log."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> APIRouter:
        """Return the one address."""
        router = APIRouter()
        router.add_api_route("/admin/audit", self.lines, methods=READ)
        return router

    def lines(self, request: Request) -> Response:
        """Return some lines, the newest first."""
        session, desk = self._desk.session(request), self._desk
        act, who = request.query_params.get("act", ""), one_line(request.query_params.get("who", ""), 80)
        page = desk.site.store.audit.page(AuditQuery(member(Act, act), who, cursor(request)))
        query = {name: value for name, value in (("act", act), ("who", who)) if value}
        values = {"page": page, "acts": tuple(Act), "place": place, "act": act, "who": who, "query": query}
        return desk.page(request, "audit.html", session, values)
