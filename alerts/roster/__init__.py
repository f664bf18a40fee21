"""Subscriptions as code: a YAML file ↔ :class:`Subscription` values.

The file is a list under ``companies``; each company has ``name`` and ``contacts``, each contact ``email`` and
``watches``, each watch ``regions``. Faults are told all at once, each with its line and column. What is written is
plain YAML 1.2 whose scalars are JSON, so that names such as ``NO`` stay text.
"""

from alerts.roster.reading import read
from alerts.roster.writing import write

__all__ = ["read", "write"]
