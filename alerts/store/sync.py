"""Bringing the rows of sources in line with what is configured."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from alerts.domain.feeds import Feed
from alerts.domain.vocabulary import IdentityPolicy, ValidatorMode
from alerts.store.hosts import host_of
from alerts.store.statements import AnyRow, insert_new
from alerts.store.tables import feed_state

FORGOTTEN = (
    "etag", "last_modified", "body_hash", "lease_until", "claimed_by",
    "redirect_url", "redirect_since", "original_url", "gone_since",
)  # fmt: skip
COUNTED_ANEW: dict[str, object] = {
    "redirect_count": 0,
    "gone_count": 0,
    "validators_ignored": 0,
    "validator_mode": ValidatorMode.BOTH.value,
}


def sync_feeds(connection: Connection, feeds: Sequence[Feed], now: datetime) -> None:
    """Add, change and disable rows so that they are what ``feeds`` says."""
    known = {row.feed_id: row for row in connection.execute(select(feed_state).with_for_update())}
    insert_new(connection, feed_state, [_new_row(feed, now) for feed in feeds if feed.id not in known])
    for feed in feeds:
        if feed.id in known and (changes := _changes(known[feed.id], feed, now)):
            connection.execute(update(feed_state).where(feed_state.c.feed_id == feed.id).values(changes))
    configured = {feed.id for feed in feeds}
    gone = [feed_id for feed_id, row in known.items() if feed_id not in configured and row.enabled]
    if gone:
        connection.execute(update(feed_state).where(feed_state.c.feed_id.in_(gone)).values(enabled=False))


def _new_row(feed: Feed, now: datetime) -> dict[str, object]:
    empty = {column.name: None for column in feed_state.c if column.server_default is None}
    return empty | {
        "feed_id": feed.id,
        "url": feed.url,
        "host": host_of(feed.url, private=feed.allow_private_networks),
        "jurisdiction": feed.jurisdiction,
        "enabled": feed.enabled,
        "interval_s": int(feed.interval.total_seconds()),
        "next_poll_at": now,
        "fence": 0,
        "policy": IdentityPolicy.GUID.value,
        "failures": 0,
        "bootstrapped": False,
        "item_count": 0,
    }


def _changes(row: AnyRow, feed: Feed, now: datetime) -> dict[str, object]:
    wanted: dict[str, object] = {
        "jurisdiction": feed.jurisdiction,
        "enabled": feed.enabled,
        "interval_s": int(feed.interval.total_seconds()),
        "next_poll_at": row.next_poll_at,
    }
    if feed.interval.total_seconds() < row.interval_s or (feed.enabled and not row.enabled):
        wanted["next_poll_at"] = min(row.next_poll_at, now + feed.interval)
    if feed.url != row.url:
        wanted |= {"url": feed.url, "next_poll_at": now, "fence": row.fence + 1}
        wanted |= dict.fromkeys(FORGOTTEN) | COUNTED_ANEW
    if feed.url != row.url or row.original_url is None:  # a feed that moved counts with its new host
        wanted["host"] = host_of(feed.url, private=feed.allow_private_networks)
    return {name: value for name, value in wanted.items() if value != getattr(row, name)}
