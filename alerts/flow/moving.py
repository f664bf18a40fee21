"""A change of address: the new one confirms, the one before is told and can keep the alerts for a week."""

from dataclasses import replace
from datetime import datetime

from alerts.domain.people import Contact, Endpoint
from alerts.domain.requests import Answered, NewRequest, Purpose, Request
from alerts.flow.settings import invite
from alerts.store import Store

Place = tuple[Contact, Endpoint]


def ask_to_move(
    store: Store, place: Place, address: str, network: str, when: tuple[datetime, int]
) -> Answered:
    """Return whether a move is taken on; ``when`` is now, and how many mails to strangers may leave within an hour."""
    contact, endpoint = place
    now, hourly = when
    wish = replace(invite(place, address, endpoint.language, network), moves=contact.id)
    notice = NewRequest(Purpose.ACCESS, endpoint.address, endpoint.language, network)
    return store.requests.ask_to_move(wish, notice, now, hourly)


def move(store: Store, request: Request, now: datetime) -> bool:
    """Return whether the contact of a request is mailed at its address from now on."""
    before = None if request.moves is None else store.subscribers.contact(request.moves)
    if before is None or not store.requests.use(request, now, owes=True):
        return False
    store.dead.lift(request.address, "confirmed by its reader", now)
    return store.subscribers.move(before.id, before.email, request.address, now)


def keep(store: Store, notice: Request, now: datetime) -> str | None:
    """Return the address that does not get the alerts, now that the one before wants to keep them; None when it is too late.

    A move that was not confirmed ends; one that was goes back. Settings that were opened from any of the addresses are closed.
    """
    asked = store.requests.find(notice.undoes or "")
    if asked is None or not store.requests.use(notice, now, owes=False):
        return None
    person = None if asked.moves is None else store.subscribers.contact(asked.moves)
    now_at = asked.address if person is None else person.email
    if person is not None and asked.used_at is not None:  # wherever it has gone since
        store.subscribers.move(person.id, now_at, notice.address, now)
    for address in {notice.address, asked.address, now_at}:
        store.requests.end_all(address, now)
    return asked.address
