"""When an endpoint is told, and what stands together in one digest. Pure: no clock, no database, no words."""

from alerts.digest.compose import CAP, Turn, apart, compose, item_slot
from alerts.digest.coverage import coverage
from alerts.digest.slots import Slot, is_told, next_slot, slot_for, zone_of

__all__ = [
    "CAP",
    "Slot",
    "Turn",
    "apart",
    "compose",
    "coverage",
    "is_told",
    "item_slot",
    "next_slot",
    "slot_for",
    "zone_of",
]
