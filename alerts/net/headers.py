"""Read and write header fields without losing a byte or leaking one.

A validator must go back exactly as it came, and may hold any byte above 127 (RFC 9110 section 8.8.3). Fields are
read as UTF-8, which aiohttp writes again as the same bytes; a field in another encoding is read as latin-1 for
people to see, but a validator of that kind is left out: it could not be sent back unchanged.
"""

import re
from collections.abc import Iterable, Mapping

from alerts.domain.errors import FetchError
from alerts.domain.vocabulary import Outcome

_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
VALIDATORS = frozenset({"etag", "last-modified"})
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "te", "trailer", "upgrade"})
_HARMLESS = frozenset(
    {"accept", "accept-encoding", "accept-language", "user-agent", "if-none-match", "if-modified-since", "content-type"}
)  # fmt: skip


def answer_headers(raw: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """Return the fields of an answer by lower-case name; repeated ones joined with a comma, cookies left out."""
    fields: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name = raw_name.decode("latin-1").lower()
        value = _text(name, raw_value)
        if value is not None and name != "set-cookie":
            fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields


def sendable_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return ``headers`` without those that only the client may write.

    Raises:
        FetchError: HTTP_ERROR, when a name or value holds what a header line cannot.
    """
    for name, value in headers.items():
        if not name or not name.isascii() or _CONTROLS.search(name) or _CONTROLS.search(value):
            raise FetchError(Outcome.HTTP_ERROR, f"the header {name!r} cannot be sent")
    return {name: value for name, value in headers.items() if name.lower() not in _OURS}


def onward_headers(headers: Mapping[str, str], *, same_origin: bool, with_body: bool) -> Mapping[str, str]:
    """Return what a redirect may take along: to another origin only what gives nothing away."""
    kept = {name: value for name, value in headers.items() if same_origin or name.lower() in _HARMLESS}
    return {name: value for name, value in kept.items() if with_body or name.lower() != "content-type"}


def _text(name: str, value: bytes) -> str | None:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return None if name in VALIDATORS else value.decode("latin-1")
