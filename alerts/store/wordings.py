"""Words of messages: written once for all who get the same, and kept at hand for those that are being sent."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable

from sqlalchemy import Connection, select

from alerts.domain.digests import Message
from alerts.store.statements import insert_new, pieces
from alerts.store.tables import wording
from alerts.store.tables.types import clean

KEPT = 128  # wordings of up to a few hundred kB each


def wording_hash(message: Message) -> str:
    """Return what makes two wordings one."""
    words = [clean(each) for each in (message.language, message.subject, message.text, message.html)]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def write_wording(connection: Connection, message: Message) -> tuple[int, str]:
    """Return the id and the hash of the message's words, written down if they are new."""
    key = wording_hash(message)
    wanted = select(wording.c.id).where(wording.c.hash == key)
    number = connection.execute(wanted).scalar()
    if number is None:
        row = {
            "hash": key,
            "language": message.language,
            "subject": message.subject,
            "body_text": message.text,
            "body_html": message.html,
        }
        insert_new(connection, wording, [row])
        number = connection.execute(wanted).scalar_one()
    return int(number), key


class Wordings:
    """The wordings read last; a wording never changes, so what was read is right for ever."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Message] = OrderedDict()

    def of(self, connection: Connection, numbers: Iterable[int | None]) -> dict[int | None, Message]:
        """Return the wordings by id, without anybody's own words; one that is gone is empty."""
        wanted = {number for number in numbers if number is not None}
        kept = self._kept
        found: dict[int | None, Message] = {one: kept[one] for one in wanted if one in kept}
        for piece in pieces(sorted(wanted - found.keys())):
            for row in connection.execute(select(wording).where(wording.c.id.in_(piece))):
                found[row.id] = kept[row.id] = Message(
                    row.subject, row.body_text, row.body_html, row.language
                )
        while len(kept) > KEPT:
            kept.popitem(last=False)
        return found
