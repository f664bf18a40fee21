"""Being told by a hub that a source has something new (WebSub, W3C Recommendation of 23 January 2018).

A push is only a hint to poll: what a hub sends is never read. So the worst that a hub can do, or a document that names a
strange hub or a topic on somebody else's host, is to make us ask our own configured address, conditionally and no
oftener than :data:`SHORTEST`. That is why ``self`` may lead to another domain without anybody's permission.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

# Between a poll and one that a push asks for, as between the closest intervals.
SHORTEST = timedelta(seconds=60)
LOOK_AGAIN = timedelta(minutes=2)  # after a push behind which nothing new was found: caches lag behind hubs
LEASE = timedelta(days=10)  # asked for, and the longest that is believed
RENEW_AT = 0.75  # of the lease
RENEW_SPREAD = 0.1  # of the lease, later, so that renewals do not come all at once
RENEW_LEAST = timedelta(hours=1)  # a hub that grants minutes is not asked every minute
VERIFIED_WITHIN = timedelta(hours=1)  # after the hub took the request
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(days=1)
DENIED_WAIT = timedelta(days=3)
MISSED_AFTER = timedelta(days=3)  # without a subscription: the operator is told
CHANGE_AFTER = timedelta(hours=1)  # a document that names another hub each time is believed once an hour
TRIES_OF_A_HUB = 4  # before another one that the document names is asked
LEAVING_TRIES = 5
DEAF_AFTER = 5  # polls that found what no push had announced, and no push that was right
MOST_HUBS = 8
LONGEST_ADDRESS = 2000  # characters


class PushMode(StrEnum):
    """What a hub is asked for."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Offer:
    """What an answer says of being told: its hubs, and the name under which they know it.

    Not ``whole``: only headers were there to be read (304), which often say less; nothing is taken back then.
    """

    hubs: tuple[str, ...] = ()
    topic: str | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Asking:
    """One request to a hub that this process is to send; ``asked_at`` says whose it is."""

    key: str
    feed_id: str
    hub: str
    topic: str
    mode: PushMode
    asked_at: datetime
    attempt: int  # from 1, since the hub last verified
    private: bool  # the feed may reach own networks, so its hub may be there, too
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HubAnswer:
    """What a hub said to a request: whether it took it, else why not, and when it may be asked again."""

    accepted: bool
    detail: str = ""
    final: bool = False  # it refused: no verification is to be expected
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pushed:
    """One subscription as it stands. Times are UTC; ``hub`` is empty while the source names none.

    ``hits`` and ``misses`` count pushes behind which a poll found something new, or nothing; ``unannounced`` the
    polls that found something new without any; ``refused`` what came without a good signature.
    """

    key: str
    feed_id: str
    wanted: bool
    hub: str | None
    topic: str | None
    created_at: datetime
    mode: PushMode | None = None  # asked for and not verified yet
    asked_at: datetime | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None
    denied_at: datetime | None = None
    attempts: int = 0
    detail: str | None = None
    last_push_at: datetime | None = None
    hits: int = 0
    misses: int = 0
    unannounced: int = 0
    refused: int = 0
    secret: str = field(default="", repr=False)

    def serves(self, now: datetime) -> bool:
        """Return whether the hub has verified it and the lease has not ended."""
        return self.expires_at is not None and self.expires_at > now


def chosen_hub(offer: Offer, current: str | None, attempts: int) -> str | None:
    """Return the hub to use: the present one while it is offered and works, else the next, https before http."""
    hubs = sorted(offer.hubs, key=lambda hub: not hub.startswith("https:"))
    if not hubs:
        return None
    if current not in hubs:
        return hubs[0]
    steps = 1 if attempts >= TRIES_OF_A_HUB else 0
    return hubs[(hubs.index(current) + steps) % len(hubs)]


def granted(seconds: str | None) -> timedelta | None:
    """Return the lease that a hub grants, at most ten days; ten days where it names none (PubSubHubbub 0.3).

    None for what is no lease: zero, a negative number, no number.
    """
    if seconds is None:
        return LEASE
    digits = seconds.strip()
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 30 or not int(digits):
        return None
    return timedelta(seconds=min(int(digits), LEASE.total_seconds()))


@dataclass(frozen=True, slots=True)
class OwnHub:
    """The hub that our feeds name: its address, the site that they are on, and the hosts of the operator's own network."""

    address: str
    site: str
    inside: frozenset[str] = frozenset()


def renewal(lease: timedelta, now: datetime, spread: float) -> datetime:
    """Return when to ask again: at 75 % of the lease or a little later (``spread`` in [0, 1)), no sooner than in an hour."""
    return now + max(lease * (RENEW_AT + RENEW_SPREAD * spread), RENEW_LEAST)


def wait_after(attempts: int, spread: float) -> timedelta:
    """Return the pause after a number of failed requests: 5 minutes, doubled each time, up to a day, and up to a tenth more."""
    doubled = FIRST_WAIT * (1 << min(max(attempts - 1, 0), 10))
    return min(doubled, LONGEST_WAIT) * (1 + 0.1 * spread)


def spread_of(key: str) -> float:
    """Return a number in [0, 1) that is always the same for a key: jitter without a die."""
    return int.from_bytes(sha256(key.encode()).digest()[:4]) / 2**32


def readable(addresses: Sequence[str]) -> tuple[str, ...]:
    """Return those that can be addresses of a hub or a topic: http or https, of sane length, each once."""
    sane = (one for one in addresses if len(one) <= LONGEST_ADDRESS and one.isprintable() and " " not in one)
    web = (one for one in sane if one.lower().startswith(("http://", "https://")))
    return tuple(dict.fromkeys(web))[:MOST_HUBS]
