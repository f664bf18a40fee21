"""What the pages need from the rest of the service."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from alerts.domain.feeds import Feed
from alerts.domain.ports import Clock
from alerts.domain.requests import HOURLY
from alerts.domain.stations import Station
from alerts.domain.tokens import Tokens
from alerts.flow.admins import Gate
from alerts.flow.endpoints import Means
from alerts.flow.trying import Tried
from alerts.store import Store

MOMENT = timedelta(seconds=2)  # in which the archive's index follows, too


def _good() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Office:
    """What admins' pages need besides: what log-ins are checked with, and how a source is looked at once (raises CollectError)."""

    gate: Gate
    look: Callable[[Feed], Awaitable[Tried]]


@dataclass(frozen=True, slots=True)
class Site:
    """The parts behind the pages.

    ``feeds`` is asked on every request, so that a reloaded catalogue shows at once. ``public_url`` is
    where readers reach the site; it may carry a path. ``catalogue_good`` says whether the newest feeds.yaml is in force. ``templates`` is the operator's own folder, if any.
    """

    store: Store
    feeds: Callable[[], Mapping[str, Feed]]
    tokens: Tokens
    clock: Clock
    public_url: str
    operator_contact: str | None = None
    templates: Path | None = None
    catalogue_good: Callable[[], bool] = _good
    stations: Callable[[], Sequence[Station]] = tuple  # the directory of help
    means: Callable[[], Means] | None = (
        None  # what is posted with; without it readers enter no webhooks and chats
    )
    office: Office | None = None  # without it there is no /admin
    hourly: int = HOURLY  # mails within an hour to people who are not known yet
    moment: timedelta = timedelta()  # how old a page may be that is given out again; 0: each is made anew
    hub: str | None = None  # named in the feeds
    proxies: frozenset[str] = frozenset()  # addresses of our own proxies, whose word on who connects counts

    @property
    def prefix(self) -> str:
        """Return the path part of the public address, without a slash at its end."""
        return urlsplit(self.public_url).path.rstrip("/")

    @property
    def watched(self) -> set[str]:
        """Return the jurisdictions that have a source."""
        return {feed.jurisdiction for feed in self.feeds().values() if feed.enabled}
