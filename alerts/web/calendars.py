"""What a company was told, for programs: ``/calendar/{token}.ics`` its deadlines, ``/private/{token}.atom`` the notices themselves.

One secret word opens both. Looking changes nothing; any wrong token is 404.
"""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.domain.people import Endpoint
from alerts.domain.text import one_line
from alerts.flow.calendars import calendar_of, opened
from alerts.render.feeds import FORMS, Head, Setting, entry_of
from alerts.render.feeds.markup import tag
from alerts.render.words import Words
from alerts.web.conditional import PRIVATE, Copy, answer
from alerts.web.looks import publisher_of
from alerts.web.site import Site

READ = ["GET", "HEAD"]
LENGTH = 100  # entries of the private feed


class CalendarDoor:
    """Answers calendar programs and feed readers that know a secret."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> APIRouter:
        """Return the addresses."""
        router = APIRouter()
        router.add_api_route("/calendar/{token}.ics", self.calendar, methods=READ)
        router.add_api_route("/private/{token}.atom", self.feed, methods=READ)
        return router

    def calendar(self, request: Request) -> Response:
        """Return the calendar, or that it is as it was."""
        endpoint, now = self._opened(request), self._site.clock.now()
        body, changed = calendar_of(self._site.store, endpoint, self._site.public_url, now)
        headers = {**PRIVATE, "Content-Disposition": 'inline; filename="deadlines.ics"'}
        return answer(request, Copy(body, "text/calendar; charset=utf-8", headers, now, changed))

    def feed(self, request: Request) -> Response:
        """Return what the company was told last, newest first, and why."""
        site, endpoint, now = self._site, self._opened(request), self._site.clock.now()
        words = Words(endpoint.language, "web")
        setting = Setting(
            Words(endpoint.language), site.public_url, lambda one: publisher_of(site, one, endpoint.language)
        )
        entries = [
            entry_of(stored, setting, reasons)
            for stored, reasons in site.store.calendars.newest(endpoint.id, LENGTH)
        ]
        updated = max((one.updated for one in entries), default=endpoint.created_at or now)
        form, title = FORMS["atom"], self._title(endpoint, words)
        head = Head(
            ident=tag(site.public_url, f"private/{endpoint.public_id}"),
            address=f"{site.public_url}/private/{request.path_params['token']}.atom",
            home=f"{site.public_url}/items",
            title=title,
            subtitle=words.gettext("What your company was told, and why"),
            author=words.gettext("IP Risk Alerts"),
            language=endpoint.language,
            updated=updated,
            related=f"{site.public_url}/manage",
        )
        return answer(
            request, Copy(form.write(head, entries), f"{form.media}; charset=utf-8", PRIVATE, now, updated)
        )

    def _title(self, endpoint: Endpoint, words: Words) -> str:
        company = one_line(self._site.store.digests.company_of(endpoint.id), 120)
        return words.gettext("%(name)s: %(value)s", name=words.gettext("IP Risk Alerts"), value=company)

    def _opened(self, request: Request) -> Endpoint:
        endpoint = opened(self._site.store, request.path_params["token"], self._site.tokens)
        if endpoint is None:
            raise HTTPException(404)
        return endpoint
