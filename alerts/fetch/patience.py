"""Read how long a server asks to be left alone.

``Retry-After`` comes as seconds or as a date; a date is measured against the answer's own ``Date``, so a server
whose clock is wrong still gets the pause it meant (RFC 9110 section 10.2.3). Freshness is max-age, else
Expires less Date, less Age (RFC 9111 section 4.2); ``no-cache`` and ``no-store`` promise none.

Units: seconds in headers, timedelta outside. What cannot be read counts as not said.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

NOTHING = timedelta(0)
RETRY_CAP = timedelta(days=7)
_SECONDS = re.compile(r"[0-9]{1,10}")
_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?([0-9]{1,10})\"?\s*(?=,|$)", re.IGNORECASE)
_UNFRESH = re.compile(r"(?:^|,)\s*no-(?:cache|store)\s*(?=,|$)", re.IGNORECASE)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return the pause that ``Retry-After`` asks for, at most seven days, or None when it asks for none."""
    text = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text):
        return min(timedelta(seconds=int(text)), RETRY_CAP)
    until = http_date(text)
    if until is None:
        return None
    pause = until - (http_date(headers.get("date", "")) or now)
    return min(max(pause, NOTHING), RETRY_CAP)


def freshness(headers: Mapping[str, str]) -> timedelta:
    """Return for how long the answer calls itself fresh; zero when it does not say."""
    control = headers.get("cache-control", "")
    if _UNFRESH.search(control):
        return NOTHING
    age = headers.get("age", "").strip()
    spent = timedelta(seconds=int(age)) if _SECONDS.fullmatch(age) else NOTHING
    return max(_lifetime(control, headers) - spent, NOTHING)


def http_date(text: str) -> datetime | None:
    """Return the instant (UTC) that an HTTP date names, or None."""
    try:
        parsed = parsedate_to_datetime(text)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):  # email.utils raises them all on odd dates
        return None


def _lifetime(control: str, headers: Mapping[str, str]) -> timedelta:
    stated = _MAX_AGE.search(control)
    if stated:
        return timedelta(seconds=int(stated[1]))
    expires, date = http_date(headers.get("expires", "")), http_date(headers.get("date", ""))
    return expires - date if expires and date else NOTHING
