"""OPML 2.0 subscription lists ↔ feeds.

Only outlines with an ``xmlUrl`` count. A list that declares a document type is refused: none needs one, and
entities are how XML files do harm.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit
from xml.etree import ElementTree

from alerts.domain.errors import InputError
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import FeedType, Language


@dataclass(frozen=True, slots=True)
class Outline:
    """One subscription of a list."""

    title: str
    url: str
    language: str | None = None


def read(data: bytes, name: str) -> list[Outline]:
    """Return the subscriptions of an OPML file, each address once.

    Raises:
        InputError: the file is not OPML.
    """
    if re.search(rb"<!(DOCTYPE|ENTITY)", data[:65536], re.IGNORECASE):
        raise InputError(f"{name}: declares a document type; remove it, OPML needs none.")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - no document type, so no entities
    except ElementTree.ParseError as error:
        line, column = error.position
        raise InputError(f"{name}:{line}:{column + 1}: not well-formed XML.") from None
    if root.tag != "opml":
        raise InputError(f"{name}: the root element is <{root.tag}>, not <opml>.")
    found: dict[str, Outline] = {}
    for element in root.iter("outline"):
        url = (element.get("xmlUrl") or "").strip()
        if urlsplit(url).scheme in ("http", "https"):
            title = element.get("title") or element.get("text") or urlsplit(url).hostname or url
            found.setdefault(url, Outline(" ".join(title.split())[:120], url, element.get("language")))
    return list(found.values())


def as_rows(outlines: Iterable[Outline], jurisdiction: str) -> str:
    """Return ``feeds.yaml`` rows for outlines; ids are made from title and host, each once."""
    taken: set[str] = set()
    lines = ["feeds:"]
    for outline in outlines:
        name = json.dumps(outline.title, ensure_ascii=False)
        lines += [
            f"  - id: {_id(outline, jurisdiction, taken)}",
            f"    name: {{en: {name}, zh-Hans: {name}}}",
            "    type: feed",
            f"    url: {json.dumps(outline.url)}",
            f"    jurisdiction: {jurisdiction}",
            "    carries: both",
            "    topical: false",
        ]
    return "\n".join(lines if len(lines) > 1 else ["feeds: []"]) + "\n"


def _id(outline: Outline, jurisdiction: str, taken: set[str]) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", outline.title.casefold()).strip("-") or re.sub(
        r"[^a-z0-9]+", "-", (urlsplit(outline.url).hostname or "feed").casefold()
    )
    stem = f"{jurisdiction.lower()}-{words[:40].strip('-')}"
    number, name = 2, stem
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    taken.add(name)
    return name


def write(feeds: Iterable[Feed]) -> str:
    """Return the sources of type feed as OPML 2.0, grouped by jurisdiction."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "IP Risk Alerts"
    body = ElementTree.SubElement(root, "body")
    ordered = sorted((f for f in feeds if f.type is FeedType.FEED), key=lambda f: (f.jurisdiction, f.id))
    for jurisdiction, theirs in groupby(ordered, lambda f: f.jurisdiction):
        group = ElementTree.SubElement(body, "outline", text=jurisdiction)
        for feed in theirs:
            attributes = {"text": feed.name[Language.ENGLISH], "type": "rss", "xmlUrl": feed.url}
            ElementTree.SubElement(group, "outline", attributes)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"
