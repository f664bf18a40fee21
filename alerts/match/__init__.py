"""Find whom an item concerns, and say why; see :func:`judge_all`."""

from alerts.match.backtest import SAMPLE, Backtest, Brought, backtest, brought, by_severity, day_of
from alerts.match.criteria import canonical, check, criteria_hash
from alerts.match.fits import fits, judge_all, may_publish
from alerts.match.index import WatchIndex, hooks_of
from alerts.match.names import looked_for

__all__ = [
    "SAMPLE",
    "Backtest",
    "Brought",
    "WatchIndex",
    "backtest",
    "brought",
    "by_severity",
    "canonical",
    "check",
    "criteria_hash",
    "day_of",
    "fits",
    "hooks_of",
    "judge_all",
    "looked_for",
    "may_publish",
]
