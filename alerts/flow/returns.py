"""A mail that came back: what it says, whose delivery it was, and what follows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from alerts.deliver.bounces import read_report
from alerts.domain.return_path import ReturnPath, delivery_of
from alerts.domain.returns import Consequence, Report
from alerts.store import Store

log = structlog.get_logger("alerts.returns")

UNKNOWN = Consequence("unknown")


def take_back(store: Store, path: ReturnPath, raw: bytes, to: Sequence[str], now: datetime) -> Consequence:
    """Return what followed from a mail that was sent to the addresses ``to``; the same mail again changes nothing more.

    A token in the address names the delivery, whatever the mail says of addresses (a mailbox may forward); without one, the
    token under which reports were asked for (ENVID, RFC 3464 section 2.2.1) does. A token that is not ours ends it. Without
    any the mail must quote the Message-ID of a mail of ours and its reader.
    """
    report = read_report(raw)
    tags = [tag for address in to if (tag := path.tag(address))] or _asked_under(report)
    if tags:
        message_id = _proven(store, path, tags)
        if message_id is None:
            log.warning("return.forged", kind=str(report.kind))
            return UNKNOWN
        report = replace(report, message_ids=(message_id,), proven=True)
    followed = store.returns.take(report, now)
    log.info("return.taken", kind=str(report.kind), done=followed.done, colleagues=len(followed.colleagues))
    return followed


def _asked_under(report: Report) -> list[str]:
    """Return the token that a report repeats; an id of another form is some relay's own and says nothing."""
    return [report.envelope_id] if delivery_of(report.envelope_id) else []


def _proven(store: Store, path: ReturnPath, tags: Sequence[str]) -> str | None:
    """Return the Message-ID of the delivery that a token of ours names."""
    for tag in tags:
        number = delivery_of(tag)
        message_id = store.returns.message_of(number) if number else None
        if message_id and path.proves(tag, message_id):
            return message_id
    return None
