"""Every captured document and every input of other parsers' suites, read in every way: none may end a poll with an exception.

    python benchmarks/every_input.py [--corpus DIR]

Reads the corpus folder (default: `../shared/corpus` beside the project, or ALERTS_CORPUS). Each file goes through the parser's child process as a
feed, as a JSON and an XML API, as a list page and as a watched page; what is read is normalised and judged, and subscription lists are read
as such too. A refusal with a reason is an answer; anything else that is raised, and a child that breaks, is a fault.
Prints one JSON object and ends with 1 where there is a fault.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from alerts.catalogue import opml
from alerts.classify import context_of, judge, load
from alerts.domain.collected import Document
from alerts.domain.errors import InputError, ParseError
from alerts.domain.feeds import Feed, JsonMapping, PageMapping
from alerts.domain.identity import content_hash
from alerts.domain.vocabulary import FeedType, IdentityPolicy, Outcome
from alerts.normalise import normalise
from alerts.parse import ParserPool

FOLDERS = ("feeds/parser-suites", "feeds/real", "opml", "pages", "records", "feed-to-mail")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ADDRESS = "https://office.example/feed"
KINDS = {".json": "application/json", ".html": "text/html"}
JUDGED = 25  # items of one reading; the words of a page's hundred links are much the same
FIELDS = {"id": "id", "title": "title", "url": "url", "summary": "abstract", "published": "date"}


def _feed(kind: FeedType, json_: JsonMapping | None = None, page: PageMapping | None = None) -> Feed:
    return Feed("every", {}, kind, ADDRESS, "WO", json=json_, page=page, max_bytes=20 * 1024 * 1024)


WAYS: Mapping[str, Feed] = {
    "feed": _feed(FeedType.FEED),
    "json": _feed(FeedType.JSON, JsonMapping("results || @", FIELDS)),
    "xml": _feed(FeedType.JSON, JsonMapping("*.* | []", FIELDS, answer="xml")),
    "page": _feed(FeedType.PAGE, page=PageMapping(link_pattern=".")),
    "watched": _feed(FeedType.PAGE, page=PageMapping(mode="whole")),
}


class Tally:
    """What came of each way of reading."""

    def __init__(self) -> None:
        self.read: Counter[str] = Counter()
        self.items: Counter[str] = Counter()
        self.refused: dict[str, Counter[str]] = {}
        self.faults: list[str] = []
        self.lexicons = load()

    async def try_(self, pool: ParserPool, path: Path, way: str) -> None:
        """Read one file in one way and count what came of it."""
        try:
            await self._one(pool, path, way)
        except (ParseError, InputError) as refusal:
            outcome = refusal.outcome if isinstance(refusal, ParseError) else "refused"
            self.refused.setdefault(way, Counter())[str(outcome)] += 1
            if outcome is Outcome.INTERNAL:
                self.faults.append(f"{path} as {way}: {refusal}")
        except Exception as fault:
            self.faults.append(f"{path} as {way}: {type(fault).__name__}: {fault}")

    async def _one(self, pool: ParserPool, path: Path, way: str) -> None:
        body = path.read_bytes()
        if way == "opml":
            self.items[way] += len(opml.read(body, path.name).outlines)
            self.read[way] += 1
            return
        headers = {"content-type": KINDS.get(path.suffix, "application/xml")}
        feed = WAYS[way]
        parsed = await pool.parse(Document(ADDRESS, ADDRESS, 200, headers, body, NOW), feed)
        items = normalise(parsed, feed, NOW, IdentityPolicy.GUID).items
        for item in items[:JUDGED]:
            judge(item, context_of(feed), self.lexicons)
            content_hash(item)
        self.read[way] += 1
        self.items[way] += len(items)

    def shown(self, documents: Mapping[str, int]) -> dict[str, object]:
        """Return the figures."""
        ways = (*WAYS, "opml")
        return {
            "documents": dict(documents),
            "read": {way: self.read[way] for way in ways},
            "items": {way: self.items[way] for way in ways},
            "refused": {way: dict(self.refused.get(way, {})) for way in ways},
            "faults": self.faults,
        }


def _files(corpus: Path) -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        for path in sorted((corpus / folder).rglob("*")):
            if path.is_file():
                parts = path.relative_to(corpus).parts
                yield (
                    "/".join(parts[: 3 if parts[1] == "parser-suites" else 2 if parts[0] == "feeds" else 1]),
                    path,
                )


async def measure(corpus: Path) -> dict[str, object]:
    """Return the figures of one run over ``corpus``."""
    tally, pool, documents = Tally(), ParserPool(2), Counter[str]()
    try:
        for folder, path in _files(corpus):
            documents[folder] += 1
            ways = (*WAYS, "opml") if path.suffix == ".opml" else tuple(WAYS)
            await asyncio.gather(*(tally.try_(pool, path, way) for way in ways))
    finally:
        await pool.close()
    return tally.shown(documents)


def main() -> None:
    """Measure and print."""
    beside = Path(__file__).parents[2] / "shared" / "corpus"
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--corpus", type=Path, default=Path(os.environ.get("ALERTS_CORPUS", beside)))
    corpus = options.parse_args().corpus
    if not corpus.is_dir():
        sys.exit(f"no corpus at {corpus}")
    started = time.perf_counter()
    figures = asyncio.run(measure(corpus))
    print(json.dumps(figures | {"seconds": round(time.perf_counter() - started)}, indent=2))
    sys.exit(1 if figures["faults"] else 0)


if __name__ == "__main__":
    main()
