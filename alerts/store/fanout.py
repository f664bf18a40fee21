"""From matches to alerts: every endpoint that is owed an item gets a row, once.

A first revision is owed to every endpoint whose contact watches for it. A later one is owed

- in place of the earlier one to whoever has not been told yet: the row gets a new number, so that a
  digest that was composed from the older text can no longer be written;
- as a correction to whoever was told, when the change matters, also when it no longer fits;
- as news to whoever was not told and whom it fits now. An item that the feed already held when it was
  first polled is no news because of a change that does not matter.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from alerts.domain.items import StoredItem
from alerts.domain.vocabulary import ContactStatus, Rhythm, Severity
from alerts.domain.watches import Match, Reason
from alerts.store.convert import reasons_body, reasons_value, stored_columns, stored_item
from alerts.store.people import quiet_of
from alerts.store.statements import AnyRow, fetch, insert, pieces
from alerts.store.tables import alert, contact, endpoint, item_revision, watch

PLAN = ("rhythm", "critical_at_once", "zone", "quiet_start", "quiet_end", "paused_until")  # of endpoint
Material = Callable[[StoredItem, StoredItem], bool]


@dataclass(frozen=True, slots=True)
class Fit:
    """A revision and the criteria that it fits."""

    stored: StoredItem
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What one endpoint is owed of one revision, and why."""

    endpoint: AnyRow
    watch_ids: tuple[int, ...]
    reasons: tuple[Reason, ...]
    correction: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What is asked of the rows once for the whole round."""

    reached: Mapping[int, Sequence[AnyRow]]  # endpoints with their watch, by criteria
    earlier: Mapping[int, Sequence[AnyRow]]  # alerts of earlier revisions with their endpoint, by item
    texts: Mapping[tuple[int, int], StoredItem]  # revisions by item and number
    material: Material


def owe(
    connection: Connection, fits: Sequence[Fit], material: Material, now: datetime
) -> tuple[int, tuple[int, ...]]:
    """Return how many alerts were written, and the endpoints that are owed something at once."""
    context = _context(connection, fits, material)
    rows = [_row(fit.stored, owed, now) for fit in fits for owed in _owed(fit, context)]
    _withdraw_untold(connection, context)
    if not rows:
        return 0, ()
    _tell_later(connection, context, rows, now)
    statement = insert(connection, alert).on_conflict_do_nothing()
    written = connection.execute(statement.returning(alert.c.endpoint_id, alert.c.urgent), rows).all()
    return len(written), tuple(sorted({row.endpoint_id for row in written if row.urgent}))


def _context(connection: Connection, fits: Sequence[Fit], material: Material) -> Context:
    wanted = sorted({one.criteria_id for fit in fits for one in fit.matches})
    reached: dict[int, list[AnyRow]] = {}
    for row in _reached(connection, wanted):
        reached.setdefault(row.criteria_id, []).append(row)
    changed = [fit.stored.id for fit in fits if fit.stored.number > 1]
    earlier: dict[int, list[AnyRow]] = {}
    for row in _earlier(connection, changed):
        earlier.setdefault(row.item_id, []).append(row)
    return Context(reached, earlier, _texts(connection, changed), material)


def _reached(connection: Connection, wanted: Sequence[int]) -> Iterable[AnyRow]:
    """Yield every active endpoint with each of its watches for these criteria."""
    columns = [
        watch.c.criteria_id,
        watch.c.id.label("watch_id"),
        *(endpoint.c[name] for name in PLAN),
    ]
    joined = watch.join(contact, contact.c.id == watch.c.contact_id)
    joined = joined.join(endpoint, endpoint.c.contact_id == contact.c.id)
    statement = select(endpoint.c.id, *columns).select_from(joined).where(
        watch.c.ended_at.is_(None), endpoint.c.active, contact.c.status == ContactStatus.ACTIVE.value
    )  # fmt: skip
    for piece in pieces(wanted):
        yield from fetch(connection, statement.where(watch.c.criteria_id.in_(piece)).order_by(watch.c.id))


def _earlier(connection: Connection, item_ids: Sequence[int]) -> Iterable[AnyRow]:
    """Yield the alerts of these items that still count, locked, so that no digest takes them meanwhile."""
    columns = [endpoint.c[name] for name in ("id", "active", *PLAN)]
    joined = alert.join(endpoint, endpoint.c.id == alert.c.endpoint_id).join(contact)
    names = ("item_id", "revision", "watch_ids", "reasons", "correction", "digest_id")
    columns += [alert.c[name] for name in names]
    statement = select(*columns, contact.c.status, alert.c.id.label("alert_id")).select_from(joined)
    statement = (
        statement.where(alert.c.dropped_reason.is_(None)).order_by(alert.c.id).with_for_update(of=alert)
    )
    for piece in pieces(item_ids):
        yield from fetch(connection, statement.where(alert.c.item_id.in_(piece)))


def _texts(connection: Connection, item_ids: Sequence[int]) -> dict[tuple[int, int], StoredItem]:
    found: dict[tuple[int, int], StoredItem] = {}
    for piece in pieces(item_ids):
        rows = connection.execute(stored_columns().where(item_revision.c.item_id.in_(piece)))
        found |= {(row.item_id, row.number): stored_item(row) for row in rows}
    return found


def _owed(fit: Fit, context: Context) -> Iterable[Owed]:
    """Yield what each endpoint is owed of this revision."""
    fresh = _by_endpoint(fit, context.reached)
    earlier = _latest(
        row for row in context.earlier.get(fit.stored.id, ()) if row.revision < fit.stored.number
    )
    for endpoint_id, row in earlier.items():
        may_be_told = row.active and row.status == ContactStatus.ACTIVE.value
        if may_be_told or row.digest_id is None:
            yield from _again(fit, row, fresh.get(endpoint_id), context)
    if fit.stored.number == 1 or _is_news(fit, context):
        yield from (owed for endpoint_id, owed in fresh.items() if endpoint_id not in earlier)


def _latest(rows: Iterable[AnyRow]) -> dict[int, AnyRow]:
    """Return the row that counts of each endpoint: the untold one, else the newest that was told."""
    latest: dict[int, AnyRow] = {}
    for row in rows:
        before = latest.get(row.id)
        if before is None or row.digest_id is None or before.digest_id is not None:
            latest[row.id] = row
    return latest


def _again(fit: Fit, row: AnyRow, fresh: Owed | None, context: Context) -> Iterable[Owed]:
    told = context.texts.get((fit.stored.id, row.revision))
    correction = row.correction or row.digest_id is not None
    if row.digest_id is not None and (told is None or not context.material(told, fit.stored)):
        return
    if fresh is not None:
        yield Owed(row, fresh.watch_ids, fresh.reasons, correction)
    else:
        yield Owed(row, tuple(row.watch_ids), reasons_value(row.reasons), correction)


def _is_news(fit: Fit, context: Context) -> bool:
    if not fit.stored.baseline:
        return True
    before = context.texts.get((fit.stored.id, fit.stored.number - 1))
    return before is None or context.material(before, fit.stored)


def _by_endpoint(fit: Fit, reached: Mapping[int, Sequence[AnyRow]]) -> dict[int, Owed]:
    """Return what each endpoint is owed, the reasons of all its watches together."""
    found: dict[int, Owed] = {}
    for one in fit.matches:
        for row in reached.get(one.criteria_id, ()):
            before = found.get(row.id, Owed(row, (), ()))
            reasons = tuple(dict.fromkeys((*before.reasons, *one.reasons)))
            found[row.id] = Owed(row, (*before.watch_ids, row.watch_id), reasons)
    return found


def _row(stored: StoredItem, owed: Owed, now: datetime) -> dict[str, object]:
    place = owed.endpoint
    return {
        "endpoint_id": place.id,
        "item_id": stored.id,
        "revision": stored.number,
        "watch_ids": list(owed.watch_ids),
        "reasons": reasons_body(owed.reasons),
        "correction": owed.correction,
        "urgent": _is_urgent(stored, place, now),
        "created_at": now,
        "digest_id": None,
        "dropped_reason": None,
    }


def _is_urgent(stored: StoredItem, place: AnyRow, now: datetime) -> bool:
    """Return whether an alert waits for no digest: a pause holds everything, quiet hours what is not critical."""
    if place.paused_until is not None and place.paused_until > now:
        return False
    critical = stored.judgement.severity is Severity.CRITICAL
    if place.rhythm != Rhythm.IMMEDIATE.value:
        return critical and bool(place.critical_at_once)
    return critical or _quiet_over(place, now) is None


def _quiet_over(place: AnyRow, now: datetime) -> datetime | None:
    quiet = quiet_of(place)
    return quiet.over(place.zone, now) if quiet else None


def _tell_later(
    connection: Connection, context: Context, rows: Sequence[Mapping[str, object]], now: datetime
) -> None:
    """Give readers of everything at once a digest at the end of their quiet hours, for what is held until then."""
    held = {int(str(row["endpoint_id"])) for row in rows if not row["urgent"]}
    places = {
        place.id: place for found in (*context.reached.values(), *context.earlier.values()) for place in found
    }
    for endpoint_id in sorted(held & places.keys()):
        place = places[endpoint_id]
        over = _quiet_over(place, now) if place.rhythm == Rhythm.IMMEDIATE.value else None
        if over is not None:
            waiting = (endpoint.c.id == endpoint_id) & endpoint.c.next_digest_at.is_(None)
            connection.execute(update(endpoint).where(waiting).values(next_digest_at=over))


def _withdraw_untold(connection: Connection, context: Context) -> None:
    """Take out the untold alerts of earlier revisions; their new numbers are written next."""
    untold = [row.alert_id for rows in context.earlier.values() for row in rows if row.digest_id is None]
    for piece in pieces(untold):
        connection.execute(delete(alert).where(alert.c.id.in_(piece), alert.c.digest_id.is_(None)))
