"""No more mails are taken for one mailbox provider than can be under way and stand ready behind them.

Otherwise a long row of mails to one provider, two of which are under way at a time, would hold every lane, and mails to others
would wait behind it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, true, update

from alerts.domain.providers import crowded, domains_of, provider_of
from alerts.store.statements import AnyRow
from alerts.store.tables import delivery


class Crowd:
    """Mails that a sender holds, by provider; ``held`` when it asks for more, None where it takes any number."""

    def __init__(self, held: Mapping[str, int] | None, *, urgent_only: bool) -> None:
        self._limited = held is not None
        self._held = Counter(held or {})
        self._urgent_only = urgent_only

    def elsewhere(self) -> ColumnElement[bool]:
        """Return that a mail goes to none of the providers of which enough are held."""
        address = func.lower(delivery.c.address)
        full = [domain for name in self._full() for domain in domains_of(name)]
        return and_(true(), *[~address.like(f"%@{domain}") for domain in full])

    def fitting(self, connection: Connection, rows: Sequence[AnyRow], now: datetime) -> list[int]:
        """Return the ids of those taken that there is room for; the others are given back, due now."""
        surplus = {row.id for row in rows if not self._admit(provider_of(row.address))}
        if surplus:
            back = update(delivery).where(delivery.c.id.in_(surplus))
            connection.execute(back.values(claimed_by=None, due_at=now))
        return [row.id for row in rows if row.id not in surplus]

    def _full(self) -> list[str]:
        return crowded(self._held, urgent_only=self._urgent_only) if self._limited else []

    def _admit(self, provider: str) -> bool:
        if provider in self._full():
            return False
        self._held[provider] += 1
        return True
