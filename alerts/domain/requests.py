"""What somebody asks for who is not known yet: alerts to an address, or a link to the settings of one.

An address gets few mails of this kind whatever anybody posts, and a network may ask for few: nobody can use the service to
flood a stranger. Who asks learns nothing about whether an address is known: every post is counted and written down alike.
Source: the limits of GOV.UK's alert service (4 a minute and 40 an hour) and of double opt-in practice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network

from alerts.domain.people import Subscription
from alerts.domain.vocabulary import Language


class Purpose(StrEnum):
    """What a request is for."""

    JOIN = "join"  # alerts to an address; a mail asks whether it wants them
    ACCESS = "access"  # a link to the settings of an address
    GOODBYE = "goodbye"  # the receipt for a deletion


class Answered(StrEnum):
    """Whether a request is taken on. Whoever asked is told only of ``NETWORK``, ``BUSY`` and ``QUICK``: none tells of the address."""

    TAKEN = "taken"
    ENOUGH = "enough"  # the address had its mails
    NETWORK = "network"  # too many from one network
    BUSY = "busy"  # too many altogether
    QUICK = "quick"  # too many from one network that were filled in faster than people do


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` requests within ``span``."""

    span: timedelta
    most: int


ADDRESS_LIMITS = (Limit(timedelta(minutes=10), 1), Limit(timedelta(days=1), 3), Limit(timedelta(days=30), 10))
NETWORK_LIMITS = (Limit(timedelta(minutes=1), 5), Limit(timedelta(hours=1), 40))
# Of one network; who comes later is asked to press the button again.
QUICK_LIMIT = Limit(timedelta(hours=1), 20)
QUICKEST = timedelta(seconds=3)  # from the first question to the last button: people take longer
FORM_LIFE = timedelta(days=1)  # a form that is older was not just filled in
# After it one may have the mail sent again; it leaves when the address may have its next.
AGAIN = timedelta(minutes=1)
HOURLY = 1000  # mails of this kind within an hour, unless the operator says otherwise
ALL_SPAN = timedelta(hours=1)
KEPT = timedelta(days=31)  # the longest span, and a day
LIFE = {
    Purpose.JOIN: timedelta(hours=72),
    Purpose.ACCESS: timedelta(minutes=30),
    Purpose.GOODBYE: timedelta(days=3),
}
KEEP = timedelta(days=7)  # in which a move to another address can be undone from the one before
SESSION = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request as it comes in. ``network`` is whence; a subscription stands in what wants to join; ``quick``: no person types so fast."""

    purpose: Purpose
    address: str
    language: Language
    network: str
    subscription: Subscription | None = None
    recent: int = 0  # days from before joining that are told, too
    quick: bool = False
    moves: int | None = None  # the contact whose mails shall go to this address from now on
    undoes: str | None = None  # the request for such a move, which this one may undo


@dataclass(frozen=True, slots=True)
class Request:
    """A request on record. ``used_at``: its link has done its work; ``ended_at``: nothing is opened by it any more."""

    id: int
    public_id: str
    purpose: Purpose
    address: str
    language: Language
    subscription: Subscription | None
    recent: int
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    ended_at: datetime | None = None
    moves: int | None = None
    undoes: str | None = None

    @property
    def door(self) -> str:
        """Return the address of the site that its link leads to."""
        if self.undoes is not None:
            return "keep"
        return "confirm" if self.purpose is Purpose.JOIN else "access"

    def state(self, now: datetime) -> str:
        """Return how its link stands: used, ended, late or open."""
        if self.used_at is not None:
            return "used"
        if self.ended_at is not None:
            return "ended"
        return "late" if now >= self.expires_at else "open"


def network_of(address: str) -> str:
    """Return the network that an address belongs to for counting: /24 of IPv4, /48 of IPv6; loopback and nonsense as they are."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:60] or "unknown"
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return str(ip_network(f"{found}/{24 if found.version == 4 else 48}", strict=False))
