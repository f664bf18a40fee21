"""The public pages: overview, archive, one item. None of them changes anything."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.domain.amendments import amended
from alerts.domain.changes import change_of
from alerts.domain.identifiers import official_page
from alerts.domain.items import Finding, ItemQuery, Obligation, StoredItem
from alerts.domain.jurisdictions import name
from alerts.domain.stations import Need, Station, helpers
from alerts.domain.vocabulary import Event, Health, Kind, Language, Right, Severity
from alerts.web.agenda import Coming, agenda
from alerts.web.archive import Filter, number_of, read_filter
from alerts.web.choices import choices
from alerts.web.feeds import feed_links
from alerts.web.lately import Arrivals, of_archive
from alerts.web.looks import Looks, Reader
from alerts.web.overview import LATELY, places, tally, troubled
from alerts.web.site import Site
from alerts.web.tiles import bars, tiles

READ = ["GET", "HEAD"]
NEWEST = 5  # urgent items on the first page
NEXT, COMING = 8, timedelta(days=90)  # obligations on the first page
LOOKED_AT = 200  # notices for them


class Pages:
    """Answers for the public pages."""

    def __init__(self, site: Site, looks: Looks, got: Arrivals) -> None:
        self._site = site
        self._looks = looks
        self._got = got
        self._coming = of_archive(site, lambda now: self._ahead(now.date()))

    def routes(self) -> APIRouter:
        """Return the addresses of the public pages."""
        router = APIRouter()
        router.add_api_route("/", self.overview, methods=READ)
        router.add_api_route("/items", self.items, methods=READ)
        router.add_api_route("/items/{number}", self.item, methods=READ)
        router.add_api_route("/static/{file}", self._looks.static, methods=READ)
        return router

    def overview(self, request: Request) -> Response:
        """Return the first page."""
        reader, now = Reader.of(request), self._site.clock.now()
        watched = places(self._site.feeds(), self._site.store.feeds.health(now), reader.language)
        urgent = self._site.store.items.query(
            ItemQuery(severities=(Severity.CRITICAL, Severity.HIGH), limit=NEWEST)
        )
        got = self._got.got(now)
        counts = Counter(severity for _, severity, _ in got)
        values = {
            "tiles": tiles(got, {place.code for place in watched}),
            "bars": bars(got, now.date(), LATELY.days),
            "ahead": self._coming.got(now),
            "places": sorted(watched, key=lambda place: name(place.code, reader.language)),
            "states": tally(watched),
            "sources": sum(len(place.sources) for place in watched),
            "counts": {severity: counts[severity] for severity in Severity},
            "urgent": urgent.items,
            "troubled": troubled(watched),
            "Health": Health,
            "feeds": feed_links(self._site, Filter(), reader.language),
        }
        return self._looks.page("overview.html", reader, values)

    def _ahead(self, today: date) -> Sequence[Coming]:
        """Return the next dates that bind, the soonest first."""
        wish = ItemQuery(limit=LOOKED_AT)
        return agenda(self._site.store, wish, (today, today + COMING), enough=NEXT).dues[:NEXT]

    def items(self, request: Request) -> Response:
        """Return one page of the archive."""
        reader, wish = Reader.of(request), read_filter(request.query_params)
        page = self._site.store.items.query(wish.query(self._site.feeds()))
        values = {
            "page": page,
            "wish": wish,
            "choices": choices(self._site, wish, reader.language),
            "here": "/items",
            "query": wish.place(),
            "feeds": feed_links(self._site, wish, reader.language),
        }
        return self._looks.page("items.html", reader, values)

    def item(self, request: Request) -> Response:
        """Return one item with everything that is known of it."""
        revisions = self._site.store.items.seen(number_of(request.path_params["number"]))
        if not revisions:  # or an editor has not released it
            raise HTTPException(404)
        stored = revisions[-1]
        values = {
            "stored": stored,
            "feed": self._site.feeds().get(stored.feed_id),
            "revisions": sorted(revisions, key=_newest_first),
            "amendments": {later.number: amended(earlier, later) for earlier, later in pairwise(revisions)},
            "obligations": _coming_first(stored.judgement.obligations, self._site.clock.now().date()),
            "official": {
                each: official_page(each, stored.item.jurisdiction) for each in stored.judgement.identifiers
            },
            "matter": self._site.store.matters.get(stored.matter_id) if stored.matter_id else None,
            "classes": {later.number: change_of(earlier, later) for earlier, later in pairwise(revisions)},
            "findings": [_conclusion(finding) for finding in stored.judgement.findings],
            "help": self._help(stored, Reader.of(request).language),
            "here": f"/items/{stored.id}",
            "feeds": [("application/cap+xml", "CAP", f"{self._site.prefix}/items/{stored.id}.cap")],
        }
        return self._looks.page("item.html", Reader.of(request), values)

    def _help(self, stored: StoredItem, language: Language) -> tuple[Station, ...]:
        """Return who helps in the jurisdictions that a notice concerns."""
        judged = stored.judgement
        need = Need(stored.jurisdictions, language, judged.rights)
        return helpers(self._site.stations(), need)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A finding in words: ``member`` has a display name, ``code`` is a jurisdiction, else ``text`` is shown."""

    facet: str
    evidence: tuple[str, ...]
    percent: int
    member: StrEnum | None = None
    code: str | None = None
    text: str = ""


_MEMBERS: Mapping[str, type[StrEnum]] = {"kind": Kind, "right": Right, "event": Event, "severity": Severity}


def _conclusion(finding: Finding) -> Conclusion:
    members = _MEMBERS.get(finding.facet)
    percent = round(finding.confidence * 100)
    if members is not None and finding.value in list(members):
        return Conclusion(finding.facet, finding.evidence, percent, member=members(finding.value))
    if finding.facet == "jurisdiction":
        return Conclusion(finding.facet, finding.evidence, percent, code=finding.value)
    return Conclusion(finding.facet, finding.evidence, percent, text=finding.value)


def _coming_first(obligations: Sequence[Obligation], today: date) -> list[Obligation]:
    return sorted(obligations, key=lambda obligation: (obligation.date < today, obligation.date))


def _newest_first(stored: StoredItem) -> int:
    return -stored.number
