"""Read the own pages of new items, where the feed asks for it: their text, their date, their title.

Done for new and changed items only, at most so many in one poll, a rest of the host between two, through the guarded
client, and as robots.txt allows. A page that cannot be had or read costs its item nothing: what the list said of it is
stored. After two failures in a row the rest of the items do without, and so they do when the poll has taken long.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import structlog

from alerts.domain.collected import Detail, Document, Entry, FeedClaim, Parsed, Request, Unchanged
from alerts.domain.errors import CollectError
from alerts.domain.feeds import DetailMapping, Feed, PageMapping
from alerts.domain.ports import Fetcher, Parser
from alerts.domain.vocabulary import FeedType
from alerts.flow.service import Service
from alerts.normalise import Reading

log = structlog.get_logger("alerts.poll")

LONGEST = timedelta(seconds=60)  # half of a claim's lease
IN_A_ROW = 2  # failures after which the site is left alone
_NO_PAGE = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".zip", ".mp3", ".mp4", ".jpg", ".png")


async def with_details(
    service: Service, feed: Feed, claim: FeedClaim, pages: Sequence[Parsed]
) -> Sequence[Parsed]:
    """Return the parsed documents, their new entries with what their own pages say; never raises for those."""
    if feed.detail is None:
        return pages
    wanted = await asyncio.to_thread(_wanted, service, feed, claim, pages)
    found: dict[Entry, Detail] = {}
    begun, failed = service.clock.now(), 0
    for entry in wanted[: feed.detail.most]:
        if failed >= IN_A_ROW or service.clock.now() - begun > LONGEST:
            break
        await asyncio.sleep(claim.spacing.total_seconds())
        detail = await read_detail(service.fetcher, service.parser, feed, entry)
        failed = 0 if detail else failed + 1
        if detail:
            found[entry] = detail
    log.info("poll.details", feed=feed.id, wanted=len(wanted), read=len(found))
    return [_with(page, found) for page in pages]


def _wanted(service: Service, feed: Feed, claim: FeedClaim, pages: Sequence[Parsed]) -> list[Entry]:
    """Return the entries that the store does not know as they are and that lead to a page, in document order."""
    parsed = replace(pages[0], entries=tuple(entry for page in pages for entry in page.entries))
    reading = Reading(parsed, feed, service.clock.now(), claim.state.policy, service.memory)
    news = service.store.feeds.familiar(feed.id, reading.hashes).news
    return [entry for key, entry in reading.entries.items() if key in news and _leads_to_page(entry)]


def _leads_to_page(entry: Entry) -> bool:
    return entry.link is not None and not urlsplit(entry.link).path.lower().endswith(_NO_PAGE)


async def read_detail(fetcher: Fetcher, parser: Parser, feed: Feed, entry: Entry) -> Detail | None:
    """Return what the entry's own page says, or None where it leads to none or that cannot be had or read."""
    mapping = feed.detail
    if mapping is None or not _leads_to_page(entry):
        return None
    asked = _as_page(feed, mapping, entry.link or "")
    try:
        document = await fetcher.fetch(Request(asked.url), asked)
        if isinstance(document, Unchanged) or not _is_html(document):
            return None
        (read,) = (await parser.parse(document, asked)).entries
    except CollectError as error:
        log.info(
            "detail.unread", feed=feed.id, url=asked.url, outcome=str(error.outcome), detail=error.detail
        )
        return None
    return Detail(read.title if mapping.title else "", read.summary, read.published, read.language)


def _as_page(feed: Feed, mapping: DetailMapping, link: str) -> Feed:
    """Return how the page is asked for and read; what is meant for the feed's own host goes for no other."""
    page = PageMapping(
        mode="whole",
        region=mapping.text,
        title=mapping.title,
        date=mapping.date,
        date_pattern=mapping.date_pattern,
        charset=mapping.charset,
    )
    own = urlsplit(link)[:2] == urlsplit(feed.url)[:2]
    return replace(
        feed,
        type=FeedType.PAGE,
        url=link,
        page=page,
        json=None,
        detail=None,
        headers=feed.headers if own else {},
        allow_private_networks=feed.allow_private_networks and own,
    )


def _is_html(document: Document) -> bool:
    kind = document.headers.get("content-type", "text/html").lower()
    return "html" in kind or kind.startswith("text/plain")


def _with(page: Parsed, found: dict[Entry, Detail]) -> Parsed:
    return replace(page, entries=tuple(replace(entry, detail=found.get(entry)) for entry in page.entries))
