"""OPML 2.0 subscription lists ↔ rows of feeds.yaml.

Other readers find addresses and names; our own settings travel beside them, as one attribute in a name space of
ours that holds the row of feeds.yaml as JSON, so that a list written here and read here loses nothing. Sources that are
no feeds are written as links, which other readers keep as bookmarks.

A list comes from anywhere: what would reach private networks, send a secret of this machine or tell its address to hubs is taken over only
where the reader of the list says that it is to be trusted. A list that declares a document type is refused:
none needs one, and entities are how XML files do harm. Ampersands that are not written as entities are
mended: every third list on the Web has some.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlsplit
from xml.etree import ElementTree

from alerts.catalogue.positions import Data
from alerts.catalogue.secrets import looks_secret
from alerts.domain.errors import InputError

NAMESPACE = "urn:ip-risk-alerts:feeds:1"
GUARDED = (
    "allow_private_networks",
    "headers",
    "websub",
    "websub_sha1",
)  # keys that a list from elsewhere may not set by itself
Row = dict[str, Data]

_ROW = f"{{{NAMESPACE}}}row"
_KEY = re.compile(r"[a-z_]{1,40}")  # keys go unquoted into the rows
_BARE = re.compile(rb"&(?!(?:[A-Za-z][A-Za-z0-9]{0,30}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")


@dataclass(frozen=True, slots=True)
class Outline:
    """One subscription of a list; ``row`` holds the settings that a list of ours carries."""

    title: str
    url: str
    language: str | None = None
    row: Mapping[str, Data] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list holds: each subscription once, and the addresses that stood in it again."""

    outlines: tuple[Outline, ...]
    again: tuple[str, ...] = ()


def read(data: bytes, name: str) -> Listed:
    """Return the subscriptions of an OPML file.

    Raises:
        InputError: the file is not OPML.
    """
    if re.search(rb"<!(DOCTYPE|ENTITY)", data.replace(b"\0", b""), re.IGNORECASE):
        raise InputError(f"{name}: declares a document type; remove it, OPML needs none.")
    root = _root(data, name)
    if root.tag != "opml":
        raise InputError(f"{name}: the root element is <{root.tag:.60}>, not <opml>.")
    found: dict[str, Outline] = {}
    again: list[str] = []
    for element in root.iter("outline"):
        outline = _outline(element)
        if outline is None:
            continue
        key = f"{outline.row.get('id', '')} {outline.url}"
        if key in found:
            again.append(outline.url)
        found.setdefault(key, outline)
    return Listed(tuple(found.values()), tuple(again))


def _root(data: bytes, name: str) -> ElementTree.Element:
    for attempt in (data, _BARE.sub(b"&amp;", data)):
        try:
            return ElementTree.fromstring(attempt)  # noqa: S314 - no document type, so no entities
        except ElementTree.ParseError as error:
            line, column = error.position
        except (ValueError, LookupError):  # an encoding that nobody knows
            line, column = 1, 0
    raise InputError(f"{name}:{line}:{column + 1}: not well-formed XML.")


def _outline(element: ElementTree.Element) -> Outline | None:
    row = _own(element.get(_ROW))
    own = row.get("url")
    url = own if isinstance(own, str) else (element.get("xmlUrl") or "").strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    title = element.get("title") or element.get("text") or parts.hostname or url
    return Outline(" ".join(title.split())[:120], url, element.get("language"), row)


def _own(text: str | None) -> Row:
    try:
        row = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(row, dict):
        return {}
    return {key: value for key, value in row.items() if _KEY.fullmatch(key)}


def as_rows(
    outlines: Iterable[Outline], jurisdiction: str, taken: Iterable[str] = (), *, trusted: bool = False
) -> str:
    """Return ``feeds.yaml`` rows for outlines; ids are made from title and host, none of them in ``taken``."""
    used = set(taken)
    lines = ["feeds:"]
    for outline in outlines:
        made: Row = {
            "id": _id(outline, jurisdiction, used), "name": {"en": outline.title, "zh-Hans": outline.title}, "type": "feed",
            "url": outline.url, "jurisdiction": jurisdiction, "carries": "both", "topical": False,
        }  # fmt: skip
        row = {key: value for key, value in outline.row.items() if trusted or key not in GUARDED}
        used.add(str((row or made).get("id", "")))
        pairs = [f"{key}: {_flow(value)}" for key, value in (row or made).items()]
        lines += [f"  - {pairs[0]}", *(f"    {pair}" for pair in pairs[1:])]
    return "\n".join(lines if len(lines) > 1 else ["feeds: []"]) + "\n"


def guarded(outline: Outline) -> list[str]:
    """Return which guarded keys an outline sets."""
    return [key for key in GUARDED if outline.row.get(key)]


def _flow(value: Data) -> str:
    """Return a value as JSON, which is YAML too; words of letters go without quotes."""
    if isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*|[A-Z]{2}", value):
        return value if value not in ("true", "false", "null") else json.dumps(value)
    return json.dumps(value, ensure_ascii=False)


def _id(outline: Outline, jurisdiction: str, taken: set[str]) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", outline.title.casefold()).strip("-") or re.sub(
        r"[^a-z0-9]+", "-", (urlsplit(outline.url).hostname or "feed").casefold()
    )
    stem = f"{jurisdiction.lower()}-{words[:40].strip('-')}"
    number, name = 2, stem
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name


def write(rows: Iterable[Row]) -> str:
    """Return rows of feeds.yaml as OPML 2.0, grouped by jurisdiction; secrets that stand in them stay behind."""
    ElementTree.register_namespace("alerts", NAMESPACE)
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "IP Risk Alerts"
    body = ElementTree.SubElement(root, "body")
    ordered = sorted(map(_without_secrets, rows), key=lambda row: (str(row["jurisdiction"]), str(row["id"])))
    for jurisdiction, theirs in groupby(ordered, lambda row: str(row["jurisdiction"])):
        group = ElementTree.SubElement(body, "outline", text=jurisdiction)
        for row in theirs:
            ElementTree.SubElement(group, "outline", _attributes(row))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _attributes(row: Row) -> dict[str, str]:
    name = row["name"]
    text = str(name["en"]) if isinstance(name, dict) else str(row["id"])
    is_feed = row.get("type", "feed") == "feed"
    kind = {"type": "rss", "xmlUrl": str(row["url"])} if is_feed else {"type": "link", "url": str(row["url"])}
    return {"text": text, **kind, _ROW: json.dumps(row, ensure_ascii=False, separators=(",", ":"))}


def _without_secrets(row: Row) -> Row:
    headers = row.get("headers")
    if not isinstance(headers, dict):
        return row
    kept: Row = {
        name: value for name, value in headers.items() if not (isinstance(value, str) and looks_secret(name))
    }
    return {**row, "headers": kept}
