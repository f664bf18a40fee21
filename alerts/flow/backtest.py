"""A draft watch against the archive; nothing is stored."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from alerts.domain.errors import InputError
from alerts.domain.items import ItemQuery, StoredItem
from alerts.domain.watches import Criteria
from alerts.match import Backtest, Brought, backtest, brought, check, day_of
from alerts.store import Store


def look_back(store: Store, criteria: Criteria, now: datetime, days: int, most: float) -> Backtest:
    """Return what the draft would have brought in the last ``days`` days up to ``now``; ``most`` items a day are fine.

    Raises:
        InputError: the wishes name something that does not exist; one sentence.
    """
    faults = check(criteria)
    if faults:
        raise InputError(" ".join(faults))
    first = now - timedelta(days=days - 1)
    return backtest(criteria, _archive(store, first.date()), (first.date(), now.date()), most)


def bring_back(store: Store, criteria: Criteria, now: datetime, days: int) -> list[Brought]:
    """Return what the criteria take of the last ``days`` days, the gravest and then the newest first."""
    first = (now - timedelta(days=days - 1)).date()
    return brought(criteria, (one for one in _archive(store, first) if day_of(one) >= first))


def _archive(store: Store, since: date) -> list[StoredItem]:
    """Return every relevant item that readers see since then, newest first."""
    store.search.catch_up()
    query = ItemQuery(since=since, limit=1000)
    page = store.items.query(query)
    found = list(page.items)
    while page.next_before_id:
        page = store.items.query(replace(query, before_id=page.next_before_id))
        found += page.items
    return found
