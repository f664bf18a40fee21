"""What came back, written down, and what follows for the address: computed from the rows, never remembered.

A dead address is suspended at once, a dead domain after two failures a day apart, a full mailbox when it was full on ten days
without a week between (Mailman's scheme: half a point a day, five points, forgotten after seven quiet days). A complaint
ends the stream. Whatever is our own fault, or will be tried again, leaves the reader alone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection, select

from alerts.domain.returns import Consequence, Report, ReportKind
from alerts.domain.vocabulary import ChannelKind
from alerts.store.database import Database
from alerts.store.dead import colleagues
from alerts.store.leaving import leave
from alerts.store.ledger import Event, record, suppression_reason
from alerts.store.statements import AnyRow, fetch, insert_new
from alerts.store.tables import company, contact, delivery, digest, endpoint, returned, suppression

FULL_DAYS = 10
QUIET = timedelta(days=7)
DOMAIN_APART = timedelta(hours=24)
ENDING = {ReportKind.COMPLAINT: "complaint", ReportKind.LEAVE: "reply"}


class Returns:
    """Reports on deliveries."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def take(self, report: Report, now: datetime) -> Consequence:
        """Return what followed from a report. One that quotes no mail of ours, or names another address, is unknown."""
        return self._db.write(lambda connection: _take(connection, report, now))

    def message_of(self, delivery_id: int) -> str | None:
        """Return the Message-ID of a delivery."""
        named = select(digest.c.message_id).join(delivery, delivery.c.digest_id == digest.c.id)
        named = named.where(delivery.c.id == delivery_id)
        return self._db.read(lambda connection: connection.execute(named).scalar())


def _take(connection: Connection, report: Report, now: datetime) -> Consequence:
    row = _delivery(connection, report.message_ids)
    if row is None or not (report.proven or _names(report, row.address)):
        return Consequence("unknown")
    day = now.date().isoformat()
    insert_new(connection, returned, [{
        "delivery_id": row.id, "kind": report.kind.value, "day": day, "address_hash": row.address_hash,
        "status": report.status[:20], "words": report.words[:300], "at": now,
    }])  # fmt: skip
    done = _follow(connection, report.kind, row, now)
    detail = {"kind": report.kind.value, "status": report.status[:20], "done": done}
    if done != "known":
        record(connection, Event(now, "mail-returned", f"delivery:{row.id}", detail))
    others = colleagues(connection, row.company_id, row.address) if done in ("suspended", "known") else ()
    return Consequence(done, row.endpoint_id, row.address, row.company, others)


def _delivery(connection: Connection, message_ids: Sequence[str]) -> AnyRow | None:
    wanted = select(delivery.c.id, delivery.c.endpoint_id, delivery.c.address, delivery.c.address_hash,
                    endpoint.c.public_id, contact.c.company_id, company.c.name.label("company"))  # fmt: skip
    joined = (
        delivery.join(digest)
        .join(endpoint, endpoint.c.id == delivery.c.endpoint_id)
        .join(contact)
        .join(company)
    )
    found = fetch(connection, wanted.select_from(joined).where(digest.c.message_id.in_(message_ids)).limit(1))
    return found[0] if found else None


def _names(report: Report, address: str) -> bool:
    """Return whether the report is about this address, or about none that it names."""
    return not report.recipients or address.casefold() in {each.casefold() for each in report.recipients}


def _follow(connection: Connection, kind: ReportKind, row: AnyRow, now: datetime) -> str:
    if kind in ENDING:
        leave(connection, row.public_id, now, ENDING[kind])
        return "left"
    dead = kind is ReportKind.DEAD_ADDRESS or _worn_out(connection, kind, row.address_hash, now)
    if not dead:
        return "noted"
    if suppression_reason(connection, row.address_hash, ChannelKind.EMAIL.value):
        return "known"
    gone = {
        "address_hash": row.address_hash,
        "scope": ChannelKind.EMAIL.value,
        "reason": kind.value,
        "since": now,
        "told_at": None,
    }
    insert_new(connection, suppression, [gone])
    return "suspended"


def _worn_out(connection: Connection, kind: ReportKind, address_hash: str, now: datetime) -> bool:
    if kind not in (ReportKind.SOFT, ReportKind.DEAD_DOMAIN):
        return False
    mine = select(returned.c.at).where(returned.c.address_hash == address_hash, returned.c.kind == kind.value)
    times = list(connection.execute(mine.order_by(returned.c.at)).scalars())
    if kind is ReportKind.DEAD_DOMAIN:
        return bool(now - times[0] >= DOMAIN_APART)
    days = 1
    for before, after in pairwise(times):
        days = 1 if after - before > QUIET else days + (after.date() != before.date())
    return days >= FULL_DAYS
