"""What is to be done with one subscription that is due, and what a hub's answer makes of it."""

from dataclasses import dataclass, field
from datetime import datetime

from alerts.domain.push import (
    CHANGE_AFTER,
    LEAVING_TRIES,
    VERIFIED_WITHIN,
    Asking,
    HubAnswer,
    Offer,
    PushMode,
    chosen_hub,
    spread_of,
    wait_after,
)
from alerts.store.statements import AnyRow

UNVERIFIED = "the hub took the request, but did not verify it"


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of the row: ``gone``, or ``parted`` into one that leaves and a new one with ``values``, or changed.

    With ``mode`` the hub is asked for it. ``renamed``: the callback and the secret were another hub's.
    """

    values: dict[str, object] = field(default_factory=dict)
    mode: PushMode | None = None
    gone: bool = False
    parted: bool = False
    renamed: bool = False


def next_step(row: AnyRow, now: datetime) -> Step:
    """Return what is to be done with a row that is due."""
    if not row.wanted:
        over = row.expires_at is None or row.expires_at <= now or row.attempts >= LEAVING_TRIES
        return Step(gone=True) if over else _ask(row, PushMode.UNSUBSCRIBE, now)
    hub = chosen_hub(Offer(tuple(row.offered_hubs or ())), row.hub, row.attempts)
    if hub is None:
        return _without_hub(row, now)
    if (hub, row.offered_topic) == (row.hub, row.topic):
        return _ask(row, PushMode.SUBSCRIBE, now)
    if row.named_at is not None and now - row.named_at < CHANGE_AFTER:
        return Step({"due_at": row.named_at + CHANGE_AFTER})
    return _with_other_hub(row, hub, now)


def after_answer(asking: Asking, answer: HubAnswer, now: datetime) -> dict[str, object]:
    """Return the columns that change with a hub's answer."""
    if answer.accepted:
        return {"due_at": now + VERIFIED_WITHIN, "detail": None}
    again = now + wait_after(asking.attempt, spread_of(asking.key))
    due = max(again, answer.retry_at) if answer.retry_at else again
    return {"due_at": due, "detail": answer.detail} | ({"mode": None} if answer.final else {})


def _ask(row: AnyRow, mode: PushMode, now: datetime) -> Step:
    silent = row.mode == mode.value and row.detail is None
    values = {
        "mode": mode.value,
        "asked_at": now,
        "attempts": row.attempts + 1,
        "detail": UNVERIFIED if silent else row.detail,
    }
    return Step(values, mode)


def _without_hub(row: AnyRow, now: datetime) -> Step:
    """The source names no hub any more: what is verified may run to its end."""
    if row.expires_at is not None and row.expires_at > now:
        return Step({"due_at": row.expires_at, "mode": None})
    empty = dict.fromkeys(("hub", "topic", "named_at", "mode", "due_at", "detail", "denied_at"))
    return Step({**empty, "attempts": 0})


def _with_other_hub(row: AnyRow, hub: str, now: datetime) -> Step:
    named: dict[str, object] = {"hub": hub, "topic": row.offered_topic, "named_at": now}
    if row.expires_at is not None and row.expires_at > now:
        offered = {"offered_hubs": row.offered_hubs, "offered_topic": row.offered_topic}
        return Step({**named, **offered, "due_at": now}, parted=True)
    fresh = {
        "mode": PushMode.SUBSCRIBE.value,
        "asked_at": now,
        "attempts": 1,
        "detail": None,
        "denied_at": None,
        "verified_at": None,
        "expires_at": row.expires_at,
    }
    return Step({**named, **fresh}, PushMode.SUBSCRIBE, renamed=row.hub is not None)
