"""Words of messages: written once for all who get the same, and kept at hand for those that are being sent."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter

from sqlalchemy import Connection, select

from alerts.domain.digests import Message
from alerts.store.statements import insert_new, pieces
from alerts.store.tables import wording
from alerts.store.tables.types import clean

KEPT = 128  # wordings of up to a few hundred kB each


def wording_hash(message: Message) -> str:
    """Return what makes two wordings one."""
    return _hash(message.language, message.subject, message.text, message.html)


@lru_cache(maxsize=1024)
def _hash(*words: str) -> str:
    return hashlib.sha256(json.dumps([clean(each) for each in words]).encode()).hexdigest()


def write_wordings(connection: Connection, messages: Iterable[Message]) -> dict[str, int]:
    """Return the ids of the messages' words by their hashes; new words are written down."""
    wanted = {wording_hash(message): message for message in messages}
    found = _find(connection, list(wanted))
    # In the order of their hashes, so that two who write the same words wait for each other and never in a circle.
    new = [
        _row(key, message) for key, message in sorted(wanted.items(), key=itemgetter(0)) if key not in found
    ]
    if new:
        insert_new(connection, wording, new)
        found = _find(connection, list(wanted))
    return found


def _find(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for piece in pieces(keys):
        rows = connection.execute(select(wording.c.hash, wording.c.id).where(wording.c.hash.in_(piece)))
        found |= {row.hash: row.id for row in rows}
    return found


def _row(key: str, message: Message) -> dict[str, object]:
    return {
        "hash": key,
        "language": message.language,
        "subject": message.subject,
        "body_text": message.text,
        "body_html": message.html,
    }


class Wordings:
    """The wordings read last; a wording never changes, so what was read is right for ever.

    Several threads may ask at once, and one may drop what another looks for: nothing here expects to find what was there.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Message] = OrderedDict()

    def of(self, connection: Connection, numbers: Iterable[int | None]) -> dict[int | None, Message]:
        """Return the wordings by id, without anybody's own words; one that is gone is empty."""
        wanted = {number for number in numbers if number is not None}
        kept = self._kept
        found: dict[int | None, Message] = {one: said for one in wanted if (said := kept.get(one))}
        for piece in pieces(sorted(wanted - found.keys())):
            for row in connection.execute(select(wording).where(wording.c.id.in_(piece))):
                found[row.id] = kept[row.id] = Message(
                    row.subject, row.body_text, row.body_html, row.language
                )
        while len(kept) > KEPT:
            kept.popitem(last=False)
        return found
