"""``/calendar/{token}.ics``: a company's deadlines, for calendar programs. Looking changes nothing; any wrong token is 404."""

from hashlib import sha256

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.flow.calendars import calendar_of, opened
from alerts.web.site import Site


class CalendarDoor:
    """Answers calendar programs."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> APIRouter:
        """Return the one address."""
        router = APIRouter()
        router.add_api_route("/calendar/{token}.ics", self.show, methods=["GET", "HEAD"])
        return router

    def show(self, request: Request) -> Response:
        """Return the calendar, or that it is as it was."""
        endpoint = opened(self._site.store, request.path_params["token"], self._site.tokens)
        if endpoint is None:
            raise HTTPException(404)
        body = calendar_of(self._site.store, endpoint, self._site.public_url, self._site.clock.now())
        mark = f'"{sha256(body).hexdigest()[:24]}"'
        headers = {"ETag": mark, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex, nofollow"}
        if mark in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        headers["Content-Disposition"] = 'inline; filename="deadlines.ics"'
        return Response(body, headers=headers, media_type="text/calendar; charset=utf-8")
