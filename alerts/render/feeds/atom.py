"""Writes a feed as Atom (RFC 4287), in pages that link to each other (RFC 5005 section 3)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from xml.etree.ElementTree import Element

from alerts.render.feeds.markup import ATOM, LANG, add, document, looks_like_markup
from alerts.render.feeds.values import Entry, Head


def write(head: Head, entries: Sequence[Entry]) -> bytes:
    """Return the document."""
    root = Element("feed", {"xmlns": ATOM, LANG: head.language.value})
    add(root, "id", head.ident)
    _text(root, "title", head.title)
    _text(root, "subtitle", head.subtitle)
    add(root, "updated", instant(head.updated))
    add(add(root, "author"), "name", head.author)
    _links(root, head)
    for entry in entries:
        _entry(root, entry)
    return document(root)


def _links(root: Element, head: Head) -> None:
    add(root, "link", rel="self", type="application/atom+xml", href=head.address)
    add(root, "link", rel="alternate", type="text/html", href=head.home)
    for media, address in head.forms:
        add(root, "link", rel="alternate", type=media, href=address)
    for rel, address in head.relations:
        add(root, "link", rel=rel, href=address)


def _entry(root: Element, entry: Entry) -> None:
    made = add(root, "entry")
    add(made, "id", entry.ident)
    _text(made, "title", entry.title, entry.language)
    add(made, "link", rel="alternate", type="text/html", href=entry.page)
    if entry.warning:
        add(made, "link", rel="alternate", type="application/cap+xml", href=entry.warning)
    if entry.source:
        add(made, "link", rel="via", href=entry.source)
    add(made, "published", instant(entry.published))
    add(made, "updated", instant(entry.updated))
    if entry.publisher:
        add(add(made, "author"), "name", entry.publisher)
    for label in entry.labels:
        add(made, "category", term=label.slug, scheme=label.scheme, label=label.text)
    if entry.summary:
        _text(made, "summary", entry.summary, entry.language)
    add(made, "content", entry.body, type="html")


def _text(parent: Element, name: str, text: str, language: str | None = None) -> None:
    """Add plain text; what readers would take for markup is escaped and declared so (RFC 4287 section 3.1.1)."""
    if looks_like_markup(text):
        add(parent, name, escape(text, quote=False), type="html", lang=language)
    else:
        add(parent, name, text, lang=language)


def instant(at: datetime) -> str:
    """Return an instant as RFC 3339 writes it, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
