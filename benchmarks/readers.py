"""Many readers for benchmarks: contacts that share a few distinct digests, and a service that tells them."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import time, timedelta
from types import SimpleNamespace

from sqlalchemy import Connection, insert, select

from alerts.cli.collector import collect_seldom
from alerts.deliver import sender_of
from alerts.domain.digests import Links
from alerts.domain.people import Endpoint
from alerts.domain.ports import Channel
from alerts.domain.tokens import Tokens
from alerts.domain.vocabulary import ChannelKind
from alerts.domain.watches import Criteria
from alerts.flow.service import Service
from alerts.match import criteria_hash
from alerts.render import Renderer
from alerts.store import Store
from alerts.store.convert import criteria_body
from alerts.store.tables import alert, company, contact, criteria, endpoint, item_revision, watch
from tests.builders import DAY, MONDAY, a_feed, a_poll, a_revision
from tests.databases import make_database, postgres_url

SENDER = sender_of("alerts@alerts.example")
EIGHT = MONDAY.replace(hour=8) + DAY
TOKENS = Tokens((b"k" * 32,))


def databases(only: str | None) -> Iterator[tuple[str, str]]:
    """Yield kind and address of an empty SQLite and an empty PostgreSQL database, one after the other; or of ``only`` one."""
    if only != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            yield "sqlite", f"sqlite:///{folder}/bench.db"
    if only != "sqlite":
        postgres_url()
        yield "postgresql", make_database(f"alerts_bench_{os.getpid()}")


def fill(store: Store, contacts: int, distinct: int, items: int) -> None:
    """Store ``contacts`` who are each owed ``items`` notices at 08:00, one of ``distinct`` lists of them."""
    store.feeds.sync([a_feed()], MONDAY)
    claim = store.feeds.claim(MONDAY, 1, "bench", due_only=False)[0]
    revisions = [a_revision(f"n{number}", title=f"Notice {number} of the office: what changes for exporters of class {number % 45}")
                 for number in range(distinct + items)]  # fmt: skip
    store.feeds.finish(claim, a_poll(*revisions))
    store._db.write(lambda connection: _people(connection, contacts, distinct))
    store._db.write(lambda connection: _owe(connection, contacts, distinct, items))


def _people(connection: Connection, contacts: int, distinct: int) -> None:
    wishes = [Criteria(regions=("US",), terms=(f"group {number}",)) for number in range(distinct)]
    rows = [{"hash": criteria_hash(one), "body": criteria_body(one)} for one in wishes]
    connection.execute(insert(criteria), rows)
    known = {row.hash: row.id for row in connection.execute(select(criteria.c.hash, criteria.c.id))}
    ids = [known[row["hash"]] for row in rows]
    for start in range(0, contacts, 5000):
        numbers = range(start + 1, min(start + 5000, contacts) + 1)
        connection.execute(insert(company), [
            {"id": n, "name": f"Exporter {n} Ltd", "name_norm": f"exporter {n} ltd", "created_at": MONDAY} for n in numbers
        ])  # fmt: skip
        connection.execute(insert(contact), [
            {"id": n, "company_id": n, "email": f"ip@e{n}.example", "email_norm": f"ip@e{n}.example", "name": None,
             "status": "active", "consent": "bench", "consent_at": MONDAY, "created_at": MONDAY} for n in numbers
        ])  # fmt: skip
        connection.execute(insert(endpoint), [_endpoint(n) for n in numbers])
        connection.execute(insert(watch), [
            {"contact_id": n, "name": "default", "criteria_id": ids[n % distinct], "created_at": MONDAY, "ended_at": None}
            for n in numbers
        ])  # fmt: skip


def _endpoint(n: int) -> dict[str, object]:
    return {
        "id": n, "public_id": f"{n:026d}", "contact_id": n, "channel": "email", "address": f"ip@e{n}.example",
        "address_norm": f"ip@e{n}.example", "rhythm": "daily", "at": time(8, 0), "zone": "UTC", "weekday": 1,
        "critical_at_once": True, "language": "zh-Hans" if n % 2 else "en", "active": True, "next_digest_at": EIGHT,
        "created_at": MONDAY, "left_at": None,
    }  # fmt: skip


def _owe(connection: Connection, contacts: int, distinct: int, items: int) -> None:
    ids = list(connection.execute(select(item_revision.c.item_id).order_by(item_revision.c.id)).scalars())
    connection.execute(item_revision.update().values(matched_at=MONDAY))
    for batch in _batches(contacts, distinct, items, ids):
        connection.execute(insert(alert), batch)


def _batches(
    contacts: int, distinct: int, items: int, ids: Sequence[int]
) -> Iterator[list[dict[str, object]]]:
    rows: list[dict[str, object]] = []
    for n in range(1, contacts + 1):
        group = n % distinct
        for number in ids[group : group + items]:
            rows.append({
                "endpoint_id": n, "item_id": number, "revision": 1, "watch_ids": [n], "correction": False, "urgent": False,
                "reasons": [["region", "US", "US", ""]], "created_at": MONDAY, "digest_id": None, "dropped_reason": None,
            })  # fmt: skip
        if len(rows) > 20_000:
            yield rows
            rows = []
    if rows:
        yield rows


def service(store: Store, channels: Mapping[ChannelKind, Channel]) -> Service:
    """Return a service at 08:00:05 that builds and sends, and does nothing else."""

    def links(reader: Endpoint) -> Links:
        site = "https://alerts.example"
        return Links(
            f"{site}/u/{TOKENS.unsubscribe(reader.public_id)}", f"{site}/manage", f"{site}/items", site
        )

    nobody = SimpleNamespace()
    collect_seldom()  # as every command does
    return Service(
        store=store, feeds={}, fetcher=nobody, parser=nobody, lexicons=nobody,
        renderer=Renderer(), channels=channels, clock=SimpleNamespace(now=lambda: EIGHT + timedelta(seconds=5)),
        jitter=lambda: 0.5, links=links, worker="bench", vault=nobody, sender_domain=SENDER.domain,
    )  # type: ignore[arg-type]  # fmt: skip
