"""``/dates``: what is due in the next months, for those who plan rather than read."""

from dataclasses import replace
from datetime import date, timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from alerts.web.agenda import Agenda, Coming, agenda
from alerts.web.archive import UnknownValue, read_filter
from alerts.web.choices import choices
from alerts.web.looks import Looks, Reader
from alerts.web.site import Site

READ = ["GET", "HEAD"]
SPAN = timedelta(days=90)
LOOKED_AT = 400  # notices
SHOWN = 100  # dates of a page; those of one day stay together
LAST_YEAR = 9000


class DatesPage:
    """Answers who wants to know what is due."""

    def __init__(self, site: Site, looks: Looks) -> None:
        self._site = site
        self._looks = looks

    def routes(self) -> APIRouter:
        """Return the address."""
        router = APIRouter()
        router.add_api_route("/dates", self.dates, methods=READ)
        return router

    def dates(self, request: Request) -> Response:
        """Return the dates of the 90 days from ``since`` on, or from today; the other filters are those of the archive."""
        reader, wish = Reader.of(request), read_filter(request.query_params)
        today = self._site.clock.now().date()
        first = wish.since or today
        if first.year > LAST_YEAR:
            raise UnknownValue(first.isoformat())
        last = min(first + SPAN, wish.until or date.max)
        query = replace(wish, since=None, until=None, before=None).query(self._site.feeds())
        found = agenda(self._site.store, replace(query, limit=LOOKED_AT), (first, last))
        shown, later = _page(found)
        values = {
            "dues": shown,
            "later": later or (last + timedelta(days=1) if found.complete and not wish.until else None),
            "complete": found.complete,
            "wish": wish,
            "first": first,
            "last": shown[-1].obligation.date if later else last,
            "choices": choices(self._site, wish, reader.language),
            "here": "/dates",
            "query": wish.params(),
        }
        return self._looks.page("dates.html", reader, values)


def _page(found: Agenda) -> tuple[tuple[Coming, ...], date | None]:
    """Return the dates of one page, and the day on which the next begins, if there is one."""
    if len(found.dues) <= SHOWN:
        return found.dues, None
    last = found.dues[SHOWN - 1].obligation.date
    shown = tuple(one for one in found.dues if one.obligation.date <= last)
    return shown, found.dues[len(shown)].obligation.date if len(shown) < len(found.dues) else None
