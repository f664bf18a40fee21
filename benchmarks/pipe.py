"""The whole pipe: from due rows to answered mails with the ledger, on SQLite and PostgreSQL, smtp-sink on the same machine.

    python benchmarks/pipe.py [--mails 6000] [--lanes 8] [--only sqlite]

Builds the digests first (not counted), then sends them all: claim, attempt, message, answer, receipt, ledger line. Every
delivery must be SENT and the sink's count the same.
"""

import argparse
import asyncio
import logging
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import structlog

from alerts.deliver.email import SmtpChannel
from alerts.deliver.mail_url import SmtpSettings
from alerts.domain.vocabulary import ChannelKind, DeliveryState
from alerts.flow.report import build_due
from alerts.flow.send import send_due
from alerts.store import Store
from benchmarks.readers import SENDER, databases, fill, service
from benchmarks.sending import sink


async def drain(store: Store, port: int, lanes: int) -> tuple[int, float, float]:
    """Return how many mails went out, in how many seconds, with how much CPU here."""
    channel = SmtpChannel(SmtpSettings("127.0.0.1", port, "none", lanes=lanes), SENDER)
    told = service(store, {ChannelKind.EMAIL: channel})
    await build_due(told)
    began, used = time.perf_counter(), time.process_time()
    sent = await send_due(told)
    took = time.perf_counter() - began
    await channel.close()
    return sent.count(DeliveryState.SENT), took, time.process_time() - used


def measure(kind: str, store: Store, asked: argparse.Namespace) -> None:
    """Fill, build, send, print."""
    store.migrate()
    fill(store, asked.mails, 50, 10)
    with sink() as port:
        sent, took, cpu = asyncio.run(drain(store, port, asked.lanes))
    assert sent == asked.mails, sent
    assert store.ledger.verify()
    print(
        f"{kind:11} {sent:,} mails in {took:.1f} s: {sent / took:,.0f} a second, {cpu / sent * 1e6:,.0f} µs of CPU here each"
    )


def main() -> None:
    """Measure on both databases."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=6000)
    options.add_argument("--lanes", type=int, default=8)
    options.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = options.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    for kind, url in databases(asked.only):
        store = Store.open(url)
        measure(kind, store, asked)
        store.close()


if __name__ == "__main__":
    main()
