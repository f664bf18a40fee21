"""``/keep/{token}``: the way back for whoever is told that their alerts are to go to another address."""

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.domain.requests import Request as Asked
from alerts.flow.moving import keep
from alerts.web.doors import request_behind, sent
from alerts.web.looks import Looks, Reader
from alerts.web.site import Site


class KeepingDoor:
    """Answers for the link in the mail to the address before."""

    def __init__(self, site: Site, looks: Looks) -> None:
        self._site = site
        self._looks = looks

    def routes(self) -> APIRouter:
        """Return the address, for looking and for acting."""
        router = APIRouter()
        router.add_api_route("/keep/{token}", self.look, methods=["GET", "HEAD"])
        router.add_api_route("/keep/{token}", self.act, methods=["POST"])
        return router

    def look(self, request: Request) -> Response:
        """Return the button; looking uses nothing up."""
        asked = request_behind(self._site, request, "keep")
        fresh = asked.state(self._site.clock.now()) == "open"
        return self._page(request, asked, "open" if fresh else "late")

    async def act(self, request: Request) -> Response:
        """Let the alerts stay where they were."""
        return await sent(request, self._site, self._act)

    def _act(self, request: Request, form: FormData) -> Response:
        asked = request_behind(self._site, request, "keep")
        if form.get("action") != "keep":
            raise HTTPException(400)
        kept = keep(self._site.store, asked, self._site.clock.now())
        return self._page(request, asked, "late" if kept is None else "kept")

    def _page(self, request: Request, asked: Asked, state: str) -> Response:
        values = {"here": f"/keep/{request.path_params['token']}", "state": state}
        reader = Reader.of(request, asked.language)
        return self._looks.personal("keep.html", reader, values, 410 if state == "late" else 200)
