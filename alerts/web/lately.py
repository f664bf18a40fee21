"""What came in lately and takes a while to gather: kept until something new is stored, and then for a moment more."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from alerts.web.overview import LATELY
from alerts.web.site import Site
from alerts.web.tiles import Got

Found = TypeVar("Found")

FRESH = timedelta(seconds=30)  # then it is gathered anew whatever happened


class Lately(Generic[Found]):
    """Keeps what ``ask`` gathers.

    ``newest`` tells whether anything new is stored. Where something always is, it is gathered anew every ``moment``.
    """

    def __init__(
        self, ask: Callable[[datetime], Found], newest: Callable[[], int], moment: timedelta = timedelta()
    ) -> None:
        self._ask = ask
        self._newest = newest
        self._moment = moment
        self._lock = Lock()
        self._kept: tuple[int, datetime, Found] | None = None

    def got(self, now: datetime) -> Found:
        """Return what there is up to ``now``; one asker gathers it, the others wait for him."""
        with self._lock:
            kept, newest = self._kept, self._newest()
            if kept is None or not self._holds(kept[0] == newest, now - kept[1]):
                kept = self._kept = (newest, now, self._ask(now))
            return kept[2]

    def _holds(self, nothing_new: bool, age: timedelta) -> bool:
        return timedelta() <= age < (max(FRESH, self._moment) if nothing_new else self._moment)


Arrivals = Lately[Sequence[Got]]


def of_archive(site: Site, ask: Callable[[datetime], Found]) -> Lately[Found]:
    """Return the keeper of what ``ask`` gathers from the archive."""
    return Lately(ask, site.store.items.newest_revision, 5 * site.moment)


def arrivals(site: Site) -> Arrivals:
    """Return the keeper of what readers got in the time that the first page speaks of."""
    return of_archive(site, lambda now: site.store.items.lately(now - LATELY))
