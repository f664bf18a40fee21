"""Lines, digests and deliveries that are valid by default."""

from datetime import UTC, date, datetime, timedelta

from alerts.digest import Turn, compose
from alerts.domain.digests import AlertLine, CoverageLine, DeliveryClaim, Digest, Links, Message
from alerts.domain.items import Dated, Item, Judgement, Obligation, StoredItem
from alerts.domain.people import Endpoint, Schedule
from alerts.domain.vocabulary import (
    ChannelKind,
    DateOrigin,
    Event,
    Kind,
    Language,
    Right,
    Role,
    Severity,
)
from alerts.domain.watches import Reason

NOW = datetime(2026, 11, 22, 0, 0, 5, tzinfo=UTC)
LINKS = Links(
    unsubscribe="https://alerts.example.org/u/abcdefghijklmnopqrstuvwxyz",
    manage="https://alerts.example.org/manage/abcdefghijklmnopqrstuvwxyz",
    archive="https://alerts.example.org/items?digest=abc",
    site="https://alerts.example.org/",
)
COVERAGE = (
    CoverageLine("EM", 2, 1, NOW, NOW - timedelta(days=90), (("em-eurlex", NOW - timedelta(days=3)),)),
    CoverageLine("US", 4, 4, NOW, NOW - timedelta(days=90)),
    CoverageLine("TH", 0, 0, None, None, also=("VN",)),
)
COMPANY = "Lumina Energy"


def a_line(number: int = 1, severity: Severity = Severity.HIGH, **item: object) -> AlertLine:
    """Return a ledger line; ``item`` replaces fields of its item."""
    fields: dict[str, object] = {
        "key": str(number),
        "title": f"Notice {number} on portable power stations",
        "summary": f"What notice {number} says to those who export there.",
        "url": f"https://www.office.example/notices/{number}",
        "language": "en",
        "publisher": "The Office",
        "jurisdiction": "US",
        "published": Dated(NOW - timedelta(days=1), DateOrigin.SOURCE),
    }
    made = Item(**(fields | item))  # type: ignore[arg-type]
    judgement = Judgement(
        relevant=True,
        kind=Kind.RISK_WARNING,
        event=Event.INVESTIGATION,
        severity=severity,
        rights=(Right.PATENT,),
        jurisdictions=(made.jurisdiction,),
        obligations=(Obligation(Role.RESPONSE_DUE, date(2026, 12, 4), stated=True, basis="within 20 days"),),
    )
    stored = StoredItem(number, "us-office", 1, number, made, judgement, NOW - timedelta(hours=2))
    reasons = (Reason("region", made.jurisdiction, made.jurisdiction), Reason("right", "patent", "patent"))
    return AlertLine(number, stored, made.publisher or "", reasons)


def an_endpoint(language: Language = Language.ENGLISH, schedule: Schedule | None = None) -> Endpoint:
    return Endpoint(
        id=1,
        public_id="e" * 26,
        contact_id=1,
        channel=ChannelKind.EMAIL,
        address="reader@company.example",
        schedule=schedule or Schedule(),
        language=language,
        active=True,
        next_digest_at=None,
    )


def a_digest(
    *lines: AlertLine, language: Language = Language.ENGLISH, slot: str = "2026-11-22", company: str = COMPANY
) -> Digest:
    schedule = Schedule(zone="Asia/Shanghai")
    return compose(an_endpoint(language, schedule), company, lines, COVERAGE, Turn(slot, NOW))


def a_message(subject: str = "6 IP notices", text: str = "Text.\n", html: str = "<p>Text.</p>\n") -> Message:
    headers = (
        ("List-Unsubscribe", f"<{LINKS.unsubscribe}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )
    return Message(subject, text, html, "en", headers)


def a_claim(message: Message | None = None, **fields: object) -> DeliveryClaim:
    usual: dict[str, object] = {
        "id": 1,
        "attempt": 1,
        "idempotency_key": "digest:1",
        "message_id": "<0123456789abcdef@alerts.example>",
        "channel": ChannelKind.EMAIL,
        "address": "reader@company.example",
        "message": message or a_message(),
        "endpoint_id": 1,
        "endpoint_public_id": "e" * 26,
        "first_attempt_at": None,
        "created_at": NOW,
    }
    return DeliveryClaim(**(usual | fields))  # type: ignore[arg-type]
