"""What entries came to when they were last read, so that the hundred known ones of a document are not read again.

An entry that is equal in every field gives the same item, so its content hash is enough to ask the store whether it is
known. Kept are 64-bit fingerprints (Python's keyed hash, which nobody outside can aim at), the oldest are
forgotten first. Nothing depends on it: what is not remembered is read.
"""

from alerts.domain.collected import Entry

CAPACITY = 200_000  # entries, about 250 bytes each
LEFT_OUT = ""  # in place of a hash: the feed's filter leaves the entry out


class Memory:
    """Content hashes by feed and entry."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._hashes: dict[int, str] = {}

    def recall(self, feed_id: str, entry: Entry) -> str | None:
        """Return the content hash that the entry came to, ``LEFT_OUT``, or None where it was not read lately."""
        return self._hashes.get(hash((feed_id, entry)))

    def keep(self, feed_id: str, entry: Entry, content_hash: str) -> None:
        """Remember what the entry came to."""
        while len(self._hashes) >= self._capacity:
            self._hashes.pop(next(iter(self._hashes)), None)
        self._hashes[hash((feed_id, entry))] = content_hash
