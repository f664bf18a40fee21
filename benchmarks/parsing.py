"""What a changed feed of 100 entries with one new costs: delta parsing against whole feedparser parses.

    python benchmarks/parsing.py [--entries 100] [--rounds 9] [--corpus DIR]

Prints one JSON object; milliseconds of CPU time, the best of interleaved rounds. `whole` is our reader on the whole document
(feedparser with its sanitizer and resolver off, our guard and our entries), `feedparser` is feedparser with both off and nothing else,
`feedparser_default` is feedparser as it comes, `delta` is cutting, hashing, reading the one new entry and merging, in this process.
`guard` is milliseconds per MB of the pass before any parser, on made feeds and on the captured ones of a corpus folder, with what it refused.
"""

import argparse
import gc
import io
import json
import os
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
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import FeedType
from alerts.parse import parse_here
from alerts.parse.charset import decode
from alerts.parse.delta import Memory
from alerts.parse.guard import guard

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
    beside = Path(__file__).parents[2] / "shared" / "corpus"
    options.add_argument("--corpus", type=Path, default=Path(os.environ.get("ALERTS_CORPUS", beside)))
    asked = options.parse_args()
    figures: dict[str, object] = {
        kind: _measure(make, asked.entries, asked.rounds) for kind, make in (("rss", _rss), ("atom", _atom))
    }
    figures["guard"] = _guarded(asked.corpus / "feeds" / "real", asked.rounds)
    print(json.dumps(figures, indent=2))


def _guarded(folder: Path, rounds: int) -> dict[str, object]:
    """Return milliseconds per MB of the guard on made feeds and on captured ones, and what it refused of those."""
    dense = "".join(
        f"<item><title>Notice {n}</title><link>https://office.example/{n}</link></item>" for n in range(5000)
    )
    made = {
        "rss": _rss(0, 3000),
        "atom": _atom(0, 3000),
        "items_of_a_line": f"<rss><channel>{dense}</channel></rss>".encode(),
    }
    figures: dict[str, object] = {
        name: round(_guard(body.decode(), rounds)[0] / len(body) * 1e9, 1) for name, body in made.items()
    }
    captured = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".xml", ".rss", ".atom", ".rdf", ".feed"}
    ]
    texts = [text for path in captured if (text := decode(path.read_bytes(), None)).strip()]
    done = [_guard(text, rounds) for text in texts]
    size = sum(len(text.encode()) for text in texts)
    refused = [reason for _, reason in done if reason]
    if texts:
        spent = sum(seconds for seconds, _ in done)
        figures["captured"] = {
            "documents": len(texts),
            "bytes": size,
            "refused": refused,
            "ms_per_mb": round(spent / size * 1e9, 1),
        }
    return figures


def _guard(text: str, rounds: int) -> tuple[float, str | None]:
    """Return the least seconds of CPU time, and why the text was refused."""
    best, reason = float("inf"), None
    for _ in range(rounds):
        started = time.process_time()
        try:
            guard(text, 1 << 26)
        except ParseError as refusal:
            reason = str(refusal)
        best = min(best, time.process_time() - started)
    return best, reason


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
