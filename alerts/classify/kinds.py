"""Legal rule, risk warning or information: what an event of this sort is, unless the words say otherwise."""

from alerts.classify.evidence import Evidence, finding
from alerts.domain.items import Finding
from alerts.domain.vocabulary import Carries, Event, Kind

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
ORDER_TALK = ("commentary", "statistics")  # an inquiry closed by an order is no closed case
MERE_TALK = ("commentary", "statistics", "round-up")
VAGUE = (Event.OTHER, Event.OFFICE_NOTICE)
DECIDED = {Event.OTHER: 3.0, Event.OFFICE_NOTICE: 3.1}  # score from which such an event is more than a word
LEAD_WORD = 1.0  # score of one word in the opening
MAKING = frozenset({Event.LEGISLATION, Event.RULE})
MAKING_TALK = ("commentary",)
Reasoned = tuple[Kind, tuple[str, ...]]


def judge_kind(evidence: Evidence, event: Event, carries: Carries = Carries.BOTH) -> Finding:
    """Return the kind with its reason; what the feed carries settles it where the text does not."""
    kind, why = (
        _warned(evidence, event)
        or _unusual(evidence, event)
        or _carried(evidence, event, carries)
        or (USUAL[event], (f"rule: {event} is usually {USUAL[event]}",))
    )
    return finding("kind", kind, why, 0.75 if kind is USUAL[event] else 0.65)


def _warned(evidence: Evidence, event: Event) -> Reasoned | None:
    """Return a risk warning where the item calls itself one: in its title, or where no event stands against it."""
    tally = evidence.of("cue").get("warning")
    if tally and (tally.in_title or (event in VAGUE and tally.score >= LEAD_WORD)):
        return RISK, tally.words
    return None


def _carried(evidence: Evidence, event: Event, carries: Carries) -> Reasoned | None:
    """Return what the feed carries, for a text that neither tells an event nor is mere talk."""
    decided = evidence.score("event", event) >= DECIDED[event] if event in DECIDED else True
    if decided or any(evidence.titled("cue", cue) for cue in MERE_TALK):
        return None
    return (Kind(carries), (f"feed:carries {carries}",)) if carries is not Carries.BOTH else None


def _unusual(evidence: Evidence, event: Event) -> Reasoned | None:
    """Return what the words make of the event where that differs from the usual."""
    if event is Event.DECISION:
        told = _by_cue(evidence, "precedent", RULE) or _by_cue(evidence, "liability", RISK)
        return told or _by_publisher(evidence)
    if event is Event.LITIGATION:
        fresh = evidence.score("cue", "new-case") > evidence.score("cue", "closed-case")
        return _by_cue(evidence, "new-case", RISK) if fresh else None
    if event is Event.INVESTIGATION and (over := _fact_finding(evidence) or _refused(evidence)):
        return over
    if event is Event.STANDARDS:
        return _standards(evidence)
    told_about = (
        (event is Event.EXCLUSION and ORDER_TALK)
        or (event in WARNINGS and WARNING_TALK)
        or (event in MAKING and MAKING_TALK)
        or ()
    )
    titled = (cue for cue in told_about if evidence.titled("cue", cue))
    return next((_by_cue(evidence, cue, INFO) for cue in titled), None)


def _by_publisher(evidence: Evidence) -> Reasoned | None:
    """Return a rule where the court that publishes its own decision sets precedents."""
    court = evidence.publisher.get("cue", {}).get("precedent")
    return (RULE, court.words) if court else None


def _fact_finding(evidence: Evidence) -> Reasoned | None:
    """Return information for an inquiry that gathers facts and can end in no remedy (19 U.S.C. 1332)."""
    tally = evidence.of("inquiry").get("fact-finding")
    return (INFO, tally.words) if tally and tally.score > evidence.score("inquiry", "section-337") else None


def _refused(evidence: Evidence) -> Reasoned | None:
    standing = evidence.titled("cue", "instituted") or evidence.titled("event", Event.EXCLUSION)
    return _by_cue(evidence, "refused", INFO) if evidence.titled("cue", "refused") and not standing else None


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
