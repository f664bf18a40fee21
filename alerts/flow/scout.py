"""Look at an address once and say how it could be collected; nothing is stored.

Six requests at most, robots.txt among them, with a pause before each after the first page.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from alerts.domain.collected import Document, Request, Unchanged
from alerts.domain.errors import CollectError, ParseError
from alerts.domain.feeds import Feed
from alerts.domain.ports import Fetcher, Parser
from alerts.domain.vocabulary import FeedType
from alerts.parse.discover import WELL_KNOWN, Proposal, feed_links, page_title, proposals
from alerts.parse.rows import resolve

REQUESTS = 5  # beside robots.txt
_DECLARED = 3  # of the feeds that a page names


@dataclass(frozen=True, slots=True)
class Found:
    """What an address offers, best first; ``asked`` are the addresses that were fetched."""

    proposals: tuple[Proposal, ...]
    asked: tuple[str, ...]
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Scout:
    """Asks with ``fetcher`` and reads with ``parser``; awaits ``pause`` between requests."""

    fetcher: Fetcher
    parser: Parser
    pause: Callable[[], Awaitable[None]]

    async def look(self, feed: Feed) -> Found:
        """Return what ``feed.url`` offers; ``feed`` gives everything but type and mapping.

        Raises:
            CollectError: the address itself does not answer, or robots.txt refuses.
        """
        feed = replace(feed, robots=True)
        document = await self._ask(feed)
        offered = await self._as_feed(document, feed)
        if offered:
            return Found((offered,), (feed.url,), offered.parsed.title)
        feeds, asked = await self._feeds(document, feed)
        lists = proposals(document, feed)
        return Found((*feeds, *lists), (feed.url, *asked), page_title(document))

    async def _feeds(self, document: Document, feed: Feed) -> tuple[list[Proposal], list[str]]:
        """Return the feeds that answer: those the page names, else those that stand where feeds mostly do."""
        asked: list[str] = []
        found: list[Proposal] = []
        usual = (resolve(document.final_url, path) for path in WELL_KNOWN)
        for group in (feed_links(document)[:_DECLARED], [address for address in usual if address]):
            for address in group:
                if len(asked) + 1 >= REQUESTS:
                    break
                await self.pause()
                asked.append(address)
                offered = await self._offer(replace(feed, url=address))
                found += [offered] if offered else []
            if found:
                break
        return found, asked

    async def _offer(self, feed: Feed) -> Proposal | None:
        try:
            return await self._as_feed(await self._ask(feed), feed)
        except CollectError:
            return None

    async def _ask(self, feed: Feed) -> Document:
        answer = await self.fetcher.fetch(Request(feed.url), feed)
        assert not isinstance(answer, Unchanged), "nothing was asked conditionally"
        return answer

    async def _as_feed(self, document: Document, feed: Feed) -> Proposal | None:
        """Return the proposal to read ``document`` as the feed that it is, or None where it is none."""
        plain = replace(feed, type=FeedType.FEED, page=None)
        try:
            return Proposal(plain, await self.parser.parse(document, plain))
        except ParseError:
            return None
