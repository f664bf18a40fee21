"""Values that are valid by default; a test names only what it is about."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypedDict, Unpack

from alerts.domain.collected import PollResult, Validators
from alerts.domain.feeds import Feed
from alerts.domain.items import Dated, Finding, Item, Judgement, Obligation, Revision
from alerts.domain.people import Schedule, Subscription
from alerts.domain.review import Hold
from alerts.domain.vocabulary import (
    DateOrigin,
    Event,
    FeedType,
    Kind,
    Language,
    Outcome,
    Rhythm,
    Right,
    Role,
    Severity,
)
from alerts.domain.watches import Criteria

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def a_feed(id: str = "us-office", **changes: object) -> Feed:
    """Return an official feed of the US office on a host of its own."""
    feed = Feed(
        id=id,
        name={Language.ENGLISH: f"Feed {id}", Language.CHINESE: f"来源 {id}"},
        type=FeedType.FEED,
        url=f"https://{id}.example/feed.xml",
        jurisdiction="US",
    )
    return replace(feed, **changes)  # type: ignore[arg-type]


def an_item(key: str = "k1", **changes: object) -> Item:
    """Return an item published at noon on Monday."""
    item = Item(
        key=key,
        title=f"Final rule {key} on trademark fees",
        summary="The office changes the fees for trademark applications.",
        url=f"https://us-office.example/{key}",
        language="en",
        publisher="US Office",
        jurisdiction="US",
        published=Dated(MONDAY, DateOrigin.SOURCE),
        categories=("Rules",),
        document_number="2026-01234",
        document_type="Rule",
    )
    return replace(item, **changes)  # type: ignore[arg-type]


def a_judgement(**changes: object) -> Judgement:
    """Return a relevant judgement: a high rule on trade marks in the US."""
    judgement = Judgement(
        relevant=True,
        kind=Kind.LEGAL_RULE,
        event=Event.RULE,
        severity=Severity.HIGH,
        rights=(Right.TRADEMARK,),
        jurisdictions=("US",),
        obligations=(Obligation(Role.IN_FORCE, (MONDAY + 30 * DAY).date(), stated=True, basis="effective"),),
        identifiers=("2026-01234",),
        findings=(Finding("kind", "legal-rule", ("final rule",), 0.9),),
    )
    return replace(judgement, **changes)  # type: ignore[arg-type]


class Texts(TypedDict, total=False):
    """What makes a revision another one."""

    title: str
    severity: Severity
    relevant: bool
    held: str | None
    guid_key: str | None
    published: Dated | None


def a_revision(key: str = "k1", **texts: Unpack[Texts]) -> Revision:
    """Return a revision whose hash follows from its title, and so changes with it."""
    title = texts.get("title", f"Final rule {key} on trademark fees")
    published = texts.get("published", Dated(MONDAY, DateOrigin.SOURCE))
    item = an_item(key, title=title, guid_key=texts.get("guid_key"), published=published)
    judgement = a_judgement(
        severity=texts.get("severity", Severity.HIGH), relevant=texts.get("relevant", True)
    )
    held = texts.get("held")
    return Revision(item, judgement, hashlib.sha256(title.encode()).hexdigest(), Hold(held) if held else None)


def a_poll(*revisions: Revision, at: datetime = MONDAY, **changes: object) -> PollResult:
    """Return a good poll that took a second and saw these revisions; the next one is in an hour."""
    result = PollResult(
        outcome=Outcome.OK,
        started_at=at,
        finished_at=at + timedelta(seconds=1),
        next_poll_at=at + HOUR,
        validators=Validators('"v1"', "Mon, 02 Mar 2026 12:00:00 GMT"),
        body_hash="hash-1",
        revisions=revisions,
        status=200,
        size=1000,
        entries=len(revisions),
        body=b"<rss/>",
    )
    return replace(result, **changes)  # type: ignore[arg-type]


def a_subscription(email: str = "anna@exporter.example", **changes: object) -> Subscription:
    """Return a daily subscription at 08:00 UTC to everything of the US."""
    subscription = Subscription(
        company="Exporter Ltd",
        email=email,
        criteria=Criteria(regions=("US",)),
        schedule=Schedule(Rhythm.DAILY),
    )
    return replace(subscription, **changes)  # type: ignore[arg-type]
