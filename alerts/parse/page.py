"""HTML pages without a feed: lists of links, or one page that is watched as a whole.

A list names its rows by CSS, or its links by a pattern that is also tried on data blocks (XML islands, CDATA,
script data), because some offices ship their lists in those. A page that yields fewer rows than it always
has was changed or is a bot check, and says so: it is never taken for "nothing new".
"""

import re
from dataclasses import dataclass
from functools import partial

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from alerts.domain.collected import Document, Entry, Parsed, RawDate, Request
from alerts.domain.dates import find_day_text
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed, PageMapping
from alerts.domain.identity import canonical_url
from alerts.domain.vocabulary import Outcome
from alerts.parse.charset import decode
from alerts.parse.islands import linked_rows
from alerts.parse.refusal import challenge_in
from alerts.parse.rows import Row, css_rows, node_text, resolve
from alerts.parse.whole import main_text

_LEAST_TEXT = 20  # characters of a page that holds something
_SHELL_TEXT = 150  # a page with less may be a login or a script that builds the rest


@dataclass(frozen=True, slots=True)
class _Source:
    """What the reading of one page needs to know."""

    address: str
    feed: Feed
    page: PageMapping
    document: Document


def parse_page(document: Document, feed: Feed) -> Parsed:
    """Return the rows of a list page, or the whole page, as entries.

    Raises:
        ParseError: LAYOUT_CHANGED, CHALLENGE or HOSTILE; INTERNAL for a feed without mapping.
    """
    if feed.page is None:
        raise ParseError(Outcome.INTERNAL, f"feed {feed.id} has type page but no mapping")
    text = decode(document.body, document.headers.get("content-type"), feed.page.charset)
    sign = challenge_in(text, nothing_read=False)
    if sign:
        raise ParseError(Outcome.CHALLENGE, f"a bot check came instead of the page: “{sign}”")
    source = _Source(_base(text, document.final_url), feed, feed.page, document)
    try:
        return _whole(text, source) if feed.page.mode == "whole" else _list(text, source)
    except SelectolaxError as fault:
        raise ParseError(
            Outcome.LAYOUT_CHANGED, f"a selector of the mapping cannot be used: {fault}"
        ) from fault


def _base(text: str, address: str) -> str:
    """Return the address that relative links stand against: the page's, or what its ``base`` element says."""
    written = re.search(
        r"<base\s[^>]{0,300}?href\s*=\s*[\"']?([^\"'\s>]{1,2000})", text[:65_536], re.IGNORECASE
    )
    return (resolve(address, written[1]) if written else None) or address


def _list(text: str, source: _Source) -> Parsed:
    page = source.page
    tree = LexborHTMLParser(text)
    region = _region(tree, page)
    if page.rows:
        rows = css_rows(region, source.address, page)
    else:
        rows = linked_rows(text, region, source.address, page)
    entries = _entries(rows, source)
    if len(entries) < page.min_rows or not entries:
        _expect_few(text, region, len(entries), source)
    return Parsed(
        entries=entries,
        title=_title(tree),
        language=_language(tree),
        skipped=max(0, len(rows) - len(entries)),
        next_request=_next(tree, source) if entries else None,
    )


def _expect_few(text: str, region: LexborNode, found: int, source: _Source) -> None:
    """Return where the page may have so few rows: it says so itself, the mapping allows it, or it is a further page.

    Raises:
        ParseError: it may not, or it is no list at all.
    """
    page = source.page
    says_so = page.empty is not None and re.search(page.empty, node_text(region), re.IGNORECASE) is not None
    allowed = found >= page.min_rows or source.document.page > 0
    if found and (allowed or says_so):
        return
    refusal = _too_few(text, found, page)
    if refusal.outcome is Outcome.CHALLENGE or not (allowed or says_so):
        raise refusal


def _next(tree: LexborHTMLParser, source: _Source) -> Request | None:
    """Return the request for the next page of the list, or None where this was the last that is read."""
    page = source.page
    if page.next is None or source.document.page + 1 >= page.pages:
        return None
    node = tree.css_first(page.next)
    link = resolve(source.address, node.attributes.get("href")) if node else None
    return Request(link) if link and link not in {source.document.url, source.document.final_url} else None


def _entries(rows: list[Row], source: _Source) -> tuple[Entry, ...]:
    """Return one entry for each address: of several links to it the one with the longest title."""
    best: dict[str, Row] = {}
    for row in rows:
        if not _is_entry(row, source.page):
            continue
        key = _raw_id(row.link) if row.link else row.title
        if key not in best or len(row.title) > len(best[key].title):
            best[key] = row
    return tuple(map(partial(_entry, source), best.values()))


def _is_entry(row: Row, page: PageMapping) -> bool:
    if len(row.title) < page.min_title and not (page.link_pattern and not row.title):
        return False
    return not any(re.search(word, row.title, re.IGNORECASE) for word in page.exclude_title)


def _entry(source: _Source, row: Row) -> Entry:
    return Entry(
        raw_id=_raw_id(row.link) if row.link else None,
        link=row.link,
        title=row.title,
        summary=row.summary,
        summary_is_html=False,
        published=_date(row, source),
    )


def _raw_id(link: str) -> str:
    """Return the address as identifier: its variants are one, but anchors on one page are several items."""
    _, mark, anchor = link.partition("#")
    plain = canonical_url(link)
    return plain if "#" in plain or not anchor else f"{plain}{mark}{anchor}"


def _date(row: Row, source: _Source) -> RawDate | None:
    page, feed = source.page, source.feed
    if page.date_from == "none":
        return None
    return _written((row.link or "") if page.date_from == "url" else row.date_text, page, feed)


def _written(text: str, page: PageMapping, feed: Feed) -> RawDate | None:
    """Return the date that the mapping finds in ``text``."""
    if page.date_pattern is None:
        found = (
            find_day_text(text, feed.date_order, feed.language)
            if page.date_from != "url"
            else _in_address(text)
        )
        return RawDate(found) if found else None
    match = re.search(page.date_pattern, text)
    return RawDate(_matched(match)) if match else None


def _in_address(link: str) -> str | None:
    """Return 2026-11-20 from an address that holds /2026/11/20/, 2026-11-20, 20261120 or /2026-11/20/."""
    match = re.search(r"(?<!\d)(20\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?([0-2]\d|3[01])(?!\d)", link)
    return "-".join(match.groups()) if match else None


def _matched(match: re.Match[str]) -> str:
    """Return the date a pattern found: from groups year, month, day; else its first group; else all of it."""
    named = match.groupdict()
    if named.get("year") and named.get("month"):
        month, day = named["month"], named.get("day") or "1"
        if month.isdigit():
            return f"{named['year']}-{month:0>2}-{day:0>2}"
        return f"{day} {month} {named['year']}"
    return (match[1] if match.re.groups and match[1] else match[0]).strip()


def _whole(text: str, source: _Source) -> Parsed:
    tree, page, document = LexborHTMLParser(text), source.page, source.document
    title, language = _title(tree), _language(tree)
    named = tree.css_first(page.title) if page.title else None
    dated = tree.css_first(page.date) if page.date else None
    published = _written(_dated_text(dated), page, source.feed) if dated else None
    own_title = node_text(named) if named else title or ""
    body = main_text(tree, page, document.fetched_at.date())
    if body is None or len(body) < _LEAST_TEXT or challenge_in(text, nothing_read=len(body) < _SHELL_TEXT):
        raise _too_few(text, 0, page)
    entry = Entry(
        raw_id=canonical_url(document.url),
        link=document.final_url,
        title=own_title,
        summary=body,
        summary_is_html=False,
        published=published,
        language=language,
    )
    return Parsed(entries=(entry,), title=title, language=language)


def _dated_text(node: LexborNode) -> str:
    """Return what an element says of a date: its machine-readable form where it has one (``datetime``, ``content``)."""
    held = (node.attributes.get(name) or "" for name in ("datetime", "content"))
    return next((text for text in held if text.strip()), None) or node_text(node)


def _region(tree: LexborHTMLParser, page: PageMapping) -> LexborNode:
    if page.region is not None:
        region = tree.css_first(page.region)
        if region is not None:
            return region
        # XML islands are read from the text itself; there a region of the tree means nothing.
        if not page.link_pattern:
            raise _too_few(tree.html or "", 0, page)
    body = tree.body or tree.root
    if body is None:
        raise ParseError(Outcome.LAYOUT_CHANGED, "the page holds no element")
    return body


def _title(tree: LexborHTMLParser) -> str | None:
    node = tree.css_first("title")
    return " ".join(node.text().split()) or None if node else None


def _language(tree: LexborHTMLParser) -> str | None:
    node = tree.css_first("html")
    return (node.attributes.get("lang") or None) if node else None


def _too_few(text: str, found: int, page: PageMapping) -> ParseError:
    sign = challenge_in(text, nothing_read=True) if found == 0 else None
    if sign:
        return ParseError(
            Outcome.CHALLENGE, f"a bot check, login or script page came instead of the page: “{sign}”"
        )
    if page.mode == "whole":
        return ParseError(Outcome.LAYOUT_CHANGED, f"nothing to read in “{page.region or 'the page'}”")
    what = page.rows or page.link_pattern or "a[href]"
    return ParseError(
        Outcome.LAYOUT_CHANGED, f"{found} rows found by “{what}”, at least {page.min_rows} expected"
    )
