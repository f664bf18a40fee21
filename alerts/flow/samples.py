"""Every message over invented values: what ``alerts templates`` checks and shows, so that a template is tried before a reader sees it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from alerts.digest import Turn, compose
from alerts.domain.digests import AlertLine, CoverageLine, Digest, Links, Message, SourceHealth
from alerts.domain.events import EventKind, FeedEvent
from alerts.domain.items import Dated, Item, Judgement, Obligation, StoredItem
from alerts.domain.people import Endpoint, Schedule
from alerts.domain.posts import PostState, Shut
from alerts.domain.requests import HOURLY
from alerts.domain.vocabulary import (
    ChannelKind,
    DateOrigin,
    Event,
    Health,
    Kind,
    Language,
    Right,
    Role,
    Severity,
)
from alerts.domain.watches import Criteria, Reason
from alerts.render.message import Renderer
from alerts.render.occasions import Addressed, Stillness
from alerts.render.posted import Closed, Reader

NOW = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
SITE = "https://alerts.example"
LINKS = Links(f"{SITE}/u/sample", f"{SITE}/manage", f"{SITE}/items", SITE)
COMPANY = "Lumina Energy 光明能源"
_TEXTS = (
    ("US", "en", Severity.CRITICAL, "Limited exclusion order in investigation 337-TA-1450: portable power stations <b>&"),
    ("EM", "en", Severity.HIGH, "Fees of the EU trade mark office change: what exporters of lamps must know"),
    ("JP", "ja", Severity.MODERATE, "商標審査基準の改訂について（意見募集）"),
    ("VN", "vi", Severity.LOW, "Thông báo về sửa đổi quy định sở hữu công nghiệp"),
)  # fmt: skip


def samples(renderer: Renderer, language: Language) -> Mapping[str, Callable[[], Message]]:
    """Return how each message is made, by the name of its folder of templates; ``chat`` is one for chats, as text."""
    letters, to = renderer.letters, Addressed(_endpoint(language), LINKS, COMPANY)
    watches = [Criteria(regions=("US", "eu"), rights=(Right.TRADEMARK,), terms=("Lumina", "光明"))]
    health = [
        SourceHealth("us-office", "US", Health.DARK, NOW - timedelta(days=2), NOW, NOW - timedelta(days=90))
    ]
    still = Stillness(NOW - timedelta(days=30), NOW, _coverage(), 1440, 3)
    reader = Reader(language, "Asia/Shanghai", LINKS.manage)
    shut = PostState(
        1, "", None, NOW - timedelta(days=3), 9, NOW, Shut.FAILING, "500 Internal Server Error", 7
    )
    event = FeedEvent(1, "us-office", NOW, EventKind.DARK, "failing since 2026-11-22 00:00 UTC")
    return {
        "digest": lambda: renderer.digest_message(_digest(language), LINKS),
        "alert": lambda: renderer.alert_message(_digest(language, alert=True), LINKS),
        "ops": lambda: renderer.alarm_message([event], language),
        "shut": lambda: renderer.posted.shut(Closed(_endpoint(language, ChannelKind.WECOM), shut), reader),
        "colleague": lambda: letters.dead(to, "a***@lumina.example", watches),
        "unwarned": lambda: renderer.operator_letters.unwarned(language, COMPANY, "a***@lumina.example"),
        "full": lambda: renderer.operator_letters.full(language, HOURLY),
        "confirm": lambda: letters.confirm(language, f"{SITE}/confirm/sample", 72),
        "access": lambda: letters.access(language, f"{SITE}/my/sample", 30),
        "moving": lambda: letters.moving(language, f"{SITE}/keep/sample", "n***@lumina.example"),
        "welcome": lambda: letters.welcome(to, watches),
        "goodbye": lambda: letters.goodbye(language, "a***@lumina.example"),
        "quiet": lambda: letters.quiet(to, still),
        "outage": lambda: letters.outage(to, health, NOW),
        "restored": lambda: letters.restored(to, health),
        "chat": lambda: _chat(renderer, language),
    }


def _chat(renderer: Renderer, language: Language) -> Message:
    digest = replace(_digest(language), endpoint=_endpoint(language, ChannelKind.WECOM))
    chat = renderer.posted.chat(digest, LINKS, alert=False)
    blocks = chat.told(len(chat.items))
    text = "\n\n".join("\n".join("".join(span.text for span in line) for line in block) for block in blocks)
    return Message(chat.title, text, "", language.value)


def _endpoint(language: Language, channel: ChannelKind = ChannelKind.EMAIL) -> Endpoint:
    schedule = Schedule(zone="Asia/Shanghai")
    return Endpoint(
        1, "sample", 1, channel, "anna@lumina.example", schedule, language, active=True, next_digest_at=NOW
    )


def _coverage() -> tuple[CoverageLine, ...]:
    since = NOW - timedelta(days=90)
    return (
        CoverageLine("EM", 2, 1, NOW, since, (("em-office", NOW - timedelta(days=3)),)),
        CoverageLine("US", 4, 4, NOW, since),
        CoverageLine("TH", 0, 0, None, None, also=("LA",)),
    )


def _digest(language: Language, *, alert: bool = False) -> Digest:
    lines = [_line(number, *text) for number, text in enumerate(_TEXTS, 1)][: 1 if alert else None]
    turn = Turn("item:1:1" if alert else "2026-11-23", NOW)
    return compose(_endpoint(language), COMPANY, lines, _coverage(), turn)


def _line(number: int, place: str, language: str, severity: Severity, title: str) -> AlertLine:
    item = Item(
        key=str(number), title=title, summary=f"{title}. Comments are due in time; see the source for what counts. " * 2,
        url=f"https://office.example/{number}", language=language, publisher="The Office", jurisdiction=place,
        published=Dated(NOW - timedelta(days=1), DateOrigin.SOURCE), document_number="337-TA-1450",
    )  # fmt: skip
    judgement = Judgement(
        relevant=True, kind=Kind.RISK_WARNING, event=Event.EXCLUSION, severity=severity, rights=(Right.PATENT,),
        jurisdictions=(place,), identifiers=("337-TA-1450",),
        obligations=(Obligation(Role.RESPONSE_DUE, date(2026, 12, 4), stated=True, basis="within 20 days"),),
    )  # fmt: skip
    stored = StoredItem(number, "us-office", 1, number, item, judgement, NOW - timedelta(hours=2))
    return AlertLine(
        number,
        stored,
        "The Office",
        (Reason("region", place, place), Reason("term", "Lumina", "Lumina", where="title")),
    )
