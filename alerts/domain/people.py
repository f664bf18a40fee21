"""Companies, their contacts, and where and when each contact is told."""

from dataclasses import dataclass
from datetime import datetime, time

from alerts.domain.quiet import Quiet
from alerts.domain.vocabulary import ChannelKind, ContactStatus, Language, Rhythm, Weekday
from alerts.domain.watches import Criteria


@dataclass(frozen=True, slots=True)
class Schedule:
    """When an endpoint is told. ``at`` is local wall time in ``zone`` (IANA), whole minutes."""

    rhythm: Rhythm = Rhythm.DAILY
    at: time = time(8, 0)
    zone: str = "UTC"
    weekday: Weekday = Weekday.MONDAY  # used by the weekly rhythm
    critical_at_once: bool = True  # critical items do not wait for the digest
    calendar: str | None = None  # jurisdiction whose public holidays the rhythm of working days keeps
    quiet: Quiet | None = None  # hours that only critical items break
    quiet_months: bool = True  # told when a month brought nothing, and how we know


@dataclass(frozen=True, slots=True)
class Subscription:
    """A consenting contact with one watch and one endpoint, as entered or imported."""

    company: str
    email: str
    criteria: Criteria
    schedule: Schedule = Schedule()
    language: Language = Language.ENGLISH
    name: str | None = None
    watch_name: str = "default"
    consent: str = "entered by the operator"
    channel: ChannelKind = ChannelKind.EMAIL


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a contact is told; ``public_id`` stands in links and never changes."""

    id: int
    public_id: str
    contact_id: int
    channel: ChannelKind
    address: str
    schedule: Schedule
    language: Language
    active: bool
    next_digest_at: datetime | None  # UTC; None for the immediate rhythm
    created_at: datetime | None = None
    paused_until: datetime | None = None  # nothing is told before; then one digest tells of all


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or mailbox of a company."""

    id: int
    company_id: int
    company: str
    email: str
    name: str | None
    status: ContactStatus
    endpoints: tuple[Endpoint, ...] = ()
    watches: tuple["WatchLine", ...] = ()
    consent: str = ""
    consent_at: datetime | None = None

    def at(self, address: str) -> Endpoint | None:
        """Return the endpoint with an address, capitals aside."""
        wanted = address.casefold()
        return next((one for one in self.endpoints if one.address.casefold() == wanted), None)


@dataclass(frozen=True, slots=True)
class WatchLine:
    """A watch as its contact sees it."""

    id: int
    name: str
    criteria: Criteria
    created_at: datetime
