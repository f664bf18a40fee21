"""No more mails are taken for one mailbox provider than can be under way and stand ready behind them.

Otherwise a long row of mails to one provider, two of which are under way at a time, would hold every lane, and mails to others
would wait behind it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, true, update

from alerts.domain.providers import HELD, crowded, domains_of, provider_of
from alerts.store.statements import AnyRow
from alerts.store.tables import delivery


class Crowd:
    """Mails that a process holds, by provider; ``held`` when it asks for more, None where it takes any number. What is urgent is not held back."""

    def __init__(self, held: Mapping[str, int] | None) -> None:
        self._limited = held is not None
        self._held = Counter(held or {})

    def elsewhere(self, *, urgent: bool) -> ColumnElement[bool]:
        """Return that a mail goes to none of the providers of which enough are held."""
        full = crowded(self._held) if self._limited and not urgent else []
        address = func.lower(delivery.c.address)
        return and_(true(), *[~address.like(f"%@{domain}") for name in full for domain in domains_of(name)])

    def fitting(
        self, connection: Connection, rows: Sequence[AnyRow], now: datetime, *, urgent: bool
    ) -> list[int]:
        """Return the ids of those taken that there is room for; the others are given back, due now."""
        limited = self._limited and not urgent
        surplus = {row.id for row in rows if limited and not self._admit(row.address)}
        if surplus:
            back = update(delivery).where(delivery.c.id.in_(surplus))
            connection.execute(back.values(claimed_by=None, due_at=now))
        return [row.id for row in rows if row.id not in surplus]

    def _admit(self, address: str) -> bool:
        provider = provider_of(address)
        fits = self._held[provider] < HELD or not domains_of(provider)
        self._held[provider] += fits
        return fits
