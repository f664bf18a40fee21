"""Which items tell of one event, and whether a further one says anything new. Pure: no clock, no database, no words."""

from alerts.matter.once import adds
from alerts.matter.ties import WINDOW, choose
from alerts.matter.traits import trace

__all__ = ["WINDOW", "adds", "choose", "trace"]
