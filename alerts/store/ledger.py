"""The chained ledger, and the addresses that get nothing.

Each line holds the SHA-256 of the line before it and of its own words, so that nobody can take a line
out, put one in or reword one without every later hash telling. The sequence has no gap: its counter row
is locked by whoever appends, so appending is the last thing that a transaction does. Lines name
endpoints and deliveries by their ids, never by an address.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from alerts.store.bulk import insert_rows
from alerts.store.database import Database
from alerts.store.statements import AnyRow, count_up, insert_new
from alerts.store.tables import counter, ledger, suppression
from alerts.store.tables.types import clean
from alerts.store.views import LedgerLine

GENESIS = "0" * 64
PAGE = 1000  # lines that are looked at together
_WORDS = json.JSONEncoder(separators=(",", ":"))
_DETAIL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
ALL = "all"  # the scope that covers every channel


@dataclass(frozen=True, slots=True)
class Event:
    """Something that must be provable; ``detail`` holds words, numbers and lists of them."""

    at: datetime
    event: str
    subject: str
    detail: Mapping[str, object]


def normal_address(address: str) -> str:
    """Return what makes two spellings one address: NFC, without outer space, case folded."""
    return unicodedata.normalize("NFC", address.strip()).casefold()


def address_hash(address: str) -> str:
    """Return the hex SHA-256 under which an address is suppressed."""
    return hashlib.sha256(normal_address(address).encode("utf-8", "replace")).hexdigest()


def record(connection: Connection, event: Event) -> None:
    """Append a line inside the caller's transaction, as its last statement."""
    record_all(connection, (event,))


def record_all(connection: Connection, events: Sequence[Event]) -> None:
    """Append a line for each event, in order, as the last statement of the caller's transaction."""
    if not events:
        return
    last = count_up(connection, "ledger", len(events))
    first = last - len(events) + 1
    before = select(ledger.c.hash).where(ledger.c.sequence == first - 1)
    previous, rows = connection.execute(before).scalar() or GENESIS, []
    for sequence, event in enumerate(events, start=first):
        detail = _DETAIL.encode(event.detail)
        at, subject = event.at.astimezone(UTC), clean(event.subject)
        line = LedgerLine(sequence, at, event.event, subject, detail, previous, "")
        previous = chained(line)
        rows.append(_row(line) | {"hash": previous})
    insert_rows(connection, ledger, rows)


def chained(line: LedgerLine) -> str:
    """Return the hash that the line must have."""
    at = line.at.astimezone(UTC).isoformat(timespec="microseconds")
    words = [line.previous, line.sequence, at, line.event, line.subject, line.detail]
    return hashlib.sha256(_WORDS.encode(words).encode()).hexdigest()


class Ledger:
    """What happened, in order, and provably so."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def append(self, at: datetime, event: str, subject: str, detail: Mapping[str, object]) -> None:
        """Write one line."""
        self._db.write(lambda connection: record(connection, Event(at, event, subject, detail)))

    def tail(self, n: int = 50) -> list[LedgerLine]:
        """Return the newest ``n`` lines, oldest of them first."""
        newest = select(ledger).order_by(ledger.c.sequence.desc()).limit(n)
        return self._db.read(lambda connection: [_line(row) for row in connection.execute(newest)][::-1])

    def verify(self) -> bool:
        """Return whether every line is there, in its place and unchanged."""
        return self._db.read(_verify)

    def suppress(self, address_hash: str, scope: str, reason: str, now: datetime) -> None:
        """Never write to this address again over ``scope`` (a channel, or ``all``); the first reason stays."""
        row = {"address_hash": address_hash, "scope": scope, "reason": reason, "since": now, "told_at": now}
        self._db.write(lambda connection: insert_new(connection, suppression, [row]))

    def suppressed(self, address_hash: str, scope: str = ALL) -> str | None:
        """Return why the address gets nothing over ``scope``, or None when it may be written to."""
        return self._db.read(lambda connection: suppression_reason(connection, address_hash, scope))


def suppression_reason(connection: Connection, address_hash: str, scope: str) -> str | None:
    """Return why an address gets nothing over ``scope``, or None."""
    statement = select(suppression.c.reason).where(
        suppression.c.address_hash == address_hash, suppression.c.scope.in_((scope, ALL))
    )
    return connection.execute(statement.order_by(suppression.c.since).limit(1)).scalar()


def _verify(connection: Connection) -> bool:
    previous, expected = GENESIS, 1
    while lines := _page(connection, expected):
        for line in lines:
            if line.sequence != expected or line.previous != previous or line.hash != chained(line):
                return False
            previous, expected = line.hash, expected + 1
    last = connection.execute(select(counter.c.value).where(counter.c.name == "ledger")).scalar() or 0
    return bool(last == expected - 1)


def _page(connection: Connection, first: int) -> list[LedgerLine]:
    statement = select(ledger).where(ledger.c.sequence >= first).order_by(ledger.c.sequence).limit(PAGE)
    return [_line(row) for row in connection.execute(statement)]


def _line(row: AnyRow) -> LedgerLine:
    return LedgerLine(row.sequence, row.at, row.event, row.subject, row.detail, row.previous, row.hash)


def _row(line: LedgerLine) -> dict[str, object]:
    return {
        "sequence": line.sequence, "at": line.at, "event": line.event,
        "subject": line.subject, "detail": line.detail, "previous": line.previous,
    }  # fmt: skip
