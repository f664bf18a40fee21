"""Group what an endpoint has not been told into one digest.

Entries stand under the jurisdiction that the reader asked for, most severe first, newest first; a matter or a burst is
one entry (:mod:`alerts.digest.bundle`). At most ``CAP`` entries are written out; the rest is counted in ``more`` and belongs to this digest all the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.digest.bundle import Bundle, bundles, spoken
from alerts.domain.digests import AlertLine, CoverageLine, Digest, DigestEntry, DigestGroup
from alerts.domain.errors import NaiveTimeError
from alerts.domain.items import StoredItem
from alerts.domain.jurisdictions import name
from alerts.domain.people import Endpoint
from alerts.domain.vocabulary import ChannelKind, Language, Severity, severity_rank

CAP = 50  # entries written out; a mail with more is cut by Gmail at about 100 kB
CAPS = {ChannelKind.WEBHOOK: 500}  # a program reads more
THREAD = 10  # Message-IDs in one References field, RFC 5322 section 3.6.4 asks for no more than the parents
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
    """Return the digest of ``lines``. Of more than ``CAP`` (or the channel's own), the most severe and then the newest are written out.

    Raises:
        NaiveTimeError: ``turn.now`` has no offset.
    """
    if turn.now.tzinfo is None:
        raise NaiveTimeError("now", turn.now)
    told, cap = bundles(sorted(lines, key=_urgency)), CAPS.get(endpoint.channel, CAP)
    return Digest(
        slot=turn.slot,
        built_at=turn.now,
        endpoint=endpoint,
        company=company,
        groups=_groups(told[:cap]),
        coverage=tuple(coverage),
        more=sum(bundle.weight for bundle in told[cap:]),
        counts=_counts(told),
        thread=_thread(lines),
    )


def apart(lines: Sequence[AlertLine]) -> list[tuple[AlertLine, ...]]:
    """Return the lines that stand together in one message each, where each message tells one thing."""
    return [bundle.lines for bundle in bundles(sorted(lines, key=_urgency))]


def _thread(lines: Iterable[AlertLine]) -> tuple[str, ...]:
    """Return the Message-IDs of what the corrections among the lines amend, each once, the oldest first."""
    return tuple(dict.fromkeys(one for line in lines if line.correction for one in line.thread))[-THREAD:]


def _urgency(line: AlertLine) -> tuple[bool, int, float, int]:
    """Return a sort key: news before further sources of what was told, most severe, then newest, then by row."""
    severity = line.stored.judgement.severity
    return line.echo, -severity_rank(severity), -_shown_at(line).timestamp(), line.alert_id


def _shown_at(line: AlertLine) -> datetime:
    published = line.stored.item.published
    return published.at if published else line.stored.first_seen_at


def _groups(ordered: Iterable[Bundle]) -> tuple[DigestGroup, ...]:
    """Return the groups; entries arrive in order of urgency, so the first of a group is its most severe."""
    found: dict[str, list[DigestEntry]] = {}
    for bundle in ordered:
        found.setdefault(_jurisdiction(bundle.line), []).append(_entry(bundle))
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


def _entry(bundle: Bundle) -> DigestEntry:
    line, published = bundle.line, bundle.line.stored.item.published
    return DigestEntry(
        line.alert_id,
        spoken(bundle),
        line.publisher,
        tuple(dict.fromkeys(reason for one in bundle.lines for reason in one.reasons)),
        late=published is not None and line.stored.first_seen_at - published.at > LATE,
        correction=line.correction,
        told=line.told,
        echo=line.echo,
        sources=bundle.sources,
        alike=bundle.alike,
    )


def _counts(told: Sequence[Bundle]) -> tuple[tuple[Severity, int], ...]:
    """Return how many notices of each severity there are; the sources of one matter count once.

    A further source of what was told is none, unless there is nothing else to count.
    """
    found = dict.fromkeys(Severity, 0)
    for bundle in [one for one in told if not one.line.echo] or told:
        found[bundle.line.stored.judgement.severity] += bundle.weight
    return tuple((severity, number) for severity, number in found.items() if number)
