"""A contact's mails go to another address: its rows stay, so that what was told, what is owed and what is watched stay its own."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from alerts.domain.vocabulary import ChannelKind, ContactStatus
from alerts.store.ledger import Event, address_hash, normal_address, record
from alerts.store.statements import count_up
from alerts.store.tables import contact, endpoint


def move(connection: Connection, contact_id: int, addresses: tuple[str, str], now: datetime) -> bool:
    """Return whether the contact is mailed at the second of the addresses now; not where it has left the first one, or where its company is told there already."""
    before, after = addresses
    old, new = normal_address(before), normal_address(after)
    person = connection.execute(select(contact).where(contact.c.id == contact_id).with_for_update()).first()
    if person is None or person.email_norm != old or person.status == ContactStatus.LEFT.value:
        return False
    there = (contact.c.company_id == person.company_id) & (contact.c.email_norm == new)
    if old != new and connection.execute(select(contact.c.id).where(there)).first() is not None:
        return False
    person_values = {"email": after, "email_norm": new}
    connection.execute(update(contact).where(contact.c.id == contact_id).values(person_values))
    mailed = (endpoint.c.contact_id == contact_id) & (endpoint.c.channel == ChannelKind.EMAIL.value)
    place = {"address": after, "address_norm": new}
    connection.execute(update(endpoint).where(mailed, endpoint.c.address_norm == old).values(place))
    count_up(connection, "watches")
    detail: dict[str, object] = {"from": address_hash(before), "to": address_hash(after)}
    record(connection, Event(now, "moved", f"contact:{contact_id}", detail))
    return True
