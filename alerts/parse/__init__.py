"""Bytes of an answer → entries: one reader for each way a source is read.

``KINDS`` is the place to add a type: a function from document and feed to :class:`Parsed` that raises nothing
but :class:`ParseError`. Readers are pure. In service they run in :class:`alerts.parse.pool.ParserPool`'s
children; :func:`parse_here` runs them in this process, for trusted files and for tests. Importing this
package is cheap: each reader's libraries come with its first document.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from alerts.domain.collected import Document, Parsed
from alerts.domain.errors import ParseError
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import FeedType, Outcome
from alerts.parse.guess import GUESSED
from alerts.parse.pool import ParserPool

__all__ = ["GUESSED", "KINDS", "ParserPool", "parse_here"]


def _feed(document: Document, feed: Feed) -> Parsed:
    from alerts.parse.feed import parse_feed

    return parse_feed(document, feed)


def _api(document: Document, feed: Feed) -> Parsed:
    from alerts.parse.api import parse_api

    return parse_api(document, feed)


def _page(document: Document, feed: Feed) -> Parsed:
    from alerts.parse.page import parse_page

    return parse_page(document, feed)


KINDS: Mapping[FeedType, Callable[[Document, Feed], Parsed]] = MappingProxyType(
    {FeedType.FEED: _feed, FeedType.JSON: _api, FeedType.PAGE: _page}
)


def parse_here(document: Document, feed: Feed) -> Parsed:
    """Return what ``document`` held, read in this process without limits of time or memory.

    Raises:
        ParseError: the bytes cannot be read as this feed's type.
    """
    if not document.body.strip(b" \t\r\n\0"):
        raise ParseError(Outcome.EMPTY, "the server answered without a body", status=document.status)
    return KINDS[feed.type](document, feed)
