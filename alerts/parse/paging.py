"""Where an API keeps its next page: a link in the answer, or a parameter that counts pages, items or carries a cursor."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from alerts.domain.collected import Document, Request
from alerts.domain.feeds import JsonMapping, Paging
from alerts.parse.records import search
from alerts.parse.tolerant import Json, as_text


def next_request(
    answer: Json, records: Sequence[Json], document: Document, mapping: JsonMapping
) -> Request | None:
    """Return the request for the page after this one, or None on the last.

    Parameters go into the address; the body of a POST stays as configured.
    """
    paging = mapping.paging
    if paging is None or not records:
        return None
    address = _next_address(answer, len(records), document.url, paging)
    if address is None or address == document.url:
        return None
    body = mapping.body.encode() if mapping.body is not None else None
    return Request(address, method=mapping.method, body=body)


def _next_address(answer: Json, count: int, url: str, paging: Paging) -> str | None:
    if paging.style in {"next", "cursor"}:
        return _pointed(as_text(search(paging.path or "", answer)), url, paging)
    if paging.size is not None and count < paging.size:
        return None
    if paging.style == "page":
        param = paging.param or "page"
        return _with(url, param, str(_number(url, param, paging.start) + 1))
    param = paging.param or "offset"
    first = paging.start if paging.start > 1 else 0
    return _with(url, param, str(_number(url, param, first) + (paging.size or count)))


def _pointed(found: str | None, url: str, paging: Paging) -> str | None:
    """Return the address that the answer itself points to, by a link or by a cursor."""
    if found is None or paging.style == "cursor":
        return _with(url, paging.param or "cursor", found) if found else None
    try:
        return urljoin(url, found)
    except ValueError:
        return None


def _number(url: str, param: str, default: int) -> int:
    value = dict(parse_qsl(urlsplit(url).query)).get(param, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else default


def _with(url: str, param: str, value: str) -> str:
    parts = urlsplit(url)
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != param]
    return urlunsplit(parts._replace(query=urlencode([*pairs, (param, value)])))
