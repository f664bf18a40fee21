"""A digest as data, for programs: the stored words of the vocabulary, with what people read beside them (docs/webhooks.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from alerts.domain.digests import AlertLine, CoverageLine, Digest, DigestEntry
from alerts.domain.items import Dated, Obligation
from alerts.domain.watches import Reason
from alerts.render.entry import EntryView, OfficialView
from alerts.render.views import DigestView, by_severity

VERSION = 1
Data = dict[str, Any]  # JSON


def payload(digest: Digest, view: DigestView) -> Data:
    """Return what is told of a digest, its ``data``."""
    return {
        "version": VERSION,
        "digest": _digest(digest, view),
        "items": [_item(entry, seen) for _, entry, seen in by_severity(digest, view)],
        "more": digest.more,
        "coverage": [_coverage(line) for line in digest.coverage],
    }


def _digest(digest: Digest, view: DigestView) -> Data:
    endpoint, links = digest.endpoint, view.links
    return {
        "slot": digest.slot,
        "rhythm": endpoint.schedule.rhythm.value,
        "built_at": stamp(digest.built_at),
        "language": view.language,
        "endpoint": endpoint.id,
        "company": digest.company,
        "subject": view.subject,
        "counts": {severity.value: number for severity, number in digest.counts},
        "links": {"archive": links.archive, "manage": links.manage},
    }


def _item(entry: DigestEntry, view: EntryView) -> Data:
    stored, judged, item = entry.stored, entry.stored.judgement, entry.stored.item
    return {
        "id": stored.id,
        "revision": stored.number,
        "title": item.title,
        "summary": view.summary,
        "url": view.url,
        "language": item.language,
        "feed": stored.feed_id,
        "publisher": view.publisher,
        "published": _dated(item.published),
        "first_seen": stamp(stored.first_seen_at),
        "jurisdictions": list(stored.jurisdictions),
        "kind": judged.kind.value,
        "rights": [right.value for right in judged.rights],
        "event": judged.event.value,
        "severity": judged.severity.value,
        "obligations": [_obligation(one) for one in judged.obligations],
        "identifiers": _identifiers(judged.identifiers, view.official),
        "reasons": [_reason(one) for one in entry.reasons],
        "why": view.why,
        "correction": entry.correction,
        "unreviewed": stored.unreviewed,
        "late": entry.late,
        "echo": entry.echo,
        "notes": list(view.notes),
        "changes": [place.sentence for place in view.changes.places],
        "sources": [_other(line) for line in entry.sources],
        "alike": [_other(line) for line in entry.alike],
    }


def _obligation(due: Obligation) -> Data:
    return {
        "role": due.role.value, "date": due.date.isoformat(), "stated": due.stated, "basis": due.basis,
        "against": [{"date": one.date.isoformat(), "basis": one.basis} for one in due.against],
    }  # fmt: skip


def _linked(url: str | None) -> str | None:
    return url if url and url.startswith(("https://", "http://")) else None


def _identifiers(words: Sequence[str], official: Sequence[OfficialView]) -> list[Data]:
    pages = {one.text: one.url for one in official}
    return [{"text": word, "url": pages.get(word)} for word in words]


def _reason(reason: Reason) -> Mapping[str, str]:
    return {name: value for name, value in asdict(reason).items() if value}


def _other(line: AlertLine) -> Data:
    item = line.stored.item
    return {"id": line.stored.id, "publisher": line.publisher, "title": item.title, "url": _linked(item.url)}


def _coverage(line: CoverageLine) -> Data:
    return {
        "jurisdiction": line.jurisdiction,
        "sources": line.sources,
        "healthy": line.healthy,
        "last_item_at": stamp(line.last_item_at),
        "watched_since": stamp(line.watched_since),
        "dark": [{"feed": feed, "since": stamp(since)} for feed, since in line.dark],
        "silent": [{"feed": feed, "since": stamp(since)} for feed, since, _ in line.silent],
        "also_without_source": list(line.also),
    }


def _dated(dated: Dated | None) -> Data | None:
    if dated is None:
        return None
    return {"at": stamp(dated.at), "origin": dated.origin.value, "day_only": dated.day_only}


def stamp(at: datetime | None) -> str | None:
    """Return an instant in ISO 8601, UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
