"""A clock that tests move: time passes only when a test says so."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday


class MovedClock:
    """A clock that stands still until it is moved; it satisfies ``alerts.domain.ports.Clock``."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the instant this clock stands at, aware, UTC."""
        return self._now

    def move(self, by: timedelta) -> datetime:
        """Move by ``by`` and return the new instant."""
        self._now += by
        return self._now

    def set(self, now: datetime) -> None:
        """Stand at ``now``, which may also lie in the past."""
        self._now = now
