"""Legal rule, risk warning or information: what an event of this sort is, unless the words say otherwise."""

from alerts.classify.evidence import Evidence, finding
from alerts.domain.items import Finding
from alerts.domain.vocabulary import Event, Kind

RULE, RISK, INFO = Kind.LEGAL_RULE, Kind.RISK_WARNING, Kind.INFORMATION
USUAL: dict[Event, Kind] = {
    Event.FRAUD: RISK,
    Event.EXCLUSION: RISK,
    Event.INVESTIGATION: RISK,
    Event.CUSTOMS: RISK,
    Event.LITIGATION: INFO,
    Event.DECISION: INFO,
    Event.SQUATTING: RISK,
    Event.WATCH_LIST: RISK,
    Event.TRADE_MEASURE: RISK,
    Event.STANDARDS: INFO,
    Event.LEGISLATION: RULE,
    Event.RULE: RULE,
    Event.CONSULTATION: RULE,
    Event.GUIDANCE: RULE,
    Event.FEES: RULE,
    Event.OFFICE_NOTICE: RULE,
    Event.ENFORCEMENT: RISK,
    Event.OTHER: INFO,
}


WARNINGS = frozenset(event for event, kind in USUAL.items() if kind is RISK) - {Event.FRAUD}
WARNING_TALK = ("commentary", "statistics", "closed-case")  # cues of a title that only talks about warnings
MAKING = frozenset({Event.LEGISLATION, Event.RULE})
MAKING_TALK = ("commentary",)
Reasoned = tuple[Kind, tuple[str, ...]]


def judge_kind(evidence: Evidence, event: Event) -> Finding:
    """Return the kind with its reason."""
    kind, why = _unusual(evidence, event) or (USUAL[event], (f"rule: {event} is usually {USUAL[event]}",))
    return finding("kind", kind, why, 0.75 if kind is USUAL[event] else 0.65)


def _unusual(evidence: Evidence, event: Event) -> Reasoned | None:
    """Return what the words make of the event where that differs from the usual."""
    if event is Event.DECISION:
        return _by_cue(evidence, "precedent", RULE) or _by_cue(evidence, "liability", RISK)
    if event is Event.LITIGATION:
        fresh = evidence.score("cue", "new-case") > evidence.score("cue", "closed-case")
        return _by_cue(evidence, "new-case", RISK) if fresh else None
    if event is Event.STANDARDS:
        return _standards(evidence)
    told_about = (event in WARNINGS and WARNING_TALK) or (event in MAKING and MAKING_TALK) or ()
    titled = (cue for cue in told_about if evidence.titled("cue", cue))
    return next((_by_cue(evidence, cue, INFO) for cue in titled), None)


def _standards(evidence: Evidence) -> Reasoned | None:
    """Return a rule where a court of precedent or a guideline speaks of standards and licences."""
    if evidence.titled("event", Event.DECISION):
        return _by_cue(evidence, "precedent", RULE)
    if evidence.titled("event", Event.GUIDANCE):
        return RULE, evidence.of("event")[Event.GUIDANCE].words
    return None


def _by_cue(evidence: Evidence, cue: str, kind: Kind) -> Reasoned | None:
    tally = evidence.of("cue").get(cue)
    return (kind, tally.words) if tally else None
