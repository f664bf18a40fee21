"""Where a page begins, as a text that callers hand back unread."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from alerts.web.archive import UnknownValue, is_number


def cursor_of(before: int | None) -> str | None:
    """Return the cursor of what comes after a number; None on the last page."""
    return urlsafe_b64encode(f"before {before}".encode()).rstrip(b"=").decode() if before else None


def place_of(cursor: str | None) -> int | None:
    """Return where a page begins.

    Raises:
        UnknownValue: the cursor is none of ours.
    """
    if cursor is None:
        return None
    try:
        text = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        raise UnknownValue(cursor) from None
    word, _, number = text.partition(" ")
    if word != "before" or not is_number(number) or cursor_of(int(number)) != cursor:
        raise UnknownValue(cursor)
    return int(number)
