"""Entries named by a pattern over addresses: in the links of a page and in its data blocks.

Data blocks are XML islands with CDATA, scripts, and JSON inside scripts. A block with anchors is read as HTML; in
any other, quoted addresses count, titled by the ``title`` or ``name`` beside them.
"""

import html
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from alerts.domain.feeds import PageMapping
from alerts.parse.rows import MAX_ROWS, Row, node_text, node_title, resolve

_BLOCK = re.compile(r"<!\[CDATA\[(.*?)\]\]>|<script\b[^>]*>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_ANCHOR = re.compile(r"<a\s[^>]*href", re.IGNORECASE)
_QUOTED = re.compile(
    r"""(["'])((?:https?:)?\\?/[^"'\s<>]{1,1000}|[\w./?=&%-]{1,500}\.(?:s?html?|pdf|aspx?|jsp|php)[^"'\s<>]{0,300})\1"""
)
_BESIDE = re.compile(
    r"""["']?(?:title|name|headline|subject|bt)["']?\s*:\s*(["'])((?:(?!\1)[^\\]|\\.){1,600})\1""",
    re.IGNORECASE,
)
_ROW_TEXT = 1500  # an ancestor with more text than this is no row
_CLIMB = 4


def linked_rows(text: str, region: LexborNode, address: str, page: PageMapping) -> list[Row]:
    """Return a row for every link that the mapping's pattern names, each address at least once.

    Without a pattern every link of the region counts.
    """
    wanted = re.compile(page.link_pattern or "")
    rows = list(_anchored(region, address, wanted, page))
    if page.link_pattern:
        for block in _blocks(text):
            rows.extend(_from_block(block, address, wanted, page))
    return rows[:MAX_ROWS]


def _anchored(region: LexborNode, address: str, wanted: re.Pattern[str], page: PageMapping) -> Iterator[Row]:
    crowded: set[int] = set()
    for anchor in region.css("a[href]")[:MAX_ROWS]:
        written = anchor.attributes.get("href") or ""
        link = resolve(address, written)
        if link is None or written.startswith("#") or not wanted.search(link):
            continue
        row = _row_of(anchor, crowded)
        titled = row.css_first(page.title) if page.title else None
        dated = row.css_first(page.date) if page.date else row
        summed = row.css_first(page.summary) if page.summary else None
        title, summary = node_title(titled or anchor, page), node_text(summed) if summed else ""
        if title:
            yield Row(link, title, node_text(dated or row), summary)


def _row_of(anchor: LexborNode, crowded: set[int]) -> LexborNode:
    """Return the largest element around ``anchor`` that leads to its address alone.

    ``crowded`` remembers elements known to hold several, so that a flat list is not searched for each of its links.
    """
    row, own = anchor, anchor.attributes.get("href")
    for _ in range(_CLIMB):
        parent = row.parent
        if parent is None or parent.tag in {"body", "html", "-undef"} or parent.mem_id in crowded:
            break
        if any(other.attributes.get("href") != own for other in parent.css("a[href]")):
            crowded.add(parent.mem_id)
            break
        if len(parent.text() or "") > _ROW_TEXT:
            break
        row = parent
    return row


def _blocks(text: str) -> Iterator[str]:
    if re.match(r"\s*<\?xml|\s*<(?!!doctype|html)\w", text[:200], re.IGNORECASE):
        outside = re.sub(r"<!\[CDATA\[.*?\]\]>", " ", text, flags=re.DOTALL)
        if "&lt;a " in outside:
            yield html.unescape(outside)
    for match in _BLOCK.finditer(text):
        block = match[1] or match[2] or ""
        if "<![CDATA[" in block:
            yield from (inner[1] or "" for inner in _BLOCK.finditer(block))
        yield block


def _from_block(block: str, address: str, wanted: re.Pattern[str], page: PageMapping) -> Iterator[Row]:
    if _ANCHOR.search(block):
        fragment = LexborHTMLParser(block).body
        if fragment is not None:
            yield from _anchored(fragment, address, wanted, page)
        return
    for quoted in _QUOTED.finditer(block):
        link = resolve(address, quoted[2].replace("\\/", "/").replace("\\u002F", "/"))
        if link and wanted.search(link):
            around = _record(block, quoted.start(), quoted.end())
            beside = _BESIDE.search(around)
            yield Row(link, _unescaped(beside[2]) if beside else "", around)


def _record(block: str, start: int, end: int) -> str:
    """Return the braces around a place, at most 2,000 characters to each side."""
    opening = max(block.rfind("{", max(0, start - 2000), start), 0)
    closing = block.find("}", end, end + 2000)
    return block[opening : closing if closing > 0 else end]


def _unescaped(text: str) -> str:
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    return " ".join(html.unescape(re.sub(r"\\(.)", r"\1", plain)).split())
