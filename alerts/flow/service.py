"""The parts that the use cases work with, handed in by ``wiring``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alerts.catalogue import Catalogue
from alerts.classify import Lexicons
from alerts.deliver import Vault
from alerts.domain.digests import Links
from alerts.domain.feeds import Feed
from alerts.domain.people import Endpoint
from alerts.domain.ports import Channel, Clock, Fetcher, Hubs, Parser
from alerts.domain.push import OwnHub
from alerts.domain.requests import HOURLY, Request
from alerts.domain.vocabulary import ChannelKind, Language
from alerts.flow.surroundings import Surroundings
from alerts.flow.watching import Watching
from alerts.normalise.memory import Memory
from alerts.render import Renderer
from alerts.store import Store


def _unwatched(_feed_id: str) -> None:
    """Nobody is watching."""


def _nowhere(_request: Request) -> str:
    """Return no address: nothing can be asked for where no site is served."""
    return ""


@dataclass(frozen=True, slots=True)
class Service:
    """Everything a use case may touch. Replaced as a whole when the catalogue is reloaded."""

    store: Store
    feeds: Mapping[str, Feed]
    fetcher: Fetcher
    parser: Parser
    lexicons: Lexicons
    renderer: Renderer
    channels: Mapping[ChannelKind, Channel]
    clock: Clock
    jitter: Callable[[], float]  # in [0, 1)
    links: Callable[[Endpoint], Links]
    worker: str  # who holds a claim: host and process
    sender_domain: str  # right-hand side of every Message-ID
    vault: Vault  # seals addresses and secrets of endpoints
    request_link: Callable[[Request], str] = _nowhere  # of the mail that answers a request
    sign_ups: int = HOURLY  # mails within an hour to people who are not known yet
    operator: str | None = None  # mail address for alarms about sources
    operator_language: Language = Language.ENGLISH
    hubs: Hubs | None = None  # None: no hub could reach this service
    hub: OwnHub | None = None  # that our own feeds name
    surroundings: Surroundings = field(default_factory=Surroundings)
    watching: Watching | None = None  # None: every item is judged against all criteria
    memory: Memory = field(default_factory=Memory)  # of entries read with these feeds
    polled: Callable[[str], None] = _unwatched  # told the id of each feed when its poll is stored

    def news_at(self) -> datetime | None:
        """Return the present instant where a hub of ours is to hear of what is indexed now; else None."""
        return self.clock.now() if self.hub else None


@dataclass(frozen=True, slots=True)
class WatchedCatalogue:
    """A catalogue that may change under a running daemon.

    ``look`` returns something that differs whenever the files do; ``read`` returns the catalogue or raises
    CatalogueError with all its faults; ``renderer`` makes one that names the feeds as they are then.
    """

    look: Callable[[], object]
    read: Callable[[], Catalogue]
    renderer: Callable[[Mapping[str, Feed]], Renderer]
