"""Matters as the API says them: events that several notices tell of, found by the filters of the archive."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from alerts.domain.matter_facts import facts_of, headline
from alerts.domain.matters import Matter
from alerts.domain.vocabulary import Event, Kind, Right, Severity
from alerts.web.api.cursors import cursor_of
from alerts.web.api.models import ItemOut, ItemsAsked, ObligationOut, item_out, obligation_out
from alerts.web.conditional import OPEN, Copy, answer
from alerts.web.site import Site

Number = Annotated[int, Path(ge=1, le=2**53)]
GONE_ON = 308


class MatterDue(ObligationOut):
    """A dated consequence, and the notice that states it."""

    item: int


class MatterOut(BaseModel):
    """An event that several notices tell of, and what they say together."""

    id: int
    page: str = Field(description="Its permanent page.")
    title: str = Field(description="That of its first notice.")
    begun: datetime = Field(description="When the first two notices were tied.")
    severity: Severity = Field(description="The gravest.")
    jurisdictions: list[str] = Field(description="WIPO ST.3 codes.")
    kinds: list[Kind]
    events: list[Event] = Field(description="In the order in which they were told.")
    rights: list[Right]
    identifiers: list[str]
    sources: list[str] = Field(description="Ids of sources.")
    first: date = Field(description="Day of its first notice.")
    last: date = Field(description="Day of its newest notice.")
    obligations: list[MatterDue] = Field(description="The soonest first.")
    items: list[int] = Field(description="Its notices, the oldest first; of a very long matter the newest.")


class MemberOut(ItemOut):
    """A notice of a matter."""

    tied_by: str | None = Field(description="identifier, link, title, twin or editor; null for the first.")


class MatterDetail(MatterOut):
    """A matter with its notices."""

    notices: list[MemberOut] = Field(description="The oldest first.")


class MattersPage(BaseModel):
    """A page of matters, the newest first."""

    matters: list[MatterOut]
    next: str | None = Field(description="Give it as cursor for the next page; null on the last.")


class Events:
    """Answers for programs that follow events."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> APIRouter:
        """Return the addresses."""
        router = APIRouter()
        router.add_api_route(
            "/matters", self.matters, methods=["GET"], response_model=MattersPage,
            summary="Events that several notices tell of, the newest first",
        )  # fmt: skip
        moved = {"description": "It was joined to another matter, which Location names."}
        router.add_api_route(
            "/matters/{number}", self.matter, methods=["GET"], response_model=MatterDetail,
            summary="One matter and its notices", responses={GONE_ON: moved},
        )  # fmt: skip
        return router

    def matters(self, request: Request, asked: Annotated[ItemsAsked, Query()]) -> Response:
        """Return a page of matters whose notices, taken together, meet all filters."""
        query = asked.wish().query(self._site.feeds())
        page = self._site.store.matters.query(replace(query, limit=asked.limit))
        site = self._site.public_url
        found = [MatterOut(**_fields(one, site)) for one in page.matters if one.members]
        return self._answer(request, MattersPage(matters=found, next=cursor_of(page.next_before_id)))

    def matter(self, request: Request, number: Number) -> Response:
        """Return one matter; one that was joined to another leads to it."""
        found = self._site.store.matters.current(number)
        if found is None:
            raise HTTPException(404, f"There is no matter {number}.")
        if found.id != number:
            return RedirectResponse(
                f"{self._site.prefix}/api/v1/matters/{found.id}", GONE_ON, {"Cache-Control": "no-cache"}
            )
        site = self._site.public_url
        notices = [
            MemberOut(**item_out(one.stored, site).model_dump(), tied_by=one.tie.how if one.tie else None)
            for one in found.members
        ]
        return self._answer(request, MatterDetail(**_fields(found, site), notices=notices))

    def _answer(self, request: Request, body: BaseModel) -> Response:
        text = body.model_dump_json().encode()
        return answer(request, Copy(text, "application/json", OPEN, self._site.clock.now()))


def _fields(matter: Matter, site: str) -> dict[str, object]:
    facts = facts_of(matter)
    return {
        "id": matter.id,
        "page": f"{site}/matters/{matter.id}",
        "title": headline(matter).item.title,
        "begun": matter.created_at,
        "severity": facts.severity,
        "jurisdictions": list(facts.jurisdictions),
        "kinds": list(facts.kinds),
        "events": list(facts.events),
        "rights": list(facts.rights),
        "identifiers": list(facts.identifiers),
        "sources": list(facts.feeds),
        "first": facts.first_day,
        "last": facts.last_day,
        "obligations": [
            MatterDue(**obligation_out(one.obligation).model_dump(), item=one.item_id) for one in facts.dues
        ],
        "items": [one.stored.id for one in matter.members],
    }
