"""Fill the date places of a configured address or request body.

``{year}``, ``{month}``, ``{day}`` and ``{today}`` are of the poll, ``{since}`` is the day before the last good
poll (a day of overlap; thirty days back where there was none). A format may follow a colon: ``{since:%d/%m/%Y}``.
Other braces stand as they are: JSON bodies are full of them. A body's ``{page}``, ``{offset}`` or ``{cursor}`` is where
paging goes on; in the first request it holds the first page's number, its offset, or nothing.
"""

import re
from datetime import datetime, timedelta

from alerts.domain.collected import Request
from alerts.domain.feeds import Feed, JsonMapping

_PLACE = re.compile(r"\{(year|month|day|today|since)(?::(%[^{}]+))?\}")
_PAGE = re.compile(r"\{(page|offset|cursor)\}")
_DEFAULT = {"year": "%Y", "month": "%m", "day": "%d", "today": "%Y-%m-%d", "since": "%Y-%m-%d"}


def fill(template: str, now: datetime, last_success: datetime | None) -> str:
    """Return ``template`` with its date places filled (UTC)."""
    since = last_success - timedelta(days=1) if last_success else now - timedelta(days=30)

    def place(match: re.Match[str]) -> str:
        moment = since if match[1] == "since" else now
        return moment.strftime(match[2] or _DEFAULT[match[1]])

    return _PLACE.sub(place, template)


def page_address(feed: Feed, url: str, after: int, when: tuple[datetime, datetime | None]) -> str:
    """Return ``url`` with its places filled for the page after ``after`` others; ``when``: now and the last good poll."""
    first = feed.page.first_page if feed.page else 1
    return fill(url.replace("{page}", str(first + after)), *when)


def following(feed: Feed, url: str, after: int, when: tuple[datetime, datetime | None]) -> Request | None:
    """Return the request for the next page of a list whose address counts its pages."""
    counted = feed.page is not None and "{page}" in url
    return Request(page_address(feed, url, after, when)) if counted else None


def first_body(mapping: JsonMapping | None, now: datetime, last_success: datetime | None) -> bytes | None:
    """Return the body of a source's first request, or None where it needs none."""
    if mapping is None or mapping.body is None:
        return None
    start = mapping.paging.start if mapping.paging else 1
    values = {"page": str(start), "offset": str(start if start > 1 else 0), "cursor": ""}
    return fill(_PAGE.sub(lambda place: values[place[1]], mapping.body), now, last_success).encode()


def filled(body: bytes | None, now: datetime, last_success: datetime | None) -> bytes | None:
    """Return the body of a later page with its date places filled."""
    return fill(body.decode(), now, last_success).encode() if body is not None else None
