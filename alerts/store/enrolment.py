"""Writing a subscription down: company, contact, endpoint, criteria and watch, each by its natural key.

Whoever left and subscribes again has consented anew: contact, endpoint and the named watch are in force from now.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, select, update

from alerts.domain.people import Subscription
from alerts.domain.vocabulary import ContactStatus, Rhythm
from alerts.store.convert import criteria_body
from alerts.store.ledger import Event, normal_address, record
from alerts.store.owed import UNTOLD
from alerts.store.people import company_key
from alerts.store.statements import AnyRow, Values, count_up, insert_new
from alerts.store.tables import alert, company, contact, criteria, endpoint, watch


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A subscription with what the caller knows about it; ``public_id`` is for a new endpoint."""

    wish: Subscription
    now: datetime
    next_digest_at: datetime | None
    criteria_hash: str
    public_id: str


@dataclass(frozen=True, slots=True)
class Written:
    """A row by its natural key: its id, and whether this transaction wrote or changed it."""

    id: int
    touched: bool


def enrol(connection: Connection, entry: Enrolment) -> int:
    """Return the id of the contact whose subscription is now as entered.

    The counter comes first: its lock makes whoever asks for something new wait, so that ids of criteria are visible in
    the order in which they are given, and an index that has read up to one of them misses none.
    """
    count_up(connection, "watches")
    owner = _company(connection, entry)
    person = _contact(connection, entry, owner)
    place = _endpoint(connection, entry, person.id)
    wishes = _criteria(connection, entry)
    wanted = _watch(connection, entry, person.id, wishes)
    if place.touched or wanted.touched or person.touched:
        detail: dict[str, object] = {
            "contact": person.id,
            "watch": wanted.id,
            "criteria": entry.criteria_hash,
        }
        detail["consent"] = entry.wish.consent
        record(connection, Event(entry.now, "subscribed", f"endpoint:{place.id}", detail))
    return person.id


def _company(connection: Connection, entry: Enrolment) -> int:
    name = " ".join(entry.wish.company.split())
    keys = {"name_norm": company_key(name)}
    return _write(connection, company, keys, {"name": name, "created_at": entry.now}, ()).id


def _contact(connection: Connection, entry: Enrolment, company_id: int) -> Written:
    keys = {"company_id": company_id, "email_norm": normal_address(entry.wish.email)}
    row = {
        "email": entry.wish.email.strip(),
        "name": entry.wish.name,
        "status": ContactStatus.ACTIVE.value,
        "consent": entry.wish.consent,
        "consent_at": entry.now,
        "created_at": entry.now,
    }
    before = _find(connection, contact, keys)
    fresh = before is not None and before.consent != entry.wish.consent
    back = before is not None and before.status == ContactStatus.LEFT.value
    consent = ("consent", "consent_at") if fresh or back else ()
    return _write(connection, contact, keys, row, ("email", "name", *consent, *(("status",) if back else ())))


def _criteria(connection: Connection, entry: Enrolment) -> int:
    body = {"body": criteria_body(entry.wish.criteria)}
    return _write(connection, criteria, {"hash": entry.criteria_hash}, body, ()).id


def _endpoint(connection: Connection, entry: Enrolment, contact_id: int) -> Written:
    wish, address = entry.wish, entry.wish.email.strip()
    keys = {"contact_id": contact_id, "channel": wish.channel.value, "address_norm": normal_address(address)}
    schedule = _schedule(wish)
    row = schedule | {
        "public_id": entry.public_id,
        "address": address,
        "language": wish.language.value,
        "quiet_months": wish.schedule.quiet_months,
        "active": True,
        "next_digest_at": entry.next_digest_at,
        "created_at": entry.now,
        "left_at": None,
    }
    before = _find(connection, endpoint, keys)
    back = before is not None and not before.active
    fresh = ("active", "left_at", "next_digest_at") if back else ()
    written = _write(
        connection, endpoint, keys, row, (*schedule, "address", "language", "quiet_months", *fresh)
    )
    if (
        before is not None
        and not back
        and any(getattr(before, name) != value for name, value in schedule.items())
    ):
        _reschedule(connection, entry, before)
    return written


def _schedule(wish: Subscription) -> dict[str, object]:
    plan = wish.schedule
    return {
        "rhythm": plan.rhythm.value,
        "at": plan.at,
        "zone": plan.zone,
        "weekday": int(plan.weekday),
        "critical_at_once": plan.critical_at_once,
        "calendar": plan.calendar,
        "quiet_start": plan.quiet.start if plan.quiet else None,
        "quiet_end": plan.quiet.end if plan.quiet else None,
    }


def _reschedule(connection: Connection, entry: Enrolment, before: AnyRow) -> None:
    """Move the next digest; one that is due already stays due, or today's would be skipped."""
    if before.paused_until is not None and before.paused_until > entry.now:
        return  # the pause has set when it is told again
    at_once = entry.wish.schedule.rhythm is Rhythm.IMMEDIATE
    due = before.next_digest_at is not None and before.next_digest_at <= entry.now and not at_once
    moved = before.next_digest_at if due else entry.next_digest_at
    connection.execute(update(endpoint).where(endpoint.c.id == before.id).values(next_digest_at=moved))
    if at_once:  # what waited for the digest has no digest to wait for any more
        owed = update(alert).where(alert.c.endpoint_id == before.id, UNTOLD)
        connection.execute(owed.values(urgent=True))


def _watch(connection: Connection, entry: Enrolment, contact_id: int, criteria_id: int) -> Written:
    keys = {"contact_id": contact_id, "name": entry.wish.watch_name}
    row = {"criteria_id": criteria_id, "created_at": entry.now, "ended_at": None}
    before = _find(connection, watch, keys)
    same = before is not None and before.criteria_id == criteria_id and before.ended_at is None
    return _write(connection, watch, keys, row, () if same else ("criteria_id", "created_at", "ended_at"))


def _write(
    connection: Connection, table: Table, keys: Values, row: Values, changeable: tuple[str, ...]
) -> Written:
    """Return the row with these keys, inserted or with its changeable columns brought up to date."""
    before = _find(connection, table, keys)
    if before is None:
        insert_new(connection, table, [{**keys, **row}])
        return Written(_find_there(connection, table, keys).id, touched=True)
    changes = {name: row[name] for name in changeable if getattr(before, name) != row[name]}
    if changes:
        connection.execute(update(table).where(table.c.id == before.id).values(changes))
    return Written(before.id, touched=bool(changes))


def _find(connection: Connection, table: Table, keys: Values) -> AnyRow | None:
    conditions = [table.c[name] == value for name, value in keys.items()]
    return connection.execute(select(table).where(*conditions).with_for_update()).first()


def _find_there(connection: Connection, table: Table, keys: Values) -> AnyRow:
    conditions = [table.c[name] == value for name, value in keys.items()]
    return connection.execute(select(table).where(*conditions)).one()
