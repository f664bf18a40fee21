"""Whether an item is about intellectual property at all."""

from alerts.classify.context import SourceContext
from alerts.classify.evidence import Evidence, finding
from alerts.domain.items import Finding

ENOUGH = 2.0  # score that makes an item of a general source relevant
AGAINST_FACTOR = 1.5


def judge_relevance(evidence: Evidence, context: SourceContext) -> Finding:
    """Return a finding ``relevant`` yes or no.

    A topical source is believed unless the item speaks of something else and never of its topic.
    """
    topic, against = evidence.of("relevance").get("topic"), evidence.of("relevance").get("against")
    score = topic.score if topic else 0.0
    other = against.score * AGAINST_FACTOR if against else 0.0
    if score >= ENOUGH and score > other:
        return finding("relevant", "yes", topic.words if topic else (), 0.5 + (score - other) / 20)
    if _topical(evidence, context) and score >= other:
        return finding("relevant", "yes", topic.words if topic else ("feed:topical",), 0.5)
    words = against.words if against else ("rule: no term of intellectual property",)
    return finding("relevant", "no", words, 0.6 + (other - score) / 20)


def _topical(evidence: Evidence, context: SourceContext) -> bool:
    return context.topical or bool(evidence.publisher.get("publisher", {}).get("topical"))
