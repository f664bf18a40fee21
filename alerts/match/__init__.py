"""Find whom an item concerns, and say why; see :func:`judge_all`."""

from alerts.match.backtest import Backtest, Brought, backtest, brought, day_of
from alerts.match.criteria import canonical, check, criteria_hash
from alerts.match.fits import fits, judge_all, may_publish
from alerts.match.index import WatchIndex, hooks_of
from alerts.match.names import looked_for

__all__ = [
    "Backtest",
    "Brought",
    "WatchIndex",
    "backtest",
    "brought",
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
