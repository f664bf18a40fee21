"""What a changed feed of 100 entries with one new costs: delta parsing against whole feedparser parses.

    python benchmarks/parsing.py [--entries 100] [--rounds 9]

Prints one JSON object; milliseconds of CPU time, the best of interleaved rounds. `whole` is our reader on the whole document
(feedparser with its sanitizer and resolver off, our guard and our entries), `feedparser` is feedparser with both off and nothing else,
`feedparser_default` is feedparser as it comes, `delta` is cutting, hashing, reading the one new entry and merging, in this process.
"""

import argparse
import gc
import io
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import feedparser

from alerts.domain.collected import Document, Parsed
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import FeedType
from alerts.parse import parse_here
from alerts.parse.delta import Memory

ADDRESS = "https://office.example/feed"
FEED = Feed(id="bench", name={}, type=FeedType.FEED, url=ADDRESS, jurisdiction="EP")
WORDS = [
    "the",
    "office",
    "examination",
    "patent",
    "notice",
    "trade",
    "mark",
    "practice",
    "rule",
    "fee",
    "appeal",
    "of",
    "in",
    "for",
    "and",
    "on",
    "applicants",
]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--entries", type=int, default=100)
    options.add_argument("--rounds", type=int, default=9)
    asked = options.parse_args()
    figures = {
        kind: _measure(make, asked.entries, asked.rounds) for kind, make in (("rss", _rss), ("atom", _atom))
    }
    print(json.dumps(figures, indent=2))


def _measure(make: Callable[[int, int], bytes], entries: int, rounds: int) -> dict[str, object]:
    before, after = _document(make(0, entries)), _document(make(1, entries))
    best: dict[str, float] = {}
    for _ in range(rounds):
        memory = Memory()
        memory.learn(before, FEED, parse_here(before, FEED))
        works: dict[str, Callable[[], object]] = {
            "feedparser_default": lambda: _default(after.body),
            "feedparser": lambda: _bare(after.body),
            "whole": lambda: parse_here(after, FEED),
            "delta": partial(_delta, memory, after),
        }
        for name, work in works.items():
            gc.collect()
            gc.disable()
            started = time.process_time()
            work()
            taken = (time.process_time() - started) * 1000
            gc.enable()
            best[name] = min(taken, best.get(name, taken))
    memory = Memory()
    memory.learn(before, FEED, parse_here(before, FEED))
    return {
        "bytes": len(after.body),
        "ms": {name: round(taken, 2) for name, taken in best.items()},
        "delta_of_feedparser": round(best["delta"] / best["feedparser"], 3),
        "delta_of_feedparser_default": round(best["delta"] / best["feedparser_default"], 4),
        "equal": _delta(memory, after) == parse_here(after, FEED),
    }


def _default(body: bytes) -> object:
    with _stock():
        return feedparser.parse(io.BytesIO(body))


def _bare(body: bytes) -> object:
    with _stock():
        return feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)


@contextmanager
def _stock() -> Iterator[None]:
    """Give feedparser the list of XML readers that it comes with; ours is faster."""
    readers = feedparser.api.PREFERRED_XML_PARSERS
    ours, readers[:] = readers[:], ["drv_libxml2"]
    try:
        yield
    finally:
        readers[:] = ours


def _delta(memory: Memory, document: Document) -> Parsed:
    plan = memory.plan(document, FEED)
    assert plan is not None and len(plan.unread) == 1
    read = memory.complete(plan, parse_here(plan.document, FEED), FEED)
    assert read is not None
    return read


def _document(body: bytes) -> Document:
    return Document(
        ADDRESS, ADDRESS, 200, {"content-type": "application/xml"}, body, datetime(2026, 11, 22, tzinfo=UTC)
    )


def _text(number: int, size: int) -> str:
    dice = random.Random(number)
    return "".join(f"<p>{' '.join(dice.choices(WORDS, k=60))}</p>\n" for _ in range(size))


def _rss(first: int, count: int) -> bytes:
    items = "".join(
        f"<item><title>Notice {n}</title><link>https://office.example/{n}</link><guid>{n}</guid>"
        f"<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate><description><![CDATA[{_text(n, 9)}]]></description></item>\n"
        for n in range(first + count, first, -1)
    )
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Office</title>"
        f"<lastBuildDate>{first}</lastBuildDate>{items}</channel></rss>"
    ).encode()


def _atom(first: int, count: int) -> bytes:
    entries = "".join(
        f"<entry><id>urn:x:{n}</id><title>Notice {n}</title><link href='https://office.example/{n}'/>"
        f"<updated>2026-11-20T10:00:00Z</updated><content type='html'>{_text(n, 9).replace('<', '&lt;')}</content></entry>\n"
        for n in range(first + count, first, -1)
    )
    return (
        f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Office</title>"
        f"<updated>2026-11-20T10:00:{first:02}Z</updated>{entries}</feed>"
    ).encode()


if __name__ == "__main__":
    main()
