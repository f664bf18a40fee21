"""The way out: ``/u/{token}``.

GET and HEAD show a page and change nothing, because mail scanners and link previews open every address
they see. POST acts: with ``List-Unsubscribe=One-Click``, as mail programs send it (RFC 8058 section 3.2:
no cookie, no origin, form or multipart body, an answer that is no redirect), or with the ``action`` field
of the page's own buttons. Repeating it changes nothing more. The token is all that is asked for.
"""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.domain.people import Endpoint
from alerts.domain.text import masked
from alerts.web.looks import Looks, Reader
from alerts.web.site import Site

LEAVE, REJOIN = "leave", "rejoin"


class Leaving:
    """Answers for the unsubscribe address."""

    def __init__(self, site: Site, looks: Looks) -> None:
        self._site = site
        self._looks = looks

    def routes(self) -> APIRouter:
        """Return the one address, for looking and for acting."""
        router = APIRouter()
        router.add_api_route("/u/{token}", self.show, methods=["GET", "HEAD"])
        router.add_api_route("/u/{token}", self.act, methods=["POST"])
        return router

    def show(self, request: Request) -> Response:
        """Return the page with the button that fits how things stand."""
        endpoint = self._endpoint(request)
        return self._page(request, endpoint, "active" if endpoint.active else "gone")

    async def act(self, request: Request) -> Response:
        """Stop the mails, or take that back."""
        form = await request.form(max_files=0, max_fields=10)
        return await run_in_threadpool(self._act, request, form)

    def _act(self, request: Request, form: FormData) -> Response:
        endpoint = self._endpoint(request)
        now = self._site.clock.now()
        if form.get("List-Unsubscribe") == "One-Click":
            self._site.store.subscribers.leave(endpoint.public_id, now, "one-click")
            return self._page(request, endpoint, "left")
        if form.get("action") == LEAVE:
            self._site.store.subscribers.leave(endpoint.public_id, now, "page")
            return self._page(request, endpoint, "left")
        if form.get("action") == REJOIN:
            back = self._site.store.subscribers.rejoin(endpoint.public_id, now) or endpoint.active
            return self._page(request, endpoint, "back" if back else "over")
        raise HTTPException(400)

    def _endpoint(self, request: Request) -> Endpoint:
        public_id = self._site.tokens.read_unsubscribe(request.path_params["token"])
        endpoint = self._site.store.subscribers.endpoint(public_id) if public_id else None
        if endpoint is None:
            raise HTTPException(404)
        return endpoint

    def _page(self, request: Request, endpoint: Endpoint, state: str) -> Response:
        values = {
            "state": state,
            "address": masked(endpoint.address),
            "here": f"/u/{request.path_params['token']}",
        }
        return self._looks.personal("leave.html", Reader.of(request, endpoint.language), values)
