"""``/admin/suppressions``: addresses that take no mail any more, and letting one in again, with a reason."""

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.domain.admins import Session
from alerts.domain.text import masked, one_line
from alerts.store import Dead
from alerts.web.admin.desk import READ, Desk
from alerts.web.archive import number_of


class SuppressionsDoor:
    """Answers for dead addresses."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> APIRouter:
        """Return the addresses."""
        router = APIRouter()
        router.add_api_route("/admin/suppressions", self.all, methods=READ)
        router.add_api_route("/admin/suppressions/{number}", self.one, methods=READ)
        router.add_api_route("/admin/suppressions/{number}", self._desk.posted(self.lift), methods=["POST"])
        return router

    def all(self, request: Request) -> Response:
        """Return all of them, masked."""
        session, desk = self._desk.session(request), self._desk
        found = [(one, masked(one.address)) for one in desk.site.store.dead.all()]
        values = {"found": found}
        return desk.page(request, "suppressions.html", session, values)

    def one(self, request: Request) -> Response:
        """Return one of them, whole."""
        session = self._desk.session(request)
        return self._page(request, session, self._named(request))

    def lift(self, request: Request, session: Session, form: FormData) -> Response:
        """Let mails to an address go out again."""
        one, desk, why = self._named(request), self._desk, one_line(str(form.get("why", "")), 200)
        if not why:
            return self._page(request, session, one, fault="why")
        if not desk.site.store.acts.lift(one.address, why, desk.actor(request, session), desk.now):
            raise HTTPException(404)
        return desk.to(request, "/admin/suppressions", done="lifted")

    def _named(self, request: Request) -> Dead:
        number = number_of(request.path_params["number"])
        for one in self._desk.site.store.dead.all():
            if one.endpoint_id == number:
                return one
        raise HTTPException(404)

    def _page(self, request: Request, session: Session, one: Dead, fault: str = "") -> Response:
        values = {"one": one, "fault": fault}
        return self._desk.page(request, "suppression.html", session, values, 422 if fault else 200)
