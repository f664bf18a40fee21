"""How documents and results cross the pipe to a parser's process: length-prefixed JSON and plain bytes, no pickle.

What comes back was made from hostile input, so it is rebuilt field by field; anything unexpected raises
:class:`WireError` and counts as a broken child.

Units: lengths are four bytes, big-endian; ``MAX_FRAME`` bytes bound one frame in either direction.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

from alerts.domain.collected import Document, Entry, Parsed, RawDate, Request
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed, JsonMapping, PageMapping, Paging
from alerts.domain.vocabulary import FeedType, Outcome, Role

MAX_FRAME = 256 * 1024 * 1024
LENGTH = struct.Struct(">I")

_PLAIN = ("raw_id", "link", "title", "summary", "content", "title_is_html", "summary_is_html", "author", "language",
          "document_number", "document_type", "jurisdiction")  # fmt: skip
_PLAIN_VALUES = attrgetter(*_PLAIN)


class WireError(Exception):
    """A frame does not hold what was agreed."""


def pack_question(document: Document, feed: Feed) -> bytes:
    """Return the two frames of a question: what the reader needs to know, and the body."""
    question = {
        "url": document.url,
        "final_url": document.final_url,
        "status": document.status,
        "content_type": document.headers.get("content-type"),
        "fetched_at": document.fetched_at.isoformat(),
        "page": document.page,
        "feed": {
            "id": feed.id,
            "type": feed.type.value,
            "jurisdiction": feed.jurisdiction,
            "language": feed.language,
            "date_order": feed.date_order,
            "max_bytes": feed.max_bytes,
            "json": _mapping_out(feed.json) if feed.json else None,
            "page": asdict(feed.page) if feed.page else None,
        },
    }
    head = json.dumps(question).encode()
    return LENGTH.pack(len(head)) + head + LENGTH.pack(len(document.body)) + document.body


def unpack_question(head: bytes, body: bytes) -> tuple[Document, Feed]:
    """Return the document and as much of the feed as readers use."""
    told = json.loads(head)
    headers = {"content-type": told["content_type"]} if told["content_type"] else {}
    fetched_at = datetime.fromisoformat(told["fetched_at"])
    document = Document(
        told["url"], told["final_url"], told["status"], headers, body, fetched_at, page=told["page"]
    )
    source = told["feed"]
    page = source.pop("page")
    mapping = source.pop("json")
    feed = Feed(
        name={},
        url=told["url"],
        type=FeedType(source.pop("type")),
        json=_mapping_in(mapping) if mapping else None,
        page=_page_in(page) if page else None,
        **source,
    )
    return document, feed


def pack_answer(parsed: Parsed) -> bytes:
    """Return the frame of a result."""
    following = parsed.next_request
    body = (
        following.body.decode("utf-8", "surrogateescape")
        if following and following.body is not None
        else None
    )
    return _frame(
        {
            "entries": [_entry_out(entry) for entry in parsed.entries],
            "title": parsed.title,
            "language": parsed.language,
            "next": [following.url, following.method, body] if following else None,
            "malformed": parsed.malformed,
            "ttl": parsed.ttl.total_seconds() if parsed.ttl is not None else None,
            "skip_hours": sorted(parsed.skip_hours),
            "skip_days": sorted(parsed.skip_days),
            "skipped": parsed.skipped,
            "hubs": list(parsed.hubs),
            "topic": parsed.topic,
        }
    )


def pack_error(error: ParseError) -> bytes:
    """Return the frame of a refusal."""
    return _frame({"outcome": error.outcome.value, "detail": error.detail, "status": error.status})


def unpack_answer(frame: bytes) -> Parsed:
    """Return the result in ``frame``.

    Raises:
        ParseError: the child refused the document.
        WireError: the frame is not what a child writes.
    """
    try:
        told = json.loads(frame)
        if "outcome" in told:
            refusal = ParseError(Outcome(told["outcome"]), str(told["detail"]), status=told["status"])
        else:
            return _parsed_in(told)
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError) as fault:
        raise WireError(str(fault)) from fault
    raise refusal


def _frame(value: Mapping[str, object]) -> bytes:
    text = json.dumps(value, separators=(",", ":")).encode()
    return LENGTH.pack(len(text)) + text


def _mapping_out(mapping: JsonMapping) -> dict[str, object]:
    return {
        "items": mapping.items,
        "fields": dict(mapping.fields),
        "dates": {role.value: path for role, path in mapping.dates.items()},
        "answer": mapping.answer,
        "record": mapping.record,
        "url_template": mapping.url_template,
        "method": mapping.method,
        "body": mapping.body,
        "paging": asdict(mapping.paging) if mapping.paging else None,
        "script": mapping.script,
    }


def _mapping_in(told: dict[str, Any]) -> JsonMapping:
    paging, dates = told.pop("paging"), told.pop("dates")
    roles = {Role(role): path for role, path in dates.items()}
    return JsonMapping(dates=roles, paging=Paging(**paging) if paging else None, **told)


def _page_in(told: dict[str, Any]) -> PageMapping:
    lists = {name: tuple(told[name]) for name in ("exclude_title", "ignore")}
    return PageMapping(**{**told, **lists})


def _entry_out(entry: Entry) -> list[object]:
    dates = [[role.value, text] for role, text in entry.dates]
    return [
        list(_PLAIN_VALUES(entry)),
        _date_out(entry.published),
        _date_out(entry.updated),
        list(entry.categories),
        dates,
    ]


def _date_out(date: RawDate | None) -> list[str | None] | None:
    return [date.text, date.parsed.isoformat() if date.parsed else None] if date else None


def _parsed_in(told: Mapping[str, Any]) -> Parsed:
    following = told["next"]
    return Parsed(
        entries=tuple(map(_entry_in, told["entries"])),
        title=_optional(told["title"]),
        language=_optional(told["language"]),
        next_request=_request_in(*following) if following else None,
        malformed=bool(told["malformed"]),
        ttl=timedelta(seconds=told["ttl"]) if told["ttl"] is not None else None,
        skip_hours=frozenset(map(int, told["skip_hours"])),
        skip_days=frozenset(map(int, told["skip_days"])),
        skipped=int(told["skipped"]),
        hubs=tuple(map(str, told["hubs"])),
        topic=_optional(told["topic"]),
    )


def _request_in(url: str, method: str, body: str | None) -> Request:
    return Request(
        str(url), str(method), body.encode("utf-8", "surrogateescape") if body is not None else None
    )


def _entry_in(told: list[Any]) -> Entry:
    plain, published, updated, categories, dates = told
    values = dict(zip(_PLAIN, plain, strict=True))
    for name, value in values.items():
        if not isinstance(value, bool if name.endswith("_is_html") else str | None):
            raise WireError(f"{name} has the wrong type")
    return Entry(
        published=_date_in(published),
        updated=_date_in(updated),
        categories=tuple(map(str, categories)),
        dates=tuple((Role(role), str(text)) for role, text in dates),
        **values,
    )


def _date_in(told: list[Any] | None) -> RawDate | None:
    if told is None:
        return None
    text, parsed = told
    return RawDate(str(text), datetime.fromisoformat(parsed).astimezone(UTC) if parsed else None)


def _optional(value: object) -> str | None:
    return str(value) if value is not None else None
