"""``/admin/review``: what waits for an editor, who agreed, when it goes out by itself; released or refused by who is logged in."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.domain.admins import Session
from alerts.domain.amendments import amended
from alerts.domain.audit import ADMIN, Actor
from alerts.domain.text import one_line
from alerts.web.admin.desk import READ, Desk
from alerts.web.archive import number_of

LONGEST = 300  # characters of a note
MOST = 200


class ReviewDoor:
    """Answers for the editors' queue."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> APIRouter:
        """Return the addresses."""
        router = APIRouter()
        router.add_api_route("/admin/review", self.queue, methods=READ)
        router.add_api_route("/admin/review/{number}", self.item, methods=READ)
        router.add_api_route("/admin/review/{number}", self._desk.posted(self.decide), methods=["POST"])
        return router

    def queue(self, request: Request) -> Response:
        """Return what waits, the one that waits longest first."""
        session, desk = self._desk.session(request), self._desk
        values = {"waiting": desk.site.store.desk.waiting(MOST)}
        return desk.page(request, "review.html", session, values)

    def item(self, request: Request) -> Response:
        """Return what waits of one item, beside what readers see of it now."""
        session = self._desk.session(request)
        return self._page(request, session, number_of(request.path_params["number"]))

    def decide(self, request: Request, session: Session, form: FormData) -> Response:
        """Take an editor's word."""
        number, desk = number_of(request.path_params["number"]), self._desk
        waiting = desk.site.store.desk.of(number)
        if not waiting:
            raise HTTPException(404)
        if str(form.get("revision", "")) != str(waiting[-1].stored.number):  # another text came meanwhile
            return self._page(request, session, number, fault="newer")
        note, by = one_line(str(form.get("note", "")), LONGEST), desk.actor(request, session)
        done = self._word(str(form.get("action", "")), number, note, by)
        return desk.to(request, "/admin/review", done=done)

    def _word(self, action: str, number: int, note: str, by: Actor) -> str:
        """Return what came of a yes or a no; 404 when somebody else was quicker."""
        acts, now = self._desk.site.store.acts, self._desk.now
        if action == "release":
            decision = acts.approve(number, note, by, now)
            if decision is None:
                raise HTTPException(404)
            return "released" if decision.released else "agreed"
        if action != "reject":
            raise HTTPException(400)
        if not acts.reject(number, note, by, now):
            raise HTTPException(404)
        return "rejected"

    def _page(self, request: Request, session: Session, number: int, fault: str = "") -> Response:
        desk, store = self._desk, self._desk.site.store
        waiting = store.desk.of(number)
        if not waiting:
            raise HTTPException(404)
        newest, seen = waiting[-1], store.items.get(number)
        values = {
            "one": newest,
            "stored": newest.stored,
            "seen": seen,
            "change": amended(seen, newest.stored) if seen else None,
            "agreed": self._names(newest.agreed),
            "mine": desk.actor(request, session).editor in newest.agreed,
            "feed": desk.site.feeds().get(newest.stored.feed_id),
            "fault": fault,
            "longest": LONGEST,
        }
        return desk.page(request, "review_item.html", session, values, 409 if fault else 200)

    def _names(self, agreed: Sequence[str]) -> list[str]:
        """Return who agreed; who is logged in stands in the rows by number."""
        admins = {f"{ADMIN}{one.id}": one.name for one in self._desk.site.store.admins.all(self._desk.now)}
        return [admins.get(word, word) for word in agreed]
