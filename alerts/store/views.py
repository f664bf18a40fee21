"""What the store shows of its own bookkeeping, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts.domain.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class PollView:
    """What one poll saw. ``size`` is bytes; ``kept`` says that its first document is there for replay."""

    feed_id: str
    started_at: datetime
    finished_at: datetime
    outcome: Outcome
    detail: str | None
    status: int | None
    size: int
    entries: int
    filtered: int
    new: int
    changed: int
    malformed: bool
    final_url: str | None
    kept: bool


@dataclass(frozen=True, slots=True)
class Lately:
    """The polls of the last hour: how many ended how, and by how much they began late, in seconds, sorted."""

    outcomes: Mapping[Outcome, int]
    lags: tuple[float, ...]

    def lag(self, share: float) -> float:
        """Return the lag that this share of the polls did not exceed, in seconds; 0 without polls."""
        return self.lags[min(int(len(self.lags) * share), len(self.lags) - 1)] if self.lags else 0.0


@dataclass(frozen=True, slots=True)
class MatchedBatch:
    """What one round of matching did; ``urgent`` are the endpoints that are owed something at once."""

    revisions: int = 0
    alerts: int = 0
    urgent: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One try of a delivery. ``outcome`` is a state, ``released``, or None while it is under way."""

    n: int
    worker: str | None
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    stage: str | None
    code: int | None
    answer: str | None
    counted: bool | None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of the chained ledger; ``detail`` is canonical JSON."""

    sequence: int
    at: datetime
    event: str
    subject: str
    detail: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Daemon:
    """A daemon as it reports itself."""

    id: str
    host: str
    pid: int
    roles: tuple[str, ...]
    version: str
    started_at: datetime
    heartbeat_at: datetime
