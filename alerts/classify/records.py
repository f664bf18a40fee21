"""Items as JSON lines: what ``alerts classify`` reads and prints."""

from collections.abc import Mapping
from datetime import UTC, datetime

from alerts.classify.context import SourceContext
from alerts.domain.errors import InputError
from alerts.domain.items import Dated, Item, Judgement
from alerts.domain.vocabulary import DateOrigin


def item_from_record(record: Mapping[str, object]) -> tuple[Item, SourceContext]:
    """Return the item and its source of one JSON object.

    Read are ``id, title, summary, lang, feed_jurisdiction, publisher, url, published``; only ``title`` must be there.
    A record says nothing of its feed, so the source counts as topical only when its publisher's name does.

    Raises:
        InputError: a field is missing or is no text, or ``published`` no ISO date.
    """
    title = _text(record, "title")
    if not title:
        raise InputError(
            f"record {record.get('id')!r}: title is missing; give every record a text to classify"
        )
    jurisdiction, publisher = _text(record, "feed_jurisdiction"), _text(record, "publisher")
    item = Item(
        key=_text(record, "id"),
        title=title,
        summary=_text(record, "summary"),
        url=_text(record, "url") or None,
        language=_text(record, "lang") or None,
        publisher=publisher or None,
        jurisdiction=jurisdiction,
        published=_published(record),
    )
    return item, SourceContext(jurisdiction or None, topical=False, publisher=publisher)


def _text(record: Mapping[str, object], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(f"record {record.get('id')!r}: {name} is {value!r}; give a text or null")
    return value


def _published(record: Mapping[str, object]) -> Dated | None:
    text = _text(record, "published")
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"record {record.get('id')!r}: published {text!r} is no ISO date such as 2026-03-01"
        ) from None
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return Dated(aware, DateOrigin.SOURCE, day_only=len(text) == 10)


def label(judgement: Judgement) -> dict[str, object]:
    """Return the judgement as JSON values; kind, event and severity are null when it is not relevant.

    ``obligations`` are the dates that title and summary state; those that a rule computes stand apart, with it.
    """
    return {
        "relevant": judgement.relevant,
        "kind": str(judgement.kind) if judgement.relevant else None,
        "event": str(judgement.event) if judgement.relevant else None,
        "severity": str(judgement.severity) if judgement.relevant else None,
        "jurisdictions": list(judgement.jurisdictions),
        "rights": [str(right) for right in judgement.rights],
        "identifiers": list(judgement.identifiers),
        "obligations": [
            {"date": each.date.isoformat(), "role": str(each.role)}
            for each in judgement.obligations
            if each.stated
        ],
        "computed": [
            {"date": each.date.isoformat(), "role": str(each.role), "basis": each.basis}
            for each in judgement.obligations
            if not each.stated
        ],
        "reasons": [
            {
                "facet": each.facet,
                "value": each.value,
                "because": list(each.evidence),
                "confidence": each.confidence,
            }
            for each in judgement.findings
        ],
    }
