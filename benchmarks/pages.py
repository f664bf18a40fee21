"""Captured list pages of courts and one watched page, read with the mappings below; used by conformance.py.

For each expectation the capture that fits it best is taken: some expectations belong to a capture that the corpus does not hold.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from alerts.domain.collected import Document
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed, JsonMapping, PageMapping
from alerts.domain.items import Item
from alerts.domain.vocabulary import FeedType, IdentityPolicy
from alerts.domain.worddiff import word_diff
from alerts.normalise import normalise
from alerts.parse import parse_here

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_CA2 = PageMapping(rows="table.ResultsTable tr:has(a[href])", title="td:nth-child(2)")
_VIEW = "table.views-table tbody tr"
COURTS: Mapping[str, PageMapping | JsonMapping | None] = {
    "bap1_example": PageMapping(rows=_VIEW, title="td:nth-child(4)"),
    "bap10_example": PageMapping(rows=_VIEW, title="td:nth-child(2)"),
    "ca1_example": PageMapping(rows=_VIEW, title="td:nth-child(4)"),
    "ca2_p_example": _CA2,
    "ca2_p_example_2": _CA2,
    "ca2_p_example_3": _CA2,
    "ca2_u_example": _CA2,
    "ca2_u_example_2": _CA2,
    "ca6_example": PageMapping(rows="table tr:has(td a[href*='opinions.pdf'])", title="td:nth-child(4)"),
    "ca9_p_example": None,  # it is a feed by now
    "ca9_u_example": None,
    "scotus_slip_example": PageMapping(rows="table tr:has(td a[href*='pdf/'])", link="td a[href*='pdf/']"),
    "scotus_relating_example": PageMapping(rows="table tr:has(td a[href*='pdf/'])", link="td a[href*='pdf/']"),
    "uscfc_vaccine_example": PageMapping(
        link_pattern=r"show_public_doc\?", region="body", date_pattern=r'"date":\s*"([\d/]+)"'
    ),
    "ca10_example": PageMapping(rows=_VIEW, link="a[href*='.mp3']", title="td:nth-child(3)"),
    "ca2_example": PageMapping(rows="table.ResultsTable tr:has(a[href])", title="td:nth-child(2)"),
    "ca3_example": PageMapping(rows="table tr:has(a[href])"),
    "cadc_example": PageMapping(rows="div.row:has(> .col-sm-3 a[href*='/recordings/'])", title=".col-sm-9 .row"),
}  # fmt: skip

MISSING = {"oral-arguments/ca6_example"}  # no capture of the day that is expected


def courts(folder: Path, told: Any) -> dict[str, Any]:
    """Return for each court how many expected items were given, and with how many of the right days."""
    figures = {}
    for expected, captures in _pairs(folder):
        name = expected.name.removesuffix(".compare.json")
        wanted = json.loads(expected.read_text())
        best = max((_fit(capture, name, wanted) for capture in captures), key=lambda fit: fit["items"])
        figures[f"{expected.parent.name}/{name}"] = best
        if best["items"] < best["expected"]:
            told("courts", name, best, file=sys.stderr)
    whole = {key: sum(one[key] for one in figures.values()) for key in ("expected", "items", "days")}
    return {"all": whole, "each": figures}


def _pairs(folder: Path) -> Iterator[tuple[Path, list[Path]]]:
    for expected in sorted((folder / "us-federal-courts-expected").glob("*/*.compare.json")):
        name = expected.name.removesuffix(".compare.json")
        captures = sorted((folder / "us-federal-courts" / expected.parent.name).glob(f"{name}.20*.html"))
        if captures and name in COURTS and f"{expected.parent.name}/{name}" not in MISSING:
            yield expected, captures


def _fit(capture: Path, name: str, wanted: list[dict[str, str]]) -> dict[str, Any]:
    items = {_tail(item.url): item for item in _items(capture, COURTS[name], wanted[0]["download_urls"])}
    hits = [
        (one, items[_tail(one["download_urls"])]) for one in wanted if _tail(one["download_urls"]) in items
    ]
    days = sum(
        one["case_dates"] == (item.published.at.date().isoformat() if item.published else "")
        for one, item in hits
    )
    return {
        "expected": len(wanted),
        "items": len(hits),
        "days": days,
        "rows": len(items),
        "capture": capture.name,
    }


def _items(capture: Path, mapping: PageMapping | JsonMapping | None, link: str) -> tuple[Item, ...]:
    parts = urlsplit(link)
    address = f"{parts.scheme}://{parts.netloc}/"
    kind = FeedType.PAGE if isinstance(mapping, PageMapping) else FeedType.FEED
    page = mapping if isinstance(mapping, PageMapping) else None
    feed = Feed(id="court", name={}, type=kind, url=address, jurisdiction="US", page=page, date_order="MDY")
    document = Document(address, address, 200, {}, capture.read_bytes(), NOW)
    try:
        return normalise(parse_here(document, feed), feed, NOW, IdentityPolicy.GUID).items
    except ParseError:
        return ()


def _tail(link: str | None) -> str:
    """Return the end of an address: file and query; hosts and folders moved between captures."""
    parts = urlsplit(unquote(link or ""))
    return (parts.path.rpartition("/")[2] + parts.query).casefold()


def epo(folder: Path) -> list[dict[str, Any]]:
    """Return what each capture of one watched page gave, in the order of time."""
    feed = Feed(
        id="epo",
        name={},
        type=FeedType.PAGE,
        url="https://www.epo.org/",
        jurisdiction="EP",
        page=PageMapping(mode="whole"),
    )
    told: list[dict[str, Any]] = []
    before = ""
    for path in sorted(folder.glob("*.html"), key=lambda path: (_day(path), path.name)):
        document = Document(feed.url, feed.url, 200, {}, path.read_bytes(), NOW)
        one: dict[str, Any] = {"day": _day(path), "file": path.name[:20]}
        try:
            text = parse_here(document, feed).entries[0].summary
        except ParseError as error:
            told.append({**one, "outcome": error.outcome.value})
            continue
        changes = word_diff(before, text) if before else ()
        words = sum(len(f"{change.removed} {change.added}".split()) for change in changes)
        told.append(
            {**one, "outcome": "ok", "characters": len(text), "changes": len(changes), "words": words}
        )
        before = text
    return told


def _day(path: Path) -> str:
    found = re.search(r"\d{4}-\d\d-\d\d", path.name)
    return found[0] if found else ""
