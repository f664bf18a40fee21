"""Read items and say what they are, by lexicons and rules; see :func:`judge`."""

from alerts.classify.context import SourceContext, context_of
from alerts.classify.judge import judge
from alerts.classify.lexicon import LexiconError, Lexicons, load
from alerts.classify.records import item_from_record, label

__all__ = [
    "LexiconError",
    "Lexicons",
    "SourceContext",
    "context_of",
    "item_from_record",
    "judge",
    "label",
    "load",
]
