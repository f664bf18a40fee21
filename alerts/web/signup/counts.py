"""How many notices of the last 30 days concern each jurisdiction and region: what stands beside the first question."""

from collections import Counter
from collections.abc import Mapping, Sequence

from alerts.domain.jurisdictions import MEMBERS
from alerts.web.lately import Lately
from alerts.web.overview import LATELY
from alerts.web.site import Site
from alerts.web.tiles import Got


class Counts:
    """Counted anew when what came in lately was asked for anew."""

    def __init__(self, site: Site) -> None:
        self._site = site
        archive = site.store.items
        self._lately = Lately(
            lambda now: archive.lately(now - LATELY), archive.newest_revision, 5 * site.moment
        )
        self._counted: tuple[Sequence[Got], Mapping[str, int]] = ((), {})

    def by_place(self) -> Mapping[str, int]:
        """Return the numbers by code and by region; a notice counts once for each."""
        got = self._lately.got(self._site.clock.now())
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
