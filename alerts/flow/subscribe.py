"""Contacts come, change and leave."""

from collections.abc import Mapping
from datetime import datetime

from alerts.digest import next_slot
from alerts.domain.errors import InputError
from alerts.domain.people import Contact, Subscription
from alerts.domain.vocabulary import ChannelKind
from alerts.match import check, criteria_hash
from alerts.store import Store


def enter(store: Store, subscription: Subscription, now: datetime) -> Contact:
    """Return the contact with the subscription in force from ``now``; a repeat changes the one that is there.

    Raises:
        InputError: the wishes name something that does not exist; one sentence.
    """
    faults = check(subscription.criteria)
    if faults:
        raise InputError(" ".join(faults))
    slot = next_slot(subscription.schedule, now)
    return store.subscribers.subscribe(
        subscription, now, slot.at if slot else None, criteria_hash=criteria_hash(subscription.criteria)
    )


def difference(wanted: Subscription, present: Mapping[tuple[str, str, str], Subscription]) -> str:
    """Return ``new``, ``changed`` or ``same`` for a subscription against those in force, keyed by :func:`key`."""
    found = present.get(key(wanted))
    if found is None:
        return "new"
    return "same" if found == wanted else "changed"


def key(subscription: Subscription) -> tuple[str, str, str]:
    """Return what identifies a subscription: company, address and watch, case ignored."""
    return subscription.company.casefold(), subscription.email.casefold(), subscription.watch_name


def subscriptions(contact: Contact) -> list[Subscription]:
    """Return a contact's watches as subscriptions, one for each mailed endpoint and watch."""
    return [
        Subscription(
            company=contact.company,
            email=endpoint.address,
            criteria=watch.criteria,
            schedule=endpoint.schedule,
            language=endpoint.language,
            name=contact.name,
            watch_name=watch.name,
            consent=contact.consent,
            channel=endpoint.channel,
        )
        for endpoint in contact.endpoints
        if endpoint.channel is ChannelKind.EMAIL
        for watch in contact.watches
    ]
