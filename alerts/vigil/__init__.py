"""Watching the sources themselves: gaps, re-keyed feeds, floods and silence, as pure rules.

A feed that answers 200 can still lose items or be dead. These rules decide from values; the store applies them
inside the transaction of a poll, ``flow`` once an hour.
"""

from alerts.vigil.arrivals import ALLOWED, judge_arrivals
from alerts.vigil.rhythm import Rhythm, overdue

__all__ = ["ALLOWED", "Rhythm", "judge_arrivals", "overdue"]
