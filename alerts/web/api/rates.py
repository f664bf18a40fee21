"""How often one network may ask: a bucket of tokens each, in this process, forgotten when it is full again.

Fields of answers follow the IETF draft of RateLimit headers.
"""

import math
import time
from collections import OrderedDict
from dataclasses import dataclass

BURST, PER_SECOND = 120, 2.0
KNOWN = 20_000  # networks


@dataclass(slots=True)
class Bucket:
    """What one network has left, and when that was counted (seconds of a steady clock)."""

    left: float
    at: float


class Rates:
    """The buckets of all networks that asked lately."""

    def __init__(self, burst: int = BURST, per_second: float = PER_SECOND) -> None:
        self._burst = burst
        self._per_second = per_second
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, network: str, now: float | None = None) -> tuple[bool, dict[str, str]]:
        """Return whether the network may ask now, and the headers that say how it stands."""
        at = time.monotonic() if now is None else now
        bucket = self._buckets.pop(network, Bucket(self._burst, at))
        bucket.left = min(self._burst, bucket.left + (at - bucket.at) * self._per_second)
        bucket.at = at
        allowed = bucket.left >= 1
        bucket.left -= 1 if allowed else 0
        self._buckets[network] = bucket
        while len(self._buckets) > KNOWN:
            self._buckets.popitem(last=False)
        return allowed, self._headers(bucket, allowed=allowed)

    def _headers(self, bucket: Bucket, *, allowed: bool) -> dict[str, str]:
        full = math.ceil((self._burst - bucket.left) / self._per_second)
        headers = {
            "RateLimit": f'"api";r={int(bucket.left)};t={full}',
            "RateLimit-Policy": f'"api";q={self._burst}',
        }
        return (
            headers
            if allowed
            else {**headers, "Retry-After": str(max(1, math.ceil((1 - bucket.left) / self._per_second)))}
        )
