"""Writes a feed as JSON Feed 1.1 (jsonfeed.org); what programs want to know stands under ``_alerts``."""

import json
from collections.abc import Sequence

from alerts.render.feeds.atom import instant
from alerts.render.feeds.values import Entry, Head

VERSION = "https://jsonfeed.org/version/1.1"
ABOUT = "Slugs of the vocabulary, dates that bind and identifiers of each notice."


def write(head: Head, entries: Sequence[Entry]) -> bytes:
    """Return the document."""
    body: dict[str, object] = {
        "version": VERSION,
        "title": head.title,
        "home_page_url": head.home,
        "feed_url": head.address,
        "description": head.subtitle,
        "language": head.language.value,
        "authors": [{"name": head.author}],
        "next_url": head.next,
        "hubs": [{"type": "WebSub", "url": head.hub}] if head.hub else None,
        "_alerts": {"about": ABOUT},
        "items": [_item(entry) for entry in entries],
    }
    return json.dumps(_given(body), ensure_ascii=False, indent=1).encode() + b"\n"


def _item(entry: Entry) -> dict[str, object]:
    made: dict[str, object] = {
        "id": entry.ident,
        "url": entry.page,
        "external_url": entry.source,
        "title": entry.title,
        "summary": entry.summary or None,
        "content_html": entry.body,
        "date_published": instant(entry.published),
        "date_modified": instant(entry.updated),
        "language": entry.language,
        "authors": [{"name": entry.publisher}] if entry.publisher else None,
        "tags": [label.text for label in entry.labels],
        "_alerts": {**entry.facts, "cap": entry.warning},
    }
    return _given(made)


def _given(body: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in body.items() if value is not None}
