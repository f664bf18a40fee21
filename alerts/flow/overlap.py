"""What a document says of its own feed: whether it overlaps with what is known, and how far back to read.

A document without any known entry means that more was published between two polls than it shows. Where the feed
offers older documents (RFC 5005 ``prev-archive`` or ``next``, ``next_url`` of JSON Feed), they are read until one
overlaps, at most 20; where they end before that, it is a gap, and the feed is asked twice as often until they overlap.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from alerts.domain.collected import Document, FeedClaim, Parsed, PollResult
from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import FeedType

ARCHIVE_PAGES = 20
LEAST = 3  # entries: a smaller document says nothing
_DATED = re.compile(r"\{(?:year|month|day|today|since)[:}]")


def page_limit(feed: Feed, claim: FeedClaim) -> int:
    """Return how many pages may be read while none shows a known item.

    A feed's archive is not read at its first poll: what is older than the first document is nobody's news.
    """
    if feed.json is not None and feed.json.paging is not None:
        return feed.json.paging.max_pages
    if feed.page is not None:
        return feed.page.pages
    reads_back = feed.type is FeedType.FEED and claim.state.bootstrapped and claim.state.items
    return ARCHIVE_PAGES if reads_back else 1


def described(result: PollResult, feed: Feed, answer: Document, pages: Sequence[Parsed]) -> PollResult:
    """Return the result with what the document calls itself, and whether it is a window on one running list.

    The answer to a question about dates holds other entries each time, by intention.
    """
    asked = feed.url + (feed.json.body or "" if feed.json else "")
    return replace(
        result,
        feed_title=pages[0].title,
        feed_language=pages[0].language,
        continuous=_DATED.search(asked) is None and not answer.partial,
        content_type=answer.headers.get("content-type"),
        documents=len(pages),
    )


def missed(claim: FeedClaim, result: PollResult) -> bool:
    """Return whether a document of a known feed holds no entry that the feed had shown before."""
    entries = len(result.revisions) + len(result.known)
    watched = claim.state.bootstrapped and claim.state.items > 0 and result.continuous
    return watched and entries >= LEAST and result.unseen == entries


def sooner(feed: Feed) -> Feed:
    """Return the feed with half its interval."""
    return replace(feed, interval=feed.interval / 2, adaptive=False)
