"""A source is asked once to see what would be stored; nothing is."""

from dataclasses import dataclass, replace

from alerts.classify import Lexicons
from alerts.domain.collected import Document, Request, Unchanged
from alerts.domain.feeds import Feed
from alerts.domain.items import Revision
from alerts.domain.ports import Clock, Fetcher, Parser
from alerts.flow.addresses import first_body, page_address
from alerts.flow.details import read_detail
from alerts.flow.inspect import read

SHOWN = 3  # items that are shown, and whose own pages are read


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it: the answer, how many entries it held, and the items as they would be stored."""

    document: Document
    entries: int
    items: tuple[Revision, ...]


async def try_feed(tools: tuple[Fetcher, Parser, Clock], lexicons: Lexicons, feed: Feed) -> Tried:
    """Return what a source answers now.

    Raises:
        CollectError: it cannot be reached or read.
    """
    fetcher, parser, clock = tools
    now = clock.now()
    method, body = feed.json.method if feed.json else "GET", first_body(feed.json, now, None)
    answer = await fetcher.fetch(Request(page_address(feed, feed.url, 0, (now, None)), method, body), feed)
    assert not isinstance(answer, Unchanged), "nothing was asked conditionally"
    parsed = await parser.parse(answer, feed)
    shown = [
        replace(entry, detail=await read_detail(fetcher, parser, feed, entry))
        for entry in parsed.entries[: SHOWN if feed.detail else 0]
    ]
    parsed = replace(parsed, entries=(*shown, *parsed.entries[len(shown) :]))
    return Tried(answer, len(parsed.entries), read(lexicons, feed, parsed, answer.fetched_at))
