"""The outside that varies: time, sources, parsers and channels. Everything else is the real thing, also in tests."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from alerts.domain.collected import Document, Parsed, Request, Unchanged
from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.feeds import Feed
from alerts.domain.push import Asking, HubAnswer, OwnHub


class Clock(Protocol):
    """Where ``now`` comes from; the real one is made in ``wiring`` only."""

    def now(self) -> datetime:
        """Return the present instant, aware, UTC."""
        ...


class Fetcher(Protocol):
    """Asks a source."""

    async def fetch(self, request: Request, feed: Feed) -> Document | Unchanged:
        """Return the document, or Unchanged for a 304.

        Raises:
            FetchError: the exchange failed; the outcome and the server's patience are inside.
        """
        ...


class Parser(Protocol):
    """Reads a document inside its fence."""

    async def parse(self, document: Document, feed: Feed) -> Parsed:
        """Return what the document held.

        Raises:
            ParseError: the bytes cannot be read as this feed's type.
        """
        ...


class Hubs(Protocol):
    """Asks hubs to tell of news; never raises for what they do."""

    async def ask(self, asking: Asking) -> HubAnswer:
        """Return what the hub said to a request."""
        ...

    async def tell(self, hub: OwnHub, topics: Sequence[str]) -> HubAnswer:
        """Return what the hub of our own feeds said to news of these."""
        ...


class Channel(Protocol):
    """Transmits one message; never raises for what the other side does."""

    @property
    def lanes(self) -> int:
        """Return how many messages it takes at a time."""
        ...

    async def send(
        self, claim: DeliveryClaim, now: datetime, may_transmit: Callable[[], Awaitable[bool]]
    ) -> Receipt:
        """Return the receipt. ``may_transmit`` is asked right before the irrevocable step (lease still held)."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
