"""The rows of a digest: itself, its delivery, its line in the ledger."""

import hashlib
import json
from collections.abc import Sequence

from alerts.domain.digests import DigestRow
from alerts.domain.vocabulary import DeliveryState
from alerts.store.ledger import address_hash

_SORTED = json.JSONEncoder(sort_keys=True)


def digest_detail(row: DigestRow, wording: str) -> dict[str, object]:
    """Return what the ledger says of a digest; ``wording`` is the hash of its shared words."""
    words = _SORTED.encode(dict(row.message.words))
    return {
        "endpoint": row.endpoint.id,
        "slot": row.slot,
        "rhythm": row.rhythm,
        "message_id": row.message_id,
        "alerts": sorted(row.alert_ids),
        "wording": wording,
        "words": hashlib.sha256(words.encode()).hexdigest(),
    }


def digest_row(row: DigestRow, wording_id: int) -> dict[str, object]:
    """Return the row of a digest."""
    return {
        "public_id": row.public_id,
        "endpoint_id": row.endpoint.id,
        "rhythm": row.rhythm,
        "slot": row.slot,
        "built_at": row.built_at,
        "message_id": row.message_id,
        "wording_id": wording_id,
        "words": dict(row.message.words) or None,
        "headers": [list(header) for header in row.message.headers],
    }


def delivery_row(row: DigestRow, digest_id: int) -> dict[str, object]:
    """Return the row of a digest's delivery, due at once."""
    unset: Sequence[str] = ("claimed_by", "first_attempt_at", "done_at", "last_answer")
    return dict.fromkeys(unset) | {
        "digest_id": digest_id,
        "endpoint_id": row.endpoint.id,
        "idempotency_key": f"{row.endpoint.public_id}/{row.rhythm}/{row.slot}",
        "channel": row.endpoint.channel.value,
        "address": row.endpoint.address,
        "address_hash": address_hash(row.endpoint.address),
        "urgent": row.urgent,
        "state": DeliveryState.DUE.value,
        "due_at": row.due_at,
        "attempt": 0,
        "failures": 0,
        "created_at": row.built_at,
    }
