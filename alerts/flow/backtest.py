"""A draft watch against the archive; nothing is stored."""

import math
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.domain.errors import InputError
from alerts.domain.items import ItemQuery, StoredItem
from alerts.domain.watches import Criteria
from alerts.match import Backtest, Brought, backtest, brought, check, day_of
from alerts.store import Store

PAGE = 1000


def look_back(store: Store, criteria: Criteria, now: datetime, days: int, most: float) -> Backtest:
    """Return what the draft would have brought in the last ``days`` days up to ``now``; ``most`` items a day are fine.

    Raises:
        InputError: the wishes name something that does not exist; one sentence.
    """
    faults = check(criteria)
    if faults:
        raise InputError(" ".join(faults))
    first = now - timedelta(days=days - 1)
    items, _ = read_archive(store, ItemQuery(since=first.date()))
    return backtest(criteria, items, (first.date(), now.date()), most)


def bring_back(store: Store, criteria: Criteria, now: datetime, days: int) -> list[Brought]:
    """Return what the criteria take of the last ``days`` days, the gravest and then the newest first."""
    first = (now - timedelta(days=days - 1)).date()
    items, _ = read_archive(store, ItemQuery(since=first))
    return brought(criteria, (one for one in items if day_of(one) >= first))


def read_archive(store: Store, query: ItemQuery, most: float = math.inf) -> tuple[list[StoredItem], bool]:
    """Return every item that a query finds in the index as it stands, newest first, and whether that is all: none more is looked up after ``most``."""
    page = store.items.query(replace(query, limit=PAGE))
    found = list(page.items)
    while page.next_before_id and len(found) < most:
        page = store.items.query(replace(query, limit=PAGE, before_id=page.next_before_id))
        found += page.items
    return found, page.next_before_id is None
