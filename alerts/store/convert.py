"""Items between values and rows. What is searched by has a column; the rest is JSON beside it.

JSON holds the field names of the domain values; dates are ISO 8601.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import cast

from sqlalchemy import Select, select

from alerts.domain.amendments import Amendment
from alerts.domain.items import Contrary, Dated, Finding, Item, Judgement, Obligation, Revision, StoredItem
from alerts.domain.vocabulary import DateOrigin, Event, Kind, Right, Role, Severity
from alerts.domain.watches import NO_FACETS, Criteria, Facets, Followed, Reason
from alerts.domain.worddiff import Edit
from alerts.store.statements import AnyRow
from alerts.store.tables import item, item_revision

Json = Mapping[str, object]
FACETS = ("regions", "kinds", "rights", "events", "publishers", "terms", "identifiers")


def revision_columns(revision: Revision) -> dict[str, object]:
    """Return the columns of item_revision that the revision itself fills."""
    value, judged = revision.item, revision.judgement
    return {
        "content_hash": revision.content_hash,
        "held": revision.hold.why if revision.hold else None,
        "needed": revision.hold.needed if revision.hold else None,
        "rejected": None,
        "title": value.title,
        "summary": value.summary,
        "url": value.url,
        "language": value.language,
        "publisher": value.publisher,
        "jurisdiction": value.jurisdiction,
        "published_at": value.published.at if value.published else None,
        "details": _details(value) | _amendment_body(revision.amendment),
        "relevant": judged.relevant,
        "kind": judged.kind.value,
        "event": judged.event.value,
        "severity": judged.severity.value,
        "rights": [right.value for right in judged.rights],
        "jurisdictions": list(judged.jurisdictions),
        "conclusions": _conclusions(judged),
    }


SHOWN = item_revision.c.number == item.c.shown  # the revision of an item that readers see


@cache
def stored_columns() -> Select[tuple[object, ...]]:
    """Return the select that :func:`stored_item` reads; the caller joins item and item_revision in its WHERE."""
    about = [item.c.feed_id, item.c.key, item.c.first_seen_at, item.c.baseline, item.c.matter_id]
    return select(*about, *item_revision.c).join_from(
        item_revision, item, item.c.id == item_revision.c.item_id
    )


def stored_item(row: AnyRow) -> StoredItem:
    """Return the value of a row that :func:`stored_columns` selected."""
    return StoredItem(
        id=row.item_id,
        feed_id=row.feed_id,
        number=row.number,
        revision_id=row.id,
        item=_item(row),
        judgement=_judgement(row),
        first_seen_at=row.first_seen_at,
        changed_at=row.created_at if row.number > 1 else None,
        baseline=row.baseline,
        held=row.held,
        unreviewed=row.unreviewed,
        matter_id=row.matter_id,
        amendment=_read_amendment(row.details.get("amendment")),
    )


def criteria_body(wishes: Criteria) -> dict[str, object]:
    """Return the criteria as JSON."""
    return {
        "regions": list(wishes.regions),
        "kinds": [kind.value for kind in wishes.kinds],
        "rights": [right.value for right in wishes.rights],
        "events": [event.value for event in wishes.events],
        "min_severity": wishes.min_severity.value,
        "terms": list(wishes.terms),
        "exclude": list(wishes.exclude),
        "publishers": list(wishes.publishers),
        "identifiers": list(wishes.identifiers),
        "all_of": _facets_body(wishes.all_of),
        "none_of": _facets_body(wishes.none_of),
        "pinyin": wishes.pinyin,
    }


def _facets_body(facets: Facets) -> dict[str, list[str]]:
    named = {name: [str(each) for each in getattr(facets, name)] for name in FACETS}
    return {name: members for name, members in named.items() if members}


def _facets_value(body: object) -> Facets:
    named = cast(dict[str, list[str]], body or {})
    return Facets(
        regions=tuple(named.get("regions", ())),
        kinds=tuple(map(Kind, named.get("kinds", ()))),
        rights=tuple(map(Right, named.get("rights", ()))),
        events=tuple(map(Event, named.get("events", ()))),
        publishers=tuple(named.get("publishers", ())),
        terms=tuple(named.get("terms", ())),
        identifiers=tuple(named.get("identifiers", ())),
    )


def criteria_value(body: Json) -> Criteria:
    """Return the criteria that :func:`criteria_body` wrote; those of older versions lack the later wishes."""
    return Criteria(
        regions=_words(body, "regions"),
        kinds=tuple(map(Kind, _words(body, "kinds"))),
        rights=tuple(map(Right, _words(body, "rights"))),
        events=tuple(map(Event, _words(body, "events"))),
        min_severity=Severity(str(body["min_severity"])),
        terms=_words(body, "terms"),
        exclude=_words(body, "exclude"),
        publishers=tuple(cast(list[str], body.get("publishers", []))),
        identifiers=tuple(cast(list[str], body.get("identifiers", []))),
        all_of=_facets_value(body.get("all_of")),
        none_of=_facets_value(body.get("none_of")),
        pinyin=bool(body.get("pinyin", False)),
    )


def followed_value(body: Json) -> Followed:
    """Return what :func:`criteria_body` wrote of terms, identifiers and what must all be met."""
    must = body.get("all_of")
    return Followed(
        tuple(cast(list[str], body["terms"])),
        tuple(cast(list[str], body.get("identifiers", ()))),
        _facets_value(must) if must else NO_FACETS,
        bool(body.get("pinyin", False)),
    )


def reasons_body(reasons: Sequence[Reason]) -> list[object]:
    """Return the reasons as JSON."""
    return [[reason.facet, reason.value, reason.because, reason.via, reason.where] for reason in reasons]


def reasons_value(body: Sequence[Sequence[str]]) -> tuple[Reason, ...]:
    """Return the reasons that :func:`reasons_body` wrote."""
    return tuple(Reason(*fields) for fields in body)


def _details(value: Item) -> dict[str, object]:
    return {
        "published": _dated(value.published),
        "updated": _dated(value.updated),
        "categories": list(value.categories),
        "document_number": value.document_number,
        "document_type": value.document_type,
        "stated_dates": [_obligation(one) for one in value.stated_dates],
        "guid_key": value.guid_key,
        **{name: text for name, text in (("text", value.text), ("listed", value.listed)) if text is not None},
    }


def _amendment_body(found: Amendment | None) -> dict[str, object]:
    if found is None:
        return {}
    changes = [[one.removed, one.added, one.before, one.after] for one in found.changes]
    return {"amendment": [changes, found.words, found.more]}


def _read_amendment(body: object) -> Amendment | None:
    if body is None:
        return None
    changes, words, more = cast(tuple[list[tuple[str, str, str, str]], int, int], body)
    return Amendment(tuple(Edit(*sides) for sides in changes), words, more)


def _conclusions(judged: Judgement) -> dict[str, object]:
    findings = [[one.facet, one.value, list(one.evidence), one.confidence] for one in judged.findings]
    return {
        "obligations": [_obligation(one) for one in judged.obligations],
        "identifiers": list(judged.identifiers),
        "findings": findings,
    }


def _item(row: AnyRow) -> Item:
    details: Json = row.details
    return Item(
        key=row.key,
        title=row.title,
        summary=row.summary,
        url=row.url,
        language=row.language,
        publisher=row.publisher,
        jurisdiction=row.jurisdiction,
        published=_read_dated(details["published"]),
        updated=_read_dated(details["updated"]),
        categories=_words(details, "categories"),
        document_number=cast(str | None, details["document_number"]),
        document_type=cast(str | None, details["document_type"]),
        stated_dates=_read_obligations(details["stated_dates"]),
        guid_key=cast(str | None, details["guid_key"]),
        text=cast(str | None, details.get("text")),
        listed=cast(str | None, details.get("listed")),
    )


def _judgement(row: AnyRow) -> Judgement:
    conclusions: Json = row.conclusions
    findings = cast(list[tuple[str, str, list[str], float]], conclusions["findings"])
    return Judgement(
        relevant=row.relevant,
        kind=Kind(row.kind),
        event=Event(row.event),
        severity=Severity(row.severity),
        rights=tuple(map(Right, row.rights)),
        jurisdictions=tuple(row.jurisdictions),
        obligations=_read_obligations(conclusions["obligations"]),
        identifiers=_words(conclusions, "identifiers"),
        findings=tuple(Finding(facet, value, tuple(words), sure) for facet, value, words, sure in findings),
    )


def _dated(dated: Dated | None) -> list[object] | None:
    return None if dated is None else [dated.at.isoformat(), dated.origin.value, dated.day_only]


def _read_dated(body: object) -> Dated | None:
    if body is None:
        return None
    at, origin, day_only = cast(tuple[str, str, bool], body)
    return Dated(datetime.fromisoformat(at), DateOrigin(origin), day_only)


def _obligation(one: Obligation) -> list[object]:
    against = [[each.date.isoformat(), each.basis] for each in one.against]
    return [one.role.value, one.date.isoformat(), one.stated, one.basis, *([against] if against else ())]


def _read_obligations(body: object) -> tuple[Obligation, ...]:
    return tuple(map(_read_obligation, cast(list[list[object]], body)))


def _read_obligation(row: list[object]) -> Obligation:
    """Return one obligation; what speaks against it stands behind it, where anything does."""
    role, day, stated, basis = cast(tuple[str, str, bool, str], row[:4])
    against = cast(list[tuple[str, str]], row[4]) if len(row) > 4 else []
    contrary = tuple(Contrary(date.fromisoformat(other), words) for other, words in against)
    return Obligation(Role(role), date.fromisoformat(day), stated, basis, contrary)


def _words(body: Json, name: str) -> tuple[str, ...]:
    return tuple(cast(list[str], body[name]))
