"""Fill the date places of a configured address or request body.

``{year}``, ``{month}``, ``{day}`` and ``{today}`` are of the poll, ``{since}`` is the day before the last good
poll (a day of overlap; thirty days back where there was none). A format may follow a colon: ``{since:%d/%m/%Y}``.
Other braces stand as they are: JSON bodies are full of them.
"""

import re
from datetime import datetime, timedelta

_PLACE = re.compile(r"\{(year|month|day|today|since)(?::(%[^{}]+))?\}")
_DEFAULT = {"year": "%Y", "month": "%m", "day": "%d", "today": "%Y-%m-%d", "since": "%Y-%m-%d"}


def fill(template: str, now: datetime, last_success: datetime | None) -> str:
    """Return ``template`` with its date places filled (UTC)."""
    since = last_success - timedelta(days=1) if last_success else now - timedelta(days=30)

    def place(match: re.Match[str]) -> str:
        moment = since if match[1] == "since" else now
        return moment.strftime(match[2] or _DEFAULT[match[1]])

    return _PLACE.sub(place, template)
