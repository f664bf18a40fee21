"""What somebody may do with their own subscription: only ever with contacts of the address that proved itself."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.domain.errors import InputError
from alerts.domain.people import Contact, Endpoint, Schedule, Subscription, WatchLine
from alerts.domain.requests import NewRequest, Purpose
from alerts.domain.vocabulary import ChannelKind, Language
from alerts.domain.watches import Criteria
from alerts.flow.joining import here
from alerts.flow.subscribe import enter, pause, resume
from alerts.store import Store

LONGEST_PAUSE = timedelta(days=366)


def own(store: Store, address: str, contact_id: int) -> tuple[Contact, Endpoint]:
    """Return a contact of the address and where it is mailed.

    Raises:
        LookupError: the contact is another's, has left, or is not mailed.
    """
    for contact in here(store, address):
        for endpoint in contact.endpoints:
            if contact.id == contact_id and endpoint.channel is ChannelKind.EMAIL and endpoint.active:
                return contact, endpoint
    raise LookupError(contact_id)


def reschedule(
    store: Store, place: tuple[Contact, Endpoint], schedule: Schedule, language: Language, now: datetime
) -> None:
    """Let a contact be told at another time or in another language; what only the operator sets stays.

    Raises:
        InputError: the schedule cannot be kept; one sentence.
    """
    contact, endpoint = place
    kept = replace(schedule, calendar=endpoint.schedule.calendar, quiet=endpoint.schedule.quiet)
    for watch in contact.watches:
        enter(store, _subscription(contact, endpoint, watch, kept, language), now)


def rewatch(
    store: Store, place: tuple[Contact, Endpoint], watch: WatchLine, criteria: Criteria, now: datetime
) -> None:
    """Let a watch take something else; wishes that the page does not show stay as they are.

    Raises:
        InputError: the wishes name something that does not exist; one sentence.
    """
    contact, endpoint = place
    wanted = replace(
        watch.criteria,
        regions=criteria.regions,
        kinds=criteria.kinds,
        rights=criteria.rights,
        events=criteria.events,
        pinyin=criteria.pinyin,
        min_severity=criteria.min_severity,
        terms=criteria.terms,
    )
    changed = replace(watch, criteria=wanted)
    enter(store, _subscription(contact, endpoint, changed, endpoint.schedule, endpoint.language), now)


def rest(store: Store, place: tuple[Contact, Endpoint], until: date | None, now: datetime) -> None:
    """Pause a contact until a day, at midnight where it lives; None ends a pause.

    Raises:
        InputError: the day is past, or more than a year ahead; one sentence.
    """
    contact, endpoint = place
    if until is None:
        resume(store, contact, now)
        return
    at = datetime.combine(until, time(), ZoneInfo(endpoint.schedule.zone))
    if at - now > LONGEST_PAUSE:
        raise InputError("a pause lasts a year at most.")
    pause(store, contact, at, now)


def invite(place: tuple[Contact, Endpoint], address: str, language: Language, network: str) -> NewRequest:
    """Return the request that asks a colleague whether they want the same alerts."""
    contact, endpoint = place
    watch = contact.watches[0]
    wish = _subscription(contact, endpoint, watch, endpoint.schedule, language)
    consent = "confirmed by mail, asked for by a colleague"
    return NewRequest(
        Purpose.JOIN, address, language, network, replace(wish, email=address, name=None, consent=consent)
    )


def everything(store: Store, address: str) -> dict[str, object]:
    """Return all that is kept about an address, ready to be given out."""
    return {
        "address": address,
        "subscriptions": [
            {
                "company": contact.company,
                "name": contact.name,
                "status": contact.status.value,
                "consent": contact.consent,
                "consent_at": contact.consent_at,
                "endpoints": [
                    {
                        "channel": one.channel.value,
                        "address": one.address,
                        "language": one.language.value,
                        "rhythm": one.schedule.rhythm.value,
                        "at": one.schedule.at.isoformat("minutes"),
                        "zone": one.schedule.zone,
                        "active": one.active,
                        "since": one.created_at,
                        "paused_until": one.paused_until,
                        "quiet_months": one.schedule.quiet_months,
                    }
                    for one in contact.endpoints  # of webhooks and chats the address is kept in part only
                ],
                "watches": [
                    {"name": one.name, "since": one.created_at, "criteria": _criteria(one.criteria)}
                    for one in contact.watches
                ],
            }
            for contact in store.subscribers.named(address)
        ],
        "mails": list(store.erasure.told(address)),
    }


def _criteria(criteria: Criteria) -> dict[str, object]:
    found = {name: getattr(criteria, name) for name in Criteria.__slots__}
    return {name: value for name, value in found.items() if value and name not in ("all_of", "none_of")}


def _subscription(
    contact: Contact, endpoint: Endpoint, watch: WatchLine, schedule: Schedule, language: Language
) -> Subscription:
    return Subscription(
        company=contact.company,
        email=endpoint.address,
        criteria=watch.criteria,
        schedule=schedule,
        language=language,
        name=contact.name,
        watch_name=watch.name,
        consent=contact.consent,
    )
