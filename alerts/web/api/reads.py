"""Everything that can be read: notices, matters, obligations, jurisdictions, sources. The filters are those of the archive."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.domain.items import StoredItem
from alerts.domain.jurisdictions import name
from alerts.domain.matters import Matter
from alerts.domain.vocabulary import Language
from alerts.web.agenda import Coming, agenda
from alerts.web.api import models
from alerts.web.api.cursors import cursor_of
from alerts.web.archive import UnknownValue, read_filter
from alerts.web.conditional import OPEN, Copy, answer
from alerts.web.overview import places
from alerts.web.site import Site

Number = Annotated[int, Path(ge=1, le=2**53)]
LOOKED_AT = 500  # notices behind one list of obligations
SPAN = timedelta(days=366)
LAST_YEAR = 9000


class Reads:
    """Answers for programs."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> APIRouter:
        """Return the addresses."""
        router = APIRouter()
        for path, read, model, summary in (
            ("/items", self.items, models.ItemsPage, "Notices, newest first"),
            (
                "/items/{number}",
                self.item,
                models.ItemDetail,
                "One notice, its revisions, and why it was classified so",
            ),
            (
                "/obligations",
                self.obligations,
                models.DuesPage,
                "Dated consequences of a span, the soonest first",
            ),
            (
                "/jurisdictions",
                self.jurisdictions,
                models.JurisdictionsPage,
                "Watched jurisdictions and how well",
            ),
            ("/sources", self.sources, models.SourcesPage, "Sources and how they stand"),
            ("/sources/{feed_id}", self.source, models.SourceOut, "One source"),
        ):
            router.add_api_route(path, read, methods=["GET"], response_model=model, summary=summary)
        return router  # fmt: skip

    def items(self, request: Request, asked: Annotated[models.ItemsAsked, Query()]) -> Response:
        """Return a page of notices. Words in ``q`` are all asked for; two Chinese characters are a word."""
        query = asked.wish().query(self._site.feeds())
        page = self._site.store.items.query(replace(query, limit=asked.limit))
        site = self._site.public_url
        out = models.ItemsPage(
            items=[models.item_out(one, site) for one in page.items], next=cursor_of(page.next_before_id)
        )
        return self._answer(request, out, self._site.store.items.freshest([one.id for one in page.items]))

    def item(self, request: Request, number: Number) -> Response:
        """Return one notice; what no editor has released is not there."""
        seen = self._site.store.items.seen(number)
        stored = self._site.store.items.get(number)
        if stored is None or stored.held is not None or not seen:
            raise HTTPException(404, f"There is no notice {number}.")
        matter = self._site.store.matters.of_item(number)
        others = [one for one in _members(matter) if one != number] if matter else []
        return self._answer(
            request, models.item_detail(stored, seen, others, self._site.public_url), _changed(stored)
        )

    def obligations(self, request: Request, asked: Annotated[models.DuesAsked, Query()]) -> Response:
        """Return obligations that fall into a span of at most a year."""
        first = asked.since or self._site.clock.now().date()
        if first.year > LAST_YEAR:
            raise UnknownValue(first.isoformat())
        last = asked.until or first + timedelta(days=90)
        if not first <= last <= first + SPAN:
            raise HTTPException(400, "A span ends after it begins and lasts a year at most.")
        where = read_filter({"jurisdiction": asked.jurisdiction or "", "region": asked.region or ""})
        wish = replace(where, right=asked.right)
        query = replace(wish.query(self._site.feeds()), limit=LOOKED_AT)
        found = agenda(self._site.store, query, (first, last))
        dues = [_due(one, self._site.public_url) for one in found.dues]
        return self._answer(request, models.DuesPage(obligations=dues, complete=found.complete))

    def jurisdictions(self, request: Request) -> Response:
        """Return the jurisdictions that have a source."""
        lines = places(
            self._site.feeds(), self._site.store.feeds.health(self._site.clock.now()), Language.ENGLISH
        )
        found = [
            models.JurisdictionOut(
                code=one.code, name={each.value: name(one.code, each) for each in Language}, sources=len(one.sources),
                health=one.health, last_item=one.last_item_at,
            )
            for one in lines
        ]  # fmt: skip
        return self._answer(request, models.JurisdictionsPage(jurisdictions=found))

    def sources(self, request: Request) -> Response:
        """Return the sources that are watched."""
        return self._answer(request, models.SourcesPage(sources=self._sources()))

    def source(self, request: Request, feed_id: Annotated[str, Path(max_length=100)]) -> Response:
        """Return one source."""
        found = next((one for one in self._sources() if one.id == feed_id), None)
        if found is None:
            raise HTTPException(404, "There is no source of this id.")
        return self._answer(request, found)

    def _sources(self) -> list[models.SourceOut]:
        feeds = self._site.feeds()
        lines = places(feeds, self._site.store.feeds.health(self._site.clock.now()), Language.ENGLISH)
        return [
            models.SourceOut(
                id=one.feed_id, name={key.value: text for key, text in feeds[one.feed_id].name.items()}, url=one.url,
                jurisdiction=line.code, health=one.health, last_success=one.last_success_at, last_item=one.last_item_at,
                dark_since=one.dark_since, within_minutes=round(one.promise.total_seconds() / 60),
            )
            for line in lines
            for one in line.sources
        ]  # fmt: skip

    def _answer(self, request: Request, body: BaseModel, changed: datetime | None = None) -> Response:
        text = body.model_dump_json().encode()
        return answer(request, Copy(text, "application/json", OPEN, self._site.clock.now(), changed))


def _changed(stored: StoredItem) -> datetime:
    return stored.changed_at or stored.first_seen_at


def _members(matter: Matter) -> list[int]:
    return [one.stored.id for one in matter.members]


def _due(coming: Coming, site: str) -> models.DueOut:
    one = coming.stored
    return models.DueOut(
        item=one.id, page=f"{site}/items/{one.id}", title=one.item.title, severity=one.judgement.severity,
        jurisdictions=list(one.jurisdictions), obligation=models.obligation_out(coming.obligation),
    )  # fmt: skip
