"""``stations.yaml`` as values, or everything that is wrong with it."""

from alerts.directory.reading import check, read
from alerts.directory.watching import watched

__all__ = ["check", "read", "watched"]
