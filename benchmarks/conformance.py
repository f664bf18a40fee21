"""How far other parsers' own test suites hold for what this service stores, and what captured pages give.

    python benchmarks/conformance.py [--corpus DIR] [--failures]

Reads the corpus folder (default: `../shared/corpus` beside the project, or ALERTS_CORPUS) and prints one JSON object. With `--failures` every
expectation that is not met is told on standard error.

`feedparser`: the expectations on title, link, id, date and content of an entry that feedparser itself meets, held against our item.
`gofeed`, `feed-rs`, `rss-parser`: their expected models: how many entries, their titles, their links.
`courts`: list pages of courts against the items that another project's scrapers take from them. `epo`: one page over sixteen months.
"""

import argparse
import ast
import html
import io
import json
import os
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

sys.path.insert(0, str(Path(__file__).parents[1]))

import feedparser

from alerts.domain.collected import Document, Entry, Parsed
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed
from alerts.domain.items import Item
from alerts.domain.text import clean, one_line
from alerts.domain.vocabulary import FeedType, IdentityPolicy
from alerts.normalise import normalise
from alerts.normalise.links import safe_link
from alerts.normalise.markup import as_plain
from alerts.parse import parse_here
from benchmarks.pages import courts, epo

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ADDRESS = "http://127.0.0.1:8097/feed.xml"
FEED = Feed(
    id="conformance", name={}, type=FeedType.FEED, url=ADDRESS, jurisdiction="WO", allow_private_networks=True
)
FIELDS = {
    "title": "title", "link": "link", "id": "id", "guid": "id", "published_parsed": "date", "updated_parsed": "date",
    "date_parsed": "date", "created_parsed": "date", "summary": "content", "description": "content", "content": "content",
}  # fmt: skip

_BARE = re.compile(rb"<(?:item|entry)(?:\s[^<>]*)?>")


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation on an entry: which, what, and what feedparser says."""

    number: int
    field: str
    value: Any


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--corpus", type=Path, default=os.environ.get("ALERTS_CORPUS"))
    options.add_argument("--failures", action="store_true")
    asked = options.parse_args()
    corpus = asked.corpus or Path(__file__).parents[2] / "shared" / "corpus"
    warnings.simplefilter("ignore")
    told = print if asked.failures else lambda *_, **__: None
    suites = corpus / "feeds" / "parser-suites"
    figures = {"feedparser": _feedparser(suites / "feedparser", told)}
    for name in ("gofeed", "feed-rs", "rss-parser"):
        figures[name] = _pairs(_found(suites, name), told)
    figures["courts"] = courts(corpus / "pages", told)
    figures["epo"] = epo(corpus / "pages" / "epo" / "coverage-weekly")
    print(json.dumps(figures, indent=2))


def _read(body: bytes, headers: dict[str, str], address: str = ADDRESS) -> Parsed | None:
    document = Document(address, address, 200, headers, body, NOW)
    try:
        return parse_here(document, FEED)
    except ParseError:
        return None


def _item(entry: Entry, parsed: Parsed) -> Item:
    return normalise(Parsed((entry,), parsed.title, parsed.language), FEED, NOW, IdentityPolicy.GUID).items[0]


def _feedparser(folder: Path, told: Any) -> dict[str, Any]:
    met: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for path, body, headers, expectations in list(_met(folder)):
        address = urljoin(ADDRESS, headers.get("content-location", ""))
        parsed = _read(body, headers, address)
        if parsed is not None and parsed.skipped and not parsed.entries:
            # An entry of a date or an id alone is left out; with a title it is an entry.
            parsed = _read(_BARE.sub(rb"\g<0><title>x</title>", body), headers, address)
        for one in expectations:
            met[one.field] += 1
            ours = _holds(parsed, one)
            held[one.field] += ours
            if not ours:
                told(
                    "feedparser", path.relative_to(folder), one.field, repr(one.value)[:120], file=sys.stderr
                )
    return {name: {"met_by_feedparser": met[name], "held": held[name]} for name in sorted(met)}


def _met(folder: Path) -> Iterator[tuple[Path, bytes, dict[str, str], list[Expected]]]:
    """Yield each test with the expectations that feedparser meets as it comes: before our reader is loaded, which changes it."""
    if "alerts.parse.feed" in sys.modules:
        raise RuntimeError("feedparser is to be asked before alerts.parse.feed changes its settings")
    for path in sorted(folder.rglob("*.xml")):
        body = path.read_bytes()
        headers, expectations = _head(body)
        if expectations:
            theirs = feedparser.parse(io.BytesIO(body), response_headers=headers)
            yield path, body, headers, [one for one in expectations if _meets(theirs, one)]


def _head(body: bytes) -> tuple[dict[str, str], list[Expected]]:
    """Return the transport headers and the simple expectations of a test file."""
    comment = re.search(rb"<!--(.*?)-->", body, re.DOTALL)
    text = comment[1].decode("utf-8", "replace") if comment else ""
    headers = {
        name.strip().lower(): value.strip() for name, value in re.findall(r"Header:\s*([\w-]+):(.*)", text)
    }
    expect = re.search(r"Expect:\s*(.*)", text, re.DOTALL)
    try:
        tree = ast.parse(expect[1].strip(), mode="eval").body if expect else None
    except (SyntaxError, ValueError):
        return headers, []
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    return headers, [one for one in map(_expected, parts) if one]


def _expected(part: ast.AST | None) -> Expected | None:
    """Return ``entries[N]['field'] == constant`` as a value; None for any other form."""
    if not isinstance(part, ast.Compare) or not isinstance(part.ops[0], ast.Eq):
        return None
    shape = re.fullmatch(
        r"entries\[(\d+)\](?:\['(\w+)'\]|\.(\w+))(\[0\](?:\['value'\]|\.value))?", ast.unparse(part.left)
    )
    field = shape and (shape[2] or shape[3])
    if not shape or field not in FIELDS or (field == "content") != bool(shape[4]):
        return None
    try:
        return Expected(int(shape[1]), str(field), ast.literal_eval(part.comparators[0]))
    except ValueError:
        return None


def _meets(theirs: Any, one: Expected) -> bool:
    try:
        found = theirs["entries"][one.number][one.field]
    except (LookupError, AttributeError):
        return False
    value = found[0]["value"] if one.field == "content" else found
    return bool((tuple(value) if one.field.endswith("_parsed") and value else value) == one.value)


def _holds(parsed: Parsed | None, one: Expected) -> bool:
    if parsed is None or one.number >= len(parsed.entries):
        return not one.value
    entry = parsed.entries[one.number]
    item, kind = _item(entry, parsed), FIELDS[one.field]
    if kind == "date":
        dates = [dated.at for dated in (item.published, item.updated) if dated]
        return one.value is None or datetime(*one.value[:6], tzinfo=UTC) in dates
    if kind == "id":
        return (entry.raw_id or "") == one.value.strip()
    if kind == "title":
        return item.title in {_plain(one.value), one_line(one.value)} or not _plain(one.value)
    if kind == "link":
        return item.url == safe_link(one.value, ADDRESS, private=True) or not one.value
    texts = (
        item.summary,
        *(clean(as_plain(text, is_html=True), 4000) for text in (entry.summary, entry.content)),
    )
    wanted = {_plain(one.value), one_line(one.value), one_line(html.unescape(one.value))}
    return any(one_line(text, 4000) in wanted for text in texts)


def _plain(text: str) -> str:
    return one_line(as_plain(text, is_html=True), 4000)


def _found(suites: Path, name: str) -> Iterator[tuple[Path, list[tuple[str, str]]]]:
    """Yield each input of a suite with the titles and links of its expected entries."""
    folder = suites / name
    if name == "rss-parser":
        for path in sorted((folder / "output").glob("*.json")):
            given = next(
                (one for one in (folder / "input").glob(f"{path.stem}.*") if one.stem == path.stem), None
            )
            items = json.loads(_text(path))["feed"].get("items", []) if given else []
            if given:
                yield given, [(_flat(item.get("title")), _flat(item.get("link"))) for item in items]
    elif name == "gofeed":
        for path in sorted(folder.rglob("*.xml")):
            if path.with_suffix(".json").exists():
                model = json.loads(_text(path.with_suffix(".json")))
                items = model.get("items") or model.get("entries") or []
                yield path, [(_flat(item.get("title")), _go_link(item)) for item in items]
    else:
        for path in sorted(folder.rglob("*.serde.json")):
            entries = json.loads(_text(path)).get("entries", [])
            given = path.with_name(path.name.removesuffix(".serde.json") + ".xml")
            if given.exists():
                yield (
                    given,
                    [
                        (_flat((one.get("title") or {}).get("content")), _first(one.get("links")))
                        for one in entries
                    ],
                )


def _same(ours: str, theirs: str) -> bool:
    """Return whether the two are one; what the other parser could not decode may be anything."""
    return re.fullmatch(re.escape(theirs).replace("\ufffd", "."), ours) is not None


def _text(path: Path) -> str:
    body = path.read_bytes()
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _flat(value: object) -> str:
    return value if isinstance(value, str) else ""


def _go_link(item: dict[str, Any]) -> str:
    alternate = [
        link
        for link in item.get("links") or []
        if isinstance(link, dict) and link.get("rel", "alternate") == "alternate"
    ]
    plain = [link for link in item.get("links") or [] if isinstance(link, str)]
    return _flat(item.get("link")) or _first(alternate) or (plain[0] if plain else "")


def _first(links: Sequence[dict[str, Any]] | None) -> str:
    shown = [link for link in links or [] if link.get("rel") in {None, "alternate"}]
    return _flat(shown[0].get("href")) if shown else ""


def _pairs(pairs: Iterator[tuple[Path, list[tuple[str, str]]]], told: Any) -> dict[str, Any]:
    seen: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for path, expected in pairs:
        parsed = _read(path.read_bytes(), {})
        count = len(parsed.entries) + parsed.skipped if parsed else 0
        seen["documents"] += 1
        held["documents"] += count == len(expected)
        if count != len(expected):
            told(path.name, "entries", count, "expected", len(expected), file=sys.stderr)
        whole = parsed is not None and len(parsed.entries) == len(expected)
        shown = expected if whole else [one for one in expected if any(one)]
        for entry, (title, link) in zip(parsed.entries if parsed else (), shown, strict=False):
            item = _item(entry, parsed or Parsed(()))
            for name, ours, theirs in (
                ("titles", item.title, _plain(title)),
                ("links", item.url, safe_link(link, ADDRESS, private=True)),
            ):
                if theirs:
                    seen[name] += 1
                    same = _same(ours or "", theirs)
                    held[name] += same
                    if not same:
                        told(path.name, name, repr(ours)[:90], repr(theirs)[:90], file=sys.stderr)
    return {
        name: {"expected": seen[name], "held": held[name], "share": round(held[name] / max(1, seen[name]), 4)}
        for name in seen
    }


if __name__ == "__main__":
    main()
