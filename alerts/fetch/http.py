"""Ask a source over HTTP: one conditional request, whose answer is judged.

The request says what was kept of the last answer, byte for byte, and nothing that was not: an invented
If-Modified-Since loses items, a re-printed one defeats the cache (RFC 9110 section 13.1). Validators go with GET
only, since with other methods they would mean another thing. Nothing but the configured address is asked, save
robots.txt for pages that no publisher offered for machines.
"""

from collections.abc import Mapping

from alerts.domain.collected import Document, Request, Unchanged
from alerts.domain.feeds import Feed
from alerts.domain.ports import Clock
from alerts.domain.vocabulary import FeedType
from alerts.fetch.robots import Robots
from alerts.fetch.verdict import judge
from alerts.net import Ask, Client, user_agent

ACCEPT: Mapping[FeedType, str] = {
    FeedType.FEED: "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1",
    FeedType.JSON: "application/json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1",
    FeedType.PAGE: "text/html, application/xhtml+xml, */*;q=0.1",
}


class HttpFetcher:
    """Asks sources through the guarded client; ``contact`` and ``public_url`` stand in the User-Agent."""

    def __init__(
        self, client: Client, clock: Clock, contact: str | None = None, public_url: str | None = None
    ) -> None:
        self._client = client
        self._clock = clock
        self._agent = user_agent(public_url, contact)
        self._robots = Robots(client, clock)

    async def fetch(self, request: Request, feed: Feed) -> Document | Unchanged:
        """Return the document, or Unchanged for a 304.

        Raises:
            FetchError: the exchange failed, robots.txt refuses, or the answer is no document.
        """
        agent = feed.user_agent or self._agent
        if asks_robots(feed):
            await self._robots.check(request.url, agent, feed)
        answer = await self._client.exchange(as_ask(request, feed, agent))
        return judge(answer, request, self._clock.now())


def asks_robots(feed: Feed) -> bool:
    """Return whether robots.txt is honoured: for pages, unless the admin says otherwise."""
    return feed.type is FeedType.PAGE if feed.robots is None else feed.robots


def as_ask(request: Request, feed: Feed, agent: str) -> Ask:
    """Return ``request`` as an exchange within the limits of ``feed``."""
    return Ask(
        url=request.url,
        method=request.method,
        headers=request_headers(request, feed, agent),
        body=request.body,
        timeout=feed.timeout,
        max_bytes=feed.max_bytes,
        private=feed.allow_private_networks,
    )


def request_headers(request: Request, feed: Feed, agent: str) -> Mapping[str, str]:
    """Return the header lines to send; those of the feed win over ours, whatever their case."""
    ours = {"User-Agent": agent, "Accept": ACCEPT[feed.type]}
    if request.body is not None:
        ours["Content-Type"] = "application/json"
    if request.method == "GET":
        ours |= _conditions(request)
    if feed.type is FeedType.FEED and "If-None-Match" in ours:  # RFC 3229: only what is new since that tag
        ours["A-IM"] = "feed"
    configured = {name.lower() for name in feed.headers}
    return {name: value for name, value in ours.items() if name.lower() not in configured} | dict(
        feed.headers
    )


def _conditions(request: Request) -> Mapping[str, str]:
    known = request.validators
    pairs = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in pairs.items() if value}
