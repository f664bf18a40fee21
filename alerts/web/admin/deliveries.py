"""``/admin/deliveries``: what went out and what did not, one with every attempt and answer; sent again after a second look.

Whom to look for is posted, not written into the address, where it would stay in histories and logs.
"""

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.domain.admins import Session
from alerts.domain.digests import DeliveryView
from alerts.domain.text import masked, one_line
from alerts.domain.vocabulary import MAY_GO_AGAIN, DeliveryState
from alerts.store import MailedQuery
from alerts.web.admin.desk import READ, Desk, cursor
from alerts.web.archive import member, number_of


class DeliveriesDoor:
    """Answers for what is sent."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> APIRouter:
        """Return the addresses."""
        router = APIRouter()
        router.add_api_route("/admin/deliveries", self.newest, methods=READ)
        router.add_api_route("/admin/deliveries", self._desk.posted(self.search), methods=["POST"])
        router.add_api_route("/admin/deliveries/{number}", self.delivery, methods=READ)
        router.add_api_route("/admin/deliveries/{number}", self._desk.posted(self.resend), methods=["POST"])
        return router

    def newest(self, request: Request) -> Response:
        """Return the newest deliveries, of one state or of all."""
        session = self._desk.session(request)
        query = MailedQuery(
            member(DeliveryState, request.query_params.get("state", "")), before=cursor(request)
        )
        return self._list(request, session, query)

    def search(self, request: Request, session: Session, form: FormData) -> Response:
        """Return what goes to an address or a part of one."""
        query = MailedQuery(
            member(DeliveryState, str(form.get("state", ""))), one_line(str(form.get("to", "")), 254)
        )
        return self._list(request, session, query)

    def _list(self, request: Request, session: Session, query: MailedQuery) -> Response:
        found, before = self._desk.site.store.mailed.page(query)
        values = {
            "found": [(one, masked(one.address)) for one in found],
            "before": None if query.to else before,
            "more": bool(query.to and before),
            "asked": query,
            "states": tuple(DeliveryState),
            "query": {"state": query.state.value} if query.state else {},
        }
        return self._desk.page(request, "deliveries.html", session, values)

    def delivery(self, request: Request) -> Response:
        """Return one delivery."""
        session = self._desk.session(request)
        return self._page(request, session, self._named(request))

    def resend(self, request: Request, session: Session, form: FormData) -> Response:
        """Let a delivery go out again."""
        one, desk = self._named(request), self._desk
        if form.get("sure") != "yes":
            return self._page(request, session, one, fault="sure")
        by, sent = desk.actor(request, session), one.state is DeliveryState.SENT
        if not desk.site.store.acts.resend(one.id, by, desk.now, also_sent=sent):
            return self._page(request, session, self._named(request), fault="state")
        return desk.to(request, f"/admin/deliveries/{one.id}", done="again")

    def _named(self, request: Request) -> DeliveryView:
        one = self._desk.site.store.mailed.one(number_of(request.path_params["number"]))
        if one is None:
            raise HTTPException(404)
        return one

    def _page(self, request: Request, session: Session, one: DeliveryView, **said: str) -> Response:
        attempts = self._desk.site.store.deliveries.attempts(one.id)
        values = {"one": one, "attempts": attempts, "again": one.state in MAY_GO_AGAIN, **said}
        return self._desk.page(request, "delivery.html", session, values, 422 if "fault" in said else 200)
