"""What happened: one event, by what the words of title and summary add up to.

The title counts three times the opening of the summary. Between equals the order of the vocabulary decides.
"""

from alerts.classify.evidence import Evidence, finding
from alerts.domain.items import Finding
from alerts.domain.vocabulary import Event

FLOOR = 1.0  # score below which nothing particular happened
STRONG_TITLE = 9.0  # a strong word in the title
TWICE_STRONG = 6.0  # two strong words in the opening
ORDERS = (
    Event.EXCLUSION,
    Event.DECISION,
    Event.LITIGATION,
    Event.INVESTIGATION,
)  # what an injunction ends in
UNDECIDED = (Event.EXCLUSION, Event.LITIGATION, Event.OTHER)  # what a refused order is taken for
MADE_OF = (Event.RULE, Event.DECISION, Event.LITIGATION, Event.FEES)  # what proposals are about
ORDER = {event: rank for rank, event in enumerate(Event)}


def judge_event(evidence: Evidence) -> Finding:
    """Return the event with the words that led to it."""
    settled = _settled(evidence)
    if settled is not None:
        event, why = settled
        tally = evidence.of("event").get(event)
        return finding("event", event, (why, *(tally.words if tally else ())), 0.8)
    scores = {Event(slug): tally.score for slug, tally in evidence.of("event").items()}
    best = _best(evidence)
    if not scores or scores[best] < FLOOR:
        return finding("event", Event.OTHER, ("rule: no word of any event",), 0.4)
    total = sum(scores.values())
    return finding("event", best, evidence.of("event")[best].words, 0.3 + 0.7 * scores[best] / total)


def _settled(evidence: Evidence) -> tuple[Event, str] | None:
    """Return the event of a settled case, with its rule: where the order of words misleads."""
    best = _best(evidence)
    if best in ORDERS and _strong_title(evidence, Event.EXCLUSION):
        if evidence.has("refused") and not evidence.has("granted"):
            return Event.DECISION, "rule: an injunction refused is a decision"
        return Event.EXCLUSION, "rule: an injunction granted is an exclusion, whoever granted it"
    if (
        best in UNDECIDED
        and evidence.titled("cue", "refused")
        and not evidence.titled("event", Event.EXCLUSION)
    ):
        return Event.DECISION, "rule: an order refused or lifted is a decision"
    return _settled_by_stage(evidence, best)


def _settled_by_stage(evidence: Evidence, best: Event) -> tuple[Event, str] | None:
    """Return the event of a step on the way to another one: a notice, a request for comments, a guideline put in force."""
    if best in (Event.DECISION, Event.LITIGATION) and _commission_notice(evidence):
        return Event.INVESTIGATION, "rule: what the Commission decides in an inquiry is a step of it"
    if best is Event.CONSULTATION and _strong_title(evidence, Event.WATCH_LIST):
        return Event.WATCH_LIST, "rule: what is asked about a watch list belongs to the watch list"
    if best in MADE_OF and _open_for_comment(evidence):
        return Event.CONSULTATION, "rule: what is still open for comment is a consultation"
    if best is Event.RULE and _strong_title(evidence, Event.GUIDANCE):
        return Event.GUIDANCE, "rule: a guideline put in force is guidance"
    return None


def _commission_notice(evidence: Evidence) -> bool:
    """Return whether an authority itself gives notice of a step in a section 337 inquiry."""
    official = evidence.publisher.get("publisher", {}).get("official") is not None
    return (
        official
        and evidence.score("inquiry", "section-337") > 0
        and evidence.score("event", Event.INVESTIGATION) > 0
    )


def _open_for_comment(evidence: Evidence) -> bool:
    asked = evidence.has("proposal", "request-for-comments") and not evidence.has("final")
    return asked and evidence.score("event", Event.CONSULTATION) >= TWICE_STRONG


def _strong_title(evidence: Evidence, event: Event) -> bool:
    return evidence.titled("event", event) and evidence.score("event", event) >= STRONG_TITLE


def _best(evidence: Evidence) -> Event:
    scores = {Event(slug): tally.score for slug, tally in evidence.of("event").items()}
    return max(scores, key=lambda event: (scores[event], -ORDER[event]), default=Event.OTHER)
