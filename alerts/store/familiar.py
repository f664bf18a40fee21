"""What of a document is new: one statement looks at all its entries, whatever their number.

Keys and text hashes go in as one parameter each (an array, or JSON on SQLite), and only what is unknown or changed comes
back: of a hundred known entries, nothing.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, text

from alerts.domain.collected import Familiar
from alerts.store.tables.types import UtcDateTime

_JUDGED = """
    SELECT asked.key AS key, seen.key IS NULL AS unseen
    FROM {asked}
    LEFT JOIN seen_key seen ON seen.feed_id = :feed AND seen.key = asked.key
    WHERE seen.key IS NULL OR (seen.item_id IS NOT NULL AND (seen.text_hash IS NULL OR seen.text_hash <> asked.hash))
"""
_POSTGRES = text(
    _JUDGED.format(asked="unnest(CAST(:keys AS text[]), CAST(:hashes AS text[])) AS asked(key, hash)")
)
_SQLITE = text(_JUDGED.format(asked="(SELECT key, value AS hash FROM json_each(:pairs)) AS asked"))
_TOUCH = "UPDATE seen_key SET last_seen_at = :now WHERE feed_id = :feed AND key IN ({keys})"
_TOUCH_POSTGRES = text(_TOUCH.format(keys="SELECT unnest(CAST(:keys AS text[]))"))
_TOUCH_SQLITE = text(_TOUCH.format(keys="SELECT value FROM json_each(:keys)"))


def touch(connection: Connection, feed_id: str, keys: Sequence[str], now: datetime) -> None:
    """Write down that these keys were seen now: one statement, whatever their number."""
    if not keys:
        return
    sqlite = connection.dialect.name == "sqlite"
    asked = json.dumps(list(keys)) if sqlite else list(keys)
    at = bindparam("now", type_=UtcDateTime())
    statement = (_TOUCH_SQLITE if sqlite else _TOUCH_POSTGRES).bindparams(at)
    connection.execute(statement, {"feed": feed_id, "keys": asked, "now": now})


def familiar(connection: Connection, feed_id: str, hashes: Mapping[str, str]) -> Familiar:
    """Return what is unseen and what has changed of entries given as key → content hash."""
    if not hashes:
        return Familiar()
    if connection.dialect.name == "sqlite":
        asked: dict[str, object] = {"pairs": json.dumps(dict(hashes))}
        rows = connection.execute(_SQLITE, {"feed": feed_id, **asked}).all()
    else:
        asked = {"keys": list(hashes), "hashes": list(hashes.values())}
        rows = connection.execute(_POSTGRES, {"feed": feed_id, **asked}).all()
    unseen = frozenset(row.key for row in rows if row.unseen)
    return Familiar(unseen, frozenset(row.key for row in rows if not row.unseen))
