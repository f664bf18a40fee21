"""Whether captured feeds read the same by parts as whole, and by our XML reader as by feedparser's own.

    python benchmarks/by_parts.py [--corpus DIR]

Each XML document of the corpus folder (default: `../shared/corpus` beside the project, or ALERTS_CORPUS) is read with both XML readers. Where it can
be remembered, every second entry is dropped from memory, in two ways, and the document is read again by what is missing.
Prints one JSON object and ends with 1 where two readings differ.
"""

import argparse
import json
import os
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from feedparser import api

from alerts.domain.collected import Document, Parsed
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import FeedType
from alerts.parse import delta, parse_here

ADDRESS = "https://office.example/feed"
FEED = Feed("parts", {}, FeedType.FEED, ADDRESS, "WO")
ENDINGS = {".xml", ".rss", ".atom", ".rdf", ".feed"}
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def main() -> None:
    """Read and print."""
    beside = Path(__file__).parents[2] / "shared" / "corpus"
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--corpus", type=Path, default=Path(os.environ.get("ALERTS_CORPUS", beside)))
    corpus = options.parse_args().corpus
    if not corpus.is_dir():
        sys.exit(f"no corpus at {corpus}")
    warnings.simplefilter("ignore")
    delta._LEAST = 1  # most documents of suites hold one or two entries
    found: Counter[str] = Counter()
    differing = []
    for path in sorted(corpus.rglob("*")):
        if path.is_file() and path.suffix in ENDINGS:
            for what in _compare(path.read_bytes()):
                found[what] += 1
                if what.startswith("differs"):
                    differing.append(f"{path}: {what}")
    print(json.dumps(dict(found) | {"differing": differing}, indent=2))
    sys.exit(1 if differing else 0)


def _compare(body: bytes) -> Iterator[str]:
    """Yield what came of one document."""
    yield "documents"
    document = Document(ADDRESS, ADDRESS, 200, {"content-type": "application/xml"}, body, NOW)
    whole = _read(document)
    ours, api.PREFERRED_XML_PARSERS[:] = api.PREFERRED_XML_PARSERS[:], ["drv_libxml2"]
    stock = _read(document)
    api.PREFERRED_XML_PARSERS[:] = ours
    if whole != stock:
        yield "differs by XML reader"
    if whole is not None:
        for odd in (0, 1):
            yield from _by_parts(document, whole, odd)


def _by_parts(document: Document, whole: Parsed, odd: int) -> Iterator[str]:
    memory = delta.Memory()
    memory.learn(document, FEED, whole)
    for place, known in list(memory._known.items()):
        kept = {name: one for turn, (name, one) in enumerate(known.entries.items()) if turn % 2 == odd}
        if not kept:
            continue
        order = tuple(one for one in known.order if one[0] in kept)
        memory._known[place] = replace(known, entries=kept, order=order)
        plan = memory.plan(document, FEED)
        part = _read(plan.document) if plan else None
        again = memory.complete(plan, part, FEED) if plan and part else None
        if again is None:
            yield "whole after all"
        else:
            yield "by parts" if again == whole else "differs by parts"


def _read(document: Document) -> Parsed | None:
    try:
        return parse_here(document, FEED)
    except ParseError:
        return None


if __name__ == "__main__":
    main()
