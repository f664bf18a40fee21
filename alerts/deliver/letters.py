"""Open a mail that anybody may have written: no more of it is read than time and the depth of calls allow.

The standard library's parser and the detectors of flufl.bounce take time that grows with the square of the number of parts, and
fail at some hundred nested ones. A report has three or four parts; what stands behind the hundredth is not read.
"""

import email
from email.message import Message

MOST = 1_000_000  # octets of a mail that are read
LINES, COLUMNS = 20_000, 2_000
PARTS = 100  # lines that may begin a part
NESTED = 30  # headers that may open a mail or several parts inside a part


def opened(raw: bytes) -> Message:
    """Return the mail, cut where it passes a limit."""
    return email.message_from_bytes(b"\n".join(_bounded(raw[:MOST])))


def _bounded(raw: bytes) -> list[bytes]:
    text = raw if b"\n" in raw else raw.replace(b"\r", b"\n")  # line ends of old Macs
    kept: list[bytes] = []
    parts = nested = 0
    for line in text.replace(b"\r\n", b"\n").split(b"\n", LINES)[:LINES]:
        lower = line[:COLUMNS].lower()
        parts += lower.startswith(b"--")
        nested += lower.startswith(b"content-type:") and (b"multipart/" in lower or b"message/" in lower)
        if parts > PARTS or nested > NESTED:
            break
        kept.append(line[:COLUMNS])
    return kept
