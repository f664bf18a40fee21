"""``/admin``: what needs a look now, by the same rules as ``alerts status``. ``/admin/sessions``: one's own log-ins."""

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.domain.admins import Session
from alerts.domain.vocabulary import Health
from alerts.flow.standing import standing, troubles
from alerts.web.admin.desk import READ, Desk
from alerts.web.archive import number_of
from alerts.web.looks import Reader


class OverviewDoor:
    """Answers for the first page and for sessions."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> APIRouter:
        """Return the addresses."""
        router = APIRouter()
        router.add_api_route("/admin", self.overview, methods=READ)
        router.add_api_route("/admin/sessions", self.sessions, methods=READ)
        router.add_api_route("/admin/sessions", self._desk.posted(self.revoke), methods=["POST"])
        return router

    def overview(self, request: Request) -> Response:
        """Return what needs a look."""
        session, desk = self._desk.session(request), self._desk
        seen = standing(desk.site.store, desk.now)
        counts = {health: sum(line.health is health for line in seen.sources.health) for health in Health}
        values = {
            "troubles": troubles(seen, desk.now, Reader.of(request).language),
            "counts": {health: count for health, count in counts.items() if count},
            "backlog": seen.backlog,
            "slowed": seen.slowed,
            "daemons": seen.daemons,
            "good": desk.site.catalogue_good(),
        }
        return desk.page(request, "overview.html", session, values)

    def sessions(self, request: Request) -> Response:
        """Return where one is logged in."""
        session, desk = self._desk.session(request), self._desk
        mine = desk.site.store.sessions.of(session.admin_id, desk.now)
        left = [one.codes for one in desk.site.store.admins.all(desk.now) if one.id == session.admin_id]
        values = {"sessions": mine, "codes": left[0]}
        return desk.page(request, "sessions.html", session, values)

    def revoke(self, request: Request, session: Session, form: FormData) -> Response:
        """End one session, or all others."""
        desk, by = self._desk, self._desk.actor(request, session)
        which = None if form.get("session") == "others" else number_of(str(form.get("session", "")))
        ended = desk.site.store.sessions.revoke(session.admin_id, which, by, desk.now, but=session.id)
        if which is not None and not ended:
            raise HTTPException(404)
        return desk.to(request, "/admin/sessions", done="ended")
