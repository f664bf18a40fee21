"""How fast receiving providers get mail: rows that every sender reads when it takes mails and writes when they end.

A mail whose turn has not come is given back with the time of its turn, in the claim's own transaction: other providers' mails
pass by, and no process has to remember anything. Where no provider slowed us down all this costs one look into an empty table.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from alerts.domain.digests import DeliveryClaim, Receipt
from alerts.domain.providers import Pace, provider_of, slowed, slows, taken, turn
from alerts.domain.vocabulary import ChannelKind, DeliveryState
from alerts.store.database import Database
from alerts.store.ledger import Event, record
from alerts.store.statements import AnyRow, fetch, upsert
from alerts.store.tables import delivery, provider_pace

ASKED = frozenset({"mail", "rcpt", "data", "text"})  # stages whose answer may be the provider's own


class Providers:
    """Receiving providers that slowed us down."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def slow(self) -> list[Pace]:
        """Return the providers that are slowed down at present, by name."""
        return self._db.read(lambda connection: sorted(_paces(connection), key=lambda pace: pace.provider))


def in_turn(connection: Connection, ids: Sequence[int], now: datetime) -> list[int]:
    """Return those of the claimed mails whose turn it is; the others are given back, due at their turn.

    An urgent mail takes the next turn before all that wait.
    """
    before = {pace.provider: pace for pace in _paces(connection, lock=True)}
    if not before:
        return list(ids)
    paces = dict(before)
    columns = [delivery.c[name] for name in ("id", "address", "channel", "urgent", "paced")]
    rows = fetch(connection, select(*columns).where(delivery.c.id.in_(ids)).order_by(delivery.c.id))
    kept = [row.id for row in rows if _may_go(connection, row, paces, now)]
    for provider, pace in paces.items():
        if pace is not before[provider]:
            _write(connection, pace)
    return kept


def _may_go(connection: Connection, row: AnyRow, paces: dict[str, Pace], now: datetime) -> bool:
    provider = provider_of(row.address)
    pace = paces.get(provider)
    if row.channel != ChannelKind.EMAIL.value or pace is None:
        return True
    if now >= pace.until and (row.paced or row.urgent or pace.next_at <= now):
        if not row.paced and not row.urgent:
            paces[provider] = turn(pace, now)[1]
        return True
    at = pace.until
    if not row.urgent:
        at, paces[provider] = turn(pace, now)
    given_back = {"due_at": at, "claimed_by": None, "paced": True}
    connection.execute(update(delivery).where(delivery.c.id == row.id).values(given_back))
    return False


def settle_paces(
    connection: Connection, ended: Iterable[tuple[DeliveryClaim, Receipt]], now: datetime
) -> None:
    """Write down what the answers to mails say of their providers' patience."""
    mails = [(claim, receipt) for claim, receipt in ended if claim.channel is ChannelKind.EMAIL]
    refused = any(is_slowed(claim, receipt) for claim, receipt in mails)
    paces = {pace.provider: pace for pace in _paces(connection, lock=True)}
    if not paces and not refused:
        return
    for claim, receipt in mails:
        provider = provider_of(claim.address)
        before = paces.get(provider)
        if is_slowed(claim, receipt):
            paces[provider] = after = slowed(before, provider, receipt.answer, now)
            if after is not before:
                detail = {"until": after.until.isoformat(), "answer": after.answer}
                record(connection, Event(now, "provider-slowed", f"provider:{provider}", detail))
                _write(connection, after)
        elif before is not None and receipt.state is DeliveryState.SENT:
            after_taken = taken(before)
            if after_taken is None:
                del paces[provider]
                connection.execute(delete(provider_pace).where(provider_pace.c.provider == provider))
            else:
                paces[provider] = after_taken
                _write(connection, after_taken)


def is_slowed(claim: DeliveryClaim, receipt: Receipt) -> bool:
    """Return whether an attempt ended because the mail's provider takes no more so fast."""
    if claim.channel is not ChannelKind.EMAIL or receipt.state is DeliveryState.SENT:
        return False
    return receipt.stage in ASKED and slows(receipt.answer)


def _paces(connection: Connection, *, lock: bool = False) -> list[Pace]:
    wanted = select(provider_pace).order_by(provider_pace.c.provider)
    rows = fetch(connection, wanted.with_for_update() if lock else wanted)
    return [Pace(**{name: getattr(row, name) for name in Pace.__slots__}) for row in rows]


def _write(connection: Connection, pace: Pace) -> None:
    row = {name: getattr(pace, name) for name in Pace.__slots__}
    upsert(connection, provider_pace, row, ("provider",))
