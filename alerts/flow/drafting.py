"""One digest before it is written: what is owed, what was watched, and the row that both become."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from alerts.digest import Turn, compose, coverage
from alerts.domain.digests import AlertLine, Digest, DigestRow, Message
from alerts.domain.jurisdictions import expand
from alerts.domain.people import Endpoint
from alerts.flow.hours import slot_name
from alerts.flow.posted import is_posted, posted_message
from alerts.flow.service import Service
from alerts.matter import adds


def draft(service: Service, endpoint: Endpoint, now: datetime) -> tuple[Digest, tuple[AlertLine, ...]]:
    """Return the digest that ``endpoint`` would get at ``now`` and the ledger lines in it; writes nothing."""
    lines = marked(service.store.digests.untold(endpoint.id))
    return composed(service, endpoint, lines, now, slot_name(endpoint.schedule, now)), lines


def render(service: Service, digest: Digest) -> Message:
    """Return the digest as the endpoint gets it."""
    if is_posted(digest.endpoint):
        return posted_message(service, digest, alert=False)
    return service.renderer.digest_message(digest, service.links(digest.endpoint))


def composed(
    service: Service, endpoint: Endpoint, lines: tuple[AlertLine, ...], now: datetime, slot: str
) -> Digest:
    return compose(
        endpoint,
        service.store.digests.company_of(endpoint.id),
        lines,
        coverage(jurisdictions(service, endpoint), service.store.feeds.health(now)),
        Turn(slot, now),
    )


def jurisdictions(service: Service, endpoint: Endpoint) -> tuple[str, ...]:
    """Return the codes that the endpoint's watches ask for, regions expanded."""
    contact = service.store.subscribers.contact(endpoint.contact_id)
    regions = [region for watch in contact.watches for region in watch.criteria.regions] if contact else []
    return tuple(expand(regions or ["world"]))


def marked(lines: Sequence[AlertLine]) -> tuple[AlertLine, ...]:
    """Return the lines, those marked that are a further source of what the reader was told and add nothing."""
    return tuple(replace(line, echo=_is_echo(line)) for line in lines)


def _is_echo(line: AlertLine) -> bool:
    others = [one for one in line.before if one.stored.id != line.stored.id]
    return bool(others) and not line.correction and not adds(others, line.stored, line.reasons)


def row_of(service: Service, rhythm: str, digest: Digest, lines: Sequence[AlertLine]) -> DigestRow:
    """Return the digest as it is written down, in the endpoint's language."""
    return worded_row(service, rhythm, digest, [line.alert_id for line in lines], _worded(service, digest))


def _worded(service: Service, digest: Digest) -> Message:
    if is_posted(digest.endpoint):
        return posted_message(service, digest, alert=_is_urgent(digest))
    kind = "alert" if _is_urgent(digest) else "digest"
    return service.renderer.shared(kind, digest, service.links(digest.endpoint))


def worded_row(
    service: Service, rhythm: str, digest: Digest, alert_ids: Sequence[int], message: Message
) -> DigestRow:
    """Return the row of a digest whose words are known; its keys follow from endpoint, rhythm and slot alone."""
    endpoint = digest.endpoint
    key = hashlib.sha256(f"{endpoint.public_id}|{rhythm}|{digest.slot}".encode()).hexdigest()[:26]
    return DigestRow(
        endpoint=endpoint,
        rhythm=rhythm,
        slot=digest.slot,
        built_at=digest.built_at,
        alert_ids=tuple(alert_ids),
        message=message,
        message_id=f"<d.{key}@{service.sender_domain}>",
        public_id=key,
        due_at=digest.built_at,
        urgent=_is_urgent(digest),
    )


def _is_urgent(digest: Digest) -> bool:
    return digest.slot.startswith("item:")
