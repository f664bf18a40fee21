"""Matters: one event that several items tell of, and by what each was tied to it."""

from dataclasses import dataclass
from datetime import datetime

from alerts.domain.items import StoredItem

BY_EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties an item to another: ``how`` is identifier, link, title, twin or editor; ``because`` is what they share."""

    how: str
    because: str
    sureness: float = 1.0  # 0 to 1


@dataclass(frozen=True, slots=True)
class Member:
    """An item of a matter; ``tie`` is None for the first, to which the others were tied."""

    stored: StoredItem
    tie: Tie | None


@dataclass(frozen=True, slots=True)
class Matter:
    """One event with its items, the oldest first."""

    id: int
    title: str
    created_at: datetime
    members: tuple[Member, ...]
    merged_into: int | None = None  # the matter that has all of its items now


@dataclass(frozen=True, slots=True)
class MatterPage:
    """One page of matters, the newest first; ``next_before_id`` is None on the last."""

    matters: tuple[Matter, ...] = ()
    next_before_id: int | None = None
