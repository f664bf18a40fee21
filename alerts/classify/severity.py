"""How soon a company that exports there must act.

The scale and its settled cases are those of the vocabulary: days, weeks, plan for it, know of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from alerts.classify.evidence import Evidence, finding
from alerts.domain.items import Finding, Obligation
from alerts.domain.vocabulary import Event, Kind, Role, Severity

CRITICAL, HIGH, MODERATE, LOW = Severity.CRITICAL, Severity.HIGH, Severity.MODERATE, Severity.LOW
CLOCK = 14  # days: comments or answers due within them are critical
SOON = 60  # days: a rule in force within them is high
USUAL: dict[Event, Severity] = {
    Event.FRAUD: HIGH,
    Event.EXCLUSION: CRITICAL,
    Event.INVESTIGATION: HIGH,
    Event.CUSTOMS: HIGH,
    Event.LITIGATION: LOW,
    Event.DECISION: LOW,
    Event.SQUATTING: MODERATE,
    Event.WATCH_LIST: HIGH,
    Event.TRADE_MEASURE: MODERATE,
    Event.STANDARDS: LOW,
    Event.LEGISLATION: MODERATE,
    Event.RULE: MODERATE,
    Event.CONSULTATION: MODERATE,
    Event.GUIDANCE: LOW,
    Event.FEES: LOW,
    Event.OFFICE_NOTICE: LOW,
    Event.ENFORCEMENT: MODERATE,
    Event.OTHER: LOW,
}

# The first row whose event and cue (None: always) fit.
CASES: tuple[tuple[Event, str | None, Severity, str], ...] = (
    (Event.DECISION, None, MODERATE, "a notable decision"),
    (Event.LITIGATION, None, HIGH, "a new suit"),
    (Event.FRAUD, "official-warning", CRITICAL, "an office warns of active fraud"),
    (Event.WATCH_LIST, "request-for-comments", MODERATE, "comments on a watch list are asked for"),
    (Event.RULE, "correction", LOW, "a correction"),
    (Event.LEGISLATION, "accession", LOW, "one more member of a treaty"),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the item when its severity is judged."""

    event: Event
    kind: Kind
    obligations: Sequence[Obligation]
    published: date | None


def judge_severity(evidence: Evidence, facts: Facts) -> Finding:
    """Return the severity with its reason."""
    severity, why = _by_clock(facts) or _by_event(evidence, facts)
    return finding("severity", severity, (why,), 0.7)


def _by_clock(facts: Facts) -> tuple[Severity, str] | None:
    """Return what a near date makes of the item; without a date of publication none is near."""
    if facts.published is None or facts.kind is Kind.INFORMATION:
        return None
    for each in facts.obligations:
        days = (each.date - facts.published).days
        if each.role in (Role.COMMENTS_CLOSE, Role.RESPONSE_DUE, Role.OPPOSITION_ENDS) and 0 <= days <= CLOCK:
            return CRITICAL, f"rule: {each.role} {days} days after publication"
    if facts.event in (Event.RULE, Event.LEGISLATION):
        for each in facts.obligations:
            days = (each.date - facts.published).days
            if each.role in (Role.IN_FORCE, Role.APPLIES_FROM) and -SOON <= days <= SOON:
                return HIGH, f"rule: {each.role} {days} days from publication"
    return None


def _by_event(evidence: Evidence, facts: Facts) -> tuple[Severity, str]:
    event = facts.event
    notable = event is Event.DECISION and evidence.has("liability", "notable")
    if facts.kind is Kind.INFORMATION and not notable:
        return LOW, "rule: information"
    if (
        event is Event.INVESTIGATION
        and evidence.has("instituted")
        and evidence.score("inquiry", "section-337")
    ):
        return CRITICAL, "rule: a section 337 investigation was instituted"
    for case, cue, severity, why in CASES:
        if case is event and (cue is None or evidence.has(cue)):
            return severity, f"rule: {why}"
    if facts.kind is Kind.RISK_WARNING and USUAL[event] is LOW:
        return MODERATE, "rule: a risk warning is at least moderate"
    return USUAL[event], f"rule: {event} is usually {USUAL[event]}"
