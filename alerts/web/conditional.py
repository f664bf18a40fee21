"""Answers that are asked for again and again: 304 where the asker has them already (RFC 9110 section 13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

OPEN = {  # what anybody may read, from any page
    "Cache-Control": "public, max-age=60",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PRIVATE = {  # what one reader may read, under an address that is a secret
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class Copy:
    """What may be asked for again. ``changed`` is when it last did, None where nobody knows; ``now`` is when it was made."""

    body: bytes
    media: str
    headers: Mapping[str, str]
    now: datetime
    changed: datetime | None = None

    @property
    def mark(self) -> str:
        """Return its entity tag."""
        return f'"{sha256(self.body).hexdigest()[:32]}"'

    @property
    def stamp(self) -> datetime | None:
        """Return its Last-Modified: a second earlier while more may come within the same second."""
        if self.changed is None:
            return None
        whole, second = self.changed.replace(microsecond=0), timedelta(seconds=1)
        return whole - second if self.now < whole + second else whole


def answer(request: Request, copy: Copy) -> Response:
    """Return the copy, or 304 where the asker has it."""
    given = {**copy.headers, "ETag": copy.mark}
    if copy.stamp is not None:
        given["Last-Modified"] = format_datetime(copy.stamp.astimezone(UTC), usegmt=True)
    if _is_there(request, copy):
        return Response(status_code=304, headers=given)
    return Response(copy.body, headers={**given, "Content-Type": copy.media})


def _is_there(request: Request, copy: Copy) -> bool:
    """Return whether the asker has this already; a date is looked at only where no mark is given."""
    if "if-none-match" in request.headers:
        return bool(marks_of(request.headers) & {copy.mark, "*"})
    since = _date(request.headers.get("if-modified-since"))
    return copy.changed is not None and since is not None and copy.changed.replace(microsecond=0) <= since


def marks_of(headers: Headers) -> set[str]:
    """Return the entity tags of what the asker has."""
    marks = headers.get("if-none-match", "")[:4000]
    return {one.strip().removeprefix("W/") for one in marks.split(",")}


def _date(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text) if text else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
