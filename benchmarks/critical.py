"""How long a critical item takes to the mail server while a backlog of digests drains, on SQLite and PostgreSQL.

    python benchmarks/critical.py [--contacts 100000] [--only sqlite]

The backlog is built first. While it drains over the usual lanes to smtp-sink, a poll stores a critical item, three times;
the ticks of the daemon (every 2 s) match it, build its message and send it over the lanes of what is urgent. Printed: the
seconds from its poll's end to the server's answer, and how much of the backlog was left then.
"""

import argparse
import asyncio
import logging
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import structlog
from sqlalchemy import Connection, func, select, text

from alerts.deliver.email import SmtpChannel
from alerts.deliver.mail_url import SmtpSettings
from alerts.domain.vocabulary import ChannelKind, DeliveryState, Severity
from alerts.domain.watches import Criteria
from alerts.flow.assign import assign_all
from alerts.flow.report import build_due, build_urgent
from alerts.flow.send import send_due
from alerts.flow.service import Service
from alerts.match import criteria_hash
from alerts.store import Store
from alerts.store.tables import delivery
from benchmarks.readers import EIGHT, SENDER, databases, fill, service
from benchmarks.sending import sink
from tests.builders import DAY, a_poll, a_revision, a_subscription

TICK = 2.0  # seconds, as the daemon's
TIMES = 3
WATCHER = "watcher@critical.example"


async def run(store: Store, port: int) -> list[tuple[float, int]]:
    """Return for each critical item the seconds until it was answered, and the digests still waiting."""
    channel = SmtpChannel(SmtpSettings("127.0.0.1", port, "none", lanes=8), SENDER)
    told = service(store, {ChannelKind.EMAIL: channel})
    await build_due(told)
    stop = asyncio.Event()
    draining = asyncio.create_task(send_due(told, stop))
    figures = []
    for number in range(TIMES):
        await asyncio.sleep(3)
        assert not draining.done(), "the backlog was too small"
        figures.append(await critical(told, number))
    stop.set()
    await draining
    await channel.close()
    return figures


async def critical(told: Service, number: int) -> tuple[float, int]:
    """Store a critical item and return how long it took to the server's answer."""
    store = told.store
    claim = (
        await asyncio.to_thread(store.feeds.claim, EIGHT, 1, "bench", ids=("us-office",), due_only=False)
    )[0]
    found = a_revision(
        f"critical-{number}", severity=Severity.CRITICAL, title=f"Exclusion order {number}", published=None
    )
    await asyncio.to_thread(store.feeds.finish, claim, a_poll(found, at=EIGHT))
    began = time.perf_counter()
    while True:
        await asyncio.sleep(TICK / 2)  # on average a poll ends half-way between two ticks
        assigned = await assign_all(told)
        if assigned.urgent and await build_urgent(told):
            await send_due(
                told, urgent_only=True
            )  # unless a lane of the backlog, which takes it first too, has it already
            break
    while await asyncio.to_thread(answered, store) <= number:
        await asyncio.sleep(0.05)
    took = time.perf_counter() - began
    return took, store.status.backlog(EIGHT).deliveries.get(DeliveryState.DUE.value, 0)


def answered(store: Store) -> int:
    """Return how many messages to the watcher the server has taken."""
    sent = select(func.count()).where(
        delivery.c.address == WATCHER, delivery.c.state == DeliveryState.SENT.value
    )
    return store._db.read(lambda connection: connection.execute(sent).scalar_one())


def past_filled(connection: Connection, contacts: int) -> None:
    """Let the server number new rows behind those that were filled in with numbers of their own."""
    for name in ("company", "contact", "endpoint"):
        connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {contacts})"))


def measure(kind: str, store: Store, contacts: int) -> None:
    """Fill, build, drain, print."""
    store.migrate()
    fill(store, contacts, 200, 10)
    if not store.is_sqlite:
        store._db.write(lambda connection: past_filled(connection, contacts))
    wish = Criteria(regions=("US",), min_severity=Severity.CRITICAL)
    watcher = a_subscription(WATCHER, company="Watcher", criteria=wish)
    store.subscribers.subscribe(watcher, EIGHT - DAY, EIGHT + DAY, criteria_hash(wish))
    with sink() as port:
        figures = asyncio.run(run(store, port))
    shown = ", ".join(f"{took:.1f} s with {left:,} digests waiting" for took, left in figures)
    print(f"{kind:11} critical items answered after {shown}", flush=True)


def main() -> None:
    """Measure on both databases."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--contacts", type=int, default=100_000)
    options.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = options.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    for kind, url in databases(asked.only):
        store = Store.open(url)
        measure(kind, store, asked.contacts)
        store.close()


if __name__ == "__main__":
    main()
