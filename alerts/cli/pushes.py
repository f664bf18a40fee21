"""How subscriptions at hubs are shown."""

from datetime import datetime
from typing import TYPE_CHECKING

from alerts.domain.errors import AlertsError
from alerts.domain.push_words import describe, standing

if TYPE_CHECKING:
    from alerts.domain.push import Pushed
    from alerts.settings import Settings


def as_line(pushed: "Pushed", now: datetime) -> dict[str, object]:
    """Return a subscription as a line of a listing; the callback and the secret are nobody's business."""
    return {
        "feed": pushed.feed_id, "state": standing(pushed, now), "hub": pushed.hub, "topic": pushed.topic,
        "asked": pushed.asked_at, "verified_until": pushed.expires_at, "denied": pushed.denied_at,
        "next_request": pushed.due_at, "requests": pushed.attempts, "last_push": pushed.last_push_at,
        "hits": pushed.hits, "misses": pushed.misses, "unannounced": pushed.unannounced, "refused": pushed.refused,
        "text": describe(pushed, now),
    }  # fmt: skip


def by_feed(settings: "Settings", now: datetime) -> dict[str, dict[str, object]]:
    """Return the wanted subscriptions by feed; none where there is no database yet."""
    from alerts.wiring import open_store

    try:
        opened = open_store(settings)
        try:
            present, head = opened.schema()
            found = opened.push.all() if present == head else []
        finally:
            opened.close()
    except AlertsError:
        return {}
    return {one.feed_id: as_line(one, now) for one in found if one.wanted}
