"""Where an API keeps its next page: a link in the answer, or a parameter that counts pages, items or carries a cursor."""

import json
import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from alerts.domain.collected import Document, Request
from alerts.domain.feeds import JsonMapping, Paging
from alerts.parse.records import search
from alerts.parse.tolerant import Json, as_text

_PLACE = re.compile(r"\{(?:page|offset|cursor)\}")


def next_request(
    answer: Json, records: Sequence[Json], document: Document, mapping: JsonMapping
) -> Request | None:
    """Return the request for the page after this one, or None on the last.

    Parameters go into the address, or into the place ``{page}``, ``{offset}`` or ``{cursor}`` of a POST's body. Date
    places of the body stay for the caller to fill.
    """
    paging = mapping.paging
    if paging is None or not records:
        return None
    if mapping.body is not None and paging.style != "next" and _PLACE.search(mapping.body):
        value = _value(answer, len(records), document.page, paging)
        return Request(document.url, mapping.method, _body(mapping.body, value)) if value else None
    address = _next_address(answer, len(records), document.url, paging)
    if address is None or address == document.url:
        return None
    body = mapping.body.encode() if mapping.body is not None else None
    return Request(address, method=mapping.method, body=body)


def _value(answer: Json, count: int, before: int, paging: Paging) -> str | None:
    """Return what names the next page when ``before`` pages came before this one, or None on the last."""
    if paging.style == "cursor":
        return as_text(search(paging.path or "", answer))
    if paging.size is not None and count < paging.size:
        return None
    if paging.style == "page":
        return str(paging.start + before + 1)
    return str((paging.start if paging.start > 1 else 0) + (before + 1) * (paging.size or count))


def _body(template: str, value: str) -> bytes:
    """Return the body with ``value`` in its place, spelled as the body's own format needs."""
    spelled = json.dumps(value)[1:-1] if template.lstrip()[:1] in {"{", "["} else quote(value, safe="")
    return _PLACE.sub(lambda _: spelled, template).encode()


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
