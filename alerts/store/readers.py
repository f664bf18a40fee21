"""Readers as those who are told by letter: who was told nothing for long, and who depends on a source."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Select, and_, exists, func, select

from alerts.domain.digests import NOTICE
from alerts.domain.people import Endpoint
from alerts.domain.vocabulary import Outcome
from alerts.store.database import Database
from alerts.store.owed import UNTOLD, awake, reachable
from alerts.store.people import endpoint_value
from alerts.store.statements import AnyRow, fetch, pieces
from alerts.store.tables import alert, company, contact, digest, endpoint, poll, watch

GOOD = [one.value for one in (Outcome.OK, Outcome.UNCHANGED, Outcome.NOT_MODIFIED)]


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """An endpoint with its company and what its contact watches by."""

    endpoint: Endpoint
    company: str
    criteria: tuple[int, ...] = ()


class Readers:
    """Who is told by letter."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def unheard(self, since: datetime, now: datetime, after: int, limit: int) -> list[ReaderLine]:
        """Return endpoints, by their ids beyond ``after``, that want to hear of quiet months, were told nothing since then, are owed nothing and were there before."""
        told = exists().where(digest.c.endpoint_id == endpoint.c.id, digest.c.built_at > since)
        owed = exists().where(alert.c.endpoint_id == endpoint.c.id, UNTOLD)
        quiet = _reachable(now).where(endpoint.c.created_at <= since, endpoint.c.id > after, ~told, ~owed)
        quiet = quiet.where(endpoint.c.quiet_months)
        return [_line(row) for row in self._rows(quiet.order_by(endpoint.c.id).limit(limit))]

    def depending(
        self, criteria: Sequence[int], now: datetime, told: Sequence[str] = ()
    ) -> Iterator[ReaderLine]:
        """Yield the endpoints whose contact watches by any of the criteria, each with those; of ``told`` notices any must be theirs."""
        found: dict[int, ReaderLine] = {}
        for piece in pieces(criteria):
            here = _reachable(now).join(watch, watch.c.contact_id == contact.c.id)
            here = here.add_columns(watch.c.criteria_id).where(
                watch.c.ended_at.is_(None), watch.c.criteria_id.in_(piece)
            )
            if told:
                heard = and_(digest.c.endpoint_id == endpoint.c.id, digest.c.rhythm == NOTICE)
                here = here.where(exists().where(heard, digest.c.slot.in_(told)))
            for row in self._rows(here):
                known = found.get(row.id, _line(row))
                found[row.id] = ReaderLine(known.endpoint, known.company, (*known.criteria, row.criteria_id))
        yield from (found[key] for key in sorted(found))

    def asked(self, since: datetime) -> Mapping[str, tuple[int, int]]:
        """Return how often each feed was asked since then, and how often without a good answer."""
        bad = func.count().filter(poll.c.outcome.not_in(GOOD))
        counts = select(poll.c.feed_id, func.count().label("asked"), bad.label("failed"))
        rows = self._rows(counts.where(poll.c.started_at > since).group_by(poll.c.feed_id))
        return {row.feed_id: (row.asked, row.failed) for row in rows}

    def _rows(self, statement: Select[tuple[object, ...]]) -> Sequence[AnyRow]:
        return self._db.read(partial(_fetched, statement))


def _fetched(statement: Select[tuple[object, ...]], connection: Connection) -> Sequence[AnyRow]:
    return fetch(connection, statement)


def _reachable(now: datetime) -> Select[tuple[object, ...]]:
    columns = select(*endpoint.c, company.c.name.label("company")).select_from(endpoint)
    return reachable(columns).join(company, company.c.id == contact.c.company_id).where(awake(now))


def _line(row: AnyRow) -> ReaderLine:
    return ReaderLine(endpoint_value(row), row.company)
