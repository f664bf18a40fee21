"""Notices: mails to readers that are no digests. They go through the ledger like one, so that each is provable and goes out once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import structlog

from alerts.domain.digests import NOTICE, DigestRow, Message
from alerts.domain.people import Endpoint
from alerts.flow.posted import is_posted, posted_notice
from alerts.flow.service import Service

log = structlog.get_logger("alerts.notices")


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told to an endpoint, once: ``kind`` is a word, ``key`` says about what."""

    endpoint: Endpoint
    kind: str
    key: str
    due_at: datetime | None = None  # None: at once

    @property
    def slot(self) -> str:
        """Return the slot of its digest row."""
        return slot_of(self.kind, self.key)


def slot_of(kind: str, key: str) -> str:
    """Return the slot of the digest row of a notice."""
    return f"{NOTICE}:{kind}:{key}"


def enqueue(service: Service, notice: Notice, message: Message) -> bool:
    """Return whether the notice is written down now, with its delivery.

    False: it was written before, or the endpoint has left.
    """
    endpoint, now = notice.endpoint, service.clock.now()
    words = posted_notice(endpoint, message, now) if is_posted(endpoint) else message
    key = hashlib.sha256(f"{endpoint.public_id}|{NOTICE}|{notice.slot}".encode()).hexdigest()[:26]
    row = DigestRow(
        endpoint=endpoint,
        rhythm=NOTICE,
        slot=notice.slot,
        built_at=now,
        alert_ids=(),
        message=words,
        message_id=f"<n.{key}@{service.sender_domain}>",
        public_id=key,
        due_at=notice.due_at or now,
    )
    written = service.store.digests.write(row, endpoint.next_digest_at)
    log.info("notice.built", endpoint=endpoint.public_id, slot=notice.slot, written=written)
    return written
