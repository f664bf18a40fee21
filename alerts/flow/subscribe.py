"""Contacts come, change and leave."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from alerts.domain.errors import InputError
from alerts.domain.people import Contact, Schedule, Subscription
from alerts.domain.vocabulary import ChannelKind, ContactStatus
from alerts.domain.watches import BEFORE, Reason
from alerts.flow.backtest import bring_back
from alerts.flow.hours import check_schedule, following
from alerts.match import check, criteria_hash
from alerts.store import Store

RECALLED = 50  # items
LONGEST_RECALL = 30  # days


def enter(store: Store, subscription: Subscription, now: datetime) -> Contact:
    """Return the contact with the subscription in force from ``now``; a repeat changes the one that is there.

    Raises:
        InputError: the wishes name something that does not exist; one sentence.
    """
    faults = check(subscription.criteria)
    if faults:
        raise InputError(" ".join(faults))
    check_schedule(subscription.schedule)
    due = following(subscription.schedule, now)
    return store.subscribers.subscribe(
        subscription, now, due, criteria_hash=criteria_hash(subscription.criteria)
    )


def recall(store: Store, contact: Contact, subscription: Subscription, days: int, now: datetime) -> int:
    """Return how many items of the last ``days`` days the contact is told besides, marked as from before.

    The gravest ``RECALLED`` of them: who joins wants to know what goes on, not the archive. Repeating it tells nothing twice.

    Raises:
        InputError: ``days`` is none of 0 to 30.
    """
    if not 0 <= days <= LONGEST_RECALL:
        raise InputError(
            f"what came before you joined can be told for 0 to {LONGEST_RECALL} days, not {days}."
        )
    place = contact.at(subscription.email)
    assert place is not None, "a contact has the endpoint that it was entered with"
    watch = next(one for one in contact.watches if one.name == subscription.watch_name)
    brought = bring_back(store, subscription.criteria, now, days)[:RECALLED] if days else []
    marked = [(one.stored, (*one.reasons, Reason(BEFORE, ""))) for one in brought]
    return store.subscribers.recall((place.id, watch.id), marked, now)


def pause(store: Store, contact: Contact, until: datetime, now: datetime) -> datetime | None:
    """Return when a contact is told again: nothing before ``until``, also nothing critical; then one digest tells of all.

    Raises:
        InputError: ``until`` is not to come, or the contact has left.
    """
    if until <= now:
        raise InputError(f"a pause ends in the future; {until:%Y-%m-%d %H:%M} UTC is past.")
    if contact.status is not ContactStatus.ACTIVE:
        raise InputError(f"{contact.email} is told nothing; there is nothing to pause.")
    turns = {one.id: _resumed(one.schedule, until) for one in contact.endpoints}
    store.subscribers.pause(contact.id, until, turns, now)
    return min(turns.values(), default=None)


def resume(store: Store, contact: Contact, now: datetime) -> bool:
    """Return whether a pause was ended; what came in meanwhile is told in the next digest, at once where there is none."""
    turns = {one.id: _resumed(one.schedule, now) for one in contact.endpoints}
    return store.subscribers.resume(contact.id, turns, now)


def _resumed(schedule: Schedule, at: datetime) -> datetime:
    """Return the first slot at ``at`` or later; the immediate rhythm makes up at ``at``, or when its quiet hours are over."""
    due = following(schedule, at - timedelta(microseconds=1))
    quiet = schedule.quiet.over(schedule.zone, at) if schedule.quiet and due is None else None
    return due or quiet or at


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
