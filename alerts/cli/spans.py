"""Spans of time as people write them: 30s, 15m, 6h, 7d."""

import re
from datetime import timedelta

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def span(text: str) -> timedelta | None:
    """Return the span, or None when ``text`` is not one."""
    match = re.fullmatch(r"(\d{1,6})([smhdw])", text.strip())
    return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None
