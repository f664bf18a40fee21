"""What the API says, as OpenAPI describes it. Words of the vocabulary are slugs; times are UTC, days are days."""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from alerts.domain.items import Dated, Finding, Obligation, StoredItem
from alerts.domain.vocabulary import Event, Health, Kind, Right, Role, Severity
from alerts.web.api.cursors import place_of
from alerts.web.archive import Filter, plain, read_filter

Text = Annotated[str | None, Field(max_length=100)]
Place = Annotated[
    str | None, Field(max_length=40, description="A WIPO ST.3 code, or a region such as asean.")
]


def _written_out(given: object) -> object:
    """Return a day; numbers, which would be taken for seconds, are none."""
    if isinstance(given, str) and not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        raise ValueError("a day is written as 2026-03-31")
    return given


Day = Annotated[date | None, BeforeValidator(_written_out)]


ONLY_THESE = ConfigDict(extra="forbid")  # a filter that is misspelt must not show everything


class ItemsAsked(BaseModel):
    """The filters of the archive; all of them must be met."""

    model_config = ONLY_THESE

    jurisdiction: Place = None
    region: Place = None
    kind: Kind | None = None
    right: Right | None = None
    event: Event | None = None
    severity: Severity | None = None
    publisher: Text = None
    since: Day = Field(None, description="Published on this day (UTC) or later.")
    until: Day = Field(None, description="Published on this day (UTC) or earlier.")
    q: Annotated[
        str | None, Field(max_length=100, description="Words, all of them; a number in any spelling.")
    ] = None
    cursor: Annotated[str | None, Field(max_length=60, description="What next said.")] = None
    limit: int = Field(50, ge=1, le=100)

    def wish(self) -> Filter:
        """Return the archive's own form of it.

        Raises:
            UnknownValue: there is no such place, or the cursor is none of ours.
        """
        where = read_filter({"jurisdiction": self.jurisdiction or "", "region": self.region or ""})
        return Filter(
            where.jurisdiction, self.kind, self.right, self.event, self.severity, plain(self.publisher or ""),
            self.since, self.until, plain(self.q or ""), place_of(self.cursor),
            where.region,
        )  # fmt: skip


class DuesAsked(BaseModel):
    """Which obligations."""

    model_config = ONLY_THESE

    jurisdiction: Place = None
    region: Place = None
    right: Right | None = None
    since: Day = Field(None, description="First day; today if none is given.")
    until: Day = Field(None, description="Last day; 90 days later if none is given.")


class ObligationOut(BaseModel):
    """A dated consequence of a notice."""

    role: Role
    date: date
    stated: bool = Field(description="False: computed by a rule; see basis.")
    basis: str = Field(description="The words or the rule behind it.")


class FindingOut(BaseModel):
    """What led to a conclusion."""

    facet: str
    value: str
    evidence: list[str] = Field(description="Words of the notice, a setting or a rule.")
    score: float


class ItemOut(BaseModel):
    """A notice in the text that readers see."""

    id: int
    revision: int
    page: str = Field(description="Its permanent page.")
    title: str
    summary: str
    url: str | None = Field(description="Where its source has it.")
    language: str | None
    publisher: str | None
    source: str = Field(description="Id of the source it was read from.")
    published: datetime | None
    first_seen: datetime
    changed: datetime | None
    jurisdictions: list[str] = Field(description="WIPO ST.3 codes.")
    kind: Kind
    event: Event
    severity: Severity
    rights: list[Right]
    obligations: list[ObligationOut]
    identifiers: list[str]
    matter: int | None = Field(description="The event that it tells of, shared with other notices.")
    unreviewed: bool


class ItemDetail(ItemOut):
    """A notice with all that is known of it."""

    findings: list[FindingOut] = Field(description="Why it was classified so.")
    revisions: list[ItemOut] = Field(description="All revisions that readers saw, the oldest first.")
    sources: list[int] = Field(description="Other notices of the same matter.")


class ItemsPage(BaseModel):
    """A page of notices, newest first."""

    items: list[ItemOut]
    next: str | None = Field(description="Give it as cursor for the next page; null on the last.")


class DueOut(BaseModel):
    """An obligation with its notice."""

    item: int
    page: str
    title: str
    jurisdictions: list[str]
    severity: Severity
    obligation: ObligationOut


class DuesPage(BaseModel):
    """Obligations of a span, the soonest first."""

    obligations: list[DueOut]
    complete: bool = Field(description="False: there are more than were looked at; ask for a shorter span.")


class SourceOut(BaseModel):
    """A source and how it stands."""

    id: str
    name: dict[str, str]
    url: str
    jurisdiction: str
    health: Health
    last_success: datetime | None
    last_item: datetime | None
    dark_since: datetime | None
    within_minutes: int = Field(description="How soon a new notice is seen while all goes well.")


class SourcesPage(BaseModel):
    """All sources that are watched."""

    sources: list[SourceOut]


class JurisdictionOut(BaseModel):
    """A watched jurisdiction; its health is that of its worst source."""

    code: str
    name: dict[str, str]
    sources: int
    health: Health
    last_item: datetime | None


class JurisdictionsPage(BaseModel):
    """All jurisdictions with a source."""

    jurisdictions: list[JurisdictionOut]


class Problem(BaseModel):
    """What was wrong with a request (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


def item_out(stored: StoredItem, site: str) -> ItemOut:
    """Return a notice as the API says it."""
    return ItemOut(**_fields(stored, site))


def item_detail(stored: StoredItem, seen: list[StoredItem], others: list[int], site: str) -> ItemDetail:
    """Return a notice with its revisions and the others of its matter."""
    return ItemDetail(
        **_fields(stored, site),
        findings=[finding_out(one) for one in stored.judgement.findings],
        revisions=[item_out(one, site) for one in seen],
        sources=others,
    )


def finding_out(finding: Finding) -> FindingOut:
    """Return a finding as the API says it."""
    return FindingOut(
        facet=finding.facet, value=finding.value, evidence=list(finding.evidence), score=finding.confidence
    )


def obligation_out(due: Obligation) -> ObligationOut:
    """Return an obligation as the API says it."""
    return ObligationOut(role=due.role, date=due.date, stated=due.stated, basis=due.basis)


def _fields(stored: StoredItem, site: str) -> dict[str, object]:
    item, judged = stored.item, stored.judgement
    return {
        "id": stored.id,
        "revision": stored.number,
        "page": f"{site}/items/{stored.id}",
        "title": item.title,
        "summary": item.summary,
        "url": item.url,
        "language": item.language,
        "publisher": item.publisher,
        "source": stored.feed_id,
        "published": _instant(item.published),
        "first_seen": stored.first_seen_at,
        "changed": stored.changed_at,
        "jurisdictions": list(stored.jurisdictions),
        "kind": judged.kind,
        "event": judged.event,
        "severity": judged.severity,
        "rights": list(judged.rights),
        "obligations": [obligation_out(one) for one in judged.obligations],
        "identifiers": list(judged.identifiers),
        "matter": stored.matter_id,
        "unreviewed": stored.unreviewed,
    }


def _instant(dated: Dated | None) -> datetime | None:
    return dated.at if dated else None
