"""RSS, RDF, Atom, CDF through feedparser, and JSON Feed through :mod:`alerts.parse.jsonfeed`.

feedparser is the one reader here that knows every dialect, and its weak point is its own Python code. It is
given bytes in a BytesIO only (a str or bytes that spells a path or an address would be opened), after the guard, in
UTF-8, with its sanitizer and its address resolver off: both are quadratic, and cleaning is done where items are made.
No Content-Location is passed and identifiers are taken off its list of addresses, so they stay as written.
"""

import io
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import urljoin

import feedparser
from feedparser import api as dialects

from alerts.domain.collected import Document, Entry, Parsed, RawDate, Request
from alerts.domain.dates import read_date
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import DateOrigin, Outcome
from alerts.parse import sax
from alerts.parse.charset import decode
from alerts.parse.guard import guard
from alerts.parse.jsonfeed import parse_json_feed
from alerts.parse.refusal import looks_like_html, refuse_html

_MARKUP = {"text/html", "application/xhtml+xml"}
# Base64 titles of Atom 0.3, whose real type nobody tells.
_MAY_BE_MARKUP = _MARKUP | {"application/octet-stream"}
_NOT_THE_ENTRY = {
    "self",
    "edit",
    "enclosure",
    "replies",
    "hub",
    "next",
    "previous",
    "first",
    "last",
    "license",
    "via",
}
_PERIODS = {
    "hourly": 1,
    "daily": 24,
    "weekly": 168,
    "monthly": 720,
    "yearly": 8760,
}  # hours; RSS 1.0 syndication module
_SKIP_HOURS = re.compile(rb"<skipHours>(.{0,2000}?)</skipHours>", re.DOTALL | re.IGNORECASE)
_SKIP_DAYS = re.compile(rb"<skipDays>(.{0,2000}?)</skipDays>", re.DOTALL | re.IGNORECASE)
_DAY = re.compile(rb"<day>\s*([a-z]{6,9})\s*</day>", re.IGNORECASE)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")  # RSS 2.0: English
_HOURLY = timedelta(hours=1)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_HAS_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# RSS of social networks: feedparser would take this attribute for the link and drop the address in the text.
_OTHER_ADDRESS = re.compile(rb"<link\s+uri=(?:\"[^\"<>]*\"|'[^'<>]*')\s*>")
# A feed that a careless template put inside an HTML page.
_WRAPPED = re.compile(r"<(?:rss\s|rdf:RDF\s|feed\s[^>]{0,300}Atom)", re.IGNORECASE)
# What feedparser and sgmllib are known to raise on documents made to break them.
_FAULTS = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    RecursionError,
    ArithmeticError,
    OSError,
)

for _reader in (dialects.StrictFeedParser, dialects.LooseFeedParser):
    _reader.can_be_relative_uri = frozenset(_reader.can_be_relative_uri) - {"id"}
dialects.PREFERRED_XML_PARSERS[:] = [sax.__name__]


def parse_feed(document: Document, feed: Feed) -> Parsed:
    """Return every entry of a feed document, in its order.

    Raises:
        ParseError: NOT_A_FEED, CHALLENGE, HOSTILE or PARSE_ERROR.
    """
    text = decode(document.body, document.headers.get("content-type"))
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return parse_json_feed(text, document)
    if looks_like_html(text):
        wrapped = _WRAPPED.search(text[:4096])
        if wrapped is None:
            raise refuse_html(text, "a feed")
        text = text[wrapped.start() :]
    guarded = guard(text, feed.max_bytes)
    read = _read(_OTHER_ADDRESS.sub(b"<link>", guarded.body))
    if not read.get("version") and not read["entries"]:
        raise _unreadable(text, malformed=bool(read.get("bozo")))
    is_rss = str(read.get("version")).startswith("rss")
    entries = [_entry(raw, document.final_url, is_rss=is_rss) for raw in read["entries"]]
    kept = tuple(entry for entry in entries if entry.link or entry.title or entry.summary or entry.content)
    source = read["feed"]
    return Parsed(
        entries=kept,
        title=_text(source, "title"),
        language=_text(source, "language"),
        next_request=_next(source, document),
        malformed=bool(read.get("bozo")) or guarded.stripped,
        ttl=_ttl(source),
        skip_hours=_skip_hours(guarded.body),
        skip_days=_skip_days(guarded.body),
        skipped=len(entries) - len(kept),
        hubs=_linked(source, "hub", document),
        topic=next(iter(_linked(source, "self", document)), None),
    )


def _read(body: bytes) -> Any:
    """Return feedparser's result, whose shape is known only when it runs.

    Raises:
        ParseError: PARSE_ERROR where feedparser itself breaks.
    """
    try:
        return feedparser.parse(
            io.BytesIO(body),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _FAULTS as fault:
        raise ParseError(Outcome.PARSE_ERROR, f"the feed cannot be read ({type(fault).__name__})") from fault


def _unreadable(text: str, *, malformed: bool) -> ParseError:
    if re.search(r"<html[\s>]", text[:1024], re.IGNORECASE):
        return refuse_html(text, "a feed")
    if malformed:
        return ParseError(
            Outcome.PARSE_ERROR, "the document is not well-formed and no entry could be read from it"
        )
    return ParseError(Outcome.NOT_A_FEED, "the document is XML, but neither RSS nor Atom")


def _entry(raw: Mapping[str, Any], address: str, *, is_rss: bool) -> Entry:
    summary, content = _text(raw, "summary") or "", _content(raw)
    published, updated = _date(raw, "published") or _date(raw, "created"), _date(raw, "updated")
    return Entry(
        raw_id=_text(raw, "id"),
        link=_absolute(_link(raw, is_rss=is_rss), address),
        title=_text(raw, "title") or "",
        summary=summary,
        content="" if content == summary else content,
        title_is_html=_detail(raw, "title").get("type") in _MAY_BE_MARKUP,
        summary_is_html=_is_markup(raw, summary),
        published=published or updated,
        updated=updated,
        author=_text(raw, "author"),
        language=_text(raw, "language") or _language_of(raw),
        categories=_categories(raw),
        document_number=_text(raw, "dc_identifier"),
        document_type=_text(raw, "dc_type"),
    )


def _own(raw: Mapping[str, Any], name: str) -> Any:
    """Return what stands under ``name`` itself: attribute access to ``updated`` would fall back to ``published``."""
    return dict.get(raw, name) if isinstance(raw, dict) else None


def _text(raw: Mapping[str, Any], name: str) -> str | None:
    value = _own(raw, name)
    return value if isinstance(value, str) and value.strip() else None


def _detail(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    detail = _own(raw, f"{name}_detail")
    return detail if isinstance(detail, dict) else {}


def _is_markup(raw: Mapping[str, Any], summary: str) -> bool:
    if not summary:
        return True
    kind = _detail(raw, "summary").get("type")
    return kind is None or kind in _MARKUP


def _content(raw: Mapping[str, Any]) -> str:
    """Return the longest body; a plain one is escaped, since entries hold one flag for summary and content."""
    import html

    parts = [part for part in _own(raw, "content") or () if isinstance(part.get("value"), str)]
    best = max(parts, key=lambda part: len(part["value"]), default=None)
    if best is None:
        return ""
    text: str = best["value"]
    summary_plain = _text(raw, "summary") is not None and not _is_markup(raw, _text(raw, "summary") or "")
    if best.get("type") in _MARKUP or summary_plain:
        return text
    return html.escape(text, quote=False)


def _language_of(raw: Mapping[str, Any]) -> str | None:
    language = _detail(raw, "title").get("language")
    return language if isinstance(language, str) and language.strip() else None


def _date(raw: Mapping[str, Any], name: str) -> RawDate | None:
    text = _text(raw, name)
    if text is None:
        return None
    found = read_date(text, UTC)
    fixed = found is not None and found.origin is DateOrigin.SOURCE
    return RawDate(text.strip(), found.at if found and fixed else None)


def _categories(raw: Mapping[str, Any]) -> tuple[str, ...]:
    tags: Iterable[Mapping[str, Any]] = _own(raw, "tags") or ()
    words = (tag.get("label") or tag.get("term") for tag in tags)
    return tuple(dict.fromkeys(word.strip() for word in words if isinstance(word, str) and word.strip()))


def _link(raw: Mapping[str, Any], *, is_rss: bool) -> str | None:
    """Return the address a reader would open: Atom's alternate, RSS's link or permalink, else what is linked first.

    Atom allows several alternates, the page before its copies. RSS allows one link (RSS Advisory Board profile); of several
    in one item the last counts, as it does for feedparser and gofeed.
    """
    links: list[Mapping[str, Any]] = [link for link in _own(raw, "links") or () if link.get("href")]
    alternate = [link for link in links if link.get("rel", "alternate") == "alternate"]
    pages = [link for link in alternate if link.get("type", "text/html") in _MARKUP]
    other = [link for link in links if link.get("rel") not in _NOT_THE_ENTRY]
    enclosed = [link for link in links if link.get("rel") in {"enclosure", "self", "via"}]
    for choice in (pages, alternate):
        if choice:
            return str(choice[-1 if is_rss else 0]["href"])
    plain = _text(raw, "link")
    if plain and (plain != _text(raw, "id") or _HAS_SCHEME.match(plain)):
        return plain  # a guid that is no address is called a permalink by default, but leads nowhere
    return str((other + enclosed)[0]["href"]) if other or enclosed else None


def _absolute(link: str | None, address: str) -> str | None:
    if not link or not link.strip():
        return None
    try:
        return urljoin(address, link.strip())
    except ValueError:
        return None


def _next(source: Mapping[str, Any], document: Document) -> Request | None:
    """Return the next page of a paged or archived feed (RFC 5005 sections 3 and 4)."""
    links: Iterable[Mapping[str, Any]] = _own(source, "links") or ()
    for link in links:
        if link.get("rel") in {"next", "prev-archive"}:
            address = _absolute(link.get("href"), document.final_url)
            return Request(address) if address and address != document.final_url else None
    return None


def _linked(source: Mapping[str, Any], relation: str, document: Document) -> tuple[str, ...]:
    """Return where the feed's own link elements of a relation lead, in document order."""
    links: Iterable[Mapping[str, Any]] = _own(source, "links") or ()
    found = (_absolute(link.get("href"), document.final_url) for link in links if link.get("rel") == relation)
    return tuple(address for address in found if address)


def _ttl(source: Mapping[str, Any]) -> timedelta | None:
    """Return how often the feed itself says to come: RSS ``ttl`` in minutes, or the syndication module."""
    minutes = _text(source, "ttl")
    if minutes and re.fullmatch(r"\s*\d{1,6}\s*", minutes):
        return timedelta(minutes=int(minutes)) or None
    hours = _PERIODS.get((_text(source, "sy_updateperiod") or "").strip().lower())
    times = _text(source, "sy_updatefrequency") or "1"
    if hours is None or not re.fullmatch(r"\s*\d{1,4}\s*", times):
        return None
    period = timedelta(hours=hours) / max(1, int(times))
    return period if period > _HOURLY else None  # most who write "hourly" never thought about it


def _skip_hours(body: bytes) -> frozenset[int]:
    block = _SKIP_HOURS.search(body[:65_536])
    hours = (int(hour) for hour in _HOUR.findall(block[1])) if block else ()
    return frozenset(hour % 24 for hour in hours if hour <= 24)


def _skip_days(body: bytes) -> frozenset[int]:
    block = _SKIP_DAYS.search(body[:65_536])
    names = (name.decode().lower() for name in _DAY.findall(block[1])) if block else ()
    return frozenset(_DAYS.index(name) for name in names if name in _DAYS)
