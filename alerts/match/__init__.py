"""Find whom an item concerns, and say why; see :func:`judge_all`."""

from alerts.match.criteria import canonical, check, criteria_hash
from alerts.match.fits import fits, judge_all

__all__ = ["canonical", "check", "criteria_hash", "fits", "judge_all"]
