"""What a page offers for collecting: the feeds it names, and mappings by which its own lists can be read.

A proposal was tried: it holds the entries that the page gives when read by it. Pure; the caller fetches.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from alerts.domain.collected import Document, Entry, Parsed
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed, PageMapping
from alerts.domain.vocabulary import FeedType
from alerts.parse.charset import decode
from alerts.parse.islands import linked_rows
from alerts.parse.layout import layouts
from alerts.parse.page import parse_page
from alerts.parse.rows import node_text, resolve

WELL_KNOWN = ("/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml")
LEAST = 3  # entries that make a list
MOST = 3  # proposals for one page

_FEED_TYPES = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|application/json$", re.IGNORECASE)
_NAMED_SO = re.compile(
    r"\.(?:rss|atom|rdf)$|/(?:rss|feed|atom)(?:\.xml)?/?$|[?&](?:format|type)=(?:rss|atom)", re.IGNORECASE
)
_DAYS = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-]((?:19|20)?\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One row for feeds.yaml that was tried; ``parsed`` is what it gave, ``dated`` how many entries bear a date."""

    feed: Feed
    parsed: Parsed

    @property
    def dated(self) -> int:
        """Return how many entries have a date."""
        return sum(entry.published is not None for entry in self.parsed.entries)

    @property
    def first(self) -> tuple[Entry, ...]:
        """Return the first three entries."""
        return self.parsed.entries[:3]


def feed_links(document: Document) -> tuple[str, ...]:
    """Return the addresses that a page names as feeds: ``link rel=alternate`` first, then links that look like it."""
    tree = LexborHTMLParser(decode(document.body, document.headers.get("content-type")))
    declared = [
        node.attributes.get("href")
        for node in tree.css("link[rel~=alternate][href]")
        if _FEED_TYPES.search(node.attributes.get("type") or "")
    ]
    linked = (node.attributes.get("href") or "" for node in tree.css("a[href]")[:5000])
    hrefs = [*declared, *(href for href in linked if _NAMED_SO.search(href))]
    found = (resolve(document.final_url, href) for href in hrefs)
    return tuple(dict.fromkeys(address for address in found if address))


def proposals(document: Document, feed: Feed) -> tuple[Proposal, ...]:
    """Return up to three ways to read the page's lists, best first; ``feed`` gives everything but the mapping."""
    text = decode(document.body, document.headers.get("content-type"))
    tree = LexborHTMLParser(text)
    mappings = [*layouts(tree, document.final_url), *_patterns(text, tree, document.final_url)]
    order = _order(text)
    tried = [_tried(document, _with(feed, mapping, order)) for mapping in mappings]
    ranked = sorted((one for one in tried if one), key=_merit, reverse=True)
    if ranked and ranked[0].dated:
        ranked = [one for one in ranked if one.dated * 2 >= len(one.parsed.entries)]
    distinct: dict[tuple[str | None, ...], Proposal] = {}
    for one in ranked:
        distinct.setdefault(tuple(entry.link for entry in one.parsed.entries[:LEAST]), one)
    return tuple(distinct.values())[:MOST]


def page_title(document: Document) -> str | None:
    """Return what the page calls itself."""
    tree = LexborHTMLParser(decode(document.body, document.headers.get("content-type")))
    node = tree.css_first("title")
    return (node_text(node) or None) if node else None


def _with(feed: Feed, mapping: PageMapping, order: str | None) -> Feed:
    return replace(feed, type=FeedType.PAGE, page=mapping, date_order=feed.date_order or order)


def _tried(document: Document, feed: Feed) -> Proposal | None:
    try:
        parsed = parse_page(document, feed)
    except ParseError:
        return None
    one = Proposal(feed, parsed)
    is_menu = not one.dated and _named(one) < 0.5
    return one if len(parsed.entries) >= LEAST and not is_menu else None


def _named(one: Proposal) -> float:
    """Return the share of entries whose title says something."""
    titles = [entry.title for entry in one.parsed.entries]
    return sum(len(title.split()) >= 3 or len(title) >= 20 for title in titles) / max(1, len(titles))


def _merit(one: Proposal) -> float:
    """Return how much a list looks like notices: dated, with addresses of their own and titles of several words."""
    entries, page = one.parsed.entries, one.feed.page
    linked = sum(entry.link is not None for entry in entries) / len(entries)
    indirect = page is not None and (page.link_pattern is not None or page.date_from == "url")
    return 3 * one.dated / len(entries) + _named(one) + linked + min(len(entries), 30) / 30 - 0.2 * indirect


def _order(text: str) -> str | None:
    """Return DMY or MDY where the page's own dates leave no doubt."""
    days = [(int(found[1]), int(found[2])) for found in _DAYS.finditer(text[:500_000])]
    first, second = any(12 < a <= 31 for a, _ in days), any(12 < b <= 31 for _, b in days)
    return None if first == second else "DMY" if first else "MDY"


def _patterns(text: str, tree: LexborHTMLParser, address: str) -> list[PageMapping]:
    """Return mappings by address for links of one shape, those of data blocks among them."""
    body = tree.body
    if body is None:
        return []
    groups: dict[str, set[str]] = defaultdict(set)
    for row in linked_rows(text, body, address, PageMapping(link_pattern=".")):
        if row.link and row.link != address:
            groups[_pattern(row.link)].add(row.link)
    large = sorted(
        (name for name, links in groups.items() if len(links) >= 2 * LEAST),
        key=lambda name: -len(groups[name]),
    )
    return [
        PageMapping(link_pattern=name, date_from=source) for name in large[:4] for source in ("row", "url")
    ]


def _pattern(link: str) -> str:
    """Return a regular expression for addresses like ``link``: numbers and the last part of the path may differ."""
    parts = urlsplit(link)
    *folders, last = parts.path.split("/")
    stem, dot, ending = last.rpartition(".")
    final = rf"[^/?#]+\.{re.escape(ending)}" if dot and stem and ending.isalnum() else "[^/?#]+"
    path = "/".join(re.sub(r"\d+", r"\\d+", re.escape(folder)) for folder in folders)
    key = re.match(r"[\w.-]+=", parts.query)
    query = rf"\?{re.escape(key[0])}" if key else "$"
    return f"//{re.escape(parts.netloc)}{path}/{final if last else ''}{query}"
