"""How `feeds discover` shows a proposal: a row that can be pasted into feeds.yaml, and what it would give."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from urllib.parse import urlsplit

from alerts.domain.collected import Entry
from alerts.domain.feeds import PageMapping
from alerts.parse.discover import Proposal


def as_row(proposal: Proposal, title: str | None) -> str:
    """Return the ``feeds.yaml`` row of a proposal; the name is to be replaced by a person."""
    feed = proposal.feed
    host = urlsplit(feed.url).hostname or "source"
    words = re.sub(r"[^a-z0-9]+", "-", host.removeprefix("www.").casefold()).strip("-")[:40]
    name = _quoted(" ".join((proposal.parsed.title or title or host).split())[:120])
    lines = [
        f"  - id: {feed.jurisdiction.lower()}-{words}",
        f"    name: {{en: {name}, zh-Hans: {name}}}",
        f"    type: {feed.type}",
        f"    url: {_quoted(feed.url)}",
        f"    jurisdiction: {feed.jurisdiction}",
        "    carries: both",
        "    topical: false",
    ]
    if feed.allow_private_networks:
        lines.append("    allow_private_networks: true")
    if feed.page:
        lines += [f"    date_order: {feed.date_order}"] if feed.date_order else []
        lines += ["    page:", *(f"      {key}: {_quoted(value)}" for key, value in _mapped(feed.page))]
    return "\n".join(lines)


def as_fields(proposal: Proposal, title: str | None) -> Mapping[str, object]:
    """Return a proposal for programs."""
    feed = proposal.feed
    return {
        "type": feed.type,
        "url": feed.url,
        "entries": len(proposal.parsed.entries),
        "dated": proposal.dated,
        "date_order": feed.date_order,
        "page": dict(_mapped(feed.page)) if feed.page else None,
        "row": as_row(proposal, title),
        "first": [_shown(entry) for entry in proposal.first],
    }


def _shown(entry: Entry) -> dict[str, str | None]:
    return {
        "title": entry.title,
        "date": entry.published.text if entry.published else None,
        "url": entry.link,
    }


def _mapped(page: PageMapping) -> Iterator[tuple[str, str]]:
    """Yield the keys of the mapping that differ from the defaults."""
    for one in fields(PageMapping):
        value = getattr(page, one.name)
        if isinstance(value, str) and value != one.default:
            yield one.name, value


def _quoted(text: str) -> str:
    """Return ``text`` as a YAML double-quoted scalar, which JSON strings are."""
    return json.dumps(text, ensure_ascii=True)
