"""How many notices of the last 30 days concern each jurisdiction and region: what stands beside the first question."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from alerts.domain.jurisdictions import MEMBERS
from alerts.web.lately import Arrivals
from alerts.web.tiles import Got


class Counts:
    """Counted anew when what came in lately was asked for anew."""

    def __init__(self, got: Arrivals) -> None:
        self._got = got
        self._counted: tuple[Sequence[Got], Mapping[str, int]] = ((), {})

    def by_place(self, now: datetime) -> Mapping[str, int]:
        """Return the numbers by code and by region; a notice counts once for each."""
        got = self._got.got(now)
        if got is not self._counted[0]:
            self._counted = (got, _count(got))
        return self._counted[1]


def _count(got: Sequence[Got]) -> Mapping[str, int]:
    together = Counter(frozenset(places) for _, _, places in got)
    counts: Counter[str] = Counter()
    for places, number in together.items():
        counts.update(dict.fromkeys(places, number))
        counts.update({slug: number for slug, codes in MEMBERS.items() if codes & places})
    return counts
