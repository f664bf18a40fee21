"""Documents and sources for the tests of reading: each function makes one value with sensible defaults."""

from datetime import UTC, datetime
from typing import Any

from alerts.domain.collected import Document, Entry, RawDate
from alerts.domain.feeds import Feed, JsonMapping, PageMapping
from alerts.domain.vocabulary import FeedType, Language

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ADDRESS = "https://office.example/news/"


def document(body: bytes | str, content_type: str | None = None, url: str = ADDRESS) -> Document:
    raw = body.encode() if isinstance(body, str) else body
    headers = {"content-type": content_type} if content_type else {}
    return Document(url, url, 200, headers, raw, NOW)


def source(kind: FeedType = FeedType.FEED, **changes: Any) -> Feed:
    values: dict[str, Any] = {
        "id": "xx-office-news",
        "name": {Language.ENGLISH: "Office news", Language.CHINESE: "主管局新闻"},
        "type": kind,
        "url": ADDRESS,
        "jurisdiction": "EP",
    }
    return Feed(**{**values, **changes})


def api(items: str = "results", fields: dict[str, str] | None = None, **changes: Any) -> Feed:
    plain = fields or {"id": "id", "title": "title", "url": "url", "summary": "summary", "published": "date"}
    return source(FeedType.JSON, json=JsonMapping(items, plain, **changes))


def page(**mapping: Any) -> Feed:
    return source(FeedType.PAGE, page=PageMapping(**mapping))


def entry(number: int = 1, **changes: Any) -> Entry:
    values: dict[str, Any] = {
        "raw_id": f"urn:x:{number}",
        "link": f"https://office.example/news/{number}",
        "title": f"Notice {number}",
        "summary": f"Text of notice {number}.",
        "published": RawDate("2026-11-20T10:00:00Z"),
    }
    return Entry(**{**values, **changes})


def rss(*items: str, head: str = "") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Office</title>{head}{inside}</channel></rss>'
