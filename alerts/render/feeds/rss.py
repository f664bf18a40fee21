"""Writes a feed as RSS 2.0 by the profile of the RSS Advisory Board (self link, ``dc:creator``, no HTML in titles)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element

from alerts.domain.vocabulary import Language
from alerts.render.feeds.atom import instant
from alerts.render.feeds.markup import ATOM, DUBLIN, add, document, unmistakable
from alerts.render.feeds.values import Entry, Head

LANGUAGES = {Language.ENGLISH: "en", Language.CHINESE: "zh-CN"}  # RSS knows languages by country


def write(head: Head, entries: Sequence[Entry]) -> bytes:
    """Return the document."""
    root = Element("rss", {"version": "2.0"})
    channel = add(root, "channel")
    add(channel, "title", unmistakable(head.title))
    add(channel, "link", head.home)
    add(channel, "description", unmistakable(head.subtitle))
    add(channel, "language", LANGUAGES[head.language])
    add(channel, "lastBuildDate", day(head.updated))
    add(channel, f"{{{ATOM}}}link", rel="self", type="application/rss+xml", href=head.address)
    for rel, address in head.relations:
        add(channel, f"{{{ATOM}}}link", rel=rel, href=address)
    for entry in entries:
        _item(channel, entry)
    return document(root)


def _item(channel: Element, entry: Entry) -> None:
    made = add(channel, "item")
    add(made, "title", unmistakable(entry.title))
    add(made, "link", entry.page)
    add(made, "description", entry.body)
    add(made, "guid", entry.ident, isPermaLink="false")
    add(made, "pubDate", day(entry.published))
    if entry.publisher:
        add(made, f"{{{DUBLIN}}}creator", entry.publisher)
    for label in entry.labels:
        add(made, "category", unmistakable(label.text), domain=label.scheme)
    if entry.source:
        add(made, f"{{{ATOM}}}link", rel="via", href=entry.source)
    add(made, f"{{{ATOM}}}updated", instant(entry.updated))


def day(at: datetime) -> str:
    """Return an instant as RFC 822 writes it."""
    return format_datetime(at.astimezone(UTC), usegmt=True)
