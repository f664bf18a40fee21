"""A company's calendar of deadlines, from the ledger of what its contacts were told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.domain.deadlines import of_company
from alerts.domain.people import Endpoint
from alerts.domain.tokens import Tokens
from alerts.render.calendar import calendar
from alerts.store import Store
from alerts.store.ledger import Event

KEPT = timedelta(days=365)  # what is longer past leaves the calendar


def calendar_of(store: Store, endpoint: Endpoint, site: str, now: datetime) -> tuple[bytes, datetime | None]:
    """Return the iCalendar file of the endpoint's company, in the endpoint's language, and when a deadline in it last changed."""
    found = of_company(store.calendars.told(endpoint.id), (now - KEPT).date())
    body = calendar(found, store.digests.company_of(endpoint.id), site, endpoint.language)
    return body, max((one.changed_at for one in found), default=None)


@dataclass(frozen=True, slots=True)
class Links:
    """The secret addresses of a company: ``calendar`` for calendar programs, ``feed`` for readers of what it was told."""

    calendar: str
    feed: str


def links_of(store: Store, endpoint: Endpoint, tokens: Tokens, site: str) -> Links:
    """Return the addresses that one secret word opens now."""
    token = tokens.calendar(endpoint.public_id, store.calendars.serial(endpoint.id))
    return Links(f"{site}/calendar/{token}.ics", f"{site}/private/{token}.atom")


def opened(store: Store, token: str, tokens: Tokens) -> Endpoint | None:
    """Return the endpoint whose present link this is; None for every other, and where the reader has left."""
    named = tokens.read_calendar(token)
    endpoint = store.subscribers.endpoint(named[0]) if named else None
    if endpoint is None or named is None or not endpoint.active:
        return None
    return endpoint if store.calendars.serial(endpoint.id) == named[1] else None


def revoke(store: Store, endpoint: Endpoint, now: datetime) -> None:
    """Let the links that were given lead nowhere."""
    store.calendars.revoke(endpoint.id, Event(now, "calendar-revoked", f"endpoint:{endpoint.id}", {}))
