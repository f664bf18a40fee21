"""The words of digests that were rendered in this run, for all who get the same.

Two endpoints get the same when they are owed the same revisions for the same reasons, in one language, zone and rhythm,
for the same date and with the same jurisdictions watched. Whoever was told of something before, of an earlier revision
or of another source, gets a digest of his own.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.domain.digests import Digest, DigestRow, Due, Message
from alerts.domain.people import Schedule
from alerts.flow.drafting import draft, worded_row
from alerts.flow.hours import following, slot_name
from alerts.flow.posted import is_posted
from alerts.flow.service import Service

KEPT = 512  # wordings at hand; one takes 20 to 100 kB


@dataclass(frozen=True, slots=True)
class Shared:
    """A digest of one reader and its words, with places for what is the reader's own."""

    digest: Digest
    message: Message


@dataclass(frozen=True, slots=True)
class Turn:
    """The slot of a schedule that is due from ``seen`` until ``next_at`` (UTC; None: nothing follows)."""

    slot: str
    next_at: datetime | None
    seen: datetime


class Shelf:
    """What was rendered in one run of building."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._shared: dict[bytes, Shared | None] = {}
        self._turns: dict[Schedule, Turn] = {}

    def row(self, due: Due, now: datetime) -> DigestRow | None:
        """Return the digest of an endpoint as it is written down; None where it has to be made for it alone."""
        if due.again or not due.owed or is_posted(due.endpoint):
            return None
        slot = self.turn(due.endpoint.schedule, now).slot
        shared = self._words(due, slot, now)
        if shared is None:
            return None
        endpoint, service = due.endpoint, self._service
        digest = replace(shared.digest, endpoint=endpoint, company=due.company, slot=slot)
        message = service.renderer.personal(shared.message, "digest", digest, service.links(endpoint))
        alert_ids = [one.alert_id for one in due.owed]
        rhythm = str(endpoint.schedule.rhythm)
        return worded_row(service, rhythm, replace(digest, built_at=now), alert_ids, message)

    def turn(self, schedule: Schedule, now: datetime) -> "Turn":
        """Return which digest of a schedule is due and when the next one is; many readers share a schedule."""
        known = self._turns.get(schedule)
        if known is None or not (known.seen <= now and (known.next_at is None or now < known.next_at)):
            known = Turn(slot_name(schedule, now), following(schedule, now), now)
            self._turns[schedule] = known
        return known

    def _words(self, due: Due, slot: str, now: datetime) -> Shared | None:
        key = _key(due, slot)
        if key not in self._shared:
            if len(self._shared) >= KEPT:
                self._shared.pop(next(iter(self._shared)))
            self._shared[key] = self._render(due, now)
        return self._shared[key]

    def _render(self, due: Due, now: datetime) -> Shared | None:
        digest, lines = draft(self._service, due.endpoint, now)
        same = [(line.stored.id, line.stored.number) for line in lines]
        if same != [(one.item_id, one.revision) for one in due.owed]:
            return None  # something changed since it was read
        message = self._service.renderer.shared("digest", digest, self._service.links(due.endpoint))
        return Shared(digest, message) if message.words else None


def _key(due: Due, slot: str) -> bytes:
    """Return the hash of all that the words depend on."""
    schedule = due.endpoint.schedule
    found = hashlib.sha256(
        f"{due.endpoint.language}|{schedule.zone}|{schedule.rhythm}|{slot}|{due.criteria}".encode()
    )
    for one in due.owed:
        found.update(f"|{one.item_id}:{one.revision}:{one.reasons}".encode("utf-8", "replace"))
    return found.digest()
