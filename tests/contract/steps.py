"""Steps that the store's tests share: collect, enter, match, write down."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from alerts.domain.collected import FeedClaim, PollSaved
from alerts.domain.digests import AlertLine, DeliveryClaim, DigestRow, Message
from alerts.domain.feeds import Feed
from alerts.domain.items import Revision, StoredItem
from alerts.domain.people import Contact, Endpoint, Subscription
from alerts.domain.watches import Match, Reason, StoredCriteria
from alerts.store import MatchedBatch, Store
from tests.builders import DAY, MONDAY, a_feed, a_poll, a_subscription

REASON = Reason("region", "US", "US")


def claim_feed(store: Store, feed: Feed | None = None, at: datetime = MONDAY) -> FeedClaim:
    """Return a claim on the feed, configured if it was not."""
    feed = feed or a_feed()
    if store.feeds.state(feed.id) is None:
        store.feeds.sync([feed], at)
    (claim,) = store.feeds.claim(at, 10, "w1", ids=[feed.id], due_only=False)
    return claim


def collect(store: Store, *revisions: Revision, at: datetime = MONDAY, feed: Feed | None = None) -> PollSaved:
    """Store what a poll of the feed saw."""
    return store.feeds.finish(claim_feed(store, feed, at), a_poll(*revisions, at=at))


def enter(store: Store, subscription: Subscription | None = None, at: datetime = MONDAY) -> Contact:
    """Return the contact of a subscription whose next digest is in a day."""
    wish = subscription or a_subscription()
    digest = hashlib.sha256(repr(wish.criteria).encode()).hexdigest()
    return store.subscribers.subscribe(wish, at, at + DAY, digest)


def only_endpoint(contact: Contact) -> Endpoint:
    """Return the contact's one endpoint."""
    (endpoint,) = contact.endpoints
    return endpoint


def everything(_: StoredItem, criteria: Sequence[StoredCriteria]) -> list[Match]:
    """Judge that every revision fits all criteria."""
    return [Match(one.id, (REASON,)) for one in criteria]


def nothing(_: StoredItem, criteria: Sequence[StoredCriteria]) -> list[Match]:
    """Judge that no revision fits anything."""
    return []


def retitled(old: StoredItem, new: StoredItem) -> bool:
    """Say that a change matters when the title is another one."""
    return old.item.title != new.item.title


def match_all(store: Store, at: datetime = MONDAY) -> MatchedBatch:
    """Match everything with everything."""
    return store.matches.match_batch(everything, at, material=retitled)


def a_digest(
    endpoint: Endpoint, lines: Sequence[AlertLine], slot: str = "2026-03-03", **more: object
) -> DigestRow:
    """Return a digest of these lines, built on Monday."""
    fields: dict[str, object] = {
        "endpoint": endpoint,
        "rhythm": str(endpoint.schedule.rhythm),
        "slot": slot,
        "built_at": MONDAY,
        "alert_ids": tuple(line.alert_id for line in lines),
        "message": Message("提醒 Alerts", "text", "<p>html</p>", "en", (("List-Id", "<alerts.example>"),)),
        "message_id": f"<{endpoint.id}.{slot}@alerts.example>",
        "public_id": f"{endpoint.id}-{slot}",
        "due_at": MONDAY,
    }
    return DigestRow(**(fields | more))  # type: ignore[arg-type]


def write_digest(store: Store, endpoint: Endpoint, slot: str = "2026-03-03", **more: object) -> bool:
    """Write down all that the endpoint is owed."""
    return store.digests.write(
        a_digest(endpoint, store.digests.untold(endpoint.id), slot, **more), MONDAY + DAY
    )


def outbox(store: Store, count: int = 1, **more: object) -> list[Endpoint]:
    """Return endpoints with one due delivery each."""
    collect(store, *[])
    endpoints = []
    for number in range(count):
        endpoint = only_endpoint(enter(store, a_subscription(f"reader{number}@exporter.example")))
        assert store.digests.write(a_digest(endpoint, (), **more), MONDAY + DAY)
        endpoints.append(endpoint)
    return endpoints


def take_one(store: Store, at: datetime = MONDAY, worker: str = "w1") -> DeliveryClaim:
    """Return the one delivery that is due."""
    (claim,) = store.deliveries.claim(at, 10, worker, lease=timedelta(seconds=60))
    return claim


def release(store: Store, item_id: int) -> bool:
    """Return whether one editor's yes lets go what waits of an item."""
    decision = store.desk.approve(item_id, MONDAY, "li")
    return decision is not None and decision.released


def due(store: Store, now: datetime, limit: int) -> list[Endpoint]:
    """Return the endpoints whose digest time has come."""
    return [one.endpoint for one in store.digests.due(now, limit)]
