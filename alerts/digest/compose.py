"""Group what an endpoint has not been told into one digest.

Entries stand under the jurisdiction that the reader asked for, most severe first, newest first. At most
``CAP`` entries are written out; the rest is counted in ``more`` and belongs to this digest all the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.domain.digests import AlertLine, CoverageLine, Digest, DigestEntry, DigestGroup
from alerts.domain.errors import NaiveTimeError
from alerts.domain.items import StoredItem
from alerts.domain.jurisdictions import name
from alerts.domain.people import Endpoint
from alerts.domain.vocabulary import Language, Severity, severity_rank

CAP = 50  # entries written out; a mail with more is cut by Gmail at about 100 kB
LATE = timedelta(days=30)  # published this long before we could see it: an older notice


@dataclass(frozen=True, slots=True)
class Turn:
    """Which telling this is: ``slot`` is a local date or what :func:`item_slot` gives; built at ``now`` (UTC)."""

    slot: str
    now: datetime


def item_slot(stored: StoredItem) -> str:
    """Return the slot of a digest that tells one item at once: it is told once for each revision."""
    return f"item:{stored.id}:{stored.number}"


def compose(
    endpoint: Endpoint,
    company: str,
    lines: Sequence[AlertLine],
    coverage: Sequence[CoverageLine],
    turn: Turn,
) -> Digest:
    """Return the digest of ``lines``. Of more than ``CAP``, the most severe and then the newest are written out.

    Raises:
        NaiveTimeError: ``turn.now`` has no offset.
    """
    if turn.now.tzinfo is None:
        raise NaiveTimeError("now", turn.now)
    ordered = sorted(lines, key=_urgency)
    return Digest(
        slot=turn.slot,
        built_at=turn.now,
        endpoint=endpoint,
        company=company,
        groups=_groups(ordered[:CAP]),
        coverage=tuple(coverage),
        more=max(0, len(ordered) - CAP),
        counts=_counts(ordered),
    )


def _urgency(line: AlertLine) -> tuple[int, float, int]:
    """Return a sort key: most severe, then newest, then by row."""
    severity = line.stored.judgement.severity
    return -severity_rank(severity), -_shown_at(line).timestamp(), line.alert_id


def _shown_at(line: AlertLine) -> datetime:
    published = line.stored.item.published
    return published.at if published else line.stored.first_seen_at


def _groups(ordered: Iterable[AlertLine]) -> tuple[DigestGroup, ...]:
    """Return the groups; entries arrive in order of urgency, so the first of a group is its most severe."""
    found: dict[str, list[DigestEntry]] = {}
    for line in ordered:
        found.setdefault(_jurisdiction(line), []).append(_entry(line))
    groups = [DigestGroup(code, tuple(entries)) for code, entries in found.items()]
    return tuple(sorted(groups, key=_group_order))


def _group_order(group: DigestGroup) -> tuple[int, str]:
    # English names order the groups in every language: Chinese names have no order without a pinyin table.
    severity = group.entries[0].stored.judgement.severity
    return -severity_rank(severity), name(group.jurisdiction, Language.ENGLISH)


def _jurisdiction(line: AlertLine) -> str:
    asked = {
        word for reason in line.reasons if reason.facet == "region" for word in (reason.value, reason.because)
    }
    of_item = line.stored.judgement.jurisdictions
    return next((code for code in of_item if code in asked), line.stored.item.jurisdiction)


def _entry(line: AlertLine) -> DigestEntry:
    published = line.stored.item.published
    late = published is not None and line.stored.first_seen_at - published.at > LATE
    return DigestEntry(line.alert_id, line.stored, line.publisher, line.reasons, late, line.correction)


def _counts(lines: Sequence[AlertLine]) -> tuple[tuple[Severity, int], ...]:
    severities = [line.stored.judgement.severity for line in lines]
    return tuple((severity, severities.count(severity)) for severity in Severity if severity in severities)
